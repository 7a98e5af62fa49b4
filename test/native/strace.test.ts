// SPDX-License-Identifier: Apache-2.0
// The recorder against strace, on the very same run: strace follows the recorder, and what counts of its log is what
// the recorded tree does from its execve on.
import { expect } from 'chai';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fixture, nativeProgram } from './fixtures.ts';
import { NOBODY, recorded } from './recordings.ts';
import type { RecordOptions } from './recordings.ts';

const processes = fixture('processes');

/**
 * Names of the calls that a log of strace -f shows for everything below its first process, from the first execve of
 * each child on.
 */
function namesIn(log: string): readonly string[] {
  const lines = log.split('\n').map((line) => /^(\d+)\s+(?:<\.\.\. )?(\w+)(?:\(| resumed)/.exec(line));
  const recorder = lines[0]?.[1];
  const started = lines.findIndex((match, index) => index > 0 && match?.[1] !== recorder && match?.[2] === 'execve');
  const ofTree = lines.slice(started).filter((match) => match !== null && match[1] !== recorder);
  return [...new Set(ofTree.map((match) => match?.[2] ?? ''))].sort();
}

describe('a recording beside strace', function () {
  this.timeout(120_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'strace-'));
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  async function compared(argv: readonly [string, ...string[]], options: RecordOptions = {}) {
    const log = path.join(folder, 'log');
    const program = path.join(folder, 'recorder');
    writeFileSync(program, `#!/bin/sh\nexec strace -f -D -q -o ${log} ${nativeProgram('recorder')} "$@"\n`);
    chmodSync(program, 0o755);
    const { names } = await recorded(argv, { ...options, program });
    return { names, traced: namesIn(readFileSync(log, 'utf8')) };
  }

  for (const way of ['threads', 'fork', 'vfork', 'spawn', 'clone3', 'outliving', 'killed'] as const) {
    it(`has the same calls for processes made by ${way}`, async () => {
      const { names, traced } = await compared([processes, way]);
      expect(names).to.deep.equal(traced);
      expect(traced).to.include('getpriority');
    });
  }

  it('has the same calls for 200 short children', async () => {
    const { names, traced } = await compared([processes, 'short']);
    expect(names).to.deep.equal(traced);
    expect(traced).to.include('getpriority');
  });

  it('has the same calls for a shell with pipes and background jobs', async () => {
    const script = 'for i in 1 2 3; do (echo $i | cat | wc -l) & done; wait; ls -la /etc | sort | head -3; kill -9 $$';
    const { names, traced } = await compared(['/bin/bash', '-c', script]);
    expect(names).to.deep.equal(traced);
    expect(traced.length).to.be.greaterThan(30);
  });

  it('has the same calls for a command of another user', async () => {
    const { names, traced } = await compared(['/bin/ls', '-la', '/tmp'], { user: NOBODY });
    expect(names).to.deep.equal(traced);
  });

  it('has the same calls for Node.js', async () => {
    const { names, traced } = await compared([process.execPath, '-e', 'require("fs").readFileSync("/etc/passwd")']);
    expect(names).to.deep.equal(traced);
  });
});
