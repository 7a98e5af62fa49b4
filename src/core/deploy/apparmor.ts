// SPDX-License-Identifier: Apache-2.0
// The share of AppArmor profiles in the daemon's pod: its container sees the node's securityfs and the folder in which
// an administrator switches profiles off, and the program that loads profiles may use the capabilities of its file.
import type { SecurityProfilesOperatorDaemonSpec } from '../../gen/crd/security-profiles-operator-daemon.ts';
import { ENV } from '../env.ts';
import { APPARMOR_DISABLE_FOLDER, APPARMOR_DISABLE_MOUNT, SECURITYFS_MOUNT } from '../names.ts';
import type { EnvVar } from './container.ts';
import { VOLUME } from './volumes.ts';

/** Whether AppArmor profiles are asked for. */
export function hasAppArmor(spec: SecurityProfilesOperatorDaemonSpec): boolean {
  return spec.enableAppArmor === true;
}

/** Variables of the daemon's container. */
export const APPARMOR_VARS: readonly EnvVar[] = [{ name: ENV.securityfs, value: SECURITYFS_MOUNT }];

/** Mounts of the daemon's container. Without its own capability nobody can write to files of securityfs. */
export const APPARMOR_MOUNTS = [
  { name: VOLUME.securityfs, mountPath: SECURITYFS_MOUNT },
  { name: VOLUME.appArmorDisable, mountPath: APPARMOR_DISABLE_MOUNT, readOnly: true },
];

/** The folder of each node's package is made where there is no such package; it stays empty. */
export const APPARMOR_VOLUMES = [
  { name: VOLUME.securityfs, hostPath: { path: '/sys/kernel/security', type: 'Directory' } },
  { name: VOLUME.appArmorDisable, hostPath: { path: APPARMOR_DISABLE_FOLDER, type: 'DirectoryOrCreate' } },
];
