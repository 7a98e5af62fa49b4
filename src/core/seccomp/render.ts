// SPDX-License-Identifier: Apache-2.0
// Prints a profile in its two forms. The file that a container runtime reads holds the keys of the OCI runtime
// specification and nothing else; the object holds values that the API server would take for signed integers as
// strings.
import type { SeccompArgument, SeccompProfileSpec, SeccompSyscall } from '../../gen/crd/seccomp-profile.ts';
import { printJson } from '../json.ts';
import type { ArgCondition, Profile, Rule } from './model.ts';

/** A condition in the words of the OCI runtime specification; values are exact. */
export interface OciArgument {
  readonly index: number;
  readonly value: bigint;
  readonly valueTwo?: bigint;
  readonly op: string;
}

/** A rule in the words of the OCI runtime specification. */
export interface OciRule {
  readonly names: readonly string[];
  readonly action: string;
  readonly errnoRet?: number;
  readonly args?: readonly OciArgument[];
}

/** `linux.seccomp` of the OCI runtime specification 1.2, its keys in the order of that document. */
export interface OciProfile {
  readonly defaultAction: string;
  readonly defaultErrnoRet?: number;
  readonly architectures?: readonly string[];
  readonly flags?: readonly string[];
  readonly listenerPath?: string;
  readonly listenerMetadata?: string;
  readonly syscalls?: readonly OciRule[];
}

function ociArgument({ index, op, value, valueTwo }: ArgCondition): OciArgument {
  return { index, value, ...(valueTwo === 0n ? {} : { valueTwo }), op };
}

function ociRule({ names, action, errno, args }: Rule): OciRule {
  return {
    names,
    action,
    ...(errno === undefined ? {} : { errnoRet: errno }),
    ...(args.length === 0 ? {} : { args: args.map(ociArgument) }),
  };
}

/**
 * The profile as a container runtime reads it. Rules of base profiles must be stacked before: runtimes know no bases.
 */
export function renderOci(profile: Profile): OciProfile {
  const { defaultAction, defaultErrno, architectures, flags, listenerPath, listenerMetadata, rules } = profile;
  return {
    defaultAction,
    ...(defaultErrno === undefined ? {} : { defaultErrnoRet: defaultErrno }),
    ...ociArchitectures(architectures),
    ...(flags === undefined ? {} : { flags }),
    ...(listenerPath === undefined ? {} : { listenerPath }),
    ...(listenerMetadata === undefined ? {} : { listenerMetadata }),
    ...(rules.length === 0 ? {} : { syscalls: rules.map(ociRule) }),
  };
}

/** Runtimes add the node's own architecture by themselves and refuse the word NATIVE, which is libseccomp's. */
function ociArchitectures(all: readonly string[]): Pick<OciProfile, 'architectures'> {
  const architectures = all.filter((architecture) => architecture !== 'SCMP_ARCH_NATIVE');
  return architectures.length === 0 ? {} : { architectures };
}

/** Longer texts are printed without spaces: indentation doubles a file that is too long to read. */
const INDENTED_MAX = 64 * 1024;

/** The text of the file that a container runtime reads, a newline at its end: two spaces a level where it is short. */
export function renderOciText(profile: Profile): string {
  const oci = renderOci(profile);
  const compact = printJson(oci);
  return compact.length > INDENTED_MAX ? `${compact}\n` : `${printJson(oci, 2)}\n`;
}

/** Integers that a client may round go as text. */
function specValue(value: bigint): number | string {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
}

function specArgument({ index, op, value, valueTwo }: ArgCondition): SeccompArgument {
  return { index, op, value: specValue(value), ...(valueTwo === 0n ? {} : { valueTwo: specValue(valueTwo) }) };
}

function specRule({ names, action, errno, args }: Rule): SeccompSyscall {
  return {
    action,
    ...(args.length === 0 ? {} : { args: args.map(specArgument) }),
    ...(errno === undefined ? {} : { errnoRet: errno }),
    names,
  };
}

/** The profile as the spec of a SeccompProfile, its keys in alphabetical order as the manual shows them. */
export function renderSpec(profile: Profile): SeccompProfileSpec {
  const { defaultAction, defaultErrno, architectures, flags, listenerPath, listenerMetadata, rules } = profile;
  return {
    ...(architectures.length === 0 ? {} : { architectures }),
    ...(profile.baseProfileName === undefined ? {} : { baseProfileName: profile.baseProfileName }),
    defaultAction,
    ...(defaultErrno === undefined ? {} : { defaultErrnoRet: defaultErrno }),
    ...(flags === undefined ? {} : { flags }),
    ...(listenerMetadata === undefined ? {} : { listenerMetadata }),
    ...(listenerPath === undefined ? {} : { listenerPath }),
    ...(rules.length === 0 ? {} : { syscalls: rules.map(specRule) }),
  };
}
