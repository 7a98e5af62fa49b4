// SPDX-License-Identifier: Apache-2.0
// The manual's section on eBPF based recording: it is switched on, finds that it works here, takes its hooks while
// there is something to record, and pods become profiles under which they run.
import { expect } from 'chai';
import { ANNOTATION, LABEL } from '../../src/core/names.ts';
import type { SeccompProfile } from '../../src/gen/crd/seccomp-profile.ts';
import { inNamespace, OPERATOR_NAMESPACE, shellPod } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { callsOf, labelledPod, learntBy, profileOf, profilesOf, recordingOf, untilRecorded } from './recorded.ts';

/** Creates a directory and looks at its own limits: calls that no start of a shell makes. */
const WORK = 'mkdir /tmp/a && rmdir /tmp/a && ulimit -n';

describe('the eBPF recorder of the manual', function () {
  this.timeout(600_000);
  const namespace = 'e2e-bpf-recorder';
  let cluster: Cluster;

  inNamespace(namespace, (ready) => {
    cluster = ready;
  });

  before(async () => {
    cluster.kubectl(['label', 'namespace', namespace, `${LABEL.enableRecording}=`]);
    cluster.patchSpod({ enableBpfRecorder: true });
    await cluster.until('the recorder', log, (text) => text.includes('Module successfully loaded'));
    await cluster.untilRunning();
  });

  afterEach(() => {
    cluster.kubectl(['-n', namespace, 'delete', 'pods', '--all', '--force', '--ignore-not-found', '--wait=false']);
    cluster.kubectl(['-n', namespace, 'delete', 'profilerecordings', '--all', '--wait=false']);
  });

  after(async () => {
    cluster.patchSpod({ enableBpfRecorder: null, enableMemoryOptimization: null });
    await cluster.untilRunning();
  });

  const log = (): string =>
    cluster.tryKubectl(['-n', OPERATOR_NAMESPACE, 'logs', 'ds/spod', '-c', 'bpf-recorder']).stdout;

  /** Whether there are hooks, by the last line that tells of them. */
  function hasHooks(): boolean {
    const text = log();
    return text.lastIndexOf('"Module successfully loaded') > text.lastIndexOf('"Unloading bpf module"');
  }

  /** Makes a recording, and waits until its hooks are there. */
  async function record(name: string, spec: { readonly containers?: readonly string[] } = {}): Promise<void> {
    cluster.apply(recordingOf(namespace, name, 'bpf', spec));
    await cluster.until('the hooks', hasHooks, (has) => has);
    const { containers: [container = 'shell'] = [] } = spec;
    const pod = labelledPod(namespace, name, 'true', { app: name, [LABEL.enableRecording]: 'true' });
    const containers = pod.spec.containers.map((one) => ({ ...one, name: container }));
    await untilRecorded(cluster, name, { ...pod, spec: { ...pod.spec, containers } });
  }

  /** Removes it, and waits until the hooks are gone. */
  async function forget(name: string): Promise<void> {
    cluster.kubectl(['-n', namespace, 'delete', 'profilerecording', name, '--wait=false']);
    await cluster.until('no hooks', hasHooks, (has) => !has);
  }

  const profile = (name: string): SeccompProfile => profileOf(cluster, namespace, name);

  async function until(name: string, count: number): Promise<readonly string[]> {
    return cluster.until(
      `${String(count)} profiles of ${name}`,
      () => profilesOf(cluster, namespace, name),
      (names) => names.length === count,
    );
  }

  it('tries its programs, and lets go of them', () => {
    expect(log()).to.match(/ bpf-recorder "msg"="Starting bpf-recorder on node: [^"]+"/);
    expect(log()).to.include('Doing BPF load/unload self-test');
    expect(hasHooks()).to.equal(false);
    const pods = ['-n', OPERATOR_NAMESPACE, 'get', 'pods', '-l', 'name=spod', '-o', 'json'];
    expect(cluster.kubectl(pods)).to.not.match(/"hostPID": true|"privileged": true/);
  });

  it('makes a profile of a pod, under which the pod runs, and no other', async () => {
    await record('my-recording');
    cluster.apply(labelledPod(namespace, 'my-pod', WORK, { app: 'my-recording' }));
    await cluster.until('the container', log, (text) => text.includes('Found container ID in cluster'));
    expect(await until('my-recording', 1)).to.deep.equal(['my-recording-shell']);
    const found = profile('my-recording-shell');
    expect(callsOf(found)).to.include.members(['mkdir', 'rmdir', 'execve']);
    expect(learntBy(found)).to.deep.include({ state: 'ended', pods: 1, runs: 1, lost: { total: 0 } });
    expect(found.metadata.annotations).to.not.have.property(ANNOTATION.recordingIncomplete);
    await cluster.untilProfile(namespace, 'my-recording-shell', 'Installed');
    const confined = `operator/${namespace}/my-recording-shell.json`;
    cluster.apply(shellPod(namespace, 'again', WORK, confined));
    cluster.apply(shellPod(namespace, 'more', `${WORK} && chown 1 /tmp`, confined));
    await cluster.untilPod(namespace, 'again', 'Succeeded');
    await cluster.untilPod(namespace, 'more', 'Failed');
    await forget('my-recording');
  });

  it('records a container that lives for a moment only, from its first call', async () => {
    await record('short');
    cluster.apply(labelledPod(namespace, 'short', 'mkdir /tmp/a', { app: 'short' }));
    await until('short', 1);
    expect(callsOf(profile('short-shell'))).to.include.members(['mkdir', 'exit_group']);
    expect(learntBy(profile('short-shell'))?.lost.total).to.equal(0);
    await forget('short');
  });

  it('records every replica of a deployment, with a profile for each', async () => {
    await record('replicas');
    const { spec } = labelledPod(namespace, 'x', `${WORK}; exec sleep 3600`, { app: 'replicas' });
    const { restartPolicy, ...rest } = spec;
    expect(restartPolicy).to.equal('Never');
    cluster.apply({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { namespace, name: 'replicas' },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'replicas' } },
        template: { metadata: { labels: { app: 'replicas' } }, spec: rest },
      },
    });
    cluster.kubectl(['-n', namespace, 'rollout', 'status', 'deployment/replicas', '--timeout=240s']);
    const inProgress = [
      '-n',
      namespace,
      'get',
      'sp',
      '-l',
      `${LABEL.recordingId}=replicas,${LABEL.partial}`,
      '-o',
      'name',
    ];
    await cluster.until(
      'profiles while the pods run',
      () =>
        cluster
          .kubectl(inProgress)
          .split('\n')
          .filter((line) => line !== ''),
      (names) => names.length === 2,
    );
    cluster.kubectl(['-n', namespace, 'delete', 'deployment', 'replicas']);
    for (const name of await until('replicas', 2)) {
      expect(name).to.match(/^replicas-shell-[a-z0-9]+$/);
      expect(callsOf(profile(name))).to.include.members(['mkdir', 'rmdir']);
    }
    await forget('replicas');
  });

  it('records only the containers that the recording names', async () => {
    await record('chosen', { containers: ['second'] });
    const pod = labelledPod(namespace, 'chosen', 'mkdir /tmp/a', { app: 'chosen' });
    const [container] = pod.spec.containers;
    const second = { ...container, name: 'second', command: ['sh', '-c', 'rmdir /tmp/b; true'] };
    cluster.apply({ ...pod, spec: { ...pod.spec, containers: [container, second] } });
    expect(await until('chosen', 1)).to.deep.equal(['chosen-second']);
    const calls = callsOf(profile('chosen-second'));
    expect([calls.includes('rmdir'), calls.includes('mkdir')]).to.deep.equal([true, false]);
    await forget('chosen');
  });

  it('looks at labelled pods only where memory is to be saved', async () => {
    cluster.patchSpod({ enableMemoryOptimization: true });
    const args = '{.items[*].spec.containers[?(@.name=="bpf-recorder")].args}';
    const pods = ['-n', OPERATOR_NAMESPACE, 'get', 'pods', '-l', 'name=spod', '-o', `jsonpath=${args}`];
    await cluster.until(
      'the option',
      () => cluster.tryKubectl(pods).stdout,
      (text) => text === '["bpf-recorder","--with-mem-optim=true"]',
    );
    await cluster.untilRunning();
    await record('saving');
    cluster.apply(labelledPod(namespace, 'unlabelled', 'mkdir /tmp/a', { app: 'saving' }));
    await cluster.untilPod(namespace, 'unlabelled', 'Succeeded');
    cluster.kubectl(['-n', namespace, 'delete', 'pod', 'unlabelled']);
    cluster.apply(
      labelledPod(namespace, 'labelled', 'rmdir /tmp/b; true', { app: 'saving', [LABEL.enableRecording]: 'true' }),
    );
    await until('saving', 1);
    const calls = callsOf(profile('saving-shell'));
    expect([calls.includes('rmdir'), calls.includes('mkdir')]).to.deep.equal([true, false]);
    await forget('saving');
  });

  it('counts in the metrics of the daemon', async () => {
    await record('counted');
    cluster.apply(
      labelledPod(namespace, 'counted', `${WORK}; exec sleep 3600`, {
        app: 'counted',
        [LABEL.enableRecording]: 'true',
      }),
    );
    const token = cluster.kubectl(['-n', OPERATOR_NAMESPACE, 'create', 'token', 'default']).trim();
    const url = (address: string) => `https://${address}:9443/metrics-spod`;
    const line =
      /^security_profiles_operator_seccomp_profile_bpf_total\{node="[^"]+",mount_namespace="\d+",profile="counted-shell"\} \d+$/m;
    await cluster.until(
      'the metric',
      () => cluster.askDaemon(url, '-H', `Authorization: Bearer ${token}`).stdout,
      (text) => line.test(text),
    );
    cluster.kubectl(['-n', namespace, 'delete', 'pod', 'counted', '--force']);
    await until('counted', 1);
    await forget('counted');
  });
});
