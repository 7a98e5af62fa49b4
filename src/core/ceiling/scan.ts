// SPDX-License-Identifier: Apache-2.0
// Looks through all code of a binary, byte by byte, for what is worth being taken apart: system calls, and calls of
// given functions. It may find too much, never too little.
import { SEGMENT } from './binary/elf.ts';
import type { Segment } from './binary/elf.ts';
import { importAt } from './binary.ts';
import type { Binary } from './binary.ts';

const ARM_SVC = 0xd4000001;
const ARM_JUMP = 0x05;
const NEAR_CALL = 0xe8;
const NEAR_JUMP = 0xe9;
const INDIRECT = 0xff;
const BY_SLOT = [0x15, 0x25];

/** The first of two bytes that may be a system call of x86, by the second one; 0 for none. */
function firstBytes(pairs: readonly (readonly [number, number])[]): Uint8Array {
  const found = new Uint8Array(256);
  for (const [first, second] of pairs) found[second] = first;
  return found;
}

/** syscall and int 0x80. */
const IN_64_BITS = firstBytes([
  [0x0f, 0x05],
  [0xcd, 0x80],
]);

/** int 0x80, sysenter, and the call by gs:0x10. */
const IN_32_BITS = firstBytes([
  [0xcd, 0x80],
  [0x0f, 0x34],
  [0x65, 0xff],
]);

function bytesOf({ elf }: Binary, { offset, size }: Segment): Uint8Array {
  return new Uint8Array(elf.view.buffer, elf.view.byteOffset + offset, size);
}

function pairsIn(bytes: Uint8Array, firsts: Uint8Array, found: (at: number) => void): void {
  for (let at = 1; at < bytes.length; at += 1) {
    const first = firsts[bytes[at] ?? 0] ?? 0;
    if (first !== 0 && bytes[at - 1] === first) found(at - 1);
  }
}

/** Addresses where a system call may be. */
export function possibleSyscalls(binary: Binary): readonly number[] {
  const found: number[] = [];
  for (const segment of binary.elf.code) {
    const add = (at: number): void => void found.push(segment.address + at);
    if (binary.elf.machine === 'SCMP_ARCH_AARCH64') {
      const words = new DataView(binary.elf.view.buffer, binary.elf.view.byteOffset + segment.offset, segment.size);
      for (let at = 0; at + 4 <= segment.size; at += 4) {
        if ((words.getUint32(at, true) & 0xffe0001f) >>> 0 === ARM_SVC) add(at);
      }
      continue;
    }
    const bytes = bytesOf(binary, segment);
    pairsIn(bytes, binary.elf.is64 ? IN_64_BITS : IN_32_BITS, add);
  }
  return found;
}

/** The functions that are looked for. */
interface Wanted {
  /** Of this binary, by where they begin. */
  readonly addresses: ReadonlyMap<number, unknown>;
  /** By the names that the loader knows. */
  readonly names: ReadonlyMap<string, unknown>;
}

/** Where the loader writes the addresses of the wanted functions. */
function slotsOf({ dynamic }: Binary, { names }: Wanted): ReadonlySet<number> {
  return new Set([...dynamic.slots].filter(([, name]) => names.has(name)).map(([slot]) => slot));
}

function isWanted(binary: Binary, wanted: Wanted, known: Map<number, boolean>, target: number): boolean {
  if (wanted.addresses.has(target)) return true;
  if (wanted.names.size === 0) return false;
  const before = known.get(target);
  if (before !== undefined) return before;
  const name = importAt(binary, target);
  const isOne = name !== undefined && wanted.names.has(name);
  known.set(target, isOne);
  return isOne;
}

function x86CallsIn(binary: Binary, segment: Segment, wanted: Wanted): readonly number[] {
  const bytes = bytesOf(binary, segment);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [slots, known] = [slotsOf(binary, wanted), new Map<number, boolean>()];
  const lowest = Math.min(...binary.elf.code.map(({ address }) => address));
  const highest = Math.max(...binary.elf.code.map(({ address, size }) => address + size));
  const found: number[] = [];
  for (let at = 0; at + 6 <= bytes.length; at += 1) {
    const code = bytes[at];
    if (code === NEAR_CALL || code === NEAR_JUMP) {
      const target = segment.address + at + 5 + view.getInt32(at + 1, true);
      if (target >= lowest && target < highest && isWanted(binary, wanted, known, target))
        found.push(segment.address + at);
    } else if (code === INDIRECT && slots.size > 0 && BY_SLOT.includes(bytes[at + 1] ?? 0)) {
      const displacement = view.getInt32(at + 2, true);
      const slot = binary.elf.is64 ? segment.address + at + 6 + displacement : displacement >>> 0;
      if (slots.has(slot)) found.push(segment.address + at);
    }
  }
  return found;
}

function armCallsIn(binary: Binary, segment: Segment, wanted: Wanted): readonly number[] {
  const { view } = binary.elf;
  const known = new Map<number, boolean>();
  const found: number[] = [];
  for (let at = 0; at + 4 <= segment.size; at += 4) {
    const word = view.getInt32(segment.offset + at, true);
    if (((word >>> 26) & 0x1f) !== ARM_JUMP) continue;
    if (isWanted(binary, wanted, known, segment.address + at + ((word << 6) >> 6) * 4))
      found.push(segment.address + at);
  }
  return found;
}

/** Addresses where one of these functions may be called or jumped to. */
export function possibleCalls(binary: Binary, wanted: Wanted): readonly number[] {
  if (wanted.addresses.size === 0 && wanted.names.size === 0) return [];
  const callsIn = binary.elf.machine === 'SCMP_ARCH_AARCH64' ? armCallsIn : x86CallsIn;
  return binary.elf.code.flatMap((segment) => callsIn(binary, segment, wanted));
}

const LONGEST_NAME = 32;
const ZERO = 0;

function isNameByte(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x5f;
}

/** The texts of a stretch that could be names of functions: whole words between zero bytes. */
function wordsIn(bytes: Uint8Array, take: (word: string) => void): void {
  let start = -1;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? ZERO;
    if (byte === ZERO) {
      if (start !== -1 && at - start > 2 && at - start < LONGEST_NAME) {
        take(String.fromCharCode(...bytes.subarray(start, at)));
      }
      start = at + 1;
    } else if (!isNameByte(byte)) start = -1;
  }
}

/** Names that a binary has as texts in its data: what it may ask the loader for while it runs. */
export function namesInData(binary: Binary, known: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  const found = new Set<string>();
  const { elf } = binary;
  for (const segment of elf.segments) {
    if (segment.type !== SEGMENT.load || segment.isExecutable) continue;
    wordsIn(bytesOf(binary, segment), (word) => {
      if (known.has(word)) found.add(word);
    });
  }
  return found;
}
