// SPDX-License-Identifier: Apache-2.0
// The daemon of a node: profiles of all kinds come to the node here. Wiring only; what happens is in the handlers.
import { parseDaemonSettings } from '../core/config.ts';
import type { Environment } from '../core/env.ts';
import { errorText } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { KIND_COUNTERS } from '../core/metrics.ts';
import { profilesRoot } from '../core/seccomp/files.ts';
import { Aside } from '../io/aside.ts';
import { certificatesIn } from '../io/http/certificate-files.ts';
import { KindCounters } from '../io/kind-counters.ts';
import { digest } from '../io/digest.ts';
import { ProfileDisk } from '../io/disk.ts';
import type { Inventory } from '../io/disk.ts';
import { ProfileWatch } from '../io/profile-watch.ts';
import { hearLines } from '../io/line-feed.ts';
import { readPage } from '../io/local-page.ts';
import { readKernel } from '../io/node-kernel.ts';
import { aborted } from '../runtime/clock.ts';
import { openAppArmor } from './process/apparmor.ts';
import type { ClusterProcess, MorePages } from './process/cluster-process.ts';
import { beginProcess } from './process/cluster-process.ts';
import { readNodeLimit } from './process/kept-limit.ts';
import { fileRecordingPolicy, selinuxOfNode, sweepPolicies } from './process/selinux.ts';
import { wireDaemon } from './wiring/daemon.ts';
import type { FileChanges } from '../handlers/node/seccomp-profile.ts';
import type { DenialFeed } from './wiring/profile-kinds.ts';

/** Runs the daemon until the signal aborts; the exit status. */
export async function daemon(args: readonly string[], env: Environment, signal: AbortSignal): Promise<number> {
  const settings = parseDaemonSettings(args, env);
  const process = await beginProcess('daemon', settings.nodeName, settings, pagesOf(settings.pageSockets));
  if (settings.asksForRecording)
    process.log.info('recordings are made by bpf-recorder and log-enricher beside the daemon');
  const aside = new Aside((from, to) => process.log.warn('moved aside what was in the way', { from, to }));
  const disk = new ProfileDisk(profilesRoot(settings.kubeletDir), aside);
  const inventory = await disk.inventory();
  aside.found(inventory.aside);
  await disk.sweep(inventory.temporary).catch((error: unknown) => {
    process.log.warn('half-written files cannot be removed', { why: errorText(error) });
  });
  const kernel = await readKernel();
  const counters = new KindCounters(process.ownRegistry, KIND_COUNTERS.seccomp);
  const limit = await readNodeLimit(disk.root, process.log, aside);
  const changes = changesOn(disk, inventory, process.log, signal);
  const seccomp = { files: disk, inventory: inventory.files, changes, counters };
  const appArmor = await openAppArmor(
    settings.securityfs,
    disk.root,
    kernel,
    process.ownRegistry,
    process.log,
    aside,
    signal,
  );
  const selinux = selinuxOfNode(settings.selinuxd, process.ownRegistry, signal);
  if (settings.selinuxd !== undefined) {
    await sweepPolicies(settings.selinuxd, process.log);
    await fileRecordingPolicy(settings.selinuxd, settings.selinuxRecording, process.log);
  }
  const denials = denialsAt(settings.denialSocket, signal);
  const side = { kernel, digest, limit, aside, seccomp, appArmor, selinux, denials };
  const wiring = wireDaemon(settings, process.parts, side);
  await process.serveProbes(() => wiring.operator.ready && wiring.operator.forbidden === undefined);
  const metrics = serveMetrics(process, settings.certificates, signal);
  const stopped = aborted(signal).then(async () => {
    const end = await wiring.end();
    await wiring.operator.stop();
    await wiring.withdraw(end);
  });
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

/** Changes of profile files by others; where they cannot be seen, they are put right when the profile is looked at. */
function changesOn(disk: ProfileDisk, { files }: Inventory, log: Log, signal: AbortSignal): FileChanges {
  const onError = (error: unknown): void =>
    log.warn('changes of profile files by others are not seen', { why: errorText(error) });
  return {
    follow: (listener) => {
      try {
        const watching = new ProfileWatch(disk, new Set(files.map(({ directory }) => directory)), listener, onError);
        signal.addEventListener('abort', () => watching.close());
      } catch (error) {
        onError(error);
      }
    },
  };
}

/** The denied calls that the log enricher tells of, where the pod has one. */
function denialsAt(socket: string | undefined, signal: AbortSignal): DenialFeed | undefined {
  return socket === undefined ? undefined : { follow: (listener) => void hearLines(socket, listener, signal) };
}

/** The endpoint begins when the manager's certificate has been mounted, and follows its changes. Never rejects. */
async function serveMetrics(process: ClusterProcess, directory: string, signal: AbortSignal): Promise<void> {
  const onError = (error: unknown): void =>
    process.log.error('the certificate of the metrics endpoint cannot be read', { error });
  for await (const certificate of certificatesIn(directory, signal, { onError }))
    await process.serveMetrics(certificate);
}
