// SPDX-License-Identifier: Apache-2.0
// The base profiles among the examples, under the runtimes that they are for: a program that lists only its own calls
// starts on them, and on no base it does not.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { parseJson } from '../../src/core/json.ts';
import { prepare } from '../../src/core/seccomp/install.ts';
import { readKernel } from '../../src/io/node-kernel.ts';
import { makeBundle, runtimeCommand } from '../../tools/oci-bundle.ts';
import { BASE_PROFILES, profilesIn } from './base-examples.ts';

const root = path.join(import.meta.dirname, '../..');

describe('the base profiles of the examples', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(path.join(tmpdir(), 'bases-'));
  const program = path.join(folder, 'hello');
  const [hello] = profilesIn('stacked.yaml');

  before(() => {
    const options = ['-std=gnu11', '-Wall', '-Wextra', '-Werror', '-O1', '-nostdlib', '-static'];
    execFileSync('gcc', [...options, path.join(root, 'test/e2e/manual/hello.c'), '-o', program]);
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs the program under its profile on a base, as the daemon would write it. */
  async function run(
    runtime: string,
    base: string | undefined,
  ): Promise<{ readonly out: string; readonly err: string }> {
    const { defaultAction, syscalls = [] } = hello!.spec;
    const spec = { defaultAction, syscalls, ...(base === undefined ? {} : { baseProfileName: base }) };
    const find = (name: string) => BASE_PROFILES.find(({ metadata }) => metadata.name === name);
    const { text } = prepare({ ...hello!, spec }, find, {}, await readKernel());
    const bundle = path.join(folder, `${runtime}-${base ?? 'none'}`);
    const options = { noNewPrivileges: true, user: 0, capabilities: false, terminal: false } as const;
    makeBundle(bundle, program, { ...options, args: ['/bin/hello'], seccomp: parseJson(text) });
    const [file, ...rest] = runtimeCommand(runtime, bundle, `base-${runtime}-${String(process.pid)}`);
    const { stdout, stderr } = spawnSync(file, rest, { encoding: 'utf8', timeout: 120_000 });
    return { out: stdout, err: stderr };
  }

  for (const { metadata } of BASE_PROFILES) {
    const runtime = metadata.name.split('-')[0] ?? '';
    it(`${metadata.name} lets ${runtime} start a container`, async () => {
      const { out, err } = await run(runtime, metadata.name);
      expect(out, err).to.equal('Hello from a base profile!\n');
    });
  }

  for (const runtime of ['runc', 'crun']) {
    it(`without a base ${runtime} cannot`, async () => {
      expect((await run(runtime, undefined)).out).to.equal('');
    });
  }
});
