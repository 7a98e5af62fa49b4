// SPDX-License-Identifier: Apache-2.0
// The form in which profiles are published: files of Docker and Podman, whose rules may hold for some containers
// only. Both engines resolve the conditions when they start a container; here the user says for which container.
// Sources: moby profiles/seccomp (v28) and containers/common pkg/seccomp (v0.64), which differ in what they know:
// minKernel is Docker's, names of errors are Podman's.
import { CAPABILITIES } from '../capabilities.ts';
import type { FaultList } from '../faults.ts';
import type { Architecture } from './model.ts';
import { nearest } from '../nearest.ts';

/** Architectures as conditions name them, which are libseccomp's words, and what profiles call them. */
export const PUBLISHED_ARCHITECTURES: Readonly<Record<string, Architecture>> = {
  amd64: 'SCMP_ARCH_X86_64',
  x86: 'SCMP_ARCH_X86',
  arm64: 'SCMP_ARCH_AARCH64',
  arm: 'SCMP_ARCH_ARM',
  mips: 'SCMP_ARCH_MIPS',
  mips64: 'SCMP_ARCH_MIPS64',
  mips64n32: 'SCMP_ARCH_MIPS64N32',
  mipsel: 'SCMP_ARCH_MIPSEL',
  mipsel64: 'SCMP_ARCH_MIPSEL64',
  mipsel64n32: 'SCMP_ARCH_MIPSEL64N32',
  ppc64: 'SCMP_ARCH_PPC64',
  ppc64le: 'SCMP_ARCH_PPC64LE',
  riscv64: 'SCMP_ARCH_RISCV64',
  s390: 'SCMP_ARCH_S390',
  s390x: 'SCMP_ARCH_S390X',
};

/** The container for which conditions are resolved. */
export interface Conditions {
  /**
   * Capabilities that the container may have, `CAP_CHOWN` and the like; undefined, where they were not given, means
   * none.
   */
  readonly capabilities: readonly string[] | undefined;
  /** A key of PUBLISHED_ARCHITECTURES. */
  readonly architecture: string;
  /** Release of the kernel, such as 6.1.0-28-amd64. */
  readonly kernel: string;
}

/** The conditions of a rule; empty lists are no condition. */
export interface RuleFilter {
  readonly caps: readonly string[];
  readonly arches: readonly string[];
  readonly minKernel: string | undefined;
}

/** A condition that asks for nothing. */
export const NO_FILTER: RuleFilter = { caps: [], arches: [], minKernel: undefined };

/** Keys of includes and excludes. */
export const FILTER_KEYS: readonly string[] = ['caps', 'arches', 'minKernel'];

const VERSION = /^(\d+)\.(\d+)/;

function isAtLeast(kernel: string, minimum: string): boolean {
  const [, major = '0', minor = '0'] = VERSION.exec(kernel) ?? [];
  const [, least = '0', leastMinor = '0'] = VERSION.exec(minimum) ?? [];
  return major === least ? Number(minor) >= Number(leastMinor) : Number(major) > Number(least);
}

/** Whether a rule holds for the container: all that it includes is there, and nothing that it excludes. */
export function ruleHolds(includes: RuleFilter, excludes: RuleFilter, conditions: Conditions): boolean {
  const { capabilities = [], architecture, kernel } = conditions;
  const hasAll =
    includes.caps.every((name) => capabilities.includes(name)) &&
    (includes.arches.length === 0 || includes.arches.includes(architecture)) &&
    (includes.minKernel === undefined || isAtLeast(kernel, includes.minKernel));
  const hasExcluded =
    excludes.caps.some((name) => capabilities.includes(name)) ||
    excludes.arches.includes(architecture) ||
    (excludes.minKernel !== undefined && isAtLeast(kernel, excludes.minKernel));
  return hasAll && !hasExcluded;
}

/** Notes what is wrong with a condition: a misspelt capability is one that no container has. */
export function checkFilter({ caps, minKernel }: RuleFilter, field: string, faults: FaultList): void {
  for (const [at, name] of caps.entries()) {
    if (CAPABILITIES.includes(name)) continue;
    const near = nearest(name, CAPABILITIES);
    const hint = near === undefined ? '' : `, perhaps ${near}`;
    faults.add(`${field}.caps[${String(at)}]`, `is no capability: '${name}'${hint}`);
  }
  if (minKernel !== undefined && !/^\d+\.\d+(\.\d+)?$/.test(minKernel)) {
    faults.add(`${field}.minKernel`, `must be a version such as 4.8, not '${minKernel}'`);
  }
}

/** A sentence about rules whose condition names capabilities, where the user said nothing of any. */
export function capabilityNote(used: ReadonlySet<string>, conditions: Conditions): string | undefined {
  if (conditions.capabilities !== undefined || used.size === 0) return undefined;
  const names = [...used].sort().join(', ');
  return `rules depend on the capabilities of the container: read for one without any; --cap takes some of ${names}`;
}
