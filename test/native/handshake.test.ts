// SPDX-License-Identifier: Apache-2.0
// A command that waits for its release: nothing of it has happened yet, and whatever ends the wait leaves nothing
// behind.
import { expect } from 'chai';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { compileFilter } from '../../src/core/seccomp/libseccomp/filter.ts';
import { parseProfile } from '../../src/core/seccomp/parse.ts';
import type { Recording } from '../../src/io/native/recorder.ts';
import { Runner } from '../../src/io/native/runner.ts';
import type { ConfinedRun } from '../../src/io/native/runner.ts';
import { nativeProgram } from './fixtures.ts';
import { NOBODY, recordCommand, watchName } from './recordings.ts';
import { requestOf, startProgram } from './started-program.ts';
import type { NativeCommand } from './started-program.ts';

interface Event {
  readonly type: string;
}

interface Waiting {
  readonly events: AsyncIterable<Event>;
  release(): void;
}

const native = process.arch === 'arm64' ? 'SCMP_ARCH_AARCH64' : 'SCMP_ARCH_X86_64';
const open = compileFilter(parseProfile({ defaultAction: 'SCMP_ACT_ALLOW' }, 'the test'), native);
const sleeping: NativeCommand = { argv: ['sleep', '60'], env: {}, cwd: '/' };

const programs = {
  runner: (command: NativeCommand): ConfinedRun =>
    new Runner(startProgram(nativeProgram('runner'), command)).run(open, requestOf(command)),
  recorder: (command: NativeCommand): Recording => recordCommand(nativeProgram('recorder'), command),
};

function isStopped(pid: number): boolean {
  return /^State:\s+T/m.test(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
}

async function gone(pid: number): Promise<void> {
  while (existsSync(`/proc/${String(pid)}`)) await sleep(5);
}

/** Follows a command to its end, with something done when it waits. */
async function followed(command: Waiting, meanwhile: (pid: number) => void): Promise<readonly Event[]> {
  const events: Event[] = [];
  for await (const event of command.events) {
    events.push(event);
    if (event.type === 'started') meanwhile(pidOf(event));
  }
  return events;
}

function pidOf(event: Event): number {
  if ('pid' in event && typeof event.pid === 'number') return event.pid;
  throw new Error(`${event.type} has no pid`);
}

for (const program of ['runner', 'recorder'] as const) {
  describe(`a command of the ${program} that waits for its release`, function () {
    this.timeout(120_000);

    /** Lets a command wait, does something, and goes away without a release. Gives its process id. */
    async function left(command: NativeCommand, meanwhile: (pid: number) => Promise<void>): Promise<number> {
      for await (const event of programs[program](command).events) {
        await meanwhile(pidOf(event));
        return pidOf(event);
      }
      throw new Error('it said nothing');
    }

    it('is not executed yet', async () => {
      const pid = await left(sleeping, async (waiting) => {
        await sleep(50);
        expect(readlinkSync(`/proc/${String(waiting)}/exe`)).to.equal(nativeProgram(program));
      });
      await gone(pid);
    });

    it('ends with whoever would have released it', async () => {
      await gone(await left(sleeping, async () => undefined));
      await gone(await left({ ...sleeping, user: NOBODY }, async () => undefined));
    });

    it('ends so even when a signal has stopped it', async () => {
      const pid = await left(sleeping, async (waiting) => {
        process.kill(waiting, 'SIGSTOP');
        while (!isStopped(waiting)) await sleep(5);
      });
      await gone(pid);
    });

    it('takes a signal as the command would', async () => {
      const events = await followed(programs[program](sleeping), (pid) => process.kill(pid, 'SIGUSR1'));
      const rest = program === 'runner' ? [] : [{ type: 'complete', final: true }];
      expect(events.slice(1)).to.deep.equal([{ type: 'exited', code: 0, signal: 10 }, ...rest]);
    });

    it('that is killed and released at once has ended', async () => {
      const command = programs[program](sleeping);
      const events = await followed(command, (pid) => {
        process.kill(pid, 'SIGKILL');
        command.release();
      });
      expect(events[1]).to.deep.equal({ type: 'exited', code: 0, signal: 9 });
      expect(events.map(({ type }) => type)).not.to.include.members(['failed', 'syscalls']);
    });

    it('goes on after it was stopped and continued', async () => {
      const command = programs[program]({ ...sleeping, argv: ['sleep', '0'] });
      const events = await followed(command, (pid) => {
        process.kill(pid, 'SIGSTOP');
        command.release();
        process.kill(pid, 'SIGCONT');
      });
      expect(events[1]).to.deep.equal({ type: 'exited', code: 0, signal: 0 });
    });
  });
}

describe('the release of a command', function () {
  this.timeout(120_000);

  it('is not waited for by the runner before it sends a signal', async () => {
    const command = programs.runner(sleeping);
    const events = await followed(command, () => command.signal(15));
    expect(events.slice(1)).to.deep.equal([{ type: 'exited', code: 0, signal: 15 }]);
  });

  it('does not come any more when the recording is stopped', async () => {
    const recording = programs.recorder(sleeping);
    let started = 0;
    const events = await followed(recording, (pid) => {
      started = pid;
      recording.stop();
      recording.release();
    });
    expect(events.slice(1)).to.deep.equal([{ type: 'complete', final: true }]);
    await gone(started);
  });

  it('finds a command, or is refused in a sentence', async () => {
    const recording = watchName('nobody-is-called-so');
    recording.release();
    const events: Event[] = [];
    for await (const event of recording.events) events.push(event);
    expect(events).to.deep.equal([
      { type: 'watching', running: 0 },
      { type: 'failed', reason: 'no command waits for its release' },
    ]);
  });
});
