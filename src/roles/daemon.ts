// SPDX-License-Identifier: Apache-2.0
// The daemon of a node: SeccompProfiles become files here. Wiring only; what happens is in the handlers.
import { parseDaemonSettings } from '../core/config.ts';
import type { Environment } from '../core/env.ts';
import { errorText } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { profilesRoot } from '../core/seccomp/files.ts';
import { certificatesIn } from '../io/http/certificate-files.ts';
import { SeccompCounters } from '../io/counters.ts';
import { digest } from '../io/digest.ts';
import { ProfileDisk } from '../io/disk.ts';
import { readPage } from '../io/local-page.ts';
import { readKernel } from '../io/node-kernel.ts';
import { aborted } from '../runtime/clock.ts';
import type { ClusterProcess, MorePages } from './process/cluster-process.ts';
import { beginProcess } from './process/cluster-process.ts';
import { readNodeLimit } from './process/kept-limit.ts';
import { wireDaemon } from './wiring/daemon.ts';

/** Runs the daemon until the signal aborts; the exit status. */
export async function daemon(args: readonly string[], env: Environment, signal: AbortSignal): Promise<number> {
  const settings = parseDaemonSettings(args, env);
  const process = await beginProcess('daemon', settings.nodeName, settings, pagesOf(settings.pageSockets));
  const disk = new ProfileDisk(profilesRoot(settings.kubeletDir));
  const inventory = await disk.inventory();
  await disk.sweep(inventory.temporary).catch((error: unknown) => {
    process.log.warn('half-written files cannot be removed', { why: errorText(error) });
  });
  const kernel = await readKernel();
  const counters = new SeccompCounters(process.ownRegistry);
  const limit = await readNodeLimit(disk.root, process.log);
  const side = { files: disk, inventory: inventory.files, counters, kernel, digest, limit };
  const wiring = wireDaemon(settings, process.parts, side);
  await process.serveProbes(() => wiring.operator.ready);
  const metrics = serveMetrics(process, settings.certificates, signal);
  const stopped = aborted(signal).then(() => wiring.operator.stop());
  await wiring.operator.start();
  if (!signal.aborted) await wiring.started();
  await stopped;
  await metrics;
  await process.close();
  process.log.info('stopped');
  return 0;
}

/**
 * The metrics of the log enricher and the eBPF recorder, which have no endpoint of their own. Without them the page is
 * served all the same.
 */
function pagesOf(sockets: readonly string[]): MorePages {
  const page = (socket: string, log: Log): Promise<string> =>
    readPage(socket).catch((error: unknown) => {
      log.warn('the metrics of another container are not to be had', { socket, why: errorText(error) });
      return '';
    });
  return async (log) => (await Promise.all(sockets.map((socket) => page(socket, log)))).join('');
}

/** The endpoint begins when the manager's certificate has been mounted, and follows its changes. Never rejects. */
async function serveMetrics(process: ClusterProcess, directory: string, signal: AbortSignal): Promise<void> {
  const onError = (error: unknown): void =>
    process.log.error('the certificate of the metrics endpoint cannot be read', { error });
  for await (const certificate of certificatesIn(directory, signal, { onError }))
    await process.serveMetrics(certificate);
}
