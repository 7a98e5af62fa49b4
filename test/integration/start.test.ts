// SPDX-License-Identifier: Apache-2.0
// `npm start` as nobody watches it, and as somebody interrupts it: a pod is confined, and in the end nothing is left.
// It starts and stops the cluster, so it does not run while one is up.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { clusterInstance } from '../../tools/lab/cluster.ts';
import { isRunning } from '../../tools/lab/instance.ts';
import { until } from '../../tools/lab/launch.ts';
import type { Traces } from './lab-traces.ts';
import { newTraces, programs, tracesOf } from './lab-traces.ts';

const root = path.join(import.meta.dirname, '../..');

describe('npm start', function () {
  this.timeout(300_000);
  const instance = clusterInstance();
  let earlier: Traces;

  before(function () {
    const record = instance.read();
    if ((record !== undefined && isRunning(record)) || process.geteuid?.() !== 0) {
      console.error('NOT TESTED: npm start, because a lab is up (npm run lab -- down) or this is not root');
      this.skip();
    }
    if (record !== undefined) run('tools/lab/main.ts', 'down');
    // Files that the first image leaves in the folders of buildah do not belong to the cluster.
    run('tools/image/main.ts');
    earlier = tracesOf();
  });

  function run(...words: readonly string[]): void {
    const { status, stderr } = spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8' });
    expect(status, stderr).to.equal(0);
  }

  /** Runs it, telling each time what it has printed so far; how it ended, and all that it printed. */
  async function start(onText: (text: string, pid: number) => void): Promise<{ status: unknown; text: string }> {
    const child = spawn(process.execPath, ['tools/start.ts'], {
      cwd: root,
      env: { ...process.env, CI: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        onText(text, child.pid ?? 0);
      });
    }
    const status = await new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
    return { status, text };
  }

  async function expectNothingLeft(): Promise<void> {
    expect(existsSync(instance.folder)).to.equal(false);
    expect(programs(instance.folder)).to.deep.equal([]);
    // Others may be at work on the machine: what they do passes.
    await until(
      async () => newTraces(earlier).length === 0,
      120,
      () => `left: ${newTraces(earlier).join(', ')}`,
    );
  }

  it('ends with a confined pod, and leaves nothing', async () => {
    const { status, text } = await start(() => undefined);
    expect(status, text).to.equal(0);
    expect(text).to.match(/^deny-mkdir +Installed /m);
    const refused = text.match(/^mkdir: can't create directory '\/tmp\/new': Operation not permitted$/gm);
    expect(refused, text).to.have.length(2);
    expect(text).to.match(/^busybox +InUse|^busybox +NoMatch/m);
    expect(text).to.match(/^my-recording +(Recording|NoMatch) +/m);
    expect(text).to.include('spo.x-k8s.io/recording-evidence');
    expect(text).to.match(/^I made a directory, too$/m);
    expect(text).to.match(/^and cannot remove it$/m);
    await expectNothingLeft();
  });

  it('leaves nothing when it is interrupted in the middle', async () => {
    let interrupted = false;
    const { status, text } = await start((now, pid) => {
      if (interrupted || !now.includes('waiting for the operator')) return;
      interrupted = true;
      process.kill(pid, 'SIGINT');
    });
    expect(text).to.not.include('spod is RUNNING').and.to.not.include('Error');
    expect(status, text).to.equal(130);
    await expectNothingLeft();
  });
});
