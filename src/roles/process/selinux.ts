// SPDX-License-Identifier: Apache-2.0
// The SELinux of the daemon's node: whether it is on, and selinuxd, over a folder and a socket of the pod or the node.
import { existsSync } from 'node:fs';
import type { Registry } from 'prom-client';
import type { SelinuxdPlace } from '../../core/config.ts';
import { KIND_COUNTERS } from '../../core/metrics.ts';
import { SELINUX_POLICIES_MOUNT, SELINUXD_SOCKET } from '../../core/names.ts';
import type { Log } from '../../core/log.ts';
import { errorText } from '../../core/errors.ts';
import { RECORDING_POLICY } from '../../core/selinux/store/recording-policy.ts';
import type { SelinuxState } from '../../core/selinux/support.ts';
import { KindCounters } from '../../io/kind-counters.ts';
import { PolicyFolder } from '../../io/policy-folder.ts';
import { SelinuxdChanges } from '../../io/selinuxd-changes.ts';
import { SelinuxdClient } from '../../io/selinuxd-client.ts';

/** The kernel makes this directory when SELinux is on, in every mount of /sys, and mounts its own file system there. */
const MODULE = '/sys/fs/selinux';

/**
 * The SELinux of this node.
 *
 * @param place - undefined where the pod has no selinuxd
 */
export function selinuxOfNode(place: SelinuxdPlace | undefined, registry: Registry, signal: AbortSignal) {
  const isOn = existsSync(MODULE);
  const { policies, socket } = place ?? { policies: SELINUX_POLICIES_MOUNT, socket: SELINUXD_SOCKET };
  const client = new SelinuxdClient(socket);
  const state: SelinuxState = !isOn ? 'off' : place === undefined ? 'unserved' : 'on';
  return {
    state,
    files: new PolicyFolder(policies),
    selinuxd: client,
    changes: new SelinuxdChanges(client, signal),
    counters: new KindCounters(registry, KIND_COUNTERS.selinux),
  };
}

/** Removes half-written policies of a daemon that was killed. Never rejects: they are harmless. */
export async function sweepPolicies({ policies }: SelinuxdPlace, log: Log): Promise<void> {
  const onError = (error: unknown): void =>
    log.warn('half-written SELinux policies are left where they are', { why: errorText(error) });
  await new PolicyFolder(policies).sweep().catch(onError);
}

/**
 * Puts the policy for recordings into the folder of a selinuxd that does not have it by itself, or takes it away where
 * nothing is recorded: nothing shall run under a policy that refuses nothing. Never rejects.
 *
 * @param wanted - undefined where selinuxd has it itself
 */
export async function fileRecordingPolicy(
  { policies }: SelinuxdPlace,
  wanted: boolean | undefined,
  log: Log,
): Promise<void> {
  const { name, text } = RECORDING_POLICY;
  const folder = new PolicyFolder(policies);
  try {
    if (wanted === true) await folder.write(name, text);
    if (wanted === false) await folder.remove(name);
  } catch (error) {
    log.error('the SELinux policy for recordings cannot be handed to selinuxd', { why: errorText(error) });
  }
}
