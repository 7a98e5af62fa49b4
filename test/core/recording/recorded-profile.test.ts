// SPDX-License-Identifier: Apache-2.0
// Profiles of recorded containers: laws about what is there already, and the words for what is missing.
import { expect } from 'chai';
import fc from 'fast-check';
import type { Capture } from '../../../src/core/recording/captures.ts';
import { evidenceOf } from '../../../src/core/recording/merge-partials.ts';
import { gapSentences } from '../../../src/core/recording/gaps.ts';
import { summaryOf } from '../../../src/core/recording/evidence.ts';
import { isOf, recordedPart, recordedProfile } from '../../../src/core/recording/recorded-profile.ts';
import type { ProfileOrigin, RecordedRun } from '../../../src/core/recording/recorded-profile.ts';
import { endedPart } from '../../../src/core/recording/unfinished-part.ts';
import type { SeccompProfile } from '../../../src/gen/crd/seccomp-profile.ts';
import { ORIGIN } from '../../fakes/recorded-profile.ts';

const NODE = { name: 'n', native: 'SCMP_ARCH_X86_64', kernel: '6.18.1', runtime: 'containerd://2.3.7' } as const;

/** Times in milliseconds, of whole seconds as the evidence has them. */
const time = fc.integer({ min: 0, max: 1000 }).map((seconds) => seconds * 1000);

const run: fc.Arbitrary<RecordedRun> = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c'),
    numbers: fc.array(fc.constantFrom(0, 1, 2, 50, 83, 9999), { minLength: 1, maxLength: 4 }),
    architecture: fc.constantFrom('SCMP_ARCH_X86_64' as const, 'SCMP_ARCH_X86' as const),
    began: time,
    lost: fc.dictionary(fc.constantFrom('process', 'start', 'event'), fc.integer({ min: 1, max: 3 })),
    isSettled: fc.boolean(),
  })
  .map(({ id, numbers, architecture, began, lost, isSettled }) => {
    const capture: Capture = {
      id: id.repeat(64),
      pod: 'uid',
      container: 'main',
      image: 'image@sha256:1',
      calls: new Map([[architecture, new Set(numbers)]]),
      accesses: [],
      began,
      ended: began + 1000,
      firstCall: began,
      lastNewCall: began,
      lost: new Map(Object.entries(lost)),
    };
    return { capture, pod: `pod-${id}`, isSettled, since: 0 };
  });

/** Runs of different containers. */
const runs = fc.uniqueArray(run, { minLength: 1, maxLength: 3, selector: ({ capture }) => capture.id });

function written(
  of: readonly RecordedRun[],
  existing?: SeccompProfile,
  origin: ProfileOrigin = ORIGIN,
): SeccompProfile {
  const part = recordedPart(origin, of, NODE);
  if (part === undefined) throw new Error('nothing has run');
  return { ...recordedProfile('rec-main', origin, part, existing), status: {} } as SeccompProfile;
}

function isPartial({ metadata }: SeccompProfile): boolean {
  return metadata.labels?.['spo.x-k8s.io/partial'] === 'true';
}

/** Without the one thing that depends on which run was written first. */
function unlabelled(profile: SeccompProfile): SeccompProfile {
  const all = Object.entries(profile.metadata.labels ?? {});
  const labels = Object.fromEntries(all.filter(([name]) => name !== 'spo.x-k8s.io/partial'));
  return { ...profile, metadata: { ...profile.metadata, labels } };
}

const CAPTURE: Capture = {
  id: '',
  pod: 'uid',
  container: 'main',
  image: 'image@sha256:1',
  calls: new Map(),
  accesses: [],
  began: undefined,
  ended: undefined,
  firstCall: undefined,
  lastNewCall: undefined,
  lost: new Map(),
};

/** Without the time of the last news, which is nearer where runs are told one by one. */
function withoutNews(profile: SeccompProfile): SeccompProfile {
  const { annotations = {}, ...metadata } = profile.metadata;
  const { 'spo.x-k8s.io/recording-evidence': text = '{}', ...others } = annotations;
  const { lastNewCall, ...evidence } = JSON.parse(text) as Readonly<Record<string, unknown>>;
  expect(lastNewCall).to.be.a('string');
  return { ...profile, metadata: { ...metadata, annotations: { ...others, evidence: JSON.stringify(evidence) } } };
}

describe('core/recording/recorded-profile', () => {
  it('is the same when it is written again', () => {
    fc.assert(
      fc.property(runs, (of) => {
        expect(written(of, written(of))).to.deep.equal(written(of));
      }),
    );
  });

  it('is the same whichever run was written first', () => {
    fc.assert(
      fc.property(runs, runs, (some, others) => {
        const ids = new Set(some.map(({ capture }) => capture.id));
        const rest = others.filter(({ capture }) => !ids.has(capture.id));
        fc.pre(rest.length > 0);
        const [one, other] = [written(rest, written(some)), written(some, written(rest))];
        expect(unlabelled(one)).to.deep.equal(unlabelled(other));
      }),
    );
  });

  it('is the same as if all runs of one architecture had been written at once', () => {
    fc.assert(
      fc.property(runs, (all) => {
        const architectures = new Set(all.flatMap(({ capture }) => [...capture.calls.keys()]));
        fc.pre(all.length > 1 && architectures.size === 1);
        const one = written(all.slice(1), written(all.slice(0, 1)));
        expect(withoutNews(unlabelled(one))).to.deep.equal(withoutNews(unlabelled(written(all))));
      }),
    );
  });

  it('has had its last news when a run showed something for the first time, not when a later one repeated it', () => {
    const at = (id: string, numbers: readonly number[], began: number): RecordedRun => ({
      capture: { ...CAPTURE, id: id.repeat(64), calls: new Map([['SCMP_ARCH_X86_64', new Set(numbers)]]), began },
      pod: `pod-${id}`,
      isSettled: true,
      since: 0,
    });
    const seen = (run: RecordedRun, news: number): RecordedRun => ({
      ...run,
      capture: { ...run.capture, firstCall: news, lastNewCall: news, ended: news + 1000 },
    });
    const first = written([seen(at('a', [0, 1], 1000), 2000)]);
    const second = written([seen(at('b', [1], 8000), 9000)], first);
    expect(evidenceOf(second)?.lastNewCall).to.equal('1970-01-01T00:00:02Z');
    const third = written([seen(at('c', [1, 2], 18000), 19000)], second);
    expect(evidenceOf(third)?.lastNewCall).to.equal('1970-01-01T00:00:19Z');
  });

  it('is a part while a run may go on, and says nothing of gaps where nothing was lost', () => {
    fc.assert(
      fc.property(runs, (of) => {
        const profile = written(of);
        const evidence = evidenceOf(profile);
        const summary = evidence === undefined ? undefined : summaryOf(evidence);
        const gaps = profile.metadata.annotations?.['spo.x-k8s.io/recording-incomplete'];
        expect([isPartial(profile), gaps === undefined]).to.deep.equal([
          of.some(({ isSettled }) => !isSettled),
          summary?.lost.total === 0,
        ]);
        expect(isOf(profile, ORIGIN)).to.equal(true);
        expect(isOf(profile, { ...ORIGIN, container: 'side' })).to.equal(false);
      }),
    );
  });

  it('is no part again when it was finished, and as disabled as it is then', () => {
    const disabled = fc.constantFrom(true, false, undefined);
    fc.assert(
      fc.property(runs, runs, disabled, fc.boolean(), (some, others, isDisabled, wantsDisabled) => {
        const { spec, ...before } = written(some);
        fc.pre(!isPartial({ spec, ...before }));
        const existing = {
          ...before,
          spec: { ...spec, ...(isDisabled === undefined ? {} : { disabled: isDisabled }) },
        };
        const after = written(others, existing, { ...ORIGIN, isDisabled: wantsDisabled });
        expect([isPartial(after), after.spec.disabled]).to.deep.equal([false, isDisabled]);
      }),
    );
  });

  it('says once that the end of a run was not seen', () => {
    fc.assert(
      fc.property(runs, (of) => {
        const ended = endedPart(written(of));
        expect(endedPart(ended)).to.equal(ended);
        const gaps = ended.metadata.annotations?.['spo.x-k8s.io/recording-incomplete']?.split('; ') ?? [];
        expect(new Set(gaps).size).to.equal(gaps.length);
      }),
    );
  });

  it('is nothing where nothing has run, and something where only a loss is known', () => {
    const capture: Capture = {
      id: 'a'.repeat(64),
      pod: 'uid',
      container: 'main',
      image: undefined,
      calls: new Map(),
      accesses: [],
      began: undefined,
      ended: 5000,
      firstCall: undefined,
      lastNewCall: undefined,
      lost: new Map(),
    };
    const of = (lost: ReadonlyMap<string, number>): readonly RecordedRun[] => [
      { capture: { ...capture, lost }, pod: 'uid', isSettled: true, since: 1000 },
    ];
    expect(recordedPart(ORIGIN, of(new Map()), NODE)).to.equal(undefined);
    const profile = written(of(new Map([['process', 2]])));
    expect(evidenceOf(profile)?.instances).to.deep.equal({
      aaaaaaaaaaaaa: {
        pod: 'uid',
        node: 'n',
        from: '1970-01-01T00:00:01Z',
        until: '1970-01-01T00:00:05Z',
        lost: { process: 2 },
      },
    });
  });

  it('has a sentence for each reason, and for those that it does not know', () => {
    expect(gapSentences({ total: 9, process: 2, start: 1, constructor: 3, event: 0 })).to.deep.equal([
      '2 processes could not be followed: their system calls and those of their children are missing',
      '1 containers ran before they were recorded: what they did until then may be missing',
      '3 times something was lost (constructor)',
    ]);
  });
});
