// SPDX-License-Identifier: Apache-2.0
// The manager's part of recordings: status, finalizer, events, and the changes that concern a recording.
import { expect } from 'chai';
import type { ProfileRecording } from '../../../src/gen/crd/profile-recording.ts';
import type { Watch } from '../../../src/runtime/handler.ts';
import type { KubeObject } from '../../../src/runtime/object.ts';
import { marked, RecordingWorld } from './recording-world.ts';

const LOCK = 'active-seccomp-profile-recording-lock';
const DELETING = { finalizers: [LOCK], deletionTimestamp: '2026-01-01T00:00:40Z' };

describe('handlers/manager/profile-recording', () => {
  let world: RecordingWorld;
  beforeEach(() => {
    world = new RecordingWorld();
  });

  it('counts the pods that it records and believes in, and is held for them', async () => {
    const recording = world.recording('r', { containers: ['c'] });
    world.pod('p1', { annotations: marked('r') });
    world.pod('p2', { annotations: marked('r') });
    world.pod('other-recorder', { annotations: marked('r', 'logs') });
    world.pod('other-labels', { annotations: marked('r'), labels: { app: 'b' } });
    world.pod('ended', { annotations: marked('r'), phase: 'Succeeded' });
    world.pod('unmarked');
    const { status, metadata } = await world.settled(recording);
    expect(status).to.deep.include({
      state: 'Recording',
      activeWorkloads: ['ns/p1', 'ns/p2'],
      activeWorkloadCount: 2,
    });
    expect(metadata?.finalizers).to.include({ [LOCK]: true });
    const other = world.recording('r', { containers: ['d'] });
    expect((await world.settled(other)).status).to.deep.include({ state: 'NoMatch' });
  });

  it('counts no pod whose container has not started, and is held for it', async () => {
    const wait = { waiting: { reason: 'ErrImagePull' } };
    const before = world.pod('p', { annotations: marked('r'), phase: 'Pending', container: { state: wait } });
    const first = await world.settled(world.recording('r'));
    expect(first.status).to.deep.include({ state: 'NoMatch', activeWorkloadCount: 0 });
    expect(first.status?.message).to.match(/has started yet, of ns\/p$/);
    expect(first.metadata?.finalizers).to.include({ [LOCK]: true });
    const again = { state: wait, lastState: { terminated: { exitCode: 1 } } };
    const after = world.pod('p', { annotations: marked('r'), container: again });
    const watch = world.watches.find(({ resource }) => resource.kind === 'Pod');
    expect(watch?.predicate?.(before, after)).to.equal(true);
    const second = await world.settled(world.recording('r'));
    expect(second.status).to.deep.include({ state: 'Recording', activeWorkloads: ['ns/p'] });
  });

  it('is released a while after its last pod has ended, so that nodes can write the profiles', async () => {
    world.recording('r');
    world.pod('p', { annotations: marked('r') });
    const held = world.recording('r', {}, { metadata: DELETING });
    const locks = async () => (await world.handler.cleanup(held)).metadata?.finalizers;
    expect(await locks()).to.include({ [LOCK]: true });
    world.time += 3_600_000;
    world.pods.take('p');
    const { metadata, requeueAfterMs } = await world.handler.cleanup(held);
    expect(metadata?.finalizers).to.include({ [LOCK]: true });
    expect(requeueAfterMs).to.be.at.most(5000);
    world.time += 5000;
    expect(await locks()).to.include({ [LOCK]: false });
  });

  it('cannot be held any more once it is being deleted without', async () => {
    world.pod('p', { annotations: marked('r') });
    const { deletionTimestamp } = DELETING;
    const outcome = await world.handler.cleanup(world.recording('r', {}, { metadata: { deletionTimestamp } }));
    expect(outcome.metadata?.finalizers).to.include({ [LOCK]: false });
  });

  it('is held for parts that are not merged yet, also where their node was late', async () => {
    const { metadata } = world.profile('r-c-a', 'r', ['read']);
    const labels = { ...metadata.labels, 'spo.x-k8s.io/container-id': 'c', 'spo.x-k8s.io/partial': 'true' };
    const finalizers = ['spo.x-k8s.io/partial-profile-finalizer'];
    world.profiles.set({ ...world.profile('r-c-a', 'r', ['read']), metadata: { ...metadata, labels, finalizers } });
    const UNMERGED = 'spo.x-k8s.io/has-unmerged-profiles';
    const held = { ...DELETING, finalizers: [LOCK, UNMERGED] };
    const going = world.recording('r', { mergeStrategy: 'containers' }, { metadata: held });
    expect((await world.handler.cleanup(going)).metadata?.finalizers).to.deep.equal({ [LOCK]: true, [UNMERGED]: true });
    world.time += 5000;
    const merged = await world.handler.cleanup(going);
    expect(merged.desired?.map(({ metadata: { name } }) => name)).to.deep.equal(['r-c']);
    expect(await world.handler.gone({ namespace: 'ns', name: 'r' })).to.deep.equal({ requeueAfterMs: 10_000 });
    world.time += 10_000;
    const late = await world.handler.gone({ namespace: 'ns', name: 'r' });
    expect(late.desired?.map(({ metadata: { name } }) => name)).to.deep.equal(['r-c']);
  });

  it('says why it records nothing', async () => {
    const message = async () => (await world.settled(world.recording('r'))).status?.message;
    expect(await message()).to.equal('no pod of the selector runs');
    world.pod('p');
    expect(await message()).to.match(/created without it: ns\/p$/);
    world.pod('q', { annotations: { 'spo.x-k8s.io/profile-recordings-skipped': 'c=r:PrivilegedContainer' } });
    expect(await message()).to.match(/^container c of ns\/q is not recorded: it is privileged/);
    world.spod({ enableBpfRecorder: true }, 1);
    expect(await message()).to.match(/does not run on all nodes yet/);
    world.namespace({});
    expect(await message()).to.match(/enable-recording/);
    world.spod({ enableLogEnricher: true });
    expect(await message()).to.match(/enableBpfRecorder/);
  });

  it('names the nodes without a recorder, and the pods there', async () => {
    const message = async () => (await world.settled(world.recording('r'))).status?.message;
    const before = world.daemonPod('m', 'bpf-recorder');
    const after = world.daemonPod('m', 'log-enricher');
    world.daemonPod('n', 'bpf-recorder', 'log-enricher');
    expect(world.watches.at(-1)?.predicate?.(before, after)).to.equal(true);
    expect(await message()).to.equal('the recorder does not run on m yet');
    world.pod('p', { annotations: marked('r') });
    expect(await message()).to.equal('1 pod is recorded by the recorder bpf; it does not run on m');
    world.daemonPod('n');
    expect(await message()).to.equal(
      'the recorder does not run on m, n yet; until then these may run without it: ns/p',
    );
  });

  it('tells how far its profiles are', async () => {
    world.profile('r-c', 'r', ['read', 'write'], '2026-01-01T00:00:40Z');
    world.profile('r-d', 'r', ['read', 'close'], '2026-01-01T00:00:50Z');
    world.profile('s-c', 's', ['open'], '2026-01-01T00:00:55Z');
    const { status } = await world.settled(world.recording('r'));
    expect(status).to.deep.include({ profiles: 2, syscalls: 3, lastNewCall: '2026-01-01T00:00:50Z' });
  });

  it('becomes stable by runs that show nothing new, and looks again when only time is missing', async () => {
    const recording = world.recording('r', { stableAfter: { runs: 1, seconds: 60 } });
    world.profile('r-c', 'r', ['read'], '2026-01-01T00:00:40Z', { b: { from: '2026-01-01T00:00:50Z', lost: {} } });
    const stable = ({ status }: { readonly status?: ProfileRecording['status'] }) =>
      status?.conditions?.find(({ type }) => type === 'Stable');
    world.time = Date.parse('2026-01-01T00:01:00Z');
    const early = await world.settled(recording);
    expect(stable(early)).to.deep.include({ status: 'False', reason: 'TooFewRuns' });
    expect(early.requeueAfterMs).to.equal(49_000);
    world.time = Date.parse('2026-01-01T00:01:50Z');
    expect(stable(await world.settled(recording))).to.deep.include({ status: 'True', reason: 'NothingNew' });
  });

  it('tells of pods that come and go, once', async () => {
    world.pod('p', { annotations: marked('r') });
    const first = await world.settled(world.recording('r'));
    expect(first.events?.map(({ message }) => message)).to.deep.equal(['The recording of ns/p began']);
    world.pods.take('p');
    world.pod('q', { annotations: marked('r') });
    const second = await world.settled(world.recording('r', {}, { status: first.status! }));
    expect(second.events?.map(({ reason, message }) => `${reason} ${message}`)).to.deep.equal([
      'RecordingStarted The recording of ns/q began',
      'RecordingEnded The recording of ns/p ended',
    ]);
    const third = await world.handler.apply(world.recording('r', {}, { status: second.status! }));
    expect(third.status).to.equal(undefined);
    expect(third.events).to.deep.equal([]);
  });

  it('follows pods, recorded profiles, namespaces and the spod', () => {
    world.recording('r');
    world.recording('other', { podSelector: { matchLabels: { app: 'b' } } });
    const keysOf = (kind: string, object: KubeObject): readonly string[] =>
      world.watches
        .filter((watch, at) => watch.resource.kind === kind && at < world.watches.length - 1)
        .flatMap((watch: Watch) => watch.mapToKeys(object).map(({ name }) => name));
    expect(keysOf('Pod', world.pod('p'))).to.deep.equal(['r']);
    expect(keysOf('Pod', world.pod('q', { annotations: marked('other') }))).to.deep.equal(['other', 'r']);
    expect(keysOf('SeccompProfile', world.profile('r-c', 'r', []))).to.deep.equal(['r']);
    const both = ['other', 'r'];
    expect([...(world.watches.at(-1)?.mapToKeys(world.daemonPod('n')) ?? [])]).to.have.length(2);
    expect([...keysOf('Namespace', world.namespaces.list()[0]!)].sort()).to.deep.equal(both);
    expect([...keysOf('SecurityProfilesOperatorDaemon', world.spods.list()[0]!)].sort()).to.deep.equal(both);
  });
});

describe('handlers/manager/recorded-pod-events', () => {
  let world: RecordingWorld;
  beforeEach(() => {
    world = new RecordingWorld();
  });

  const eventsOf = async (annotations: Readonly<Record<string, string>>) =>
    ((await world.podEvents.apply(world.pod('p', { annotations }))).events ?? []).map(
      ({ type, reason, message }) => `${type} ${reason}: ${message}`,
    );

  it('tell which containers are recorded, and by which recordings', async () => {
    world.recording('r');
    expect(await eventsOf(marked('r'))).to.deep.equal([
      'Normal ProfileRecording: The ProfileRecording r records c by bpf',
    ]);
    expect(await eventsOf(marked('forged'))).to.deep.equal([]);
  });

  it('tell of an ephemeral container when it comes', async () => {
    world.recording('r');
    const before = world.pod('p', { annotations: marked('r') });
    const after = world.pod('p', { annotations: marked('r'), later: ['debug'] });
    expect(world.podEvents.predicate(before, after)).to.equal(true);
    const [event] = (await world.podEvents.apply(after)).events ?? [];
    expect(event?.message).to.equal('The ProfileRecording r records c, debug by bpf');
  });

  it('tell why a container is not recorded', async () => {
    world.recording('r');
    const remarks = { 'spo.x-k8s.io/profile-recordings-skipped': 'c=r:PrivilegedContainer,c=x:PrivilegedContainer' };
    const [event, ...more] = await eventsOf(remarks);
    expect(event).to.match(
      /^Warning PrivilegedContainer: The ProfileRecording r does not record the container c: it is/,
    );
    expect(more).to.deep.equal([]);
  });

  it('tell of a pod with more than is kept of one, and of what is left out of it', async () => {
    world.recording('r');
    const many = Object.fromEntries(
      Array.from({ length: 500 }, (_, at) => [`io.containers.trace-bpf/c${String(at)}`, `r_c${String(at)}_abcde_1`]),
    );
    const left = { 'spo.x-k8s.io/profile-recordings-skipped': 'c1024=r:TooManyRecordings' };
    const before = world.pod('p');
    const after = world.pod('p', { annotations: { ...many, ...left } });
    expect(world.podEvents.predicate({ ...before, metadata: after.metadata }, after)).to.equal(true);
    const [counts, beyond, ...more] = await eventsOf({ ...many, ...left });
    expect(counts).to.match(
      /^Warning TooManyRecordings: The pod is recorded, but no ProfileRecording counts .* 500 requests .* than 16384 char/,
    );
    expect(beyond).to.match(
      /^Warning TooManyRecordings: The ProfileRecording r does not record the container c1024: 64/,
    );
    expect(more).to.deep.equal([]);
    const long = { 'spo.x-k8s.io/profile-recordings-skipped': 'c=r:TooManyRecordings,'.repeat(1000) };
    expect(world.pod('q', { annotations: long }).marks.unrecorded).to.have.length.below(1300);
  });

  it('are not written about old pods', async () => {
    world.recording('r');
    world.time += 2 * 3_600_000;
    expect(await eventsOf(marked('r'))).to.deep.equal([]);
  });
});
