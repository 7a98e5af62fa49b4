// SPDX-License-Identifier: Apache-2.0
// The process that bench/half-requests.ts measures: every server of the operator with its own limits, without a
// cluster. Prints one line of JSON, the ports and sockets, and lives until its standard input ends.
//   doors.ts FOLDER
import path from 'node:path';
import { SILENT } from '../../src/core/log.ts';
import { issueServer, makeAuthority } from '../../src/io/http/certificates.ts';
import { METRICS_LIMITS, metricsRoutes } from '../../src/io/http/metrics.ts';
import { serve } from '../../src/io/http/server.ts';
import { servePage } from '../../src/io/local-page.ts';
import { SelinuxdServer } from '../../src/io/selinuxd-server.ts';
import { serveProbes } from '../../src/roles/process/probes.ts';
import { webhookEndpoint } from '../../src/roles/process/webhook-endpoint.ts';
import { anyPort } from '../../tools/lab/ports.ts';

const HOST = '127.0.0.1';
const ANSWER = { allowed: true, outcome: 'allowed', patch: [], warnings: [] } as const;

function nothing(): void {
  // Faults are of the strangers' making.
}

/** Opens every door; their ports and sockets. */
async function openDoors(folder: string): Promise<object> {
  const validity = { from: Date.now() - 60_000, until: Date.now() + 3_600_000 };
  const certificate = await issueServer(await makeAuthority('ca', validity), ['doors'], validity);
  const probes = await serveProbes(0, () => true, SILENT);
  const routes = metricsRoutes({
    pages: new Map([['/metrics', () => Promise.resolve('up 1\n')]]),
    check: () => Promise.resolve('forbidden'),
    onUnknown: nothing,
  });
  const place = { port: 0, host: HOST, routes, certificate, limits: METRICS_LIMITS, onError: nothing };
  const metrics = await serve(place);
  const webhook = { name: 'doors', path: '/review', review: () => ANSWER };
  const service = { webhooks: [webhook], metrics: { reviewed: nothing }, log: SILENT } as const;
  const port = await anyPort();
  await webhookEndpoint({ ...service, failurePolicy: () => 'Ignore' }, { port, host: HOST }).use(certificate);
  const [page, selinuxd] = [path.join(folder, 'page.sock'), path.join(folder, 'selinuxd.sock')];
  await servePage(page, () => Promise.resolve('up 1\n'), nothing);
  const policies = {
    ready: true,
    state: () => undefined,
    isOpen: () => false,
    installed: () => new Map(),
    touched: () => new Map(),
    remove: nothing,
  };
  await new SelinuxdServer(policies, nothing).listen(selinuxd, nothing);
  return { probes: probes.port, metrics: metrics.port, webhook: port, page, selinuxd };
}

console.log(JSON.stringify(await openDoors(process.argv[2] ?? '')));
process.stdin.resume().on('end', () => process.exit(0));
