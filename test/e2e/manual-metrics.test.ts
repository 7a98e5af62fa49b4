// SPDX-License-Identifier: Apache-2.0
// The manual's chapter on metrics: the Service, who may read, and both endpoints with the certificate that is in the
// secret.
import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OPERATOR_NAMESPACE, START_TIMEOUT, useCluster } from './cluster.ts';
import type { Cluster } from './cluster.ts';

describe('the metrics examples of the manual', function () {
  this.timeout(600_000);
  let cluster: Cluster;
  const folder = mkdtempSync(path.join(tmpdir(), 'e2e-'));

  before(async function () {
    this.timeout(START_TIMEOUT);
    cluster = await useCluster();
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** Asks a Service by its name, as a pod would: the lab has no DNS, so curl is told the address. */
  function get(endpoint: string, service = 'metrics'): string {
    const authority = path.join(folder, 'ca.crt');
    const encoded = cluster.value('secret', 'metrics-server-cert', OPERATOR_NAMESPACE, '{.data.ca\\.crt}');
    writeFileSync(authority, Buffer.from(encoded, 'base64'));
    const address = cluster.value('service', service, OPERATOR_NAMESPACE, '{.spec.clusterIP}');
    const host = `${service}.security-profiles-operator`;
    const token = cluster.kubectl(['-n', OPERATOR_NAMESPACE, 'create', 'token', 'default']).trim();
    const { status, stdout, stderr } = cluster.shell(
      `nsenter --net="$LAB_NETWORK" curl -sS --cacert '${authority}' --resolve '${host}:443:${address}' -H 'Authorization: Bearer ${token}' 'https://${host}${endpoint}'`,
    );
    expect(status, stderr).to.equal(0);
    return stdout;
  }

  it('show the Service', () => {
    const text = cluster.kubectl(['get', 'svc/metrics', '-n', 'security-profiles-operator']);
    expect(text).to.match(/^NAME +TYPE +CLUSTER-IP +EXTERNAL-IP +PORT\(S\) +AGE\n/);
    expect(text).to.match(/^metrics +ClusterIP +\S+ +<none> +443\/TCP +\S+\n$/m);
  });

  it('show who may read them', () => {
    const text = cluster.kubectl(['get', 'clusterrolebinding', 'spo-metrics-client', '-o', 'wide']);
    expect(text).to.match(
      /^spo-metrics-client +ClusterRole\/spo-metrics-client +\S+ +security-profiles-operator\/default *\n$/m,
    );
  });

  it('read the daemon with the authority of the secret, and find its metrics there', () => {
    const text = get('/metrics-spod');
    expect(text).to.include(
      '# HELP security_profiles_operator_seccomp_profile_total Counter about seccomp profile operations.\n# TYPE security_profiles_operator_seccomp_profile_total counter\n',
    );
    expect(text).to.match(/^security_profiles_operator_seccomp_profile_total\{operation="delete"\} \d+$/m);
    expect(text).to.match(/^security_profiles_operator_seccomp_profile_total\{operation="update"\} \d+$/m);
    expect(text).to.match(/^promhttp_metric_handler_requests_total\{code="200"\} \d+$/m);
    expect(text).to.match(/^process_resident_memory_bytes \d+$/m);
    const error = '# TYPE security_profiles_operator_seccomp_profile_error_total counter\n';
    expect(text).to.include(error);
  });

  it('read the manager by a Service of its own', () => {
    const lease = 'security-profiles-operator-lock';
    expect(get('/metrics', 'manager-metrics')).to.include(`leader_election_master_status{name="${lease}"} 1\n`);
  });

  it('read the runtime by the other path', () => {
    expect(get('/metrics')).to.match(/^# TYPE controller_runtime_reconcile_total counter$/m);
  });
});
