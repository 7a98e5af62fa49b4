// SPDX-License-Identifier: Apache-2.0
// Words of AppArmor's language that profiles of ours use (apparmor.d(5) of 3.0.8).
import { capabilityOf } from '../capabilities.ts';

/** Variables that `tunables/global` of apparmor 3.0.8 declares; another one is an error of apparmor_parser. */
export const VARIABLES: readonly string[] = [
  'HOME',
  'HOMEDIRS',
  'PROC',
  'XDG_DESKTOP_DIR',
  'XDG_DOCUMENTS_DIR',
  'XDG_DOWNLOAD_DIR',
  'XDG_MUSIC_DIR',
  'XDG_PICTURES_DIR',
  'XDG_PUBLICSHARE_DIR',
  'XDG_TEMPLATES_DIR',
  'XDG_VIDEOS_DIR',
  'etc_ro',
  'etc_rw',
  'flatpak_exports_root',
  'multiarch',
  'pid',
  'pids',
  'profile_name',
  'run',
  'sys',
  'system_share_dirs',
  'tid',
  'uid',
  'uids',
  'user_share_dirs',
];

/** Those of them whose values begin with a slash. */
export const ABSOLUTE_VARIABLES: readonly string[] = [
  'HOME',
  'HOMEDIRS',
  'PROC',
  'etc_ro',
  'etc_rw',
  'run',
  'sys',
  'system_share_dirs',
  'user_share_dirs',
];

/**
 * Capabilities that kernels of the last years added. Where those of a node lack one, apparmor_parser allows sys_admin
 * instead, and with `deny` takes that away.
 */
export const RECENT_CAPABILITIES: readonly string[] = ['bpf', 'checkpoint_restore', 'perfmon'];

/** A capability in AppArmor's form, `net_raw`, from any that users write; undefined for no capability. */
export function appArmorCapability(word: string): string | undefined {
  return capabilityOf(word)?.slice('CAP_'.length).toLowerCase();
}

/** Types of sockets that a rule names, in the order of rules. */
export type SocketType = 'dgram' | 'raw' | 'stream';

/**
 * Names of the profiles in which container runtimes run where the distribution confines them: they stop containers by
 * signals; what is not confined may do so by abstractions/base.
 */
export const RUNTIME_PROFILES: readonly string[] = ['crun', 'podman', 'runc'];
