// SPDX-License-Identifier: Apache-2.0
// How an operator's process ends: orderly, and soon after SIGTERM whatever it is doing; and that it works as a
// bundle without the generated client, in little memory.
import { expect } from 'chai';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { CONFIG_MAP, LEASE } from '../../src/runtime/kinds.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { LEAN_CLIENT } from '../../tools/lean-client.ts';
import { until } from '../fakes/operator.ts';
import { Bench, never, startPlane } from './runtime-plane.ts';

const source = path.join(import.meta.dirname, 'runtime-program.ts');
/** A minute to stop in: on a busy machine, what takes a moment by itself does not end in a second. */
const PATIENCE = '60';

interface Program {
  readonly child: ChildProcess;
  readonly text: () => string;
}

describe('an operator’s process', () => {
  let plane: ControlPlane;
  let bench: Bench;
  let folder: string;
  let bundle: string;
  const children: ChildProcess[] = [];

  before(async function () {
    this.timeout(1_200_000);
    folder = await mkdtemp(path.join(os.tmpdir(), 'runtime-stop-'));
    bundle = path.join(folder, 'program.mjs');
    const banner = {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    };
    const output = { outfile: bundle, format: 'esm', banner } as const;
    await build({
      entryPoints: [source],
      bundle: true,
      minify: true,
      platform: 'node',
      plugins: [LEAN_CLIENT],
      ...output,
    });
    plane = await startPlane();
  });

  after(async () => {
    await rm(folder, { recursive: true });
  });

  beforeEach(async () => {
    bench = await Bench.create(plane);
  });

  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await bench.close();
  });

  function start(env: Readonly<Record<string, string>> = {}, flags: readonly string[] = []): Program {
    const given = { ...process.env, KUBECONFIG: plane.kubeconfig, NAMESPACE: bench.namespace, ...env };
    const child = spawn(process.execPath, [...flags, bundle], { env: given, stdio: ['ignore', 'inherit', 'pipe'] });
    children.push(child);
    let text = '';
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    return { child, text: () => text };
  }

  async function says({ text }: Program, words: string): Promise<void> {
    await until(words, () => text().includes(words)).catch((error: unknown) => {
      throw new Error(text(), { cause: error });
    });
  }

  /** Ends it, and returns whether it left nothing undone; it says so where its second was not enough. */
  async function end({ child, text }: Program): Promise<boolean> {
    const closed = once(child, 'close') as Promise<[number | null, string | null]>;
    child.kill('SIGTERM');
    const [code, signal] = await closed;
    expect({ code, signal, text: code === 0 ? '' : text() }).to.deep.equal({ code: 0, signal: null, text: '' });
    return !text().includes('something did not stop in time');
  }

  async function configMap(name: string): Promise<void> {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels: { count: 'yes' } } };
    await bench.client.create(CONFIG_MAP, bench.namespace, object, never);
  }

  it('ends with 0 at once when it has nothing to do, and gives its lease back', async () => {
    const program = start({ PATIENCE });
    await says(program, 'this process leads');
    await until('watch', () => program.text().includes('started'));
    expect(await end(program)).to.equal(true);
    const lease = await bench.client.get(LEASE, bench.key('program'), never);
    expect(lease).to.have.nested.property('spec.holderIdentity', '');
  }).timeout(300_000);

  it('brings running passes to their end, and begins no others', async () => {
    const program = start({ UNTIL_END: 'yes', SLOW_MS: '100', PATIENCE });
    await says(program, 'this process leads');
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await configMap(name);
    await says(program, '"name"="d"');
    expect(await end(program)).to.equal(true);
    const { items } = await bench.client.list(
      CONFIG_MAP,
      { namespace: bench.namespace },
      { limit: 0, next: '' },
      never,
    );
    const counted = items.map(({ metadata }) => metadata.name).filter((name) => name.endsWith('-counted'));
    expect(counted).to.have.length(4);
  }).timeout(300_000);

  it('ends with 0 although a handler does not stop', async () => {
    const program = start({ SLOW_MS: '600000' });
    await says(program, 'this process leads');
    await configMap('a');
    await says(program, 'begun');
    expect(await end(program)).to.equal(false);
  }).timeout(300_000);

  it('ends with 0 although the API server does not answer', async () => {
    const program = start();
    await says(program, 'this process leads');
    plane.haltApiServer(true);
    try {
      await end(program);
    } finally {
      plane.haltApiServer(false);
    }
  }).timeout(300_000);

  it('ends with 0 while it still waits for an API server that is not there', async () => {
    const kubeconfig = {
      clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      users: [{ name: 'u', user: { token: 't' } }],
      'current-context': 'x',
    };
    const file = path.join(folder, 'nowhere');
    await writeFile(file, JSON.stringify(kubeconfig));
    const program = start({ KUBECONFIG: file });
    await says(program, 'watching keeps failing');
    await end(program);
  }).timeout(300_000);

  it('is bundled without the generated client, and needs little memory of its own', async () => {
    const { size } = await stat(bundle);
    expect(size).to.be.lessThan(600_000);
    const program = start({}, ['--max-semi-space-size=1', '--optimize-for-size']);
    await says(program, 'this process leads');
    const anonymous = (): number => {
      const rollup = readFileSync(`/proc/${String(program.child.pid)}/smaps_rollup`, 'utf8');
      return Number(/^Pss_Anon:\s+(\d+) kB/m.exec(rollup)?.[1]) / 1024;
    };
    expect(anonymous()).to.be.greaterThan(5);
    await until('32 MiB', () => anonymous() <= 32);
  }).timeout(300_000);
});
