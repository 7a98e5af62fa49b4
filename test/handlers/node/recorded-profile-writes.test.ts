// SPDX-License-Identifier: Apache-2.0
// Writes of one profile by many pods: more runs than it tells of one by one, each of which is written until the profile
// shows it, and counted once.
import { expect } from 'chai';
import { CaptureEntry } from '../../../src/core/recording/capture-entry.ts';
import { summaryOf } from '../../../src/core/recording/evidence.ts';
import type { EvidenceSummary } from '../../../src/core/recording/evidence.ts';
import { evidenceOf } from '../../../src/core/recording/merge-partials.ts';
import { recordedPart, recordedProfile } from '../../../src/core/recording/recorded-profile.ts';
import type { RecordedObject, RecordedRun } from '../../../src/core/recording/recorded-profile.ts';
import type { SeccompProfile } from '../../../src/gen/crd/seccomp-profile.ts';
import { ProfileWrites } from '../../../src/handlers/node/recorded-profile-writes.ts';
import { ORIGIN } from '../../fakes/recorded-profile.ts';

const NODE = { name: 'n', native: 'SCMP_ARCH_X86_64' } as const;
const BEGAN = Date.parse('2026-11-29T10:00:00Z');

/** The writers of one node, and the profile as the cluster has it. */
class SharedProfile {
  writes = 0;
  private profile: SeccompProfile | undefined;
  private readonly decisions = new ProfileWrites(() => ({ get: () => this.profile, isWithheld: () => false }));

  /** Runs that others have written. */
  constructor(others: readonly RecordedRun[]) {
    const part = others.length === 0 ? undefined : recordedPart(ORIGIN, others, NODE);
    if (part !== undefined) this.put(recordedProfile('rec-main', ORIGIN, part, undefined));
  }

  /** A look at one run; whether the profile has it. */
  look(run: RecordedRun, now: number): boolean {
    const key = { namespace: 'ns', name: 'rec-main' };
    const step = this.decisions.step({ key, isShortened: false, origin: ORIGIN, runs: [run] }, NODE, now);
    if (step.type !== 'write') return step.type === 'stands';
    this.decisions.wrote(step.object, now);
    this.writes += 1;
    this.put(step.object);
    return false;
  }

  summary(): EvidenceSummary | undefined {
    const evidence = this.profile === undefined ? undefined : evidenceOf(this.profile);
    return evidence === undefined ? undefined : summaryOf(evidence);
  }

  private put(object: RecordedObject): void {
    const metadata = { ...object.metadata, uid: 'u', resourceVersion: String(this.writes) };
    this.profile = { ...object, metadata, status: {} } as SeccompProfile;
  }
}

/** The only run of a pod; `seconds` from its beginning to its end. */
function run(number: number, seconds?: number): RecordedRun {
  const entry = new CaptureEntry(number.toString(16).padStart(13, '0').padEnd(64, '0'));
  const pod = `pod-${String(number)}`;
  entry.place({ pod, container: 'main' });
  entry.began(BEGAN);
  entry.note('SCMP_ARCH_X86_64', [0, 1], BEGAN);
  if (seconds !== undefined) entry.ended(BEGAN + seconds * 1000);
  return { capture: entry.capture(), pod, isSettled: seconds !== undefined, since: BEGAN };
}

const range = (length: number): readonly number[] => [...Array(length).keys()];

describe('handlers/node/recorded-profile-writes', function () {
  // A hundred pods that write one profile take seconds of computing, and the machine may have other work.
  this.timeout(120_000);

  const settle = (profile: SharedProfile, own: RecordedRun): void => {
    for (const second of range(20)) profile.look(own, BEGAN + 100_000 + second * 1000);
  };

  it('writes a run that has ended once, beside as many that go on as are told one by one', () => {
    const profile = new SharedProfile(range(64).map((number) => run(number + 1)));
    settle(profile, run(100, 5));
    expect([profile.writes, profile.summary()?.runs]).to.deep.equal([1, 65]);
  });

  it('writes one once that ended before all that are told', () => {
    const profile = new SharedProfile(range(64).map((number) => run(number + 1, 60 + number)));
    settle(profile, run(100, 5));
    expect([profile.writes, profile.summary()?.runs]).to.deep.equal([1, 65]);
  });

  it('writes one once among 300 that go on', () => {
    const profile = new SharedProfile(range(300).map((number) => run(number + 1)));
    settle(profile, run(1000));
    expect([profile.writes, profile.summary()?.runs]).to.deep.equal([1, 301]);
  });

  it('comes to an end with 100 pods that end one after the other, and counts each of them once', () => {
    const profile = new SharedProfile([]);
    const looks = (now: number, seconds?: number): readonly boolean[] =>
      range(100).map((number) => profile.look(run(number + 1, seconds === undefined ? undefined : number), now));
    for (const round of range(5)) looks(BEGAN + round * 1000);
    for (const round of range(5)) looks(BEGAN + 200_000 + round * 10_000, 1);
    const { writes } = profile;
    expect(looks(BEGAN + 300_000, 1)).to.deep.equal(Array(100).fill(true));
    expect([writes, profile.writes]).to.deep.equal([200, 200]);
    expect(profile.summary()).to.include({ runs: 100, pods: 100, state: 'ended', seconds: (99 * 100) / 2 });
  });
});
