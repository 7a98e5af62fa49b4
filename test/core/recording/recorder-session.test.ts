// SPDX-License-Identifier: Apache-2.0
// Which containers are recorded, and what is known of each when programs, pods and the end come in any order.
import { expect } from 'chai';
import fc from 'fast-check';
import { Captures } from '../../../src/core/recording/captures.ts';
import { DECISION_MS, RecorderSession } from '../../../src/core/recording/recorder-session.ts';
import type { PodVerdict } from '../../../src/core/recording/recorder-session.ts';
import { FakeContainerRecorder } from '../../fakes/container-recorder.ts';

const NATIVE = 'SCMP_ARCH_X86_64';
const UID = '0aa2b2c3-0000-4000-8000-000000000001';
const OTHER = '0aa2b2c3-0000-4000-8000-000000000002';
const idOf = (key: bigint): string => key.toString(16).padStart(64, '0');
const pathOf = (key: bigint, uid = UID): string => `/kubepods/besteffort/pod${uid}/${idOf(key)}`;

describe('core/recording/recorder-session', () => {
  let now: number;
  let verdicts: Map<string, PodVerdict>;
  let captures: Captures;
  let changed: string[];
  let found: string[];
  let entered: string[];
  let session: RecorderSession;
  let program: FakeContainerRecorder;

  /** The session takes everything that the program has said, and what it says to the answers. */
  function settle(): void {
    for (let events = program.taken(); events.length > 0; events = program.taken())
      events.forEach((e) => session.take(e));
  }

  function begin(): void {
    session.begin(program);
    program.attach();
    settle();
  }

  beforeEach(() => {
    now = 1000;
    verdicts = new Map([[UID, { pod: UID }]]);
    changed = [];
    found = [];
    entered = [];
    captures = new Captures({ changed: (pod) => changed.push(pod), dropped: () => undefined });
    session = new RecorderSession({
      captures,
      verdict: (uid) => verdicts.get(uid) ?? 'unknown',
      found: (id) => found.push(id),
      entered: (id, namespace) => entered.push(`${id.slice(-1)} ${String(namespace)}`),
      now: () => now,
    });
    program = new FakeContainerRecorder();
  });

  it('records a container of a wanted pod from its beginning to its end, and makes room then', () => {
    begin();
    program.start(1n, pathOf(1n));
    settle();
    now = 2000;
    program.calls(1n, [1, 2]);
    settle();
    now = 3000;
    program.calls(1n, [3]);
    program.end(1n);
    settle();
    const capture = captures.get(idOf(1n));
    expect(capture).to.deep.include({ pod: UID, began: 2000, ended: 3000, lost: new Map() });
    expect([...(capture?.calls.get(NATIVE) ?? [])]).to.have.members([1, 2, 3]);
    expect(program.commands).to.deep.equal(['attach', 'record 1', 'read 1', 'forget 1']);
    expect([found, entered, session.isBusy]).to.deep.equal([[idOf(1n)], ['1 1'], false]);
  });

  it('ignores what is no container, and containers of other pods', () => {
    verdicts.set(OTHER, 'ignored');
    begin();
    program.start(1n, '/system.slice/a.service');
    program.start(2n, pathOf(2n, OTHER));
    settle();
    expect(program.commands).to.deep.equal(['attach', 'ignore 1', 'ignore 2']);
    expect([captures.get(idOf(2n)), session.isBusy]).to.deep.equal([undefined, false]);
  });

  it('waits for the pod, and has everything when it comes after the end of the container', () => {
    verdicts.clear();
    begin();
    program.start(1n, pathOf(1n));
    program.calls(1n, [7]);
    program.end(1n);
    settle();
    expect(captures.get(idOf(1n))).to.equal(undefined);
    verdicts.set(UID, { pod: 'mirror' });
    now = 1000 + DECISION_MS - 1;
    session.decide();
    settle();
    expect(captures.get(idOf(1n))).to.deep.include({ pod: 'mirror', began: 1000, ended: 1000, lost: new Map() });
    expect(captures.get(idOf(1n))?.calls).to.deep.equal(new Map([[NATIVE, new Set([7])]]));
    expect(entered).to.deep.equal(['1 1']);
  });

  it('gives a container up whose pod stays unknown, and says so when the pod comes all the same', () => {
    verdicts.clear();
    begin();
    program.start(1n, pathOf(1n));
    settle();
    now += DECISION_MS;
    session.decide();
    expect(program.commands.at(-1)).to.equal('ignore 1');
    verdicts.set(UID, { pod: UID });
    session.decide();
    session.decide();
    expect(captures.of(UID)[0]?.lost).to.deep.equal(new Map([['late-decision', 1]]));
  });

  it('says of a container that ran before that its start is missing', () => {
    program.start(1n, pathOf(1n));
    begin();
    expect(captures.get(idOf(1n))?.lost).to.deep.equal(new Map([['start', 1]]));
  });

  it('adds what the program has lost once, whoever lost it', () => {
    begin();
    program.start(1n, pathOf(1n));
    settle();
    for (const count of [2n, 2n, 5n]) {
      program.emit({ type: 'lost', key: 1n, reason: 'process', count });
      program.emit({ type: 'lost', key: 0n, reason: 'container', count });
    }
    settle();
    expect(captures.get(idOf(1n))?.lost).to.deep.equal(
      new Map([
        ['process', 5],
        ['container', 5],
      ]),
    );
  });

  it('reads what runs, one answer after the other, and a call that was refused like one that was made', () => {
    begin();
    program.start(1n, pathOf(1n));
    settle();
    program.calls(1n, [1]);
    session.read();
    session.read();
    expect(program.commands.filter((command) => command === 'read 1')).to.have.lengthOf(2);
    program.emit({ type: 'refused', key: 1n, architecture: 'SCMP_ARCH_X86', numbers: [9] });
    settle();
    expect(captures.get(idOf(1n))?.calls).to.deep.equal(
      new Map([
        [NATIVE, new Set([1])],
        ['SCMP_ARCH_X86', new Set([9])],
      ]),
    );
  });

  it('says that a program broke down, finds again what runs, and ends what does not', () => {
    begin();
    for (const key of [1n, 2n]) program.start(key, pathOf(key));
    settle();
    program.calls(1n, [1]);
    session.read();
    settle();
    session.broken();
    program = new FakeContainerRecorder();
    program.start(8n, pathOf(1n));
    now = 9000;
    begin();
    program.calls(8n, [2]);
    session.read();
    settle();
    expect(captures.get(idOf(1n))).to.deep.include({ ended: undefined, lost: new Map([['recorder-restart', 1]]) });
    expect(captures.get(idOf(1n))?.calls).to.deep.equal(new Map([[NATIVE, new Set([1, 2])]]));
    expect(captures.get(idOf(2n))).to.deep.include({ ended: 9000, lost: new Map([['recorder-restart', 1]]) });
  });

  it('leaves a container open that the program was told to leave', () => {
    begin();
    program.start(1n, pathOf(1n));
    settle();
    program.calls(1n, [1]);
    session.stop();
    program.stop();
    settle();
    expect(captures.get(idOf(1n))).to.deep.include({ ended: undefined, lost: new Map([['detached', 1]]) });
    expect(captures.get(idOf(1n))?.calls).to.deep.equal(new Map([[NATIVE, new Set([1])]]));
  });

  it('loses and mixes nothing, in whatever order pods, calls, reads and ends come', () => {
    const step = fc.tuple(
      fc.constantFrom('call', 'end', 'decide', 'read', 'settle', 'known'),
      fc.integer({ min: 1, max: 3 }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const all = new Captures({ changed: () => undefined, dropped: () => undefined });
        const known = new Set<string>();
        const uidOf = (key: bigint): string => `0aa2b2c3-0000-4000-8000-00000000000${String(key)}`;
        const verdict = (uid: string): PodVerdict => (known.has(uid) ? { pod: uid } : 'unknown');
        session = new RecorderSession({
          captures: all,
          verdict,
          found: () => undefined,
          entered: () => undefined,
          now: () => now,
        });
        program = new FakeContainerRecorder();
        begin();
        const made = new Map<bigint, Set<number>>();
        for (const key of [1n, 2n, 3n]) {
          program.start(key, pathOf(key, uidOf(key)));
          made.set(key, new Set());
        }
        const ended = new Set<bigint>();
        const finish = (key: bigint): void => {
          ended.add(key);
          program.end(key);
        };
        steps.forEach(([what, place], number) => {
          const key = BigInt(place);
          if (what === 'call' && !ended.has(key)) {
            program.calls(key, [number * 4 + place]);
            made.get(key)?.add(number * 4 + place);
          } else if (what === 'end') finish(key);
          else if (what === 'known') known.add(uidOf(key));
          else if (what === 'decide') session.decide();
          else if (what === 'read') session.read();
          else settle();
        });
        for (const key of [1n, 2n, 3n]) known.add(uidOf(key));
        settle();
        session.decide();
        for (const key of [1n, 2n, 3n]) finish(key);
        settle();
        for (const [key, numbers] of made) {
          const capture = all.get(idOf(key));
          expect(new Set(capture?.calls.get(NATIVE) ?? [])).to.deep.equal(numbers);
          expect(capture).to.deep.include({ pod: uidOf(key), lost: new Map() });
          expect(capture?.ended).to.not.equal(undefined);
        }
        expect(session.isBusy).to.equal(false);
      }),
    );
  });
});
