// SPDX-License-Identifier: Apache-2.0
// The capabilities of Linux by name (include/uapi/linux/capability.h of 6.12, in the order of their numbers).

const WORDS =
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE ' +
  'NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN ' +
  'SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE ' +
  'MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE';

/** Every capability, `CAP_CHOWN` and the like. */
export const CAPABILITIES: readonly string[] = WORDS.split(' ').map((word) => `CAP_${word}`);

/** A capability as users write it, with or without `CAP_` and in any case; undefined for no capability. */
export function capabilityOf(word: string): string | undefined {
  const name = word.toUpperCase();
  const full = name.startsWith('CAP_') ? name : `CAP_${name}`;
  return CAPABILITIES.includes(full) ? full : undefined;
}
