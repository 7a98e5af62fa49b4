// SPDX-License-Identifier: Apache-2.0
// Recordings from the audit log, and the merging of what the replicas of a workload leave: the manual's examples with
// images that the node has.
import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { ANNOTATION } from '../../src/core/names.ts';
import { parseCoverage } from '../../src/core/recording/coverage.ts';
import type { SeccompProfile } from '../../src/gen/crd/seccomp-profile.ts';
import { startAuditWriter } from './audit-writer.ts';
import { inNamespace, OPERATOR_NAMESPACE, shellPod } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { callsOf, labelledPod, learntBy, profileOf, profilesOf, recordingOf, untilRecorded } from './recorded.ts';
import type { PodTemplate } from './recorded.ts';

/** Calls that no start of a shell makes. Records need a moment to be read, and the process is known meanwhile. */
const WORK = 'mkdir /tmp/a && rmdir /tmp/a && sleep 1';

/** The fields of a recording's spec that the tests set. */
interface RecordingSpec {
  readonly containers?: readonly string[];
  readonly disableProfileAfterRecording?: boolean;
  readonly mergeStrategy?: string;
}

describe('recordings from the audit log', function () {
  this.timeout(600_000);
  const namespace = 'e2e-log-recordings';
  let cluster: Cluster;
  let endAudit: (() => void) | undefined;

  inNamespace(namespace, (ready) => {
    cluster = ready;
  });

  before(async () => {
    endAudit = await startAuditWriter();
    label('spo.x-k8s.io/enable-recording=');
    cluster.patchSpod({ enableLogEnricher: true });
    await cluster.until('the enricher', log, (text) => text.includes('Reading from file'));
    await cluster.untilRunning();
    await cluster.untilProfile(OPERATOR_NAMESPACE, 'log-enricher-trace', 'Installed');
  });

  after(async () => {
    cluster.kubectl(['-n', namespace, 'delete', 'pods,deployments,profilerecordings', '--all', '--wait=false']);
    cluster.patchSpod({ enableLogEnricher: null });
    await cluster.untilRunning();
    endAudit?.();
  });

  const log = (): string =>
    cluster.tryKubectl(['-n', OPERATOR_NAMESPACE, 'logs', 'ds/spod', '-c', 'log-enricher']).stdout;

  const label = (text: string): string => cluster.kubectl(['label', '--overwrite', 'namespace', namespace, text]);

  /** Makes a recording, and waits until the webhook marks pods for it. */
  async function record(name: string, spec: RecordingSpec = {}): Promise<void> {
    cluster.apply(recordingOf(namespace, name, 'logs', spec));
    const { containers: [container = 'shell'] = [] } = spec;
    const pod = podOf(name, name, 'true');
    const containers = pod.spec.containers.map((one) => ({ ...one, name: container }));
    await untilRecorded(cluster, name, { ...pod, spec: { ...pod.spec, containers } });
  }

  /** A pod that the recording of the name `app` chooses. */
  function podOf(app: string, name: string, command: string): PodTemplate {
    return labelledPod(namespace, name, command, { app });
  }

  const until = (recording: string, count: number, isPart = false): Promise<readonly string[]> =>
    cluster.until(
      `${String(count)} profiles of ${recording}`,
      () => profilesOf(cluster, namespace, recording, isPart),
      (names) => names.length === count,
    );

  const profile = (name: string): SeccompProfile => profileOf(cluster, namespace, name);

  const profileOfPod = (name: string): string =>
    cluster.value('pod', name, namespace, '{.spec.containers[*].securityContext.seccompProfile.localhostProfile}');

  it('make a profile of a pod, under which the pod runs', async () => {
    await record('logged');
    cluster.apply(podOf('logged', 'my-pod', WORK));
    expect(profileOfPod('my-pod')).to.match(/log-enricher-trace\.json$/);
    expect(await until('logged', 1)).to.deep.equal(['logged-shell']);
    const found = profile('logged-shell');
    expect(callsOf(found)).to.include.members(['mkdir', 'rmdir', 'execve']);
    expect(learntBy(found)).to.deep.include({ state: 'ended', pods: 1, runs: 1 });
    await cluster.untilProfile(namespace, 'logged-shell', 'Installed');
    const confined = `operator/${namespace}/logged-shell.json`;
    cluster.apply(shellPod(namespace, 'again', WORK, confined));
    cluster.apply(shellPod(namespace, 'more', `${WORK} && chown 1 /tmp`, confined));
    await cluster.untilPod(namespace, 'again', 'Succeeded');
    await cluster.untilPod(namespace, 'more', 'Failed');
  });

  it('record only the containers that they name', async () => {
    await record('chosen', { containers: ['one'] });
    const pod = podOf('chosen', 'chosen', WORK);
    const [container] = pod.spec.containers;
    const containers = ['one', 'two'].map((name) => ({ ...container, name }));
    cluster.apply({ ...pod, spec: { ...pod.spec, containers } });
    expect(profileOfPod('chosen').split(' ')).to.have.lengthOf(1);
    expect(await until('chosen', 1)).to.deep.equal(['chosen-one']);
  });

  it('keep a profile disabled that is to be', async () => {
    await record('disabled', { disableProfileAfterRecording: true });
    cluster.apply(podOf('disabled', 'disabled', WORK));
    const [name = ''] = await until('disabled', 1);
    await cluster.untilProfile(namespace, name, 'Disabled');
    expect(profile(name).spec.disabled).to.equal(true);
    expect(existsSync(cluster.file(namespace, name))).to.equal(false);
  });

  it('record nothing in a namespace that is not enabled', async () => {
    await record('elsewhere');
    label('spo.x-k8s.io/enable-recording-');
    try {
      const pod = podOf('elsewhere', 'elsewhere', WORK);
      await cluster.untilAdmitted(pod, '{.metadata.annotations}', (text) => !text.includes('elsewhere_'));
      cluster.apply(podOf('elsewhere', 'elsewhere', WORK));
      expect(profileOfPod('elsewhere')).to.equal('');
      await cluster.untilPod(namespace, 'elsewhere', 'Succeeded');
      expect([
        ...profilesOf(cluster, namespace, 'elsewhere', false),
        ...profilesOf(cluster, namespace, 'elsewhere', true),
      ]).to.deep.equal([]);
    } finally {
      label('spo.x-k8s.io/enable-recording=');
    }
  });

  it('merge what the replicas of a deployment leave', async () => {
    await record('merged', { mergeStrategy: 'containers' });
    const { restartPolicy, ...spec } = podOf('merged', 'x', 'mkdir /tmp/a; exec sleep 3600').spec;
    expect(restartPolicy).to.equal('Never');
    const template = { metadata: { labels: { app: 'merged' } }, spec };
    cluster.apply({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { namespace, name: 'web' },
      spec: { replicas: 2, selector: { matchLabels: { app: 'merged' } }, template },
    });
    const pods = ['-n', namespace, 'get', 'pods', '-l', 'app=merged', '-o'];
    const running = () => cluster.kubectl([...pods, 'jsonpath={.items[?(@.status.phase=="Running")].metadata.name}']);
    const [first = ''] = (await cluster.until('two pods', running, (text) => text.split(' ').length === 2)).split(' ');
    cluster.kubectl(['-n', namespace, 'exec', first, '--', 'sh', '-c', 'mknod /tmp/foo p; sleep 1']);
    await until('merged', 2, true);
    cluster.kubectl(['-n', namespace, 'delete', 'deployment', 'web']);
    const parts = await until('merged', 2, true);
    for (const part of parts) await cluster.untilProfile(namespace, part, 'Partial');
    await cluster.until(
      'the ends of the parts',
      () => parts.map((part) => learntBy(profile(part))?.state),
      (states) => states.every((state) => state === 'ended'),
    );
    const hasMknod = (names: readonly string[]): boolean => names.some((name) => /^mknod(at)?$/.test(name));
    expect(parts.filter((part) => hasMknod(callsOf(profile(part))))).to.have.lengthOf(1);
    cluster.kubectl(['-n', namespace, 'delete', 'profilerecording', 'merged']);
    expect(await until('merged', 1)).to.deep.equal(['merged-shell']);
    await cluster.untilProfile(namespace, 'merged-shell', 'Installed');
    expect(profilesOf(cluster, namespace, 'merged', true)).to.deep.equal([]);
    const merged = profile('merged-shell');
    expect(hasMknod(callsOf(merged))).to.equal(true);
    const coverage = parseCoverage(merged.metadata.annotations?.[ANNOTATION.syscallCoverage] ?? '');
    expect([coverage?.total, coverage?.names.get('mkdir')]).to.deep.equal([2, 2]);
    expect(learntBy(merged)).to.deep.include({ state: 'ended', pods: 2, runs: 2 });
  });
});
