// SPDX-License-Identifier: Apache-2.0
// A node whose kernel was started with ipv6.disable=1 knows no IPv6 sockets (EAFNOSUPPORT). A filter of ours says the
// same, and the daemon behind it serves probes, metrics and profiles.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { metricsHost } from '../../src/core/deploy/metrics-objects.ts';
import { OPERATOR } from '../../src/core/names.ts';
import { issueServer, makeAuthority } from '../../src/io/http/certificates.ts';
import { anyPort } from '../../tools/lab/ports.ts';
import { RoleCluster, scrape } from '../roles/role-process.ts';

const validity = { from: Date.now() - 60_000, until: Date.now() + 3_600_000 };
const host = metricsHost(OPERATOR);
const main = path.join(import.meta.dirname, '../../src/main.ts');

const AF_INET6 = 10;
const EAFNOSUPPORT = 97;

const NO_IPV6 = {
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [
    {
      names: ['socket'],
      action: 'SCMP_ACT_ERRNO',
      errnoRet: EAFNOSUPPORT,
      args: [{ index: 0, value: AF_INET6, op: 'SCMP_CMP_EQ' }],
    },
  ],
};

describe('a node without IPv6', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(path.join(tmpdir(), 'no-ipv6-'));
  const profile = path.join(folder, 'profile.json');
  const cluster = new RoleCluster();

  before(async () => {
    writeFileSync(profile, JSON.stringify(NO_IPV6));
    await cluster.start();
  });
  after(async () => {
    await cluster.stop();
    rmSync(folder, { recursive: true });
  });

  it('has a daemon that serves metrics, profiles and probes', async () => {
    const authority = await makeAuthority('ca', validity);
    const { certificate, key } = await issueServer(authority, [host], validity);
    writeFileSync(path.join(cluster.certificates, 'tls.crt'), certificate);
    writeFileSync(path.join(cluster.certificates, 'tls.key'), key);
    const [health, profiling] = [String(await anyPort()), String(await anyPort())];
    const ports = { HEALTH_PORT: health, SPO_PROFILING: 'true', SPO_PROFILING_PORT: profiling };
    const confined = [process.execPath, main, 'spoc', 'run', '-p', profile];
    const daemon = cluster.run(['daemon'], ports, confined);
    const port = await daemon.metricsPort();
    expect((await scrape(port, authority.certificate, '/metrics', host)).status).to.equal(200);
    expect((await fetch(`http://127.0.0.1:${profiling}/debug/pprof/`)).status).to.equal(200);
    expect((await fetch(`http://127.0.0.1:${health}/healthz`)).status).to.equal(200);
    expect(daemon.lines.filter((line) => line.includes('cannot be served'))).to.deep.equal([]);
  });
});
