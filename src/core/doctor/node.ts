// SPDX-License-Identifier: Apache-2.0
// From the facts of a machine to findings: what its kernel offers to profiles and recordings.
import { isBefore, supportsSeccomp } from '../kernel.ts';
import { findingsOf } from './finding.ts';
import type { Finding } from './finding.ts';
import type { NodeFacts } from './node-facts.ts';
import { judgeKubelet, judgePrograms, judgeRuntimes } from './node-programs.ts';

/** The first kernel on which recordings by eBPF work: task storage in tracing programs (native/bpf). */
const RECORDING_SINCE = [5, 13] as const;

const { ok, warn, fail, unknown } = findingsOf('node');

/** Everything that is to be said of a machine. */
export function judgeNode(facts: NodeFacts): readonly Finding[] {
  return [
    ok('versions', `spoc ${facts.version}, Node.js ${facts.nodeVersion}`),
    judgePrograms(facts),
    judgeKernel(facts),
    judgeSeccomp(facts),
    judgeSeccompLog(facts),
    judgeBtf(facts),
    judgeModules(facts),
    judgeAppArmor(facts),
    judgeSelinux(facts),
    judgeAudit(facts),
    judgeCgroups(facts),
    ...judgeRuntimes(facts.runtimes),
    ...judgeKubelet(facts.kubelet),
  ];
}

function judgeKernel({ kernel: { release, machine } }: NodeFacts): Finding {
  const message = `Linux ${release} (${machine})`;
  if (!isBefore(release, RECORDING_SINCE)) return ok('kernel', message);
  return warn('kernel', message, `profiles can be recorded by eBPF from Linux ${RECORDING_SINCE.join('.')} on`);
}

function judgeSeccomp({ kernel }: NodeFacts): Finding {
  if (supportsSeccomp(kernel)) return ok('seccomp', `filters with ${(kernel.actions ?? []).join(', ')}`);
  return fail(
    'seccomp',
    'the kernel has no seccomp filters, or /proc/sys is hidden here',
    'use a kernel with CONFIG_SECCOMP_FILTER=y; SeccompProfiles are not installed on this node',
  );
}

function judgeSeccompLog({ loggedActions }: NodeFacts): Finding {
  const check = 'seccomp-log';
  if (loggedActions.type === 'unseen') return unknown(check, loggedActions.why, 'look again as root, on the node');
  if (loggedActions.value.includes('log')) return ok(check, `logged: ${loggedActions.value.join(', ')}`);
  const advice = 'sysctl kernel.seccomp.actions_logged must have the word log: else recordings from logs see nothing';
  return warn(check, 'the kernel does not log SCMP_ACT_LOG', advice);
}

function judgeBtf({ hasBtf }: NodeFacts): Finding {
  if (hasBtf) return ok('btf', '/sys/kernel/btf/vmlinux is there');
  const advice = 'use a kernel with CONFIG_DEBUG_INFO_BTF=y, or record from the audit log (recorder: logs)';
  return warn('btf', 'the kernel has no BTF: nothing can be recorded by eBPF', advice);
}

function judgeModules({ modules }: NodeFacts): Finding {
  if (modules.type === 'seen') return ok('lsm', modules.value.join(', '));
  return unknown('lsm', modules.why, 'mount securityfs (/sys/kernel/security) to see the list');
}

function judgeAppArmor({ appArmor }: NodeFacts): Finding {
  if (!appArmor.isOn) return ok('apparmor', 'not on: AppArmorProfiles are not for this node');
  if (appArmor.hasParser) return ok('apparmor', 'on, with apparmor_parser');
  const advice = 'install the package apparmor for spoc install; the operator has a parser of its own';
  return warn('apparmor', 'on, without apparmor_parser', advice);
}

function judgeSelinux({ selinux }: NodeFacts): Finding {
  const check = 'selinux';
  const { isOn, isEnforcing, policy, hasStore } = selinux;
  if (!isOn) return ok(check, 'not on: SelinuxProfiles are not for this node');
  if (policy === undefined || !hasStore) {
    const message = `SELinux is on, but there is no policy store${policy === undefined ? '' : ` of ${policy}`}`;
    return fail(check, message, 'install the policy with its store (/var/lib/selinux), which modules are added to');
  }
  if (isEnforcing.type === 'unseen') return unknown(check, isEnforcing.why, 'look again as root, on the node');
  if (isEnforcing.value) return ok(check, `enforcing, policy ${policy}`);
  return warn(check, `permissive, policy ${policy}`, 'setenforce 1: profiles are installed, but refuse nothing');
}

function judgeAudit({ auditLogs, bootOptions }: NodeFacts): Finding {
  const check = 'audit';
  if (bootOptions.type === 'seen' && bootOptions.value.includes('audit=0')) {
    return warn(check, 'the kernel was booted with audit=0', 'boot without it: else the log enricher sees nothing');
  }
  const log = auditLogs.find(({ state }) => state !== 'missing');
  const paths = auditLogs.map(({ path }) => path).join(', ');
  if (log?.state === 'readable') return ok(check, `audit records from ${log.path}`);
  if (log !== undefined) return unknown(check, `${log.path} cannot be read by this user`, 'look again as root');
  return warn(check, `there is none of ${paths}`, 'install auditd or a syslog: else the log enricher sees nothing');
}

function judgeCgroups({ cgroupVersion }: NodeFacts): Finding {
  const check = 'cgroups';
  if (cgroupVersion === 2) return ok(check, 'unified hierarchy (version 2)');
  if (cgroupVersion === undefined) return unknown(check, 'no control groups at /sys/fs/cgroup', 'look on the node');
  return ok(check, 'the older hierarchy (version 1)');
}
