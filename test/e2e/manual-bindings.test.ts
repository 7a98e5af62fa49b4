// SPDX-License-Identifier: Apache-2.0
// The manual's sections on bindings and on webhooks, and the one for AKS: each step as it stands there.
import { expect } from 'chai';
import { OPERATOR_NAMESPACE, inNamespace, seccompProfile, shellPod } from './cluster.ts';
import type { Cluster } from './cluster.ts';

const CONFIGURATION = 'spo-mutating-webhook-configuration';

interface Webhook {
  readonly name: string;
  readonly failurePolicy: string;
  readonly namespaceSelector: { readonly matchExpressions: readonly object[] };
  readonly objectSelector: object;
}

describe('the examples of the manual for bindings and webhooks', function () {
  this.timeout(600_000);
  const namespace = 'spo-test';
  let cluster: Cluster;

  inNamespace(namespace, (ready) => {
    cluster = ready;
  });

  after(() => {
    shell(`kubectl -nsecurity-profiles-operator patch spod spod --type=merge -p='{"spec":{"webhookOptions":null}}'`);
  });

  function shell(line: string): string {
    const { status, stdout, stderr } = cluster.shell(line);
    if (status !== 0) throw new Error(`${line}: ${stderr}`);
    return stdout;
  }

  function webhook(): Webhook {
    const { webhooks } = JSON.parse(shell(`kubectl get MutatingWebhookConfiguration ${CONFIGURATION} -o json`)) as {
      readonly webhooks: readonly Webhook[];
    };
    const [found] = webhooks.filter(({ name }) => name === 'binding.spo.io');
    if (found === undefined) throw new Error('there is no binding.spo.io');
    return found;
  }

  const until = (what: string, fits: (seen: Webhook) => boolean) => cluster.until(what, webhook, fits);

  it('label a namespace', () => {
    expect(shell('kubectl label ns spo-test spo.x-k8s.io/enable-binding=')).to.equal('namespace/spo-test labeled\n');
  });

  it('bind a pod to profile-complain', async () => {
    cluster.apply(seccompProfile(namespace, 'profile-complain', { defaultAction: 'SCMP_ACT_LOG' }));
    await cluster.untilProfile(namespace, 'profile-complain', 'Installed');
    cluster.kubectl(['-n', namespace, 'apply', '-f', 'test/golden/manual/04-profilebinding-nginx-binding.yaml']);
    const state = () => cluster.value('profilebinding', 'nginx-binding', namespace, '{.status.state}');
    await cluster.until('the binding', state, (text) => text !== '');
    const made = shellPod(namespace, 'test-pod', 'sleep 600') as { spec: { containers: object[] } };
    made.spec.containers = made.spec.containers.map((container) => ({ ...container, image: 'nginx:1.19.1' }));
    await cluster.untilAdmitted(made, '{.metadata.annotations}', (text) => text.includes('nginx-binding'));
    cluster.apply(made);
    const context = `kubectl -n ${namespace} get pod test-pod -o jsonpath='{.spec.containers[*].securityContext.seccompProfile}'`;
    expect(shell(context)).to.equal(
      '{"localhostProfile":"operator/spo-test/profile-complain.json","type":"Localhost"}',
    );
  });

  it('leave other namespaces out of the binding webhook, and ignore its errors', async () => {
    const before = webhook();
    expect(before.failurePolicy).to.equal('Fail');
    shell(
      'kubectl -nsecurity-profiles-operator patch spod spod --patch-file test/e2e/manual/spod-webhooks.yaml --type=merge',
    );
    const seen = await until('the policy', ({ failurePolicy }) => failurePolicy === 'Ignore');
    const wanted = { key: 'spo.x-k8s.io/bind-here', operator: 'In', values: ['true'] };
    expect(seen.namespaceSelector.matchExpressions).to.deep.include(wanted);
    const free = shellPod(namespace, 'not-here', 'true');
    await cluster.until(
      'a pod without a binding',
      () => {
        cluster.kubectl(['-n', namespace, 'delete', 'pod', 'not-here', '--now', '--ignore-not-found']);
        cluster.apply(free);
        return cluster.value('pod', 'not-here', namespace, '{.metadata.annotations}');
      },
      (text) => !text.includes('profile-bindings'),
    );
  });

  it('respect the control plane of AKS', async () => {
    expect(
      shell(
        `kubectl -nsecurity-profiles-operator patch spod spod  --type=merge -p='{"spec":{"webhookOptions":[{"name":"binding.spo.io","namespaceSelector":{"matchExpressions":[{"key":"control-plane","operator":"DoesNotExist"}]}},{"name":"recording.spo.io","namespaceSelector":{"matchExpressions":[{"key":"control-plane","operator":"DoesNotExist"}]}}]}}'`,
      ),
    ).to.include('patched');
    const seen = await until('the selector', ({ namespaceSelector }) =>
      JSON.stringify(namespaceSelector).includes('control-plane'),
    );
    expect(seen.failurePolicy).to.equal('Fail');
    const own = { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: [OPERATOR_NAMESPACE, 'kube-system'] };
    expect(seen.namespaceSelector.matchExpressions).to.deep.include(own);
    const state = () => shell('kubectl -nsecurity-profiles-operator get spod spod --no-headers');
    await cluster.until('RUNNING', state, (text) => /^spod +RUNNING\n$/.test(text));
  });

  it('and are as before when the options are taken away', async () => {
    shell(`kubectl -nsecurity-profiles-operator patch spod spod --type=merge -p='{"spec":{"webhookOptions":null}}'`);
    const seen = await until('the label', ({ namespaceSelector }) =>
      JSON.stringify(namespaceSelector).includes('spo.x-k8s.io/enable-binding'),
    );
    expect(seen.failurePolicy).to.equal('Fail');
    expect(JSON.stringify(seen.namespaceSelector)).to.not.include('control-plane');
  });
});
