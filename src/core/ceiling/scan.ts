// SPDX-License-Identifier: Apache-2.0
// Looks through all code of a binary, byte by byte, for what is worth being taken apart: system calls, and calls of
// given functions. It may find too much, never too little.
import { SEGMENT } from './binary/elf.ts';
import type { Segment } from './binary/elf.ts';
import { importAt } from './binary.ts';
import type { Binary } from './binary.ts';

const ARM_SVC = 0xd4000001;
const ARM_JUMP = 0x05;
const NEAR_WAYS = [0xe8, 0xe9];
const INDIRECT = 0xff;
const CALL_BY_SLOT = 0x15;
const JUMP_BY_SLOT = 0x25;
const JUMP_BY_TABLE = 0xa3;

/** Bytes of what may stand before the jump of a stub: a mark of 4, a prefix, or both. */
const BEFORE_JUMP = [0, 1, 4, 5];

/** Numbers are told apart by their lowest bits first: most are none of those that are looked for. */
const LOW_BITS = 0xffff;

/** Two bytes that may be a system call of x86. */
interface Pair {
  readonly bytes: readonly [number, number];
  /** The one that code has less often, which is looked for. */
  readonly rarer: 0 | 1;
}

const INTERRUPT: Pair = { bytes: [0xcd, 0x80], rarer: 0 };

/** syscall and int 0x80. */
const IN_64_BITS: readonly Pair[] = [{ bytes: [0x0f, 0x05], rarer: 1 }, INTERRUPT];

/** int 0x80, sysenter, and the call by gs:0x10. */
const IN_32_BITS: readonly Pair[] = [INTERRUPT, { bytes: [0x0f, 0x34], rarer: 1 }, { bytes: [0x65, 0xff], rarer: 0 }];

function bytesOf({ elf }: Binary, { offset, size }: Segment): Uint8Array {
  return new Uint8Array(elf.view.buffer, elf.view.byteOffset + offset, size);
}

/** Calls back for every place of a byte, as engines find them ten times faster than code that compares each. */
function placesOf(bytes: Uint8Array, byte: number, found: (at: number) => void): void {
  for (let at = bytes.indexOf(byte); at !== -1; at = bytes.indexOf(byte, at + 1)) found(at);
}

function pairsIn(bytes: Uint8Array, { bytes: pair, rarer }: Pair, found: (at: number) => void): void {
  const other = rarer === 0 ? 1 : 0;
  placesOf(bytes, pair[rarer], (place) => {
    if (bytes[place + other - rarer] === pair[other]) found(place - rarer);
  });
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
    for (const pair of binary.elf.is64 ? IN_64_BITS : IN_32_BITS) pairsIn(bytes, pair, add);
  }
  return found.sort((one, other) => one - other);
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

/** A set of numbers that is asked for many which are not in it. */
class RareNumbers {
  private readonly all: ReadonlySet<number>;
  private readonly low = new Uint8Array(LOW_BITS + 1);

  constructor(all: Iterable<number>) {
    this.all = new Set(all);
    for (const one of this.all) this.low[one & LOW_BITS] = 1;
  }

  has(number: number): boolean {
    return this.low[number & LOW_BITS] === 1 && this.all.has(number);
  }
}

/** Calls and jumps by the slots of wanted functions: in the code, and in stubs, by where these begin. */
interface BySlot {
  readonly calls: readonly number[];
  readonly stubs: readonly number[];
}

function callsBySlot(binary: Binary, wanted: Wanted): BySlot {
  const slots = slotsOf(binary, wanted);
  const [calls, stubs]: [number[], number[]] = [[], []];
  const { elf, dynamic } = binary;
  if (slots.size === 0) return { calls, stubs };
  for (const segment of elf.code) {
    const bytes = bytesOf(binary, segment);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    placesOf(bytes, INDIRECT, (at) => {
      const way = bytes[at + 1];
      if (at + 6 > bytes.length || (way !== CALL_BY_SLOT && way !== JUMP_BY_SLOT && way !== JUMP_BY_TABLE)) return;
      const displacement = view.getInt32(at + 2, true);
      const address = segment.address + at;
      const absolute = elf.is64 ? address + 6 + displacement : displacement >>> 0;
      const slot = way === JUMP_BY_TABLE ? dynamic.table + displacement : absolute;
      if (!slots.has(slot)) return;
      if (way !== JUMP_BY_TABLE) calls.push(address);
      for (const before of BEFORE_JUMP) {
        const name = importAt(binary, address - before);
        if (name !== undefined && wanted.names.has(name)) stubs.push(address - before);
      }
    });
  }
  return { calls, stubs };
}

function x86Calls(binary: Binary, wanted: Wanted): readonly number[] {
  const { calls, stubs } = callsBySlot(binary, wanted);
  const targets = new RareNumbers([...wanted.addresses.keys(), ...stubs]);
  const found = [...calls];
  for (const segment of binary.elf.code) {
    const bytes = bytesOf(binary, segment);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (const way of NEAR_WAYS) {
      placesOf(bytes, way, (at) => {
        if (at + 6 > bytes.length) return;
        if (targets.has(segment.address + at + 5 + view.getInt32(at + 1, true))) found.push(segment.address + at);
      });
    }
  }
  return found.sort((one, other) => one - other);
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
  if (binary.elf.machine !== 'SCMP_ARCH_AARCH64') return x86Calls(binary, wanted);
  return binary.elf.code.flatMap((segment) => armCallsIn(binary, segment, wanted));
}

const LONGEST_NAME = 31;
const SHORTEST_NAME = 3;
const ZERO = 0;

/** 1 for the bytes of names of functions. */
const NAME_BYTES = new Uint8Array(256);
for (const character of 'abcdefghijklmnopqrstuvwxyz0123456789_') NAME_BYTES[character.charCodeAt(0)] = 1;

/**
 * The texts of a stretch that could be names of functions: whole words between zero bytes. One byte of as many as the
 * shortest has is looked at, and its surroundings where it is one of a name.
 */
function wordsIn(bytes: Uint8Array, take: (word: string) => void): void {
  for (let at = SHORTEST_NAME - 1; at < bytes.length; at += SHORTEST_NAME) {
    if (NAME_BYTES[bytes[at] ?? ZERO] !== 1) continue;
    let start = at;
    let end = at + 1;
    while (NAME_BYTES[bytes[start - 1] ?? ZERO] === 1) start -= 1;
    while (NAME_BYTES[bytes[end] ?? ZERO] === 1) end += 1;
    const isWord = start > 0 && bytes[start - 1] === ZERO && bytes[end] === ZERO;
    const length = end - start;
    if (isWord && length >= SHORTEST_NAME && length <= LONGEST_NAME)
      take(String.fromCharCode(...bytes.subarray(start, end)));
    at = end;
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
