// SPDX-License-Identifier: Apache-2.0
// The program that records containers: its hooks are there while they are wanted, and it is started again when it has
// ended, unless it does not last.
import { expect } from 'chai';
import { SILENT } from '../../src/core/log.ts';
import { Captures } from '../../src/core/recording/captures.ts';
import { RecorderSession } from '../../src/core/recording/recorder-session.ts';
import { RecordingFlow } from '../../src/roles/wiring/recording-flow.ts';
import { FakeClock, settled } from '../fakes/clock.ts';
import { FakeContainerRecorder } from '../fakes/container-recorder.ts';

const ID = 'a'.repeat(64);
const UID = '0aa2b2c3-0000-4000-8000-000000000001';

describe('roles/wiring/recording-flow', () => {
  let clock: FakeClock;
  let captures: Captures;
  let programs: FakeContainerRecorder[];
  let ending: AbortController;
  let isWanted: boolean;
  let said: string[];
  let flow: RecordingFlow;

  const last = (): FakeContainerRecorder => programs.at(-1)!;

  function run(prepare: (program: FakeContainerRecorder) => void = () => undefined): Promise<number> {
    const log = { ...SILENT, error: (_: string, { why }: { why?: unknown } = {}) => said.push(String(why)) };
    const session = new RecorderSession({
      captures,
      verdict: (uid) => ({ pod: uid }),
      found: () => undefined,
      entered: () => undefined,
      now: () => clock.now(),
    });
    const start = (): FakeContainerRecorder => {
      const program = new FakeContainerRecorder();
      prepare(program);
      programs.push(program);
      return program;
    };
    flow = new RecordingFlow({ log, clock, session, start, isWanted: () => isWanted });
    return flow.run(ending.signal);
  }

  beforeEach(() => {
    clock = new FakeClock();
    captures = new Captures({ changed: () => undefined, dropped: () => undefined });
    programs = [];
    said = [];
    isWanted = true;
    ending = new AbortController();
  });

  it('tries the hooks once, and has them in place only while they are wanted', async () => {
    isWanted = false;
    const status = run();
    await settled();
    expect([flow.ready, last().commands]).to.deep.equal([true, ['attach', 'detach']]);
    for (const wanted of [true, true, false]) {
      isWanted = wanted;
      flow.changed();
    }
    expect(last().commands.slice(2)).to.deep.equal(['attach', 'detach']);
    expect(clock.waiting).to.equal(0);
    ending.abort();
    expect(await status).to.equal(0);
  });

  it('reads calls from time to time while a container runs, and the last ones at the end', async () => {
    const status = run();
    await settled();
    last().start(1n, `/kubepods/pod${UID}/${ID}`);
    await settled();
    last().calls(1n, [1]);
    await clock.advance(5000);
    expect([...(captures.get(ID)?.calls.values().next().value ?? [])]).to.deep.equal([1]);
    last().calls(1n, [2]);
    ending.abort();
    expect(await status).to.equal(0);
    expect([...(captures.get(ID)?.calls.values().next().value ?? [])]).to.deep.equal([1, 2]);
    expect([captures.get(ID)?.ended, clock.waiting]).to.deep.equal([undefined, 0]);
  });

  it('starts the next program at once where one has lasted, and says what is missing', async () => {
    const status = run();
    await settled();
    last().start(1n, `/kubepods/pod${UID}/${ID}`);
    await clock.advance(10_000);
    last().fail('container_recorder ended with SIGKILL before it had finished');
    await settled();
    expect([programs.length, last().commands]).to.deep.equal([2, ['attach']]);
    expect(captures.get(ID)?.lost).to.deep.equal(new Map([['recorder-restart', 1]]));
    expect(said).to.deep.equal(['container_recorder ended with SIGKILL before it had finished']);
    ending.abort();
    expect(await status).to.equal(0);
  });

  it('ends with a program that cannot record here, and is not ready before', async () => {
    const status = run((program) => {
      program.attach = () => program.emit({ type: 'failed', reason: 'the kernel has no BTF' });
    });
    await settled();
    expect(flow.ready).to.equal(false);
    expect([await status, said]).to.deep.equal([1, ['the kernel has no BTF']]);
  });
});
