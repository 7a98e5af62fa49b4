// SPDX-License-Identifier: Apache-2.0
// Both metrics endpoints of the manual: over HTTPS and HTTP/1.1, only for those who may.
import { expect } from 'chai';
import { OPERATOR_NAMESPACE, inNamespace, seccompProfile } from './cluster.ts';
import type { Cluster } from './cluster.ts';

describe('metrics', function () {
  this.timeout(600_000);
  const namespace = 'e2e-metrics';
  let cluster: Cluster;

  inNamespace(namespace, (ready) => {
    cluster = ready;
  });

  const token = (account: string, from: string) => cluster.kubectl(['-n', from, 'create', 'token', account]).trim();

  function get(path: string, bearer: string): { readonly head: string; readonly text: string } {
    const { stdout } = cluster.askDaemon(
      (address) => `https://${address}:9443${path}`,
      '-H',
      `Authorization: Bearer ${bearer}`,
    );
    return { head: stdout.slice(stdout.lastIndexOf('\n') + 1), text: stdout };
  }

  /** Values of our counters, by what stands in the braces. */
  function counted(): (labels: string) => number {
    const { head, text } = get('/metrics-spod', token('default', OPERATOR_NAMESPACE));
    expect(head).to.equal('200 1.1');
    const lines = text.matchAll(/^security_profiles_operator_seccomp_profile_(?:error_)?total\{(.*)\} (\d+)$/gm);
    const values = new Map(Array.from(lines, ([, labels = '', value]) => [labels, Number(value)]));
    return (labels) => values.get(labels) ?? 0;
  }

  it('count profiles as they are saved, removed and refused', async () => {
    const before = counted();
    cluster.apply(seccompProfile(namespace, 'counted', { defaultAction: 'SCMP_ACT_ALLOW' }));
    await cluster.untilProfile(namespace, 'counted', 'Installed');
    cluster.kubectl(['-n', namespace, 'delete', 'sp', 'counted', '--timeout=240s']);
    const bad = { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ action: 'SCMP_ACT_ALLOW', names: ['opne'] }] };
    cluster.apply(seccompProfile(namespace, 'refused', bad));
    await cluster.untilProfile(namespace, 'refused', 'Error');
    const after = counted();
    for (const labels of ['operation="update"', 'reason="InvalidSeccompProfile"']) {
      expect(after(labels), labels).to.equal(before(labels) + 1);
    }
    // Profiles of earlier suites may go with their namespaces at the same time.
    expect(after('operation="delete"')).to.be.greaterThan(before('operation="delete"'));
  });

  it('show the runtime under the usual names', () => {
    const { head, text } = get('/metrics', token('default', OPERATOR_NAMESPACE));
    expect(head).to.equal('200 1.1');
    expect(text).to.include('controller_runtime_reconcile_total').and.include('workqueue_adds_total');
  });

  it('are refused to whoever may not read them', () => {
    expect(get('/metrics-spod', 'nonsense').head).to.match(/^401 /);
    expect(get('/metrics-spod', token('default', namespace)).head).to.match(/^403 /);
  });

  it('are offered by the Service metrics', () => {
    expect(cluster.value('service', 'metrics', OPERATOR_NAMESPACE, '{.spec.ports[0].port}')).to.equal('443');
    expect(cluster.tryKubectl(['get', 'clusterrolebinding', 'spo-metrics-client']).status).to.equal(0);
  });
});
