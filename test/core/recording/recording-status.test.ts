// SPDX-License-Identifier: Apache-2.0
// The status of a recording: a sentence and a word for each state, and no write where nothing has changed.
import { expect } from 'chai';
import fc from 'fast-check';
import type { RecordingFacts, RecordingProgress } from '../../../src/core/recording/recording-status.ts';
import { recordingStatus, recordingUrgency } from '../../../src/core/recording/recording-status.ts';
import { recording } from './objects.ts';

const UNSTABLE = { status: 'Unknown', reason: 'NothingRecorded', message: 'none', lastNew: undefined } as const;

const NO_PROGRESS: RecordingProgress = {
  profiles: 0,
  syscalls: 0,
  lastNewCall: undefined,
  whole: { answer: 'unknown', reasons: [] },
  stability: UNSTABLE,
};

const NOW = Date.parse('2026-01-01T00:00:00Z');

function facts(more: Partial<RecordingFacts> = {}): RecordingFacts {
  return {
    recording: recording('r'),
    isSelected: true,
    recorder: 'running',
    missing: undefined,
    isForbidden: false,
    lacking: [],
    exposed: [],
    pods: [],
    idleness: { type: 'no pods' },
    progress: NO_PROGRESS,
    ...more,
  };
}

const verdict = (more: Partial<RecordingFacts>): string => {
  const { state = '', message = '' } = recordingStatus(facts(more), NOW);
  return `${state}: ${message}`;
};

describe('core/recording/recording-status', () => {
  it('says whether pods are recorded, or why none is', () => {
    const skipped = { type: 'skipped', pod: 'container c of ns/p', why: 'it is privileged' } as const;
    const unstarted = { type: 'not started', pods: ['ns/a'] } as const;
    const selinux = recording('r', { kind: 'SelinuxProfile', recorder: 'logs' });
    const table: readonly (readonly [Partial<RecordingFacts>, RegExp])[] = [
      [{ pods: ['ns/a'] }, /^Recording: 1 pod is recorded by the recorder bpf$/],
      [{ pods: ['ns/a', 'ns/b'], isSelected: false }, /^Recording: 2 pods are recorded/],
      [{}, /^NoMatch: no pod of the selector runs$/],
      [{ idleness: skipped }, /^NoMatch: container c of ns\/p is not recorded: it is privileged$/],
      [{ idleness: { type: 'older pods', pods: ['ns/a', 'b', 'c', 'd', 'e'] } }, /: ns\/a, b, c and 2 more$/],
      [{ isSelected: false }, /^NamespaceNotLabelled: .*spo\.x-k8s\.io\/enable-recording/],
      [{ recorder: 'off', pods: ['ns/a'] }, /^RecorderNotEnabled: .*set enableBpfRecorder in the spod$/],
      [{ recorder: 'off', recording: recording('r', { recorder: 'logs' }) }, /set enableLogEnricher in the spod$/],
      [{ recorder: 'starting' }, /^RecorderNotReady: /],
      [{ recorder: 'starting', pods: ['ns/a'] }, /^RecorderNotReady: .*may run without it: ns\/a$/],
      [{ lacking: ['n1', 'n2', 'n3', 'n4'] }, /^RecorderNotReady: .* run on n1, n2, n3 and 1 more yet$/],
      [{ lacking: ['n1'], recorder: 'starting' }, /^RecorderNotReady: .*does not run on n1 yet$/],
      [{ lacking: ['n1'], pods: ['ns/a'] }, /^Recording: 1 pod .*; it does not run on n1$/],
      [
        { lacking: ['n1'], pods: ['ns/a', 'ns/b'], exposed: ['ns/b'] },
        /^RecorderNotReady: .* on n1 yet; until then these may run without it: ns\/b$/,
      ],
      [{ idleness: unstarted }, /^NoMatch: no container that will be recorded has started yet, of ns\/a$/],
      [{ idleness: unstarted, isSelected: false }, /^NoMatch: /],
      [{ idleness: unstarted, recorder: 'starting' }, /^RecorderNotReady: /],
      [{ recording: selinux, isForbidden: true }, /^KindNotSupported: the Pod Security level/],
      [{ recording: selinux, missing: 'enableSelinux' }, /^RecorderNotEnabled: .*SelinuxProfile.*enableSelinux/],
      [{ recording: recording('r', { kind: 'SelinuxProfile' }) }, /^RecorderNotSupported: .*bpf.*SelinuxProfile/],
      [{ recording: recording('a.b') }, /^NameNotDNSLabel: /],
    ];
    for (const [more, expected] of table) expect(verdict(more)).to.match(expected);
  });

  it('can be waited for by conditions', () => {
    const conditions = (more: Partial<RecordingFacts>) =>
      recordingStatus(facts(more), NOW).conditions?.map(({ type, status, reason }) => `${type} ${status} ${reason}`);
    const unlearnt = ['Complete Unknown NothingTold', 'Stable Unknown NothingRecorded'];
    expect(conditions({ pods: ['ns/a'] })).to.deep.equal([
      'Ready True Recording',
      'Recording True Recording',
      ...unlearnt,
    ]);
    expect(conditions({})).to.deep.equal(['Ready True NoMatch', 'Recording False NoMatch', ...unlearnt]);
    expect(conditions({ recorder: 'off' })).to.deep.equal([
      'Ready False RecorderNotEnabled',
      'Recording False RecorderNotEnabled',
      ...unlearnt,
    ]);
  });

  it('says in conditions whether what was learnt is whole, and whether anything new still comes', () => {
    const learnt = (more: Partial<RecordingProgress>): readonly string[] => {
      const { conditions = [] } = recordingStatus(facts({ progress: { ...NO_PROGRESS, ...more } }), NOW);
      return conditions.slice(2).map(({ type, status, reason, message }) => [type, status, reason, message].join(' '));
    };
    const stable = { status: 'True', reason: 'NothingNew', message: 'quiet', lastNew: undefined } as const;
    expect(learnt({ whole: { answer: 'yes', reasons: [] }, stability: stable })).to.deep.equal([
      'Complete True NothingLost nothing of what was recorded is known to be missing',
      'Stable True NothingNew quiet',
    ]);
    const gaps = ['a container still runs', 'x'.repeat(2000)];
    const [first = ''] = learnt({ whole: { answer: 'no', reasons: gaps } });
    expect(first)
      .to.match(/^Complete False Incomplete a container still runs; x+…$/)
      .and.to.have.length(1050);
  });

  it('tells how far the profiles are', () => {
    const seen = { profiles: 2, syscalls: 57, lastNewCall: '2026-01-01T00:00:00Z' };
    expect(recordingStatus(facts({ progress: { ...NO_PROGRESS, ...seen } }), NOW)).to.deep.include(seen);
  });

  it('lists a bounded number of pods, and counts all', () => {
    const pods = Array.from({ length: 1200 }, (_, n) => `ns/p${String(n)}`);
    const status = recordingStatus(facts({ pods }), NOW);
    expect(status.activeWorkloads).to.have.length(1000);
    expect(status.activeWorkloadCount).to.equal(1200);
  });

  it('is written once: the same facts later are no reason to write', () => {
    const some = fc.record({
      isSelected: fc.boolean(),
      recorder: fc.constantFrom('off', 'starting', 'running'),
      pods: fc.array(fc.constantFrom('ns/a', 'ns/b'), { maxLength: 2 }),
    });
    fc.assert(
      fc.property(some, fc.nat(), (more, later) => {
        const first = recordingStatus(facts(more), NOW);
        const again = recordingStatus(facts({ ...more, recording: { ...recording('r'), status: first } }), NOW + later);
        expect(recordingUrgency(first, again)).to.equal('never');
      }),
    );
  });

  it('is written at once when a recording begins, and otherwise soon', () => {
    const idle = recordingStatus(facts(), NOW);
    const busy = recordingStatus(facts({ pods: ['ns/a'] }), NOW);
    const more = recordingStatus(facts({ pods: ['ns/a', 'ns/b'] }), NOW);
    expect(recordingUrgency(undefined, idle)).to.equal('soon');
    expect(recordingUrgency(idle, busy)).to.equal('now');
    expect(recordingUrgency(busy, more)).to.equal('soon');
    expect(recordingUrgency(more, idle)).to.equal('soon');
  });
});
