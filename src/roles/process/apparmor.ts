// SPDX-License-Identifier: Apache-2.0
// AppArmor on the node of a daemon: whether it is there, and what its profiles are put into the kernel with.
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import type { Registry } from 'prom-client';
import { IMAGE_FOLDER } from '../../core/deploy/image.ts';
import type { Kernel } from '../../core/kernel.ts';
import { errorText } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { KernelChanges } from '../../handlers/node/apparmor-profile.ts';
import { KIND_COUNTERS } from '../../core/metrics.ts';
import { APPARMOR_DISABLE_FOLDER, APPARMOR_DISABLE_MOUNT } from '../../core/names.ts';
import { appArmorSupported, appArmorUnsupported } from '../../core/status/support.ts';
import type { Support } from '../../core/status/support.ts';
import type { Aside } from '../../io/aside.ts';
import { ShownPolicy } from '../../io/apparmor-policy.ts';
import { AppArmorRecords } from '../../io/apparmor-records.ts';
import { AppArmorWatch } from '../../io/apparmor-watch.ts';
import { KindCounters } from '../../io/kind-counters.ts';
import { NoAppArmor, NodeAppArmor } from '../../io/native/apparmor-kernel.ts';
import { readBootId } from '../../io/node-kernel.ts';

/** The node's AppArmor, or why it has none. */
export interface AppArmorOfNode {
  readonly support: Support;
  readonly node:
    | {
        readonly kernel: NodeAppArmor;
        readonly records: AppArmorRecords;
        readonly counters: KindCounters;
        readonly changes: KernelChanges;
        readonly switchedOffBy: (name: string) => Promise<string | undefined>;
      }
    | undefined;
}

/** The parser and its files, as our image has them. */
const PARSER = '/sbin/apparmor_parser';
const BASE = '/etc/apparmor.d';

/** The manual misspells the option, and the API server drops what it does not know. */
const NOT_ASKED_FOR =
  'AppArmor profiles are not asked for: set enableAppArmor of the spod to true (there is no option apparmorenabled)';

/**
 * The node's AppArmor. Where the node has none, its status says so with the reason. Rejects where that cannot be told,
 * or the notes cannot be read: the daemon ends, as it does without its other files, and is started again.
 *
 * @param securityfs - where the node's is; undefined where AppArmor profiles are not asked for
 * @param root - directory of the seccomp profiles, beside which the notes lie
 * @param aside - told of what was in the way of notes
 * @param signal - ends the looks at changes of others
 */
export async function openAppArmor(
  securityfs: string | undefined,
  root: string,
  { release }: Kernel,
  registry: Registry,
  log: Log,
  aside: Aside,
  signal: AbortSignal,
): Promise<AppArmorOfNode> {
  if (securityfs === undefined) return { support: appArmorUnsupported(NOT_ASKED_FOR), node: undefined };
  const [loader, bounded] = ['apparmor_loader', 'bounded'].map((name) => path.join(IMAGE_FOLDER, name));
  try {
    const places = { loader: loader ?? '', bounded: bounded ?? '', parser: PARSER, base: BASE, securityfs };
    const kernel = await NodeAppArmor.open(places);
    const onFault = (why: string): void => log.warn('a note is passed over', { why });
    const records = await AppArmorRecords.open(root, await readBootId(), onFault, aside);
    const counters = new KindCounters(registry, KIND_COUNTERS.appArmor);
    const changes = changesOf(securityfs, records, log, signal);
    return { support: appArmorSupported(release), node: { kernel, records, counters, changes, switchedOffBy } };
  } catch (error) {
    if (!(error instanceof NoAppArmor)) throw error;
    const why = error.message;
    log.info('this node has no AppArmor profiles', { why });
    return { support: appArmorUnsupported(why), node: undefined };
  }
}

/** Changes of our profiles by others; why they are not seen is said once. */
function changesOf(securityfs: string, records: AppArmorRecords, log: Log, signal: AbortSignal): KernelChanges {
  let said = '';
  const onError = (error: unknown): void => {
    const why = errorText(error);
    if (why !== said) log.warn('changes of AppArmor profiles by others are not seen', { why });
    said = why;
  };
  return {
    follow: (listener) => {
      const policy = new ShownPolicy(securityfs);
      const watching = new AppArmorWatch(policy, () => records.all(), listener, onError);
      signal.addEventListener('abort', () => watching.close());
    },
  };
}

/** A link of that name, wherever it leads, keeps apparmor_parser from loading a file of the name. */
async function switchedOffBy(name: string): Promise<string | undefined> {
  try {
    await lstat(path.join(APPARMOR_DISABLE_MOUNT, name));
    return path.join(APPARMOR_DISABLE_FOLDER, name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
