// SPDX-License-Identifier: Apache-2.0
// Pods under crun, beside the same pods under runc on one node: both have the same calls recorded, with an init
// container, a probe and an exec, and run under what was learnt.
import { expect } from 'chai';
import { LABEL } from '../../src/core/names.ts';
import { SECCOMP_LEARNER } from '../../src/core/recording/kinds/seccomp.ts';
import type { SeccompProfile } from '../../src/gen/crd/seccomp-profile.ts';
import { inNamespace, OPERATOR_NAMESPACE } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { callsOf, findProfile, labelledPod, learntBy, recordingOf, untilRecorded } from './recorded.ts';
import type { PodTemplate } from './recorded.ts';

/** The calls of the shells below that no start of a shell makes. */
const WORK = { init: 'mkdir', shell: 'symlink', exec: 'rmdir' } as const;

/** Calls by which a runtime makes a container, and none of these shells anything. */
const RUNTIME_CALLS = ['clone3', 'mount', 'pivot_root', 'sethostname', 'setns', 'unshare'];

describe('pods under crun', function () {
  this.timeout(600_000);
  const namespace = 'e2e-crun';
  let cluster: Cluster;

  inNamespace(namespace, (ready) => {
    cluster = ready;
  });

  before(async () => {
    cluster.kubectl(['label', 'namespace', namespace, `${LABEL.enableRecording}=`]);
    cluster.patchSpod({ enableBpfRecorder: true });
    await cluster.until('the recorder', log, (text) => text.includes('Module successfully loaded'));
    await cluster.untilRunning();
    cluster.apply(...['crun', 'runc', 'short'].map((name) => recordingOf(namespace, name, 'bpf')));
    await cluster.until(
      'hooks',
      log,
      (text) => text.lastIndexOf('"Module successfully loaded') > text.lastIndexOf('"Unloading bpf module"'),
    );
    for (const name of ['crun', 'runc', 'short'])
      await untilRecorded(cluster, name, labelledPod(namespace, name, 'true', { app: name }));
  });

  after(async () => {
    cluster.kubectl(['-n', namespace, 'delete', 'pods', '--all', '--force', '--ignore-not-found']);
    cluster.kubectl(['-n', namespace, 'delete', 'profilerecordings', '--all', '--wait=false']);
    cluster.patchSpod({ enableBpfRecorder: null });
    await cluster.untilRunning();
  });

  const log = (): string =>
    cluster.tryKubectl(['-n', OPERATOR_NAMESPACE, 'logs', 'ds/spod', '-c', 'bpf-recorder']).stdout;

  /** A pod of crun, or of the node's usual runtime. */
  function ofRuntime(runtime: 'crun' | 'runc', pod: PodTemplate): PodTemplate {
    return runtime === 'runc' ? pod : { ...pod, spec: { ...pod.spec, ...{ runtimeClassName: 'crun' } } };
  }

  /** An init container, and one with a probe; under what the recording `profiles` has learnt of them. */
  function pod(name: string, labels: object, profiles?: string, more = ''): PodTemplate {
    const made = labelledPod(namespace, name, '', labels);
    const container = (role: 'init' | 'shell', command: string, rest: object = {}): object => {
      const localhostProfile = `operator/${namespace}/${String(profiles)}-${role}.json`;
      const securityContext = { seccompProfile: { type: 'Localhost', localhostProfile } };
      const confined = profiles === undefined ? {} : { securityContext };
      return { ...made.spec.containers[0], name: role, command: ['sh', '-c', command], ...confined, ...rest };
    };
    const readinessProbe = {
      exec: { command: ['sh', '-c', 'test -L /tmp/link'] },
      periodSeconds: 1,
      timeoutSeconds: 5,
    };
    const initContainers = [container('init', 'mkdir /tmp/a')];
    const containers = [container('shell', `ln -s a /tmp/link; ${more}exec sleep 3600`, { readinessProbe })];
    return { ...made, spec: { ...made.spec, ...{ initContainers }, containers } };
  }

  function untilReady(name: string): Promise<string> {
    const ready = '{.status.conditions[?(@.type=="Ready")].status}';
    return cluster.until(
      `pod ${name} Ready`,
      () => cluster.value('pod', name, namespace, ready),
      (status) => status === 'True',
    );
  }

  const exec = (name: string, command: string) =>
    cluster.tryKubectl(['-n', namespace, 'exec', name, '-c', 'shell', '--', 'sh', '-c', command]);

  async function finished(name: string): Promise<SeccompProfile> {
    const found = await cluster.until(
      `profile ${name}`,
      () => findProfile(cluster, namespace, name),
      (profile) => profile !== undefined && learntBy(profile)?.state === 'ended',
    );
    if (found === undefined) throw new Error(`${name} is not there`);
    expect(learntBy(found)?.lost.total, name).to.equal(0);
    return found;
  }

  const seenIn = (profile: SeccompProfile): readonly string[] => SECCOMP_LEARNER.seenIn(profile).toSorted();

  const ownIn = (calls: readonly string[]): readonly string[] =>
    Object.values(WORK).filter((name) => calls.includes(name));

  /** The calls seen of the two containers, when the pod is gone. */
  async function recorded(runtime: 'crun' | 'runc'): Promise<readonly (readonly string[])[]> {
    cluster.apply(ofRuntime(runtime, pod(runtime, { app: runtime })));
    await untilReady(runtime);
    expect(exec(runtime, 'rmdir /tmp/none').stderr).to.include('No such file');
    cluster.kubectl(['-n', namespace, 'delete', 'pod', runtime]);
    return [seenIn(await finished(`${runtime}-init`)), seenIn(await finished(`${runtime}-shell`))];
  }

  it('have the same calls recorded as under runc, and nothing of the runtime', async () => {
    const [init = [], shell = []] = await recorded('crun');
    expect(ownIn(init)).to.deep.equal([WORK.init]);
    expect(ownIn(shell)).to.deep.equal([WORK.shell, WORK.exec]);
    expect([...init, ...shell].filter((name) => RUNTIME_CALLS.includes(name))).to.deep.equal([]);
    expect([init, shell]).to.deep.equal(await recorded('runc'));
  });

  it('run under the profiles that were learnt, with probe and exec, and do nothing else', async () => {
    await cluster.untilProfile(namespace, 'crun-init', 'Installed');
    await cluster.untilProfile(namespace, 'crun-shell', 'Installed');
    cluster.apply(ofRuntime('crun', pod('confined', {}, 'crun', 'mkdir /tmp/b && touch /tmp/made; ')));
    await untilReady('confined');
    expect(exec('confined', 'rmdir /tmp/none').stderr).to.include('No such file');
    expect(exec('confined', 'mkdir /tmp/c').stderr).to.include('Operation not permitted');
    expect(exec('confined', 'test -e /tmp/made').status).to.equal(1);
    cluster.kubectl(['-n', namespace, 'delete', 'pod', 'confined']);
  });

  it('that live for a moment only are recorded from their first call', async () => {
    cluster.apply(ofRuntime('crun', labelledPod(namespace, 'short', 'mkdir /tmp/a', { app: 'short' })));
    const found = await finished('short-shell');
    expect(callsOf(found)).to.include.members(['mkdir', 'exit_group']);
    expect(seenIn(found).filter((name) => RUNTIME_CALLS.includes(name))).to.deep.equal([]);
  });
});
