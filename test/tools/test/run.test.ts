// SPDX-License-Identifier: Apache-2.0
// The output of a run of `npm test`: each part in one piece, failures once more, and that something goes on meanwhile.
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Count } from '../../../tools/test/count.ts';
import type { Task } from '../../../tools/test/plan.ts';
import { TestRun } from '../../../tools/test/run.ts';
import { until } from '../../fakes/operator.ts';

function script(type: Task['type'], name: string, text: string, rest: Partial<Task> = {}): Task {
  return { type, name, command: ['sh', '-c', text], load: 1, seconds: 1, ...rest };
}

describe('TestRun', () => {
  const print = console.log;
  let lines: string[];

  beforeEach(() => {
    lines = [];
    console.log = (...values: readonly unknown[]) => lines.push(...values.map(String));
  });

  afterEach(() => {
    console.log = print;
  });

  const text = (): string => lines.join('\n');

  async function run(...tasks: readonly Task[]): Promise<Count> {
    const made = new TestRun(tasks, tmpdir());
    const count = await made.start(2);
    made.summarize();
    return count;
  }

  it('shows what ran side by side one after the other', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'turns-'));
    // Each waits for the other's file: they run at the same time, and their lines come in turns.
    const turns = (own: string, other: string): string =>
      `cd ${folder}; for i in 1 2 3; do echo ${own} $i; touch ${own}$i; until [ -e ${other}$i ]; do sleep 0.01; done; done`;
    const count = await run(script('check', 'a', turns('a', 'b')), script('check', 'b', turns('b', 'a')));
    rmSync(folder, { recursive: true });
    expect(count).to.deep.equal({ passed: 2, failed: 0, skipped: 0 });
    expect(text()).to.include('a 1\na 2\na 3').and.include('b 1\nb 2\nb 3');
  });

  it('tells what failed twice, the second time at the end', async () => {
    const failing = script('check', 'bad', 'echo stdout; echo stderr >&2; exit 3');
    expect(await run(failing, script('check', 'good', 'true'))).to.deep.equal({ passed: 1, failed: 1, skipped: 0 });
    expect(text().match(/stdout\nstderr/g)).to.have.length(2);
    expect(lines.at(-1)).to.match(/^\nbad, once more what failed:\nstdout\nstderr/);
    expect(text())
      .to.match(/^FAILED bad \(\d+\.\d s\)$/m)
      .and.to.match(/^ok good \(\d+\.\d s\)$/m);
  });

  it('shows lines of a build at once, and fails what needs it when it fails', async () => {
    const build = script('build', 'programs', 'echo compiling; exit 1');
    const needs = script('tests', 'cluster', 'true', { after: ['programs'] });
    expect(await run(build, needs)).to.deep.equal({ passed: 0, failed: 2, skipped: 0 });
    expect(text())
      .to.match(/^\[0:00\] compiling$/m)
      .and.include('suite cluster did not run: programs could not be');
  });

  it('counts tests, and tells how long each part took', async () => {
    const tests = script('tests', 'some', 'echo "  7 passing (1s)"; echo "  1 pending"');
    expect(await run(tests)).to.deep.equal({ passed: 7, failed: 0, skipped: 1 });
    expect(text())
      .to.match(/^suite some: \d\.\d s$/m)
      .and.to.match(/^ +\d\.\d s {2}some \(7 passed, 1 skipped\)$/m);
  });

  it('gives each its own folder for temporary files, and removes it', async () => {
    await run(script('check', 'folder', 'echo "in $TMPDIR"'));
    const [, folder = ''] = /^in (.*)$/m.exec(text()) ?? [];
    expect(folder).to.include('spo-test-');
    expect(existsSync(folder)).to.equal(false);
  });

  it('ends a task that hangs, with the program that it waits for, and says so at the end', async () => {
    const hanging = script('tests', 'hanging', 'echo "    ✔ one"; sleep 61.5; echo "  2 passing (1m)"');
    const made = new TestRun([hanging, script('check', 'good', 'true')], tmpdir(), 3000);
    expect(await made.start(2)).to.deep.equal({ passed: 1, failed: 1, skipped: 0 });
    made.summarize();
    expect(lines.at(-1)).to.match(/✔ one\n\nended: it had printed nothing for 0\.05 min\n$/);
    expect(spawnSync('pgrep', ['-fx', 'sleep 61.5']).status).to.equal(1);
  });

  it('ends what runs when it is interrupted, and shows what that printed', async () => {
    const begun = path.join(tmpdir(), `spo-begun-${String(process.pid)}`);
    const made = new TestRun(
      [
        script('check', 'endless', `echo still; touch ${begun}; exec sleep 60`),
        script('check', 'b', 'true', { load: 2 }),
      ],
      tmpdir(),
    );
    const ended = made.start(2);
    await until('its first words', () => existsSync(begun));
    rmSync(begun);
    made.interrupt('SIGTERM');
    expect(await ended).to.deep.equal({ passed: 0, failed: 1, skipped: 0 });
    expect(text()).to.include('still').and.not.include('begins: b');
  });
});
