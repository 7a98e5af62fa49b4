// SPDX-License-Identifier: Apache-2.0
// Whether a recording is complete is known, however it ends: by signals, in a terminal, with the command or before it.
import { expect } from 'chai';
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const spoc = path.join(import.meta.dirname, '../../bin/spoc');
const CTRL_C = '\x03';

describe('a recording that is ended by signals', function () {
  this.timeout(120_000);
  let folder: string;
  let profile: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'completeness-'));
    profile = path.join(folder, 'profile.yaml');
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** A file of the folder, for the scripts of commands. */
  function inside(name: string): string {
    return path.join(folder, name);
  }

  function recordWords(script: string): readonly string[] {
    return ['record', '-n', '-o', profile, 'sh', '-c', script];
  }

  interface Running {
    readonly child: ChildProcessWithoutNullStreams;
    /** Everything that was written so far. */
    readonly text: () => string;
    /** Waits until the text holds something so many times. */
    readonly says: (what: string, times?: number) => Promise<void>;
    readonly ended: Promise<number | NodeJS.Signals | null>;
  }

  function follow(child: ChildProcessWithoutNullStreams): Running {
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
    const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
      child.once('close', (code, signal) => resolve(code ?? signal));
    });
    const says = async (what: string, times = 1) => {
      while (text.split(what).length <= times) await sleep(10);
    };
    return { child, text: () => text, says, ended };
  }

  function record(script: string): Running {
    return follow(spawn(spoc, recordWords(script)));
  }

  /**
   * In a terminal of its own: what is written to standard input is typed there. `exec`, because some shells ($SHELL,
   * else /bin/sh) stay between the terminal and the command, and end by a Ctrl-C in its place.
   */
  function recordInTerminal(script: string): Running {
    const file = inside('script');
    writeFileSync(file, script);
    const words = ['exec', spoc, ...recordWords('').slice(0, -2), file].join(' ');
    return follow(spawn('script', ['-q', '-e', '-c', words, '/dev/null']));
  }

  /** The process of Node.js that the launcher has started. */
  function deciderOf(recording: Running): string {
    const pid = String(recording.child.pid);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    return children.find((child) => readlinkSync(`/proc/${child}/exe`).endsWith('/node')) ?? '';
  }

  const isIncomplete = () => readFileSync(profile, 'utf8').includes('recording-incomplete');
  const hasMkdir = () => /- mkdir$/m.test(readFileSync(profile, 'utf8'));
  /** Ends the command that goes on. */
  const letGo = () => writeFileSync(inside('go'), '');

  it('says that it is incomplete when the command goes on, and does not leave it silently', async () => {
    const recording = record(
      `trap '' TERM HUP; echo ready; while [ ! -e ${inside('go')} ]; do sleep 0.02; done; mkdir ${inside('late')}`,
    );
    await recording.says('ready');
    // Two of a kind may become one on their way, and those of another kind may overtake; the command ignores both.
    recording.child.kill('SIGTERM');
    recording.child.kill('SIGHUP');
    await recording.says('Wrote seccomp profile');
    letGo();
    await recording.ended;
    while (!existsSync(inside('late'))) await sleep(10);
    expect([isIncomplete(), hasMkdir()]).to.deep.equal([true, false]);
    expect(recording.text()).to.match(/The command goes on unrecorded, PID \d+\n.*Warning: \d+ processes ran on/s);
  });

  it('is complete when what the command left behind ended by itself', async () => {
    const script = `(while [ ! -e ${inside('go')} ]; do sleep 0.02; done; mkdir ${inside('early')}) & trap 'exit 0' TERM; echo ready; wait`;
    const recording = record(script);
    await recording.says('ready');
    recording.child.kill('SIGTERM');
    await recording.says('processes of the command still run');
    letGo();
    expect(await recording.ended).to.equal(0);
    expect([isIncomplete(), hasMkdir()]).to.deep.equal([false, true]);
  });

  it('is complete when the command was killed', async () => {
    const recording = record('echo ready; exec sleep 60');
    await recording.says('ready');
    recording.child.kill('SIGTERM');
    expect(await recording.ended).to.equal(0);
    expect(isIncomplete()).to.equal(false);
  });

  it('goes on in a terminal where Ctrl-C is a key of the program', async () => {
    const recording = recordInTerminal(
      `#!/bin/sh\ntrap 'echo key' INT\necho ready\nwhile [ ! -e ${inside('go')} ]; do sleep 0.02; done\nmkdir ${inside('late')}\nexit 3\n`,
    );
    await recording.says('ready');
    for (const times of [1, 2]) {
      recording.child.stdin.write(CTRL_C);
      await recording.says('key\r', times);
    }
    letGo();
    expect(await recording.ended, recording.text()).to.equal(3);
    expect([isIncomplete(), hasMkdir()]).to.deep.equal([false, true]);
  });

  it('ends in a terminal at three hasty ones, and says that the command goes on', async () => {
    const recording = recordInTerminal(
      `#!/bin/sh\ntrap '' INT\necho ready\nwhile [ ! -e ${inside('go')} ]; do sleep 0.02; done\n`,
    );
    await recording.says('ready');
    // As often as it takes, because several of them may become one on their way.
    while (!recording.text().includes('Wrote seccomp profile')) {
      recording.child.stdin.write(CTRL_C);
      await sleep(50);
    }
    letGo();
    expect(recording.text()).to.match(/The command goes on unrecorded, PID \d+/);
    expect(isIncomplete()).to.equal(true);
    await recording.ended;
  });

  it('does not leave the command silently when Node.js is killed', async () => {
    const recording = record(`echo ready; while [ ! -e ${inside('go')} ]; do sleep 0.02; done`);
    await recording.says('ready');
    process.kill(Number(deciderOf(recording)), 'SIGKILL');
    await recording.says('the recording has ended without a profile; the command goes on');
    letGo();
    expect(await recording.ended).to.equal('SIGKILL');
  });

  it('ends as the command ended, though signals come until Node.js has ended', async () => {
    const recording = record(`echo ready; while [ ! -e ${inside('go')} ]; do sleep 0.02; done; exit 3`);
    await recording.says('ready');
    const decider = deciderOf(recording);
    const flood = spawn('sh', ['-c', `while kill -INT ${decider}; do :; done 2>&-`]);
    letGo();
    expect(await recording.ended, recording.text()).to.equal(3);
    flood.kill();
  });

  it('is written when the terminal is closed', async () => {
    const recording = recordInTerminal('#!/bin/sh\necho ready\nexec sleep 60\n');
    await recording.says('ready');
    recording.child.kill('SIGKILL');
    while (!existsSync(profile)) await sleep(10);
    expect(isIncomplete()).to.equal(false);
  });

  it('is written, and the status passed on, when the reader of its messages has gone', async () => {
    const script = `{ "$0" ${recordWords('').slice(0, -1).join(' ')} 'sleep 0.5; exit 7'; echo $? >${inside('status')}; } 2>&1 | head -n 1`;
    spawnSync('sh', ['-c', script, spoc], { encoding: 'utf8' });
    while (!existsSync(inside('status'))) await sleep(10);
    expect(readFileSync(inside('status'), 'utf8')).to.equal('7\n');
    expect(isIncomplete()).to.equal(false);
  });
});
