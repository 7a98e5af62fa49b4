// SPDX-License-Identifier: Apache-2.0
// The decision on a new pod without the webhook around it: who is recorded, under which profile, and why not.
import { expect } from 'chai';
import type { AdmittedPod } from '../../../src/core/binding/pod.ts';
import { ANNOTATION, LABEL } from '../../../src/core/names.ts';
import { decideRecordings } from '../../../src/core/recording/decide.ts';
import type { RecordingDecision, RecordingSituation } from '../../../src/core/recording/decide.ts';
import { logProfiles } from '../../../src/core/recording/log-profile.ts';
import {
  markClause,
  markWarnings,
  parseMarks,
  printMarks,
  RECORDING_REMARKS,
} from '../../../src/core/recording/marks.ts';
import { requestAnnotations } from '../../../src/core/recording/request-annotations.ts';
import { recordedContainers } from '../../../src/core/recording/request.ts';
import { lengthOf, MOST_CHARACTERS } from '../../../src/core/recording/room.ts';
import { container, pod } from '../binding/objects.ts';
import { recording } from './objects.ts';

const LOG_PROFILES = logProfiles('security-profiles-operator');
const LOG_PROFILE = LOG_PROFILES.SeccompProfile;
const OWN = { seccompProfile: { type: 'RuntimeDefault' } };
const WEB = container('web', 'nginx');
const STAMP = { nonce: 'abcde', since: 1000 };

function decided(admitted: AdmittedPod, more: Partial<RecordingSituation> = {}): RecordingDecision {
  const recordings = [recording('rec', { recorder: 'logs' })];
  const decision = decideRecordings({
    pod: admitted,
    recordings,
    logProfiles: LOG_PROFILES,
    obstacle: () => undefined,
    onlyLabelled: false,
    stamp: STAMP,
    ...more,
  });
  return decision ?? expect.fail('too many containers');
}

function remarks({ marks }: RecordingDecision): readonly string[] {
  return marks.map(({ container: name, remark }) => `${name} ${remark}`);
}

describe('decideRecordings()', () => {
  it('asks for each container and gives it the profile that logs calls', () => {
    const decision = decided(pod([WEB, container('side', 'x')]));
    expect(decision.requests.map(({ container: name }) => name)).to.deep.equal(['web', 'side']);
    expect(decision.changes.map(({ member, value }) => [member, value])).to.deep.equal([
      ['seccompProfile', LOG_PROFILE],
      ['seccompProfile', LOG_PROFILE],
    ]);
    expect(decision.marks).to.deep.equal([]);
  });

  it('changes nothing of a container that eBPF records', () => {
    const decision = decided(pod([WEB]), { recordings: [recording()] });
    expect(decision.requests).to.deep.equal([
      { kind: 'SeccompProfile', recorder: 'bpf', recording: 'rec', container: 'web', ...STAMP },
    ]);
    expect(decision.changes).to.deep.equal([]);
  });

  it('changes a container once that two recordings want', () => {
    const recordings = ['a', 'b'].map((name) => recording(name, { recorder: 'logs' }));
    const decision = decided(pod([WEB]), { recordings });
    expect(decision.requests.map((one) => one.recording)).to.deep.equal(['a', 'b']);
    expect(decision.changes).to.have.length(1);
  });

  it('says why nothing of a pod is recorded', () => {
    const logs = recording('rec', { recorder: 'logs' });
    expect(remarks(decided(pod([WEB]), { obstacle: () => 'RecorderNotEnabled' }))).to.deep.equal([
      'web RecorderNotEnabled',
    ]);
    expect(remarks(decided(pod([WEB]), { onlyLabelled: true }))).to.deep.equal(['web PodNotLabelled']);
    expect(remarks(decided(pod([WEB], { os: { name: 'windows' } })))).to.deep.equal(['web WindowsPod']);
    const mirror = pod([WEB], {}, { annotations: { 'kubernetes.io/config.mirror': 'x' } });
    expect(remarks(decided(mirror))).to.deep.equal(['web StaticPod']);
    expect(remarks(decided(pod([WEB]), { recordings: [recording('a.b', logs.spec)] }))).to.deep.equal([
      'web NameNotDNSLabel',
    ]);
    const labels = { [LABEL.enableRecording]: '' };
    expect(decided(pod([WEB], {}, { labels }), { onlyLabelled: true }).marks).to.deep.equal([]);
  });

  it('records no privileged container from logs, and tells of an author whose profile it replaces', () => {
    const privileged = decided(pod([container('web', 'x', { privileged: true })]));
    expect(privileged.requests).to.deep.equal([]);
    expect(remarks(privileged)).to.deep.equal(['web PrivilegedContainer']);
    const replaced = decided(pod([container('web', 'x', OWN)]));
    expect(replaced.requests).to.have.length(1);
    expect(remarks(replaced)).to.deep.equal(['web SecurityContextAlreadySet']);
    expect(remarks(decided(pod([WEB], { securityContext: OWN })))).to.deep.equal(['web SecurityContextAlreadySet']);
  });

  it('decides the same when the pod comes again, with the nonce of the first time', () => {
    const admitted = pod([container('web', 'x', OWN)]);
    const first = decided(admitted);
    const annotations = {
      ...requestAnnotations(admitted, first.requests),
      [ANNOTATION.recordingMarks]: printMarks(first.marks),
    };
    const changed = pod([container('web', 'x', { seccompProfile: LOG_PROFILE })], {}, { annotations });
    const second = decided(changed, { stamp: { nonce: 'other', since: 1030 } });
    expect(second.requests).to.deep.equal(first.requests);
    expect(second.marks).to.deep.equal(first.marks);
    expect(second.changes).to.deep.equal([]);
    const late = decided(changed, { stamp: { nonce: 'other', since: 2000 } });
    expect(late.requests[0]).to.include({ nonce: 'other', since: 2000 });
  });
});

describe('decideRecordings() of containers that come later', () => {
  const debug = container('debug', 'busybox');
  const added = ({ container: { name } }: { readonly container: { readonly name: string } }) => name === 'debug';
  const running = (annotations: Readonly<Record<string, string>>, one = debug) =>
    pod([WEB], { ephemeralContainers: [one] }, { annotations });
  const marked = { 'io.containers.trace-logs/web': 'rec_web_abcde_1' };

  it('gives them the profile that logs calls, in a pod that the recording has marked', () => {
    const decision = decided(running(marked), { added });
    expect(decision.changes.map(({ place }) => place?.container.name)).to.deep.equal(['debug']);
    expect(decision.marks).to.deep.equal([]);
  });

  it('says that the pod was not marked, or what else keeps them from being recorded', () => {
    expect(remarks(decided(running({}), { added }))).to.deep.equal(['debug PodNotMarked']);
    const privileged = container('debug', 'busybox', { privileged: true });
    expect(remarks(decided(running(marked, privileged), { added }))).to.deep.equal(['debug PrivilegedContainer']);
  });
});

describe('decideRecordings() with many recordings', () => {
  it('notes as many as are read of a container, and says which are not', () => {
    const recordings = Array.from({ length: 66 }, (_, at) => recording(`r${String(at).padStart(2, '0')}`));
    const admitted = pod([WEB, container('side', 'x')]);
    const { requests, marks } = decided(admitted, { recordings });
    const noted = requestAnnotations(admitted, requests) as Record<string, string>;
    expect(recordedContainers(noted)).to.have.deep.members(requests);
    expect(marks).to.deep.equal(
      ['web', 'side'].flatMap((name) =>
        ['r64', 'r65'].map((one) => ({ container: name, recording: one, remark: 'TooManyRecordings' })),
      ),
    );
  });
});

describe('decideRecordings() of a pod with little room', () => {
  it('notes what nodes keep beside the labels of the pod, and marks a few of the others', () => {
    const recordings = Array.from({ length: 60 }, (_, at) => recording(`rec-${'x'.repeat(50)}-${String(at)}`));
    const containers = Array.from({ length: 15 }, (_, at) => container(`container-${String(at)}`, 'x'));
    for (const size of [0, 20_000, 65_000, 70_000]) {
      const labels = { long: 'x'.repeat(size) };
      const admitted = pod(containers, {}, { labels });
      const { requests, marks } = decided(admitted, { recordings });
      const noted = Object.entries(requestAnnotations(admitted, requests)) as [string, string][];
      expect(lengthOf(noted, labels)).to.be.at.most(Math.max(MOST_CHARACTERS, size + 20));
      expect(recordedContainers(Object.fromEntries(noted))).to.have.deep.members(requests);
      expect(marks).to.have.length(requests.length === 900 ? 0 : 8);
      expect(requests.length > 400).to.equal(size < 30_000);
    }
  });
});

describe('requestAnnotations()', () => {
  it('leaves the requests that were decided on, and takes every other away', () => {
    const forged = { 'io.containers.trace-bpf/web': 'x_web_zzzzz_1', 'io.containers.trace-logs/gone': 'y', other: 'z' };
    const admitted = pod([WEB], {}, { annotations: forged });
    const { requests } = decided(admitted);
    const changes = requestAnnotations(admitted, requests);
    expect(changes).to.deep.equal({
      'io.containers.trace-bpf/web': undefined,
      'io.containers.trace-logs/gone': undefined,
      'io.containers.trace-logs/web': 'rec_web_abcde_1000',
    });
    const kept = Object.entries(changes).filter(([, text]) => text !== undefined);
    expect(recordedContainers(Object.fromEntries(kept) as Record<string, string>)).to.deep.equal(requests);
  });
});

describe('marks of recordings', () => {
  const marks = RECORDING_REMARKS.map((remark, index) => ({
    container: `c${String(index).padStart(2, '0')}`,
    recording: 'rec',
    remark,
  }));

  it('are read as they were printed, and nothing else is taken for one', () => {
    expect(parseMarks(printMarks(marks))).to.deep.equal(marks);
    expect(printMarks([])).to.equal(undefined);
    expect(parseMarks('a=b,a=b:Nonsense,=b:WindowsPod,a=b:WindowsPod:x')).to.deep.equal([]);
    expect(parseMarks(undefined)).to.deep.equal([]);
  });

  it('are told with the recording, the container and the reason, the first eight of them', () => {
    const warnings = markWarnings(marks);
    expect(warnings).to.have.length(8);
    expect(warnings[0]).to.match(/^ProfileRecording rec changes container c00: it is recorded under /);
    expect(warnings[1]).to.equal(
      `ProfileRecording rec does not record container c01: ${markClause('PrivilegedContainer')}`,
    );
    const long = markWarnings([{ container: 'c', recording: 'r'.repeat(253), remark: 'StaticPod' }]);
    expect(long[0]).to.have.length.below(220).and.to.contain('…');
  });
});
