// SPDX-License-Identifier: Apache-2.0
// How recorded pods end, and begin again: killed, failed, deleted, with containers of all sorts, and in two
// recordings at once.
import { expect } from 'chai';
import { ANNOTATION, LABEL } from '../../src/core/names.ts';
import type { EvidenceSummary } from '../../src/core/recording/evidence.ts';
import type { SeccompProfile } from '../../src/gen/crd/seccomp-profile.ts';
import { inNamespace, OPERATOR_NAMESPACE } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { callsOf, findProfile, labelledPod, learntBy, recordingOf, untilRecorded } from './recorded.ts';
import type { PodTemplate } from './recorded.ts';

/** A call that no start of a shell makes. */
const WORK = 'mkdir /tmp/a';

describe('recorded pods', function () {
  this.timeout(600_000);
  const namespace = 'e2e-recorded-pods';
  let cluster: Cluster;

  inNamespace(namespace, (ready) => {
    cluster = ready;
  });

  before(async () => {
    cluster.kubectl(['label', 'namespace', namespace, `${LABEL.enableRecording}=`]);
    cluster.patchSpod({ enableBpfRecorder: true });
    await cluster.until('the recorder', log, (text) => text.includes('Module successfully loaded'));
    await cluster.untilRunning();
    await record('first');
  });

  afterEach(() => {
    cluster.kubectl(['-n', namespace, 'delete', 'pods', '--all', '--force', '--ignore-not-found']);
  });

  after(async () => {
    cluster.kubectl(['-n', namespace, 'delete', 'profilerecordings', '--all', '--wait=false']);
    cluster.patchSpod({ enableBpfRecorder: null });
    await cluster.untilRunning();
  });

  const log = (): string =>
    cluster.tryKubectl(['-n', OPERATOR_NAMESPACE, 'logs', 'ds/spod', '-c', 'bpf-recorder']).stdout;

  /** Makes a recording of all pods with a label of its name, and waits until recorder and webhook know it. */
  async function record(name: string, spec: object = {}): Promise<void> {
    cluster.apply(recordingOf(namespace, name, 'bpf', { podSelector: { matchLabels: { [name]: '' } }, ...spec }));
    await cluster.until(
      'hooks',
      log,
      (text) => text.lastIndexOf('"Module successfully loaded') > text.lastIndexOf('"Unloading bpf module"'),
    );
    await untilRecorded(cluster, name, labelledPod(namespace, name, 'true', { [name]: '' }));
  }

  /** A pod of the recording `first`, and others perhaps. */
  function pod(name: string, command: string, spec: object = {}, ...recordings: readonly string[]): PodTemplate {
    const labels = Object.fromEntries(['first', ...recordings].map((recording) => [recording, '']));
    const made = labelledPod(namespace, name, command, labels);
    return { ...made, spec: { ...made.spec, ...spec } };
  }

  /** A container like that of the pod. */
  function like({ spec }: PodTemplate, name: string, command: string, more: object = {}): object {
    return { ...spec.containers[0], name, command: ['sh', '-c', command], ...more };
  }

  const find = (name: string): SeccompProfile | undefined => findProfile(cluster, namespace, name);

  const evidence = (profile: SeccompProfile | undefined): EvidenceSummary | undefined =>
    profile === undefined ? undefined : learntBy(profile);

  /** The profile when no container of it runs any more, after so many runs. */
  async function finished(name: string, runs = 1): Promise<SeccompProfile> {
    const found = await cluster.until(
      `${name} after ${String(runs)} runs`,
      () => find(name),
      (profile) => evidence(profile)?.state === 'ended' && evidence(profile)?.runs === runs,
    );
    if (found === undefined) throw new Error(`${name} is not there`);
    cluster.kubectl(['-n', namespace, 'delete', 'sp', name, '--wait=false']);
    return found;
  }

  /** The profile, when it shows a call while its container runs. */
  const inProgress = (name: string, call: string): Promise<unknown> =>
    cluster.until(
      `${name} with ${call}`,
      () => find(name),
      (profile) => profile !== undefined && callsOf(profile).includes(call),
    );

  /** Which of some calls are in it, of the names that nobody adds. */
  function has(profile: SeccompProfile, ...names: readonly string[]): readonly boolean[] {
    return names.map((name) => callsOf(profile).includes(name));
  }

  it('that fail, are killed or deleted have their profiles', async () => {
    cluster.apply(pod('failed', `${WORK}; exit 3`));
    const failed = await finished('first-shell');
    expect([...has(failed, 'mkdir'), evidence(failed)?.lost.total]).to.deep.equal([true, 0]);
    cluster.apply(pod('killed', `${WORK}; kill -9 $$`));
    const killed = await finished('first-shell');
    expect([...has(killed, 'mkdir'), evidence(killed)?.lost.total]).to.deep.equal([true, 0]);
    cluster.apply(pod('deleted', `${WORK}; exec sleep 3600`));
    await inProgress('first-shell', 'mkdir');
    expect(find('first-shell')?.metadata.labels).to.have.property(LABEL.partial, 'true');
    cluster.kubectl(['-n', namespace, 'delete', 'pod', 'deleted']);
    const deleted = await finished('first-shell');
    expect([...has(deleted, 'mkdir'), evidence(deleted)?.lost.total]).to.deep.equal([true, 0]);
    expect(deleted.metadata.labels).to.not.have.property(LABEL.partial);
  });

  it('are waited for by kubectl until nothing new comes, and spoc tells from the cluster how sure that is', async () => {
    await record('steady', { mergeStrategy: 'containers', stableAfter: { runs: 2, seconds: 1 } });
    const condition = (): string =>
      cluster.value('profilerecording', 'steady', namespace, '{.status.conditions[?(@.type=="Stable")].reason}');
    for (const name of ['steady-1', 'steady-2', 'steady-3', 'steady-4']) {
      cluster.apply(labelledPod(namespace, name, `${WORK}; sleep 1`, { steady: '' }));
      await cluster.untilPod(namespace, name, 'Succeeded');
      if (name === 'steady-1') await cluster.until('Stable', condition, (reason) => reason === 'TooFewRuns');
    }
    const wait = ['wait', 'profilerecording/steady', '--for=condition=Stable', '--timeout=240s'];
    cluster.kubectl(['-n', namespace, ...wait]);
    const told = cluster.shell(`bin/spoc evidence -n ${namespace} -o json profilerecording/steady`);
    expect([told.status, told.stderr]).to.deep.equal([0, '']);
    const [account] = JSON.parse(told.stdout) as readonly { recordings: number; whole: object; seen: object[] }[];
    expect([account?.recordings, account?.whole]).to.deep.equal([4, { answer: 'yes', reasons: [] }]);
    expect(account?.seen).to.deep.include({ name: 'mkdir', recordings: 4 });
    cluster.kubectl(['-n', namespace, 'delete', 'profilerecording', 'steady']);
    await cluster.untilProfile(namespace, 'steady-shell', 'Installed');
    const merged = cluster.shell(`bin/spoc evidence -n ${namespace} --min-recordings 4 sp/steady-shell`);
    expect(merged.stdout).to.include(`ProfileRecording ${namespace}/steady, container shell`).and.include('whole: yes');
    expect(merged.status).to.equal(0);
    cluster.kubectl(['-n', namespace, 'delete', 'sp', 'steady-shell', '--wait=false']);
  });

  it('have one profile for all runs of a container that is started anew', async () => {
    const command = `test -e /data/a || { mkdir /data/a; exit 1; }; chmod 700 /data/a; exec sleep 3600`;
    const made = pod('again', command, { restartPolicy: 'Always', volumes: [{ name: 'data', emptyDir: {} }] });
    const mounted = { volumeMounts: [{ name: 'data', mountPath: '/data' }] };
    cluster.apply({ ...made, spec: { ...made.spec, containers: [like(made, 'shell', command, mounted)] } });
    await inProgress('first-shell', 'chmod');
    cluster.kubectl(['-n', namespace, 'delete', 'pod', 'again']);
    const found = await finished('first-shell', 2);
    expect(has(found, 'mkdir', 'chmod')).to.deep.equal([true, true]);
    expect(evidence(found)).to.deep.include({ pods: 1, lost: { total: 0 } });
  });

  it('have a profile for each container, init containers too, and nothing is mixed', async () => {
    const made = pod('many', WORK);
    const containers = [
      like(made, 'one', 'rmdir /tmp/none; true'),
      like(made, 'two', 'ln -s a /tmp/b; exec sleep 3600'),
    ];
    cluster.apply({ ...made, spec: { ...made.spec, initContainers: [like(made, 'init', WORK)], containers } });
    const [init, one] = [await finished('first-init'), await finished('first-one')];
    await inProgress('first-two', 'symlink');
    cluster.kubectl(['-n', namespace, 'delete', 'pod', 'many']);
    const two = await finished('first-two');
    const calls = [init, one, two].map((profile) => has(profile, 'mkdir', 'rmdir', 'symlink'));
    expect(calls).to.deep.equal([
      [true, false, false],
      [false, true, false],
      [false, false, true],
    ]);
  });

  it('may be in two recordings at once', async () => {
    await record('second');
    cluster.apply(pod('both', WORK, {}, 'second'));
    const [first, second] = [await finished('first-shell'), await finished('second-shell')];
    expect(first.spec).to.deep.equal(second.spec);
    expect(has(first, 'mkdir')).to.deep.equal([true]);
  });

  it('that run while their recorder is started anew keep what was seen, and say what may be missing', async () => {
    const command = `${WORK}; until test -e /tmp/go; do sleep 1; done; ln -s a /tmp/b; exec sleep 3600`;
    cluster.apply(pod('running', command));
    await inProgress('first-shell', 'mkdir');
    cluster.kubectl(['-n', OPERATOR_NAMESPACE, 'delete', 'pods', '-l', 'name=spod']);
    await cluster.untilRunning();
    cluster.kubectl(['-n', namespace, 'exec', 'running', '--', 'touch', '/tmp/go']);
    await inProgress('first-shell', 'symlink');
    cluster.kubectl(['-n', namespace, 'delete', 'pod', 'running']);
    const found = await finished('first-shell');
    expect(has(found, 'mkdir', 'symlink')).to.deep.equal([true, true]);
    expect(evidence(found)?.lost).to.deep.include({ start: 1 });
    expect(found.metadata.annotations?.[ANNOTATION.recordingIncomplete]).to.contain('before they were recorded');
  });
});
