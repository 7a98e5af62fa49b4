// SPDX-License-Identifier: Apache-2.0
// selinuxd of a node: the policies in a folder of the pod become modules of the node's SELinux policy. Wiring only: the
// policy is changed by a compiled program, and what must be changed is decided in core/selinux/store.
import path from 'node:path';
import { parseSelinuxdSettings } from '../core/config.ts';
import { IMAGE_FOLDER } from '../core/deploy/image.ts';
import type { Environment } from '../core/env.ts';
import { errorText } from '../core/errors.ts';
import { SYS_FS_MOUNT } from '../core/names.ts';
import { PolicyInstaller } from '../core/selinux/store/installer.ts';
import { RECORDING_POLICY } from '../core/selinux/store/recording-policy.ts';
import { VERSION } from '../core/version.ts';
import { SYSTEM_CLOCK } from '../io/clock.ts';
import { digest } from '../io/digest.ts';
import { IdleMemory } from '../io/idle-memory.ts';
import { createLog } from '../io/log.ts';
import { startedChannel } from '../io/native/child-channel.ts';
import { SelinuxPolicyStore } from '../io/native/selinux-policy.ts';
import { PolicyFolder } from '../io/policy-folder.ts';
import { policyLoads, SelinuxNames } from '../io/selinuxfs.ts';
import { SelinuxdServer } from '../io/selinuxd-server.ts';
import { serveProbes } from './process/probes.ts';
import { PolicyRounds } from './wiring/policy-rounds.ts';

/** The compiled program. */
const PROGRAM = path.join(IMAGE_FOLDER, 'selinux_policy');

/** The kernel's file system, in the node's /sys/fs. */
const SELINUXFS = path.join(SYS_FS_MOUNT, 'selinux');

/** How often is looked whether others have given the kernel a policy, in milliseconds: a read of 20 bytes. */
const LOOK_MS = 20_000;

/** Runs selinuxd until the signal aborts; the exit status. A round that is under way then is finished. */
export async function selinuxd(_args: readonly string[], env: Environment, signal: AbortSignal): Promise<number> {
  const settings = parseSelinuxdSettings(env);
  const log = createLog({ stream: process.stdout, verbosity: settings.verbosity }).named('selinuxd');
  log.info('starting selinuxd', { version: VERSION });
  const memory = new IdleMemory();
  const folder = new PolicyFolder(settings.policies);
  const own = settings.recording ? [{ ...RECORDING_POLICY, checksum: digest(RECORDING_POLICY.text) }] : [];
  const words = [`--scratch=${path.dirname(settings.socket)}`];
  const installer = new PolicyInstaller({
    files: async () => [...own, ...(await folder.files())],
    names: () => new SelinuxNames(SELINUXFS),
    loads: () => policyLoads(SELINUXFS),
    now: () => new Date().toISOString(),
    open: () => new SelinuxPolicyStore(startedChannel(PROGRAM, words)),
    log,
  });
  // Without recordings nothing shall run under a policy that refuses nothing.
  if (!settings.recording) installer.remove(RECORDING_POLICY.name);
  const rounds = new PolicyRounds({
    clock: SYSTEM_CLOCK,
    log,
    round: () => installer.round().finally(() => server.changed()),
    ended: () => memory.worked(),
  });
  const server = new SelinuxdServer(installer, () => rounds.ask());
  const onError = (error: unknown): void => log.error('a question could not be answered', { why: errorText(error) });
  await server.listen(settings.socket, onError);
  const probes = await serveProbes(settings.ports.health, () => true, log);
  const unwatch = folder.watch(
    () => rounds.ask(),
    (error) => log.error('changes of the policies are not seen any more', { why: errorText(error) }),
  );
  const looking = setInterval(() => {
    if (installer.outdated) rounds.ask();
  }, LOOK_MS);
  await rounds.run(signal);
  clearInterval(looking);
  unwatch();
  await server.close();
  await probes.close();
  memory.stop();
  log.info('stopped');
  return 0;
}
