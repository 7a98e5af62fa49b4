// SPDX-License-Identifier: Apache-2.0
// For which container a published profile is read: its rules may depend on capabilities, architecture and kernel.
import { CAPABILITIES, capabilityOf } from '../core/capabilities.ts';
import { nearest } from '../core/nearest.ts';
import { PUBLISHED_ARCHITECTURES } from '../core/seccomp/published.ts';
import type { Conditions } from '../core/seccomp/published.ts';
import type { KnownArchitecture } from '../core/seccomp/syscalls.ts';
import { UserError } from './terminal.ts';

/** The options as the user gave them. */
export interface ConditionOptions {
  readonly cap?: readonly string[];
  readonly arch?: string;
  readonly kernel?: string;
}

/** The machine whose architecture and kernel count where the user names none. */
export interface ConditionsMachine {
  readonly architecture: KnownArchitecture;
  readonly build: { readonly kernel: string };
}

function capabilities(words: readonly string[]): readonly string[] {
  return words.flatMap((word) => {
    if (word.toUpperCase() === 'ALL') return CAPABILITIES;
    const name = capabilityOf(word);
    if (name !== undefined) return [name];
    const near = nearest(`CAP_${word.toUpperCase().replace(/^CAP_/, '')}`, CAPABILITIES);
    throw new UserError(`--cap: ${word} is no capability${near === undefined ? '' : `, perhaps ${near}`}`);
  });
}

/**
 * The container that the options describe.
 * @throws UserError for a word that is no capability or no release of a kernel
 */
export function conditionsOf({ cap, arch, kernel }: ConditionOptions, machine: ConditionsMachine): Conditions {
  if (kernel !== undefined && !/^\d+\.\d+/.test(kernel)) {
    throw new UserError(`--kernel: ${kernel} is no release of a kernel, such as 6.1`);
  }
  const native = Object.keys(PUBLISHED_ARCHITECTURES).find(
    (name) => PUBLISHED_ARCHITECTURES[name] === machine.architecture,
  );
  return {
    capabilities: cap === undefined ? undefined : capabilities(cap),
    architecture: arch ?? native ?? '',
    kernel: kernel ?? machine.build.kernel,
  };
}
