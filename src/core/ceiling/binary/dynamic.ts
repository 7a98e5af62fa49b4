// SPDX-License-Identifier: Apache-2.0
// The part of a file that the loader reads: the libraries that it needs, the functions that it takes from others and
// gives to others, and the addresses that are written into its data.
import { MalformedBinary, SEGMENT, bounded, offsetOf, requireOffset, wordAt } from './elf.ts';
import type { Elf, Machine } from './elf.ts';
import { symbolAt, symbolCount, symbolsOf } from './symbols.ts';
import type { SymbolTable } from './symbols.ts';

/** The dynamic part of a file. */
export interface Dynamic {
  readonly interpreter: string | undefined;
  /** Names of libraries, in the loader's order. */
  readonly needed: readonly string[];
  readonly soname: string | undefined;
  /** Folders where it wants them looked for; $ORIGIN is that of the file. */
  readonly searchPath: readonly string[];
  /** Functions and data of others, by name. */
  readonly imports: ReadonlySet<string>;
  /** Names that it takes from others and gives to them. */
  readonly symbols: SymbolTable;
  /** Names by the address into which the loader writes where they are. */
  readonly slots: ReadonlyMap<number, string>;
  /** Addresses that are written into data: functions that anything may call. */
  readonly pointers: readonly number[];
  /** The global offset table, to which code of i386 is relative; 0 without one. */
  readonly table: number;
}

/** Tags of the dynamic section, as in the ELF specification and glibc's elf/elf.h. */
const TAG = {
  needed: 1,
  table: 3,
  hash: 4,
  strings: 5,
  symbols: 6,
  rela: 7,
  relaSize: 8,
  init: 12,
  fini: 13,
  soname: 14,
  rpath: 15,
  rel: 17,
  relSize: 18,
  jumpKind: 20,
  jumps: 23,
  jumpsSize: 2,
  runpath: 29,
  relrSize: 35,
  relr: 36,
  gnuHash: 0x6ffffef5,
} as const;

/** Relocations that write an address of the file itself. */
const RELATIVE: Readonly<Record<Machine, readonly number[]>> = {
  SCMP_ARCH_X86_64: [8, 37],
  SCMP_ARCH_X86: [8, 42],
  SCMP_ARCH_AARCH64: [1027, 1032],
};

const MAX_RELOCATIONS = 4_000_000;
const MAX_TAGS = 4096;

type Tags = ReadonlyMap<number, readonly number[]>;

function tagsOf(elf: Elf): Tags {
  const tags = new Map<number, number[]>();
  const segment = elf.segments.find(({ type }) => type === SEGMENT.dynamic);
  if (segment === undefined) return tags;
  const width = elf.is64 ? 8 : 4;
  for (let index = 0; index < MAX_TAGS && (index + 1) * 2 * width <= segment.size; index += 1) {
    const at = segment.offset + index * 2 * width;
    const tag = wordAt(elf, at);
    if (tag === 0) break;
    tags.set(tag, [...(tags.get(tag) ?? []), wordAt(elf, at + width)]);
  }
  return tags;
}

function first(tags: Tags, tag: number): number | undefined {
  return tags.get(tag)?.[0];
}

/** Takes a relocation. The addend is undefined where it lies in the data. */
type TakeRelocation = (slot: number, type: number, symbol: number, addend: number | undefined) => void;

function takeRelocation(elf: Elf, at: number, hasAddend: boolean, take: TakeRelocation): void {
  const { view, is64 } = elf;
  const slot = wordAt(elf, at);
  if (!is64) {
    const info = view.getUint32(at + 4, true);
    take(slot, info & 0xff, info >>> 8, hasAddend ? view.getInt32(at + 8, true) : undefined);
    return;
  }
  const addend = hasAddend ? wordAt(elf, at + 16) : undefined;
  take(slot, view.getUint32(at + 8, true), view.getUint32(at + 12, true), addend);
}

/** Of one table. */
function takeTable(
  elf: Elf,
  address: number | undefined,
  size: number,
  hasAddend: boolean,
  take: TakeRelocation,
): void {
  if (address === undefined || size === 0) return;
  const width = (elf.is64 ? 8 : 4) * (hasAddend ? 3 : 2);
  const count = Math.floor(size / width);
  if (count > MAX_RELOCATIONS) throw new MalformedBinary(`it has ${String(count)} relocations`);
  const start = requireOffset(elf, address);
  for (let index = 0; index < count; index += 1) takeRelocation(elf, start + index * width, hasAddend, take);
}

/** Slots of relocations in the packed form: an address, and words whose bits are the slots behind it. */
function packedSlots(elf: Elf, tags: Tags): readonly number[] {
  const [address, size = 0] = [first(tags, TAG.relr), first(tags, TAG.relrSize)];
  if (address === undefined) return [];
  const width = elf.is64 ? 8 : 4;
  const start = requireOffset(elf, address);
  const slots: number[] = [];
  let base = 0;
  for (let at = start; at < start + size && slots.length < MAX_RELOCATIONS; at += width) {
    const low = elf.view.getUint32(at, true);
    if ((low & 1) === 0) {
      const slot = wordAt(elf, at);
      slots.push(slot);
      base = slot + width;
      continue;
    }
    for (let bit = 1; bit < width * 8; bit += 1) {
      const word = bit < 32 ? low : elf.view.getUint32(at + 4, true);
      if (((word >>> (bit % 32)) & 1) !== 0) slots.push(base + (bit - 1) * width);
    }
    base += (width * 8 - 1) * width;
  }
  return slots;
}

function valueIn(elf: Elf, slot: number): number {
  const offset = offsetOf(elf, slot);
  return offset === undefined ? 0 : wordAt(elf, offset);
}

function takeRelocations(elf: Elf, tags: Tags, take: TakeRelocation): void {
  const jumpsHaveAddends = first(tags, TAG.jumpKind) === TAG.rela;
  takeTable(elf, first(tags, TAG.rela), first(tags, TAG.relaSize) ?? 0, true, take);
  takeTable(elf, first(tags, TAG.rel), first(tags, TAG.relSize) ?? 0, false, take);
  takeTable(elf, first(tags, TAG.jumps), first(tags, TAG.jumpsSize) ?? 0, jumpsHaveAddends, take);
}

function dynamicSymbols(elf: Elf, tags: Tags): SymbolTable {
  const [symbols, strings] = [first(tags, TAG.symbols), first(tags, TAG.strings)];
  if (symbols === undefined || strings === undefined) return { start: 0, strings: 0, count: 0 };
  const count = symbolCount(elf, first(tags, TAG.hash), first(tags, TAG.gnuHash));
  return { start: requireOffset(elf, symbols), strings: requireOffset(elf, strings), count };
}

/**
 * Names of functions with their addresses.
 *
 * @throws MalformedBinary
 */
export function exportsOf(elf: Elf, { symbols }: Dynamic): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, readonly number[]>();
  const all = bounded(() => symbolsOf(elf, symbols, true));
  for (const { name, address, isFunction } of all) {
    if (!isFunction) continue;
    const known = found.get(name);
    found.set(name, known === undefined ? [address] : [...known, address]);
  }
  return found;
}

/** Where the loader writes what: names of others, and addresses of the file's own. */
function writtenBy(
  elf: Elf,
  tags: Tags,
  symbols: SymbolTable,
): Pick<Dynamic, 'slots'> & { readonly pointers: number[] } {
  const slots = new Map<number, string>();
  const pointers: number[] = [];
  const relative = RELATIVE[elf.machine];
  takeRelocations(elf, tags, (slot, type, symbol, addend) => {
    if (relative.includes(type)) pointers.push(addend ?? valueIn(elf, slot));
    if (symbol === 0 || symbol >= symbols.count) return;
    const { name, address, isFunction, isDefined } = symbolAt(elf, symbols, symbol);
    if (isDefined && isFunction) pointers.push(address);
    slots.set(slot, name);
  });
  return { slots, pointers };
}

function interpreterOf({ names, segments }: Elf): string | undefined {
  const segment = segments.find(({ type }) => type === SEGMENT.interpreter);
  return segment === undefined ? undefined : names.at(segment.offset);
}

/**
 * Reads the dynamic part of a file; a static one has nothing in it.
 *
 * @throws MalformedBinary
 */
export function readDynamic(elf: Elf): Dynamic {
  return bounded(() => {
    const tags = tagsOf(elf);
    const strings = first(tags, TAG.strings);
    const base = strings === undefined ? 0 : requireOffset(elf, strings);
    const texts = (tag: number): readonly string[] => (tags.get(tag) ?? []).map((at) => elf.names.at(base + at));
    const symbols = dynamicSymbols(elf, tags);
    const { slots, pointers } = writtenBy(elf, tags, symbols);
    const packed = packedSlots(elf, tags).map((slot) => valueIn(elf, slot));
    const functions = [TAG.init, TAG.fini].flatMap((tag) => tags.get(tag) ?? []);
    return {
      interpreter: interpreterOf(elf),
      needed: texts(TAG.needed),
      soname: texts(TAG.soname)[0],
      searchPath: [...texts(TAG.rpath), ...texts(TAG.runpath)].flatMap((text) => text.split(':')),
      imports: new Set(symbolsOf(elf, symbols, false).flatMap(({ name }) => (name === '' ? [] : [name]))),
      symbols,
      slots,
      pointers: [...pointers, ...packed, ...functions],
      table: first(tags, TAG.table) ?? 0,
    };
  });
}
