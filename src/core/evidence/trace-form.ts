// SPDX-License-Identifier: Apache-2.0
// Reads a trace from a document, which anybody may have written or cut off.
import { InvalidProfile } from '../faults.ts';
import type { ProfileFault } from '../faults.ts';
import { isJsonObject } from '../json.ts';
import { isKnown } from '../seccomp/syscalls.ts';
import type { KnownArchitecture } from '../seccomp/syscalls.ts';
import type { Architecture } from '../seccomp/model.ts';
import { TRACE_KIND } from './trace.ts';
import type { Trace, TracedCall } from './trace.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The largest argument. */
const LARGEST = 2n ** 64n - 1n;

/**
 * The trace of a document.
 *
 * @param subject - its file, for messages
 * @throws InvalidProfile with every fault
 */
export function parseTrace(value: Fields, subject: string): Trace {
  const faults: ProfileFault[] = [];
  const refuse = (field: string, reason: string): void => {
    faults.push({ field, reason });
  };
  if (value['version'] !== 'v1') refuse('version', `must be v1, not ${JSON.stringify(value['version'])}`);
  const { command, kernel, architecture, gaps, calls } = value;
  const trace = {
    kind: TRACE_KIND,
    version: 'v1',
    command: typeof command === 'string' ? command : '',
    kernel: typeof kernel === 'string' ? kernel : '',
    architecture: architectureOf(architecture, 'architecture', refuse),
    gaps: textsOf(gaps, 'gaps', refuse),
    calls: listOf(calls, 'calls', refuse).map((call, at) => callOf(call, `calls[${String(at)}]`, refuse)),
  } as const;
  if (faults.length > 0) throw new InvalidProfile(subject, faults);
  return trace;
}

type Refuse = (field: string, reason: string) => void;

function callOf(value: unknown, at: string, refuse: Refuse): TracedCall {
  const call = isJsonObject(value) ? value : {};
  if (!isJsonObject(value)) refuse(at, 'must be an object');
  const { number, name, executable, count, first, last } = call;
  if (!isCount(number)) refuse(`${at}.number`, 'must be the number of a system call');
  if (name !== undefined && typeof name !== 'string') refuse(`${at}.name`, 'must be a text');
  if (typeof executable !== 'string') refuse(`${at}.executable`, 'must be a text');
  if (!isCount(count)) refuse(`${at}.count`, 'must be a number of calls');
  if (typeof first !== 'string' || typeof last !== 'string') refuse(`${at}.first`, 'and last must be times');
  return {
    architecture: architectureOf(call['architecture'], `${at}.architecture`, refuse),
    number: Number(number),
    ...(typeof name === 'string' ? { name } : {}),
    executable: String(executable),
    arguments: argumentsOf(call['arguments'], `${at}.arguments`, refuse),
    count: Number(count),
    first: String(first),
    last: String(last),
  };
}

function argumentsOf(value: unknown, at: string, refuse: Refuse): Readonly<Record<string, string>> {
  const entries = isJsonObject(value) ? Object.entries(value) : [];
  if (!isJsonObject(value)) refuse(at, 'must be an object');
  const told = entries.filter((entry): entry is [string, string] => isArgument(...entry));
  if (told.length < entries.length) refuse(at, 'must have decimal numbers below 2^64 under the places 0 to 5');
  return Object.fromEntries(told);
}

function isArgument(place: string, number: unknown): boolean {
  const isNumber = typeof number === 'string' && /^\d{1,20}$/.test(number) && BigInt(number) <= LARGEST;
  return /^[0-5]$/.test(place) && isNumber;
}

function architectureOf(value: unknown, at: string, refuse: Refuse): KnownArchitecture {
  const known = typeof value === 'string' && isKnown(value as Architecture) ? (value as KnownArchitecture) : undefined;
  if (known === undefined) refuse(at, `must be an architecture such as SCMP_ARCH_X86_64, not ${JSON.stringify(value)}`);
  return known ?? 'SCMP_ARCH_X86_64';
}

function textsOf(value: unknown, at: string, refuse: Refuse): readonly string[] {
  const texts = listOf(value, at, refuse).filter((text) => typeof text === 'string');
  return texts;
}

function listOf(value: unknown, at: string, refuse: Refuse): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  refuse(at, 'must be a list');
  return [];
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
