// SPDX-License-Identifier: Apache-2.0
// Why a program with file capabilities cannot be executed: the kernel answers execve with a bare EPERM when the file carries
// one that the process may never gain.
import { readFileSync } from 'node:fs';

/** Numbers of include/uapi/linux/capability.h, for the capabilities that files of ours carry. */
const NUMBERS = { CAP_PERFMON: 38n, CAP_BPF: 39n } as const;

/** A capability that a file of ours carries. */
export type FileCapability = keyof typeof NUMBERS;

/**
 * Those of the capabilities that a process can never gain.
 *
 * @param status - what /proc/PID/status says of the process
 */
export function outOfBounds(capabilities: readonly FileCapability[], status: string): readonly FileCapability[] {
  const digits = /^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  if (digits === undefined) return [];
  const bounds = BigInt(`0x${digits}`);
  return capabilities.filter((name) => ((bounds >> NUMBERS[name]) & 1n) === 0n);
}

/** What is missing and how to get it, as the end of a sentence; undefined when this process may gain all the capabilities. */
export function explainRefusal(capabilities: readonly FileCapability[]): string | undefined {
  const missing = outOfBounds(capabilities, readFileSync('/proc/self/status', 'latin1'));
  if (missing.length === 0) return undefined;
  const options = capabilities.map((name) => `--cap-add ${name.replace('CAP_', '')}`).join(' ');
  const lack = missing.length === 1 ? `${missing.join('')} is` : `${missing.join(' and ')} are`;
  return `it needs ${capabilities.join(' and ')}, and ${lack} outside the capability bounding set of this process: run it on the host, or give the container the capabilities (docker run ${options})`;
}
