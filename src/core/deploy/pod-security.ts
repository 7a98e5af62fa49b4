// SPDX-License-Identifier: Apache-2.0
// The privileges of our containers. Root is held by one init container alone, a compiled program, which needs it to
// give the profile directories to uid 65535 and has no capability beyond that; all others have none at all.
import type { SecurityProfilesOperatorDaemonSpec } from '../../gen/crd/security-profiles-operator-daemon.ts';
import { NON_ROOT_ID, OWN_SECCOMP_PROFILE, RECORDER_SECCOMP_PROFILE } from '../names.ts';

/** For every container of ours: no privilege escalation, and a read-only image. */
const CONFINED = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true };

/** No root and no capability. */
const UNPRIVILEGED = { capabilities: { drop: ['ALL'] }, runAsUser: NON_ROOT_ID, runAsGroup: NON_ROOT_ID };

/** The SELinux type of the DaemonSet's containers, which reach into directories of the node. */
function seLinuxOf(spec: SecurityProfilesOperatorDaemonSpec): object {
  return { seLinuxOptions: { type: spec.selinuxTypeTag ?? 'spc_t' } };
}

/** The manager: it touches no node, so SELinux leaves it in its usual type. */
export function managerSecurity(): object {
  return { ...CONFINED, ...UNPRIVILEGED };
}

/** A container of the DaemonSet that needs no privilege. */
export function unprivilegedSecurity(spec: SecurityProfilesOperatorDaemonSpec): object {
  return { ...CONFINED, ...seLinuxOf(spec), ...UNPRIVILEGED, runAsNonRoot: true };
}

/** The daemon: as `unprivilegedSecurity`, under our own seccomp profile. */
export function daemonSecurity(spec: SecurityProfilesOperatorDaemonSpec): object {
  const seccompProfile = { type: 'Localhost', localhostProfile: OWN_SECCOMP_PROFILE };
  return { ...unprivilegedSecurity(spec), seccompProfile };
}

/**
 * The daemon where it loads AppArmor profiles: the program that does it may use the capabilities that its file carries,
 * to change policy and to join the group that the kernel lets look at it.
 */
export function loaderSecurity(spec: SecurityProfilesOperatorDaemonSpec): object {
  return {
    ...daemonSecurity(spec),
    allowPrivilegeEscalation: true,
    capabilities: { drop: ['ALL'], add: ['MAC_ADMIN', 'SETGID'] },
  };
}

/**
 * The log enricher: as `unprivilegedSecurity`, and the program that it starts may use the capabilities that its file
 * carries: to read logs and /proc whoever owns them, and to hear from the kernel which processes end. With no_new_privs
 * the kernel would ignore them.
 */
export function auditorSecurity(spec: SecurityProfilesOperatorDaemonSpec): object {
  return {
    ...unprivilegedSecurity(spec),
    allowPrivilegeEscalation: true,
    capabilities: { drop: ['ALL'], add: ['DAC_READ_SEARCH', 'BPF', 'PERFMON'] },
  };
}

/**
 * The eBPF recorder: as the log enricher, with the two capabilities that eBPF takes, under a seccomp profile of its
 * own.
 */
export function recorderSecurity(spec: SecurityProfilesOperatorDaemonSpec): object {
  return {
    ...unprivilegedSecurity(spec),
    allowPrivilegeEscalation: true,
    capabilities: { drop: ['ALL'], add: ['BPF', 'PERFMON'] },
    seccompProfile: { type: 'Localhost', localhostProfile: RECORDER_SECCOMP_PROFILE },
  };
}

/**
 * selinuxd: as the log enricher, with the two capabilities by which its program becomes root. No other program of the
 * image has these, and as root it has none at all: the files of the node's policy are root's.
 */
export function selinuxdSecurity(spec: SecurityProfilesOperatorDaemonSpec): object {
  return {
    ...unprivilegedSecurity(spec),
    allowPrivilegeEscalation: true,
    capabilities: { drop: ['ALL'], add: ['SETUID', 'SETGID'] },
  };
}

/** The program that makes the directories: root, with the three capabilities that ownership takes. */
export function enablerSecurity(spec: SecurityProfilesOperatorDaemonSpec): object {
  return {
    ...CONFINED,
    ...seLinuxOf(spec),
    capabilities: { drop: ['ALL'], add: ['CHOWN', 'FOWNER', 'DAC_OVERRIDE'] },
    runAsUser: 0,
    runAsGroup: 0,
  };
}
