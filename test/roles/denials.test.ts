// SPDX-License-Identifier: Apache-2.0
// A denied call on its way to the cluster, with the daemon as the process that it is: what the log enricher tells over
// its socket stands in the node's status, with the profile that has denied it, and a thousand of them cost no more.
import path from 'node:path';
import { expect } from 'chai';
import { printNews } from '../../src/core/audit/denial-line.ts';
import { Denials } from '../../src/core/audit/denials.ts';
import type { SeccompRecord } from '../../src/core/audit/record.ts';
import type { SecurityProfileNodeStatus } from '../../src/gen/crd/security-profile-node-status.ts';
import { SECURITY_PROFILE_NODE_STATUS } from '../../src/gen/kinds.ts';
import { tellLines } from '../../src/io/line-feed.ts';
import type { LineFeed } from '../../src/io/line-feed.ts';
import { until } from '../fakes/operator.ts';
import { seccompProfile } from '../fakes/profiles.ts';
import { RoleCluster } from './role-process.ts';

const KEY = { namespace: 'security-profiles-operator', name: 'worker' };
const PLACE = { node: 'worker', namespace: 'ns', pod: 'web', container: 'main' };

function denied(second: number): SeccompRecord {
  const call = { syscallID: 321, syscallName: 'bpf', architecture: 'SCMP_ARCH_X86_64' } as const;
  const timestamp = `${String(Math.floor(1_767_225_600 + second))}.1:1`;
  return { type: 'seccomp', timestamp, pid: 1, executable: '/bin/app', ...call, isDenied: true, isOfRuntime: false };
}

describe('denied calls, with the daemon as a process', function () {
  this.timeout(120_000);
  let cluster: RoleCluster;
  let feed: LineFeed | undefined;
  beforeEach(async () => {
    cluster = new RoleCluster();
    await cluster.start();
  });
  afterEach(async () => {
    await feed?.close();
    await cluster.stop();
  });

  const report = () => cluster.api.get(SECURITY_PROFILE_NODE_STATUS, KEY) as SecurityProfileNodeStatus | undefined;
  const denials = () => report()?.status?.profiles?.['SeccompProfile/ns/a']?.denials ?? [];
  const audited = () => report()?.status?.conditions?.find(({ type }) => type === 'AuditLogRead')?.status;

  it('stand in the node status, once for each minute', async () => {
    cluster.api.put(seccompProfile('a'));
    cluster.run(['daemon'], { ENRICHER_SOCKET: path.join(cluster.folder, 'metrics.sock') });
    await until('the profile', () => report()?.status?.installed === 1);
    expect(audited(), 'nothing before it is known').to.equal(undefined);
    const source = [printNews({ type: 'source', log: '/var/log/audit/audit.log' })];
    const socket = path.join(cluster.folder, 'denials.sock');
    const teller = await tellLines(
      socket,
      () => source,
      () => undefined,
    );
    feed = teller;
    await until('the log', () => audited() === 'True');
    let told = 0;
    const gathered = new Denials((denial) => {
      told += 1;
      teller.say(printNews({ type: 'denial', ...denial }));
    });
    for (let n = 0; n < 1000; n += 1) gathered.take(denied(n / 1000), PLACE, 'operator/ns/a.json');
    await until('the denial', () => denials().length === 1);
    expect(told).to.equal(1);
    expect(denials()).to.deep.equal([
      { call: 'bpf', enforced: true, by: '/bin/app in ns/web', last: '2026-01-01T00:00:00Z' },
    ]);
    gathered.take(denied(61), PLACE, 'operator/ns/a.json');
    await until('the next minute', () => denials()[0]?.last === '2026-01-01T00:01:01Z');
  });
});
