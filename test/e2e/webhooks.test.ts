// SPDX-License-Identifier: Apache-2.0
// The webhooks in a real cluster: pods are bound and run confined, the options of the manual count, an outage stops
// neither the operator nor the cluster, and nothing that blocks pods is left behind.
import { expect } from 'chai';
import { BUSYBOX_IMAGE } from '../../tools/lab/images.ts';
import { inNamespace, OPERATOR_NAMESPACE, redeploy, seccompProfile, shellPod } from './cluster.ts';
import type { Cluster } from './cluster.ts';

const WEBHOOK = 'security-profiles-operator-webhook';
const MUTATING = 'spo-mutating-webhook-configuration';
const IN_OPERATOR = ['-n', OPERATOR_NAMESPACE];

const denyMkdir = {
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [{ action: 'SCMP_ACT_ERRNO', names: ['mkdir', 'mkdirat'] }],
};

describe('the webhooks of the operator', function () {
  this.timeout(600_000);
  const namespace = 'e2e-webhooks';
  let cluster: Cluster;

  inNamespace(namespace, (ready) => {
    cluster = ready;
  });

  before(async () => {
    await answers();
    cluster.kubectl(['label', 'namespace', namespace, 'spo.x-k8s.io/enable-binding=']);
  });

  /** Waits until the configuration is there, which says that the webhooks answer. */
  async function answers(): Promise<void> {
    const ask = () => cluster.tryKubectl(['get', 'mutatingwebhookconfiguration', MUTATING]).status;
    await cluster.until('the configuration', ask, (status) => status === 0);
  }

  function bind(profile: string, image: string): object {
    return {
      apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
      kind: 'ProfileBinding',
      metadata: { namespace, name: `${profile}-binding` },
      spec: { profileRef: { kind: 'SeccompProfile', name: profile }, image },
    };
  }

  const path = '{.spec.containers[0].securityContext.seccompProfile.localhostProfile}';
  const options = (webhookOptions: readonly object[] | null): void => {
    const patch = JSON.stringify({ spec: { webhookOptions } });
    cluster.kubectl([...IN_OPERATOR, 'patch', 'spod', 'spod', '--type=merge', '-p', patch]);
  };
  const configured = (jsonpath: string): string =>
    cluster.value('mutatingwebhookconfiguration', MUTATING, OPERATOR_NAMESPACE, jsonpath);

  it('run in pods of their own, without privilege', async () => {
    const ready = () => cluster.value('deployment', WEBHOOK, OPERATOR_NAMESPACE, '{.status.readyReplicas}');
    await cluster.until('both replicas', ready, (count) => count === '2');
    const log = cluster.kubectl([...IN_OPERATOR, 'logs', `deployment/${WEBHOOK}`]);
    expect(log).to.contain('serving webhooks').and.to.contain('serving metrics');
    const uid = '{.items[*].spec.containers[*].securityContext.runAsUser}';
    const pods = ['get', 'pods', '-l', `name=${WEBHOOK}`, '-o', `jsonpath=${uid}`];
    expect(new Set(cluster.kubectl([...IN_OPERATOR, ...pods]).split(' '))).to.deep.equal(new Set(['65535']));
  });

  it('bind a pod that comes in the same moment as its profile: it runs, confined, without a failed start', async () => {
    const pod = shellPod(namespace, 'bound', 'mkdir /tmp/new 2>&1; echo status $?');
    cluster.apply(bind('deny-mkdir', BUSYBOX_IMAGE));
    await cluster.untilAdmitted(pod, path, (text) => text === `operator/${namespace}/deny-mkdir.json`);
    cluster.apply(seccompProfile(namespace, 'deny-mkdir', denyMkdir), pod);
    await cluster.untilPod(namespace, 'bound', 'Succeeded');
    expect(cluster.value('pod', 'bound', namespace, path)).to.equal(`operator/${namespace}/deny-mkdir.json`);
    expect(cluster.kubectl(['-n', namespace, 'logs', 'bound'])).to.contain('Operation not permitted\nstatus 1\n');
    const events = cluster.kubectl(['-n', namespace, 'get', 'events', '-o', 'jsonpath={.items[*].reason}']);
    expect(events.split(' ')).to.not.contain('Failed');
  });

  it('keep an ephemeral container confined', async () => {
    cluster.apply(shellPod(namespace, 'target', 'sleep 300'));
    await cluster.untilPod(namespace, 'target', 'Running');
    const debug = [
      'debug',
      'target',
      '--profile=general',
      `--image=${BUSYBOX_IMAGE}`,
      '--image-pull-policy=IfNotPresent',
    ];
    cluster.kubectl(['-n', namespace, ...debug, '-c', 'debug', '--', 'sh', '-c', 'mkdir /tmp/new; echo status $?']);
    const log = () => cluster.tryKubectl(['-n', namespace, 'logs', 'target', '-c', 'debug']).stdout;
    expect(await cluster.until('its log', log, (text) => text.includes('status'))).to.contain('status 1');
  });

  it('follow the options of the manual, and the defaults again', async () => {
    const policy = () => configured('{.webhooks[?(@.name=="binding.spo.io")].failurePolicy}');
    const selector = () => configured('{.webhooks[?(@.name=="binding.spo.io")].namespaceSelector}');
    expect(policy()).to.equal('Fail');
    const defaults = selector();
    const bindHere = { key: 'spo.x-k8s.io/bind-here', operator: 'In', values: ['true'] };
    const namespaceSelector = { matchExpressions: [bindHere] };
    options([{ name: 'binding.spo.io', failurePolicy: 'Ignore', namespaceSelector }]);
    await cluster.until('Ignore', policy, (now) => now === 'Ignore');
    expect(selector()).to.contain('spo.x-k8s.io/bind-here').and.to.contain('kube-system');
    const controlPlane = { matchExpressions: [{ key: 'control-plane', operator: 'DoesNotExist' }] };
    options([
      { name: 'binding.spo.io', namespaceSelector: controlPlane },
      { name: 'recording.spo.io', namespaceSelector: controlPlane },
    ]);
    await cluster.until('the example for AKS', selector, (now) => now.includes('control-plane'));
    await cluster.untilRunning();
    options(null);
    await cluster.until('the defaults', selector, (now) => now === defaults);
    expect(policy()).to.equal('Fail');
  });

  it('refuse pods while they are away, and hold back neither the operator nor themselves', async () => {
    cluster.kubectl([...IN_OPERATOR, 'label', 'namespace', OPERATOR_NAMESPACE, 'spo.x-k8s.io/enable-binding=']);
    const pods = (name: string) => cluster.kubectl([...IN_OPERATOR, 'get', 'pods', '-l', `name=${name}`, '-o', 'name']);
    // The manager first, and to its end: as long as it lives, it makes the webhook's replicas again.
    for (const name of ['security-profiles-operator', WEBHOOK]) {
      cluster.kubectl([...IN_OPERATOR, 'scale', 'deployment', name, '--replicas=0']);
      await cluster.until(
        `the end of ${name}`,
        () => pods(name),
        (names) => names === '',
      );
    }
    const refused = cluster.tryKubectl(['apply', '-f', '-'], JSON.stringify(shellPod(namespace, 'refused', 'true')));
    expect(refused.status).to.not.equal(0);
    expect(refused.stderr).to.contain('binding.spo.io');
    cluster.kubectl([...IN_OPERATOR, 'scale', 'deployment', 'security-profiles-operator', '--replicas=1']);
    const ready = () => cluster.value('deployment', WEBHOOK, OPERATOR_NAMESPACE, '{.status.readyReplicas}');
    await cluster.until('both replicas again', ready, (count) => count === '2');
    const again = () =>
      cluster.tryKubectl(['apply', '-f', '-'], JSON.stringify(shellPod(namespace, 'again', 'true'))).status;
    await cluster.until('pods pass', again, (status) => status === 0);
  });

  it("run in the manager's process where the spod says so", async () => {
    const patch = (value: boolean): void => {
      const text = JSON.stringify({ spec: { runWebhookInManager: value } });
      cluster.kubectl([...IN_OPERATOR, 'patch', 'spod', 'spod', '--type=merge', '-p', text]);
    };
    patch(true);
    const there = () => cluster.tryKubectl([...IN_OPERATOR, 'get', 'deployment', WEBHOOK]).status === 0;
    await cluster.until('no Deployment', there, (is) => !is);
    const serves = () => cluster.tryKubectl([...IN_OPERATOR, 'logs', 'deployment/security-profiles-operator']).stdout;
    await cluster.until('the manager serves', serves, (log) => log.includes('serving webhooks'));
    const made = () =>
      cluster.tryKubectl(['apply', '-f', '-'], JSON.stringify(shellPod(namespace, 'by-manager', 'true'))).status;
    await cluster.until('a pod passes', made, (status) => status === 0);
    expect(cluster.value('pod', 'by-manager', namespace, path)).to.equal(`operator/${namespace}/deny-mkdir.json`);
    patch(false);
    await cluster.until('the Deployment', there, (is) => is);
  });

  it('leave nothing behind that blocks pods, whichever part goes first', async () => {
    await answers();
    const configurations = () =>
      cluster.kubectl(['get', 'mutatingwebhookconfigurations,validatingwebhookconfigurations', '-o', 'name']);
    cluster.kubectl([...IN_OPERATOR, 'delete', 'deployment', 'security-profiles-operator']);
    await cluster.until('after the Deployment', configurations, (names) => names === '');
    cluster.apply(shellPod(namespace, 'after-deployment', 'true'));
    await redeploy(cluster);
    await answers();
    cluster.kubectl(['delete', 'namespace', OPERATOR_NAMESPACE, '--timeout=240s']);
    await cluster.until('after the namespace', configurations, (names) => names === '');
    cluster.apply(shellPod(namespace, 'after-namespace', 'true'));
    await redeploy(cluster);
  });
});
