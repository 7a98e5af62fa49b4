// SPDX-License-Identifier: Apache-2.0
// Symbol tables of ELF files: names of functions and where they begin.
import { MalformedBinary, requireOffset, wordAt } from './elf.ts';
import type { Elf } from './elf.ts';

/** A name of a file. */
export interface SymbolEntry {
  readonly name: string;
  readonly address: number;
  /** A function, or one that chooses a function (IFUNC). */
  readonly isFunction: boolean;
  /** Of this file, not of another one. */
  readonly isDefined: boolean;
}

const FUNCTION_TYPES = [2, 10];
const MAX_SYMBOLS = 2_000_000;
const DYNAMIC_SYMBOLS = 11;
const ALL_SYMBOLS = 2;

function entrySize({ is64 }: Elf): number {
  return is64 ? 24 : 16;
}

/** A table of symbols: names are read when they are asked for, because large files have a hundred thousand. */
export interface SymbolTable {
  /** Offsets in the file of the table and of its names. */
  readonly start: number;
  readonly strings: number;
  readonly count: number;
}

/** The symbol at an index, which must be in the table. */
export function symbolAt(elf: Elf, table: SymbolTable, index: number): SymbolEntry {
  const { view, is64 } = elf;
  const at = table.start + index * entrySize(elf);
  const info = view.getUint8(at + (is64 ? 4 : 12));
  return {
    name: elf.names.at(table.strings + view.getUint32(at, true)),
    address: wordAt(elf, at + (is64 ? 8 : 4)),
    isFunction: FUNCTION_TYPES.includes(info & 0xf),
    isDefined: isDefinedAt(elf, at),
  };
}

function isDefinedAt({ view, is64 }: Elf, at: number): boolean {
  return view.getUint16(at + (is64 ? 6 : 14), true) !== 0;
}

/** The addresses of the functions that a table defines. */
export function functionAddresses(elf: Elf, { start, count }: SymbolTable): readonly number[] {
  const { view, is64 } = elf;
  const size = entrySize(elf);
  const found: number[] = [];
  for (let at = start; at < start + count * size; at += size) {
    const isFunction = FUNCTION_TYPES.includes(view.getUint8(at + (is64 ? 4 : 12)) & 0xf);
    if (isFunction && isDefinedAt(elf, at)) found.push(wordAt(elf, at + (is64 ? 8 : 4)));
  }
  return found;
}

/** The names of the function that begins at an address. */
export function namesAt(elf: Elf, table: SymbolTable, address: number): readonly string[] {
  const size = entrySize(elf);
  const found: string[] = [];
  for (let index = 0; index < table.count; index += 1) {
    const at = table.start + index * size;
    if (wordAt(elf, at + (elf.is64 ? 8 : 4)) === address && isDefinedAt(elf, at)) {
      found.push(symbolAt(elf, table, index).name);
    }
  }
  return found;
}

/** The symbols that a table defines, or those that it takes from others. */
export function symbolsOf(elf: Elf, table: SymbolTable, areDefined: boolean): readonly SymbolEntry[] {
  const size = entrySize(elf);
  const found: SymbolEntry[] = [];
  for (let index = 0; index < table.count; index += 1) {
    if (isDefinedAt(elf, table.start + index * size) === areDefined) found.push(symbolAt(elf, table, index));
  }
  return found;
}

function requireCount(count: number): number {
  if (count > MAX_SYMBOLS) throw new MalformedBinary(`it has ${String(count)} symbols`);
  return count;
}

/** The number of symbols that a hash table of GNU's form holds: the last of the longest chain. */
function gnuHashCount(elf: Elf, address: number): number {
  const { view, is64 } = elf;
  const start = requireOffset(elf, address);
  const [buckets, skipped, bloom] = [0, 4, 8].map((step) => view.getUint32(start + step, true)) as [
    number,
    number,
    number,
  ];
  if (buckets > MAX_SYMBOLS) throw new MalformedBinary(`its hash table has ${String(buckets)} buckets`);
  const table = start + 16 + bloom * (is64 ? 8 : 4);
  const chains = table + buckets * 4;
  let last = 0;
  for (let index = 0; index < buckets; index += 1) last = Math.max(last, view.getUint32(table + index * 4, true));
  if (last < skipped) return skipped;
  while ((view.getUint32(chains + (last - skipped) * 4, true) & 1) === 0) last += 1;
  return last + 1;
}

/**
 * How many symbols the loader finds: sections tell it, or one of the two forms of hash tables.
 *
 * @param hash - the address of the table of the older form
 * @param gnuHash - that of GNU's form
 */
export function symbolCount(elf: Elf, hash: number | undefined, gnuHash: number | undefined): number {
  const section = elf.sections.find(({ type }) => type === DYNAMIC_SYMBOLS);
  if (section !== undefined) return requireCount(Math.floor(section.size / entrySize(elf)));
  if (hash !== undefined) return requireCount(elf.view.getUint32(requireOffset(elf, hash) + 4, true));
  return gnuHash === undefined ? 0 : requireCount(gnuHashCount(elf, gnuHash));
}

/** The table of symbols for debuggers, which a stripped file has not. */
export function debugSymbols(elf: Elf): SymbolTable | undefined {
  const table = elf.sections.find(({ type }) => type === ALL_SYMBOLS);
  const strings = table === undefined ? undefined : elf.sections[table.link];
  if (table === undefined || strings === undefined) return undefined;
  return {
    start: table.offset,
    strings: strings.offset,
    count: requireCount(Math.floor(table.size / entrySize(elf))),
  };
}
