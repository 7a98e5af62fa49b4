// SPDX-License-Identifier: Apache-2.0
// Recordings as their users see them: what the webhook does to pods, what a recording says of itself, what holds it,
// and that no other pods may use the profile that logs all calls.
import { expect } from 'chai';
import { LABEL } from '../../src/core/names.ts';
import { inNamespace, OPERATOR_NAMESPACE, shellPod } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { untilRecorded } from './recorded.ts';
import type { PodTemplate } from './recorded.ts';
const TRACE = `operator/${OPERATOR_NAMESPACE}/log-enricher-trace.json`;

describe('recordings', function () {
  this.timeout(600_000);
  const namespace = 'e2e-recordings';
  let cluster: Cluster;

  inNamespace(namespace, (ready) => {
    cluster = ready;
  });

  before(() => {
    cluster.patchSpod({ enableBpfRecorder: null, enableLogEnricher: null });
    cluster.apply(recording('bpf', 'bpf'), recording('logs', 'logs'));
  });

  after(async () => {
    cluster.kubectl(['delete', 'namespace', 'recorded', '--ignore-not-found', '--wait=false']);
    cluster.patchSpod({ enableBpfRecorder: null, enableLogEnricher: null });
    await cluster.untilRunning();
  });

  function recording(name: string, recorder: string): object {
    return {
      apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
      kind: 'ProfileRecording',
      metadata: { name, namespace },
      spec: { kind: 'SeccompProfile', recorder, podSelector: { matchLabels: { app: name } } },
    };
  }

  function pod(name: string, app: string, command = 'sleep 600'): object {
    const made = shellPod(namespace, name, command) as { readonly metadata: object };
    return { ...made, metadata: { ...made.metadata, labels: { app } } };
  }

  const value = (name: string, path: string): string => cluster.value('profilerecording', name, namespace, path);

  const untilState = (name: string, state: string): Promise<string> =>
    cluster.until(
      `${name} ${state}`,
      () => value(name, '{.status.state}'),
      (now) => now === state,
    );

  const annotations = (name: string): string => cluster.value('pod', name, namespace, '{.metadata.annotations}');

  const untilEvent = (reason: string, text: string): Promise<string> =>
    cluster.until(
      `an event ${reason}`,
      () => {
        const fields = `reason=${reason}`;
        return cluster.kubectl(['-n', namespace, 'get', 'events', `--field-selector=${fields}`, '-o', 'json']);
      },
      (events) => events.includes(text),
    );

  it('say what is missing: a recorder, the label of the namespace', async () => {
    await untilState('bpf', 'RecorderNotEnabled');
    cluster.apply(pod('unmarked', 'bpf'));
    expect(annotations('unmarked')).to.not.contain('io.containers.trace-');
    cluster.patchSpod({ enableBpfRecorder: true, enableLogEnricher: true });
    await untilState('bpf', 'NamespaceNotLabelled');
    cluster.kubectl(['label', 'namespace', namespace, `${LABEL.enableRecording}=`]);
    await untilState('bpf', 'NoMatch');
    expect(value('bpf', '{.status.message}')).to.contain(`${namespace}/unmarked`);
    await cluster.untilRunning();
  });

  it('mark pods, count them, tell of them by events, and are held until the last has ended', async () => {
    await untilRecorded(cluster, 'bpf', pod('marked', 'bpf') as PodTemplate);
    cluster.apply(pod('marked', 'bpf'));
    expect(annotations('marked')).to.match(/"io\.containers\.trace-bpf\/shell":"bpf_shell_[a-z0-9]{5}_\d{10}"/);
    await untilState('bpf', 'Recording');
    cluster.kubectl(['-n', namespace, 'wait', '--for=condition=recording', 'profilerecording/bpf', '--timeout=240s']);
    const shown = cluster.kubectl(['-n', namespace, 'get', 'profilerecordings', 'bpf']);
    expect(shown).to.match(/^NAME +STATE +PODS +SYSCALLS +LAST NEW +AGE\nbpf +Recording +1 /);
    await untilEvent('ProfileRecording', 'The ProfileRecording bpf records shell by bpf');
    await untilEvent('RecordingStarted', `The recording of ${namespace}/marked began`);
    cluster.kubectl(['-n', namespace, 'delete', 'profilerecording', 'bpf', '--wait=false']);
    await cluster.until(
      'the deletion',
      () => value('bpf', '{.metadata.deletionTimestamp} {.metadata.finalizers}'),
      (text) => /\d/.test(text) && text.includes('active-seccomp-profile-recording-lock'),
    );
    cluster.kubectl(['-n', namespace, 'delete', 'pod', 'marked', '--now']);
    const left = (): number | null => cluster.tryKubectl(['-n', namespace, 'get', 'profilerecording', 'bpf']).status;
    await cluster.until('its end', left, (status) => status !== 0);
    await cluster.untilProfile(namespace, 'bpf-shell', 'Installed');
  });

  it('from logs have pods run under the profile that logs all calls, and leave privileged containers alone', async () => {
    await cluster.untilProfile(OPERATOR_NAMESPACE, 'log-enricher-trace', 'Installed');
    await untilRecorded(cluster, 'logs', pod('logged', 'logs') as PodTemplate);
    cluster.apply(pod('logged', 'logs'));
    const profile = '{.spec.containers[0].securityContext.seccompProfile.localhostProfile}';
    expect(cluster.value('pod', 'logged', namespace, profile)).to.equal(TRACE);
    await cluster.untilPod(namespace, 'logged', 'Running');
    const privileged = pod('privileged', 'logs') as { spec: { containers: object[] } };
    privileged.spec.containers = privileged.spec.containers.map((container) => ({
      ...container,
      securityContext: { privileged: true },
    }));
    const answer = cluster.tryKubectl(['apply', '-f', '-'], JSON.stringify(privileged));
    expect(answer.stderr).to.contain('does not record container shell');
    expect(annotations('privileged')).to.not.contain('io.containers.trace-logs');
    await untilEvent('PrivilegedContainer', 'does not record the container shell');
  });

  it('let nobody else use that profile', () => {
    cluster.namespace('recorded');
    const answer = cluster.tryKubectl(
      ['apply', '-f', '-'],
      JSON.stringify(shellPod('recorded', 'free', 'true', TRACE)),
    );
    expect(answer.status).to.not.equal(0);
    expect(answer.stderr).to.contain('they are for pods that are recorded');
  });

  it('keep their marks from those who may change pods', () => {
    const change = ['-n', namespace, 'annotate', '--overwrite', 'pod', 'logged'];
    const forged = cluster.tryKubectl([...change, 'io.containers.trace-logs/shell=other_shell_abcde_1700000000']);
    expect(forged.stderr).to.contain('only the operator changes the annotations');
    expect(cluster.tryKubectl([...change, 'mine=a']).status).to.equal(0);
  });
});
