// SPDX-License-Identifier: Apache-2.0
// The facts of a machine on which findings about a node are made.
import type { Kernel } from '../kernel.ts';
import type { Observed } from './finding.ts';

/** A log in which audit records may be found. */
export interface AuditLogFact {
  readonly path: string;
  readonly state: 'readable' | 'unreadable' | 'missing';
}

/** SELinux on the machine. */
export interface SelinuxFacts {
  /** The kernel has the module, and it is on. */
  readonly isOn: boolean;
  /** Whether it refuses what the policy does not permit, or only logs it. */
  readonly isEnforcing: Observed<boolean>;
  /** Name of the policy in /etc/selinux/config, such as `targeted`; undefined where there is none. */
  readonly policy: string | undefined;
  /** Whether modules of that policy can be added: its store is there. */
  readonly hasStore: boolean;
}

/** AppArmor on the machine. */
export interface AppArmorFacts {
  readonly isOn: boolean;
  /** Whether an apparmor_parser is installed, which `spoc install` needs; the daemon has its own. */
  readonly hasParser: boolean;
}

/** A program of a container runtime that is installed, with its answer to --version. */
export interface RuntimeProgram {
  readonly path: string;
  readonly version: Observed<string>;
}

/** Container runtimes. */
export interface RuntimeFacts {
  /** Sockets of runtimes that kubelets speak to. */
  readonly sockets: readonly string[];
  readonly programs: readonly RuntimeProgram[];
}

/** Room on a file system. */
export interface Room {
  /** Free bytes for users other than root. */
  readonly bytes: number;
  /** Free inodes. A file system that makes them as it goes says 0 of 0. */
  readonly inodes: number;
  readonly allInodes: number;
}

/** The kubelet's directory of seccomp profiles, and the operator's files. */
export interface KubeletFacts {
  readonly directory: string;
  /** A kubelet keeps its files there. */
  readonly isThere: boolean;
  /** Room for profiles: where the operator's directory is, or will be. */
  readonly room: Observed<Room>;
  /** The target of the link `seccomp/operator`; undefined where there is no link. */
  readonly link: Observed<string | undefined>;
  /** Number of profile files in the operator's directory; undefined where there is no directory. */
  readonly profiles: Observed<number | undefined>;
  /** A process of the operator's daemon runs. */
  readonly daemonRuns: Observed<boolean>;
}

/** The machine. */
export interface NodeFacts {
  /** Version of this program, and of its Node.js. */
  readonly version: string;
  readonly nodeVersion: string;
  readonly kernel: Kernel;
  /** Seccomp actions that the kernel logs where a filter asks for it, in its own words. */
  readonly loggedActions: Observed<readonly string[]>;
  /** Words that the kernel was started with. */
  readonly bootOptions: Observed<readonly string[]>;
  /** Security modules of the running kernel. */
  readonly modules: Observed<readonly string[]>;
  readonly hasBtf: boolean;
  /** Control groups: 2 for the unified hierarchy, 1 for the older one. */
  readonly cgroupVersion: 1 | 2 | undefined;
  readonly auditLogs: readonly AuditLogFact[];
  readonly selinux: SelinuxFacts;
  readonly appArmor: AppArmorFacts;
  readonly runtimes: RuntimeFacts;
  readonly kubelet: KubeletFacts;
  /** Compiled programs of this version that are missing or cannot be started. */
  readonly missingPrograms: readonly string[];
}
