// SPDX-License-Identifier: Apache-2.0
// The metrics of manager and daemon as a scraper reads them, from the processes themselves; and what must not end
// these: a certificate that is none, one of another key, a port that is taken.
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { expect } from 'chai';
import { managerMetricsHost, metricsHost } from '../../src/core/deploy/metrics-objects.ts';
import { OBJECT, OPERATOR } from '../../src/core/names.ts';
import { issueServer, makeAuthority } from '../../src/io/http/certificates.ts';
import type { KeyPair } from '../../src/core/certificates.ts';
import { SECRET } from '../../src/runtime/kinds.ts';
import { until } from '../fakes/operator.ts';
import { RoleCluster, scrape } from './role-process.ts';

const validity = { from: Date.now() - 60_000, until: Date.now() + 3_600_000 };
const host = metricsHost(OPERATOR);
const managerHost = managerMetricsHost(OPERATOR);

/** Names of metrics that a page lists more than once, which Prometheus refuses to read. */
function listedTwice(page: string): readonly string[] {
  const names = page.split('\n').flatMap((line) => /^# TYPE (\S+)/.exec(line)?.[1] ?? []);
  return names.filter((name, place) => names.indexOf(name) !== place);
}

describe('the metrics of a role', function () {
  this.timeout(120_000);
  let cluster: RoleCluster;
  let authority: KeyPair;
  let mounted: number;

  beforeEach(async () => {
    mounted = 0;
    cluster = new RoleCluster();
    await cluster.start();
    authority = await makeAuthority('ca', validity);
  });
  afterEach(() => cluster.stop());

  /** Replaces the files as the kubelet does for a changed secret. */
  function mount({ certificate, key }: KeyPair): void {
    const name = `..${String((mounted += 1))}`;
    const folder = path.join(cluster.certificates, name);
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'tls.crt'), certificate);
    writeFileSync(path.join(folder, 'tls.key'), key);
    symlinkSync(name, path.join(cluster.certificates, '..data_tmp'));
    renameSync(path.join(cluster.certificates, '..data_tmp'), path.join(cluster.certificates, '..data'));
    if (mounted > 1) return;
    for (const file of ['tls.crt', 'tls.key']) symlinkSync(`..data/${file}`, path.join(cluster.certificates, file));
  }

  function issue(): Promise<KeyPair> {
    return issueServer(authority, [host], validity);
  }

  async function expectPages(port: number, ca: string, name = host): Promise<void> {
    const pages = { '/metrics': 'controller_runtime_reconcile_total', '/metrics-spod': 'security_profiles_operator_' };
    for (const [page, own] of Object.entries(pages)) {
      const { status, body } = await scrape(port, ca, page, name);
      expect(status, page).to.equal(200);
      expect(body, page).to.include('\nprocess_resident_memory_bytes ').and.include(`\n${own}`);
      expect(body, page).to.match(/^promhttp_metric_handler_requests_total\{code="200"\} 1$/m);
      expect(listedTwice(body), page).to.deep.equal([]);
    }
  }

  it('are served by the manager, under the authority that it made', async () => {
    const manager = cluster.run(['manager', '--leader-elect=false']);
    const port = await manager.metricsPort();
    await manager.says('spod');
    type Secret = { readonly data?: Readonly<Record<string, string>> } | undefined;
    const stored = (): Secret => cluster.api.get(SECRET, { namespace: OPERATOR, name: OBJECT.authority }) as Secret;
    await until('the authority in its secret', () => stored() !== undefined);
    const secret = stored();
    const ca = Buffer.from(secret?.data?.['tls.crt'] ?? '', 'base64').toString();
    await expectPages(port, ca, managerHost);
    expect(await manager.end()).to.equal('status 0');
  });

  it('are served by the daemon, whose life no certificate ends', async () => {
    const daemon = cluster.run(['daemon']);
    mount({ certificate: 'garbage', key: 'garbage' });
    await daemon.says('certificate of the metrics endpoint is not good');
    const good = await issue();
    mount({ ...good, key: (await issue()).key });
    await daemon.says('certificate of the metrics endpoint is not good', 2);
    mount(good);
    const port = await daemon.metricsPort();
    await expectPages(port, authority.certificate);
    mount({ certificate: 'garbage', key: 'garbage' });
    await daemon.says('the one before is kept');
    expect((await scrape(port, authority.certificate, '/metrics', host)).status).to.equal(200);
    authority = await makeAuthority('other', validity);
    mount(await issue());
    await daemon.says('was changed');
    expect((await scrape(port, authority.certificate, '/metrics', host)).status).to.equal(200);
    expect(await daemon.end()).to.equal('status 0');
  });

  it('are served when the port, which was taken, is free; profiles on a taken port end nothing', async () => {
    const holder = net.createServer();
    const port = await new Promise<number>((resolve) =>
      holder.listen(0, () => resolve((holder.address() as net.AddressInfo).port)),
    );
    mount(await issue());
    const ports = { METRICS_PORT: String(port), SPO_PROFILING: 'true', SPO_PROFILING_PORT: String(port) };
    const daemon = cluster.run(['daemon'], ports);
    await daemon.says('profiles cannot be served');
    await daemon.says('metrics cannot be served');
    await new Promise((resolve) => holder.close(resolve));
    expect(await daemon.metricsPort()).to.equal(port);
    expect((await scrape(port, authority.certificate, '/metrics', host)).status).to.equal(200);
    expect(await daemon.end()).to.equal('status 0');
  });
});
