// SPDX-License-Identifier: Apache-2.0
// The recording webhook: a table of pods and what becomes of them.
import { expect } from 'chai';
import { RecordingWebhook } from '../../src/admission/recording.ts';
import type { RecordingState } from '../../src/admission/recording.ts';
import { containersOf } from '../../src/core/binding/pod.ts';
import type { AdmittedPod, Json } from '../../src/core/binding/pod.ts';
import { ANNOTATION, PROFILE_GATE } from '../../src/core/names.ts';
import { requestsOf } from '../../src/core/recording/later-containers.ts';
import type { ProfileRecording } from '../../src/gen/crd/profile-recording.ts';
import { container, pod } from '../core/binding/objects.ts';
import { recording } from '../core/recording/objects.ts';
import { admitted, allowed, creation, LOG_PROFILE, LOG_PROFILES, NO_OBSTACLES, update } from './requests.ts';

const NOW = 1_636_978_341_500;
/** Of the uid `u`: the first characters of its SHA-256. */
const STAMP = '0bfe9_1636978341';
const LOGS = { recorder: 'logs' } as const;
const WEB = [container('web', 'nginx')];
const OWN = { seccompProfile: { type: 'RuntimeDefault' } };

function state(recordings: readonly ProfileRecording[], more: Partial<RecordingState> = {}): RecordingState {
  return {
    recordings: (namespace) => (namespace === 'shop' ? recordings : []),
    logProfiles: LOG_PROFILES,
    obstacleFacts: () => NO_OBSTACLES,
    logProfileState: () => 'installed',
    onlyLabelled: () => false,
    now: () => NOW,
    ...more,
  };
}

/** Annotations without their common beginning, containers under the log profile, and gates. */
function shown(result: AdmittedPod): Json {
  const annotations = Object.entries(result.metadata?.annotations ?? {});
  const isLogged = (context: unknown): boolean => JSON.stringify([context]).includes('log-enricher-trace');
  const logged = containersOf(result).flatMap(({ container: { name, securityContext } }) =>
    isLogged(securityContext) ? [name] : [],
  );
  return {
    ...Object.fromEntries(annotations.map(([key, text]) => [key.replace('io.containers.trace-', ''), text])),
    ...(logged.length === 0 ? {} : { logged: logged.join() }),
    ...(result.spec?.schedulingGates === undefined ? {} : { gates: result.spec.schedulingGates }),
  };
}

interface Row {
  readonly title: string;
  readonly recordings?: readonly ProfileRecording[];
  readonly state?: Partial<RecordingState>;
  readonly pod: AdmittedPod;
  readonly expected: Json;
}

const MARKS = ANNOTATION.recordingMarks;
const ENDING = recording('rec');

const ROWS: readonly Row[] = [
  { title: 'a namespace without recordings', recordings: [], pod: pod(WEB), expected: {} },
  { title: 'a pod', pod: pod(WEB), expected: { 'bpf/web': `rec_web_${STAMP}` } },
  {
    title: 'a pod from logs',
    recordings: [recording('rec', LOGS)],
    pod: pod(WEB),
    expected: { 'logs/web': `rec_web_${STAMP}`, logged: 'web' },
  },
  {
    title: 'init containers and sidecars',
    recordings: [recording('rec', LOGS)],
    pod: pod(WEB, { initContainers: [container('i', 'a'), { ...container('s', 'b'), restartPolicy: 'Always' }] }),
    expected: {
      'logs/i': `rec_i_${STAMP}`,
      'logs/s': `rec_s_${STAMP}`,
      'logs/web': `rec_web_${STAMP}`,
      logged: 'i,s,web',
    },
  },
  {
    title: 'containers that the recording names',
    recordings: [recording('rec', { ...LOGS, containers: ['b', 'none'] })],
    pod: pod([container('a', 'x'), container('b', 'x')]),
    expected: { 'logs/b': `rec_b_${STAMP}`, logged: 'b' },
  },
  {
    title: 'labels that are not selected',
    recordings: [recording('rec', { podSelector: { matchLabels: { app: 'a' } } })],
    pod: pod(WEB, {}, { labels: { app: 'b' } }),
    expected: {},
  },
  {
    title: 'several recordings of both recorders',
    recordings: [recording('two'), recording('rec'), recording('log', LOGS)],
    pod: pod(WEB),
    expected: {
      'bpf/web': `rec_web_${STAMP},two_web_${STAMP}`,
      'logs/web': `log_web_${STAMP}`,
      logged: 'web',
    },
  },
  {
    title: 'a recording that is being deleted',
    recordings: [{ ...ENDING, metadata: { ...ENDING.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } }],
    pod: pod(WEB),
    expected: {},
  },
  {
    title: 'annotations that came with the pod',
    pod: pod(
      WEB,
      {},
      {
        annotations: {
          'io.containers.trace-bpf/web': 'rec_web_aaaaa_1',
          'io.containers.trace-bpf/other': 'rec_other_aaaaa_1',
          'io.containers.trace-logs/web': `rec_web_${STAMP}`,
          'io.containers.trace-avcs/web': '',
          [MARKS]: 'web=rec:PrivilegedContainer',
          mine: 'stays',
        },
      },
    ),
    expected: { 'bpf/web': `rec_web_${STAMP}`, mine: 'stays' },
  },
  {
    title: 'annotations that came with a pod that nothing records',
    recordings: [],
    pod: pod(WEB, {}, { annotations: { 'io.containers.trace-bpf/web': 'rec_web_aaaaa_1' } }),
    expected: {},
  },
  {
    title: 'a profile of the author, of a container and of the pod',
    recordings: [recording('rec', { ...LOGS, containers: ['a'] })],
    pod: pod([container('a', 'x', { ...OWN, runAsUser: 1 })], { securityContext: OWN }),
    expected: { 'logs/a': `rec_a_${STAMP}`, logged: 'a', [MARKS]: 'a=rec:SecurityContextAlreadySet' },
  },
  {
    title: 'a profile of the author, by eBPF',
    pod: pod([container('a', 'x', OWN)]),
    expected: { 'bpf/a': `rec_a_${STAMP}` },
  },
  {
    title: 'a profile of a binding',
    recordings: [recording('rec', LOGS)],
    pod: pod([container('a', 'x', OWN)], {}, { annotations: { [ANNOTATION.profileBindings]: 'a=some' } }),
    expected: { 'logs/a': `rec_a_${STAMP}`, logged: 'a', [ANNOTATION.profileBindings]: 'a=some' },
  },
  {
    title: 'privileged containers',
    recordings: [recording('log', LOGS), recording('rec')],
    pod: pod([container('a', 'x', { privileged: true })]),
    expected: { 'bpf/a': `rec_a_${STAMP}`, [MARKS]: 'a=log:PrivilegedContainer' },
  },
  {
    title: 'pairs of kind and recorder, and names, that cannot be recorded',
    recordings: [
      recording('armor', { kind: 'AppArmorProfile' }),
      recording('pair', { kind: 'SelinuxProfile' }),
      recording('dotted.name'),
    ],
    pod: pod(WEB),
    expected: {
      [MARKS]: 'web=armor:RecorderNotSupported,web=dotted.name:NameNotDNSLabel,web=pair:RecorderNotSupported',
    },
  },
  {
    title: 'an enricher that is off',
    recordings: [recording('rec', LOGS)],
    state: { logProfileState: () => 'missing' },
    pod: pod(WEB),
    expected: { [MARKS]: 'web=rec:RecorderNotEnabled' },
  },
  {
    title: 'a log profile that is not on the nodes yet',
    recordings: [recording('rec', LOGS)],
    state: { logProfileState: () => 'pending' },
    pod: pod(WEB),
    expected: { 'logs/web': `rec_web_${STAMP}`, logged: 'web', gates: [{ name: PROFILE_GATE }] },
  },
  {
    title: 'the same for a pod of a given node',
    recordings: [recording('rec', LOGS)],
    state: { logProfileState: () => 'pending' },
    pod: pod(WEB, { nodeName: 'n' }),
    expected: { 'logs/web': `rec_web_${STAMP}`, logged: 'web' },
  },
  {
    title: 'nodes that look at labelled pods only',
    state: { onlyLabelled: () => true },
    pod: pod(WEB),
    expected: { [MARKS]: 'web=rec:PodNotLabelled' },
  },
  {
    title: 'the same for a labelled pod',
    state: { onlyLabelled: () => true },
    pod: pod(WEB, {}, { labels: { 'spo.x-k8s.io/enable-recording': 'true' } }),
    expected: { 'bpf/web': `rec_web_${STAMP}` },
  },
  {
    title: 'static pods and pods for Windows',
    pod: pod(WEB, { os: { name: 'windows' } }),
    expected: { [MARKS]: 'web=rec:WindowsPod' },
  },
];

describe('admission/recording', () => {
  for (const { title, recordings = [recording()], state: more, pod: given, expected } of ROWS) {
    it(`answers for ${title}`, () => {
      const webhook = new RecordingWebhook(state(recordings, more));
      const result = admitted(webhook, creation(given));
      expect(shown(result)).to.deep.equal(expected);
      expect(webhook.review(creation(given, { dryRun: true }))).to.deep.equal(webhook.review(creation(given)));
      const later = new RecordingWebhook(state(recordings, { ...more, now: () => NOW + 5000 }));
      expect(allowed(later.review(creation(result, { uid: 'another' }))).patch).to.deep.equal([]);
    });
  }

  it('keeps a pod that is recorded into an AppArmorProfile from nodes without AppArmor', () => {
    const nodes = ['a', 'b'].map((name) => ({ name, labels: { 'kubernetes.io/hostname': name } }));
    const facts = (...without: readonly string[]) => ({
      labels: {},
      nodes: () => nodes,
      withoutAppArmor: new Set(without),
    });
    const recordings = [recording('armor', { kind: 'AppArmorProfile', ...LOGS })];
    const webhook = (...without: readonly string[]) =>
      new RecordingWebhook(state(recordings, { obstacleFacts: () => facts(...without) }));
    const result = admitted(webhook('a'), creation(pod(WEB)));
    expect(result.spec?.containers?.[0]?.securityContext?.['appArmorProfile']).to.deep.equal(
      LOG_PROFILES.AppArmorProfile,
    );
    expect(JSON.stringify(result.spec?.affinity)).to.include('"operator":"NotIn","values":["a"]');
    expect(allowed(webhook('a').review(creation(result))).patch).to.deep.equal([]);
    const refused = admitted(webhook('a', 'b'), creation(pod(WEB)));
    expect(shown(refused)).to.deep.equal({ [MARKS]: 'web=armor:NodesWithoutAppArmor' });
  });

  it('records no SELinux profile where Pod Security refuses its type', () => {
    const recordings = [recording('avc', { kind: 'SelinuxProfile', ...LOGS })];
    const strict = { ...NO_OBSTACLES, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } };
    const answer = (facts: typeof NO_OBSTACLES) =>
      admitted(new RecordingWebhook(state(recordings, { obstacleFacts: () => facts })), creation(pod(WEB)));
    expect(shown(answer(strict))).to.deep.equal({ [MARKS]: 'web=avc:PodSecurity' });
    const [web] = answer(NO_OBSTACLES).spec?.containers ?? [];
    expect(web?.securityContext?.['seLinuxOptions']).to.deep.equal({ type: 'selinuxrecording.process' });
  });

  it('says in a warning what is not recorded, and counts it', () => {
    const webhook = new RecordingWebhook(state([recording('rec', LOGS)]));
    const given = pod([container('root', 'x', { privileged: true }), container('own', 'x', OWN)]);
    const answer = allowed(webhook.review(creation(given)));
    expect(answer.outcome).to.equal('recorded');
    expect(answer.warnings).to.deep.equal([
      'ProfileRecording rec does not record container root: it is privileged, so no profile that logs its calls has an effect',
      'ProfileRecording rec changes container own: it is recorded under the profile that logs all calls, in place of the profile that the pod sets',
    ]);
    const none = allowed(webhook.review(creation(pod([container('root', 'x', { privileged: true })]))));
    expect(none.outcome).to.equal('skipped');
  });

  it('gives an ephemeral container of a marked pod the profile that logs calls, and notes nothing', () => {
    const webhook = new RecordingWebhook(state([recording('rec', LOGS)]));
    const before = admitted(webhook, creation(pod(WEB)));
    const after = { ...before, spec: { ...before.spec, ephemeralContainers: [container('debug', 'busybox')] } };
    const answer = allowed(webhook.review(update(before, after, 'ephemeralcontainers')));
    expect(answer.outcome).to.equal('recorded');
    expect(answer.patch).to.deep.equal([
      { op: 'add', path: '/spec/ephemeralContainers/0/securityContext', value: { seccompProfile: LOG_PROFILE } },
    ]);
    const older = { ...after, metadata: { name: 'old' } };
    const refused = allowed(webhook.review(update({ ...older, spec: {} }, older, 'ephemeralcontainers')));
    expect(refused.patch).to.deep.equal([]);
    expect(refused.warnings).to.deep.equal([
      'ProfileRecording rec does not record container debug: the recording recorded nothing of the pod when it was created, so nothing that comes later',
    ]);
  });

  it('leaves everything alone but new pods and ephemeral containers', () => {
    const webhook = new RecordingWebhook(state([recording()]));
    const untouched = { allowed: true, outcome: 'allowed', patch: [], warnings: [] };
    const others = [
      { operation: 'UPDATE' },
      { operation: 'DELETE', object: undefined },
      { operation: 'UPDATE', subResource: 'ephemeralcontainers' },
      { kind: 'Deployment' },
    ] as const;
    for (const other of others) expect(webhook.review(creation(pod(WEB), other))).to.deep.equal(untouched);
  });

  it('refuses a pod whose annotations would be too long, and says so', () => {
    const full = pod(WEB, {}, { annotations: { own: 'x'.repeat(256 * 1024) } });
    const answer = new RecordingWebhook(state([recording()])).review(creation(full));
    expect(answer).to.include({ allowed: false, code: 422 });
    expect(JSON.stringify(answer)).to.contain('bytes of annotations with those that tell of its recordings');
  });

  it('notes as many requests as nodes read, says so, and leaves other containers under their profiles', () => {
    const context = { seccompProfile: { type: 'RuntimeDefault' } };
    const many = Array.from({ length: 1030 }, (_, at) => container(`c${String(at)}`, 'x', context));
    const webhook = new RecordingWebhook(state([recording('rec', LOGS)]));
    const before = admitted(webhook, creation(pod(many)));
    expect(requestsOf(before.metadata?.annotations, [])).to.have.length(1024);
    const logged = (before.spec?.containers ?? []).filter(({ securityContext }) => securityContext !== context);
    expect(logged).to.have.length(1024);
    const { warnings } = allowed(new RecordingWebhook(state([recording()])).review(creation(pod(many))));
    expect(warnings[0]).to.match(/^ProfileRecording rec does not record container c1024: 64 other .* or 1024 its pod/);
    const after = { ...before, spec: { ...before.spec, ephemeralContainers: [container('debug', 'busybox')] } };
    const later = allowed(webhook.review(update(before, after, 'ephemeralcontainers')));
    expect(later.warnings[0]).to.match(/^ProfileRecording rec does not record container debug: 64 other/);
  });

  it('refuses a pod with more containers than annotations have room for, before it notes them', () => {
    const recordings = Array.from({ length: 512 }, (_, at) => recording(`rec-${String(at)}`, LOGS));
    const webhook = new RecordingWebhook(state(recordings));
    const containers = Array.from({ length: 33 }, (_, at) => container(`c${String(at)}`, 'x'));
    const message =
      'recording.spo.io: the pod has too many containers for the recordings that are for it: annotations have no ' +
      'room for so many. Use fewer containers, or recordings that choose fewer pods';
    const refusal = { allowed: false, outcome: 'denied', code: 422, reason: 'Invalid', message };
    expect(webhook.review(creation(pod(containers)))).to.deep.equal(refusal);
    const after = pod(WEB, { ephemeralContainers: containers });
    expect(webhook.review(update(pod(WEB), after, 'ephemeralcontainers'))).to.deep.equal(refusal);
    expect(webhook.review(creation(pod(containers), { namespace: 'other' }))).to.have.property('allowed', true);
  });
});
