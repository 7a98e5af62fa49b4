// SPDX-License-Identifier: Apache-2.0
// Makes small ELF files of given code, as a linker would: static ones, and libraries with names of their own.
import type { Machine } from '../../../src/core/ceiling/binary/elf.ts';

/** A file that is to be made. */
export interface ElfPlan {
  readonly machine?: Machine;
  /** At address 0x1000 and the same offset. */
  readonly code: string;
  readonly entry?: number;
  readonly soname?: string;
  readonly needed?: readonly string[];
  readonly runpath?: string;
  readonly interpreter?: string;
  /** Addresses of functions by name. */
  readonly exports?: Readonly<Record<string, number>>;
  /** Slots that get the address of a function of another file, by its name. */
  readonly imports?: Readonly<Record<string, number>>;
  /** Addresses that are written into data. */
  readonly pointers?: readonly number[];
  /** How symbols are counted. */
  readonly hash?: 'old' | 'gnu';
  /** Where functions begin and how long they are, as the table for unwinding tells. */
  readonly unwinding?: readonly (readonly [start: number, size: number])[];
}

/** The address of the first byte of code. */
export const CODE = 0x1000;
const TABLES = 0x4000;
const NUMBERS: Readonly<Record<Machine, number>> = { SCMP_ARCH_X86_64: 62, SCMP_ARCH_X86: 3, SCMP_ARCH_AARCH64: 183 };
const JUMP_SLOT: Readonly<Record<Machine, number>> = { SCMP_ARCH_X86_64: 7, SCMP_ARCH_X86: 7, SCMP_ARCH_AARCH64: 1026 };
const RELATIVE: Readonly<Record<Machine, number>> = { SCMP_ARCH_X86_64: 8, SCMP_ARCH_X86: 8, SCMP_ARCH_AARCH64: 1027 };

/** Bytes of a text such as `b8 27 00`. */
export function hex(text: string): Uint8Array {
  return Uint8Array.from(
    text.split(/\s+/).filter((word) => word !== ''),
    (word) => Number.parseInt(word, 16),
  );
}

function words(is64: boolean, numbers: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(numbers.length * (is64 ? 8 : 4)));
  numbers.forEach((number, index) =>
    is64 ? view.setBigUint64(index * 8, BigInt(number), true) : view.setUint32(index * 4, number, true),
  );
  return new Uint8Array(view.buffer);
}

function halves(numbers: readonly number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(numbers).buffer);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Texts that end with a zero byte, and where each begins. */
class Strings {
  private text = '\0';

  add(name: string): number {
    const at = this.text.length;
    this.text += `${name}\0`;
    return at;
  }

  get bytes(): Uint8Array {
    return new TextEncoder().encode(this.text);
  }
}

function symbol(is64: boolean, name: number, address: number): Uint8Array {
  const isDefined = address === 0 ? 0 : 1;
  const info = 0x12 + isDefined * 0x10000;
  return is64 ? join([halves([name, info]), words(true, [address, 0])]) : halves([name, address, 0, info]);
}

function relocation(is64: boolean, slot: number, type: number, index: number, addend: number): Uint8Array {
  return is64
    ? join([words(true, [slot]), halves([type, index]), words(true, [addend])])
    : halves([slot, index * 256 + type, addend]);
}

/** GNU's table with one bucket: all symbols from the first one on, the last one with the mark of the end. */
function gnuHash(is64: boolean, count: number): Uint8Array {
  const chain = Array.from({ length: count - 1 }, (_, index) => (index === count - 2 ? 1 : 0));
  return join([halves([1, 1, 1, 0]), words(is64, [0]), halves([1, ...chain])]);
}

interface Part {
  readonly bytes: Uint8Array;
  readonly tags: (address: number) => readonly (readonly [number, number])[];
}

function dynamicParts(plan: ElfPlan, machine: Machine, is64: boolean): readonly Part[] {
  const strings = new Strings();
  const texts: (readonly [number, string])[] = [
    ...(plan.needed ?? []).map((name) => [1, name] as const),
    ...(plan.soname === undefined ? [] : [[14, plan.soname] as const]),
    ...(plan.runpath === undefined ? [] : [[29, plan.runpath] as const]),
  ];
  const tags = texts.map(([tag, text]) => [tag, strings.add(text)] as const);
  const names = [
    ...Object.entries(plan.exports ?? {}),
    ...Object.keys(plan.imports ?? {}).map((name) => [name, 0] as const),
  ];
  const symbols = names.map(([name, address]) => symbol(is64, strings.add(name), address));
  const first = Object.keys(plan.exports ?? {}).length + 1;
  const slots = Object.values(plan.imports ?? {}).map((slot, index) =>
    relocation(is64, slot, JUMP_SLOT[machine], first + index, 0),
  );
  const pointers = (plan.pointers ?? []).map((address, index) =>
    relocation(is64, 0x8000 + index * 8, RELATIVE[machine], 0, address),
  );
  const relocations = join([...slots, ...pointers]);
  const count = symbols.length + 1;
  const hash = plan.hash === 'gnu' ? gnuHash(is64, count) : halves([1, count, 0]);
  return [
    { bytes: strings.bytes, tags: (address) => [...tags, [5, address]] },
    { bytes: join([symbol(is64, 0, 0), ...symbols]), tags: (address) => [[6, address]] },
    {
      bytes: relocations,
      tags: (address) => [
        [7, address],
        [8, relocations.length],
      ],
    },
    { bytes: hash, tags: (address) => [[plan.hash === 'gnu' ? 0x6ffffef5 : 4, address]] },
  ];
}

/** The table for unwinding with an entry for each function: its length, its kind, its beginning and its size. */
function unwinding(functions: readonly (readonly [number, number])[], address: number): Uint8Array {
  const size = 12 + functions.length * 8;
  const rows = functions.flatMap(([start], index) => [start - address, size + index * 16]);
  const entries = functions.map(([start, bytes]) => [12, 0, start, bytes]);
  return join([hex('01 1b 03 3b'), halves([0, functions.length, ...rows]), halves(entries.flat())]);
}

function segment(is64: boolean, type: number, flags: number, offset: number, size: number): Uint8Array {
  return is64
    ? join([halves([type, flags]), words(true, [offset, offset, offset, size, size, 0x1000])])
    : halves([type, offset, offset, offset, size, size, flags, 0x1000]);
}

function header(is64: boolean, machine: Machine, entry: number, segments: number): Uint8Array {
  const kind = halves([0x464c457f, 0x00010100 + (is64 ? 2 : 1), 0, 0, 3 + NUMBERS[machine] * 65536, 1]);
  const sizes = Uint16Array.from([is64 ? 64 : 52, is64 ? 56 : 32, segments, 0, 0, 0]);
  const offset = is64 ? 64 : 52;
  return join([kind, words(is64, [entry, offset, 0]), halves([0]), new Uint8Array(sizes.buffer)]);
}

/** Makes the file. */
export function buildElf(plan: ElfPlan): Uint8Array {
  const { machine = 'SCMP_ARCH_X86_64', entry = CODE } = plan;
  const is64 = machine !== 'SCMP_ARCH_X86';
  const all = new Uint8Array(0x6000);
  all.set(hex(plan.code), CODE);
  const tags: (readonly [number, number])[] = [];
  let at = TABLES;
  const put = (bytes: Uint8Array): number => {
    const place = at;
    all.set(bytes, place);
    at += Math.ceil((bytes.length + 1) / 16) * 16;
    return place;
  };
  const isDynamic = [plan.exports, plan.imports, plan.needed, plan.soname, plan.pointers].some(
    (one) => one !== undefined,
  );
  if (isDynamic) for (const part of dynamicParts(plan, machine, is64)) tags.push(...part.tags(put(part.bytes)));
  const dynamic = words(is64, [...tags, [0, 0]].flat());
  const place = isDynamic ? put(dynamic) : 0;
  const table = plan.unwinding === undefined ? undefined : unwinding(plan.unwinding, at);
  const segments = [
    segment(is64, 1, 5, 0, 0x3000),
    segment(is64, 1, 6, 0x3000, 0x3000),
    ...(isDynamic ? [segment(is64, 2, 6, place, dynamic.length)] : []),
    ...(table === undefined ? [] : [segment(is64, 0x6474e550, 4, put(table), table.length)]),
    ...(plan.interpreter === undefined
      ? []
      : [segment(is64, 3, 4, put(new TextEncoder().encode(plan.interpreter)), 64)]),
  ];
  all.set(join([header(is64, machine, entry, segments.length), ...segments]));
  return all;
}
