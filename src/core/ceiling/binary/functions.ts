// SPDX-License-Identifier: Apache-2.0
// Where the functions of a file begin: by the table for unwinding, which stripped files have too, by Go's own table, by
// symbols, and where there is none of these by the calls that the code has.
import { SEGMENT, bounded, offsetOf, word64 } from './elf.ts';
import type { Elf } from './elf.ts';
import { debugSymbols, functionAddresses } from './symbols.ts';
import type { Dynamic } from './dynamic.ts';

/** A stretch of code: from where a function begins to where the next one does. */
export interface Region {
  readonly start: number;
  readonly end: number;
}

/** More than any program has. */
const MAX_FUNCTIONS = 4_000_000;

/** Forms of the table for unwinding: numbers of 4 bytes, relative to the table itself (DW_EH_PE_datarel | sdata4). */
const USUAL_FORM = 0x3b;
const COUNT_OF_4_BYTES = 0x03;
const POINTER_OF_4_BYTES = 0x1b;

/** The header of Go's table of functions since Go 1.20 and since 1.18, in internal/abi and debug/gosym. */
const GO_MAGIC = [0xfffffff1, 0xfffffff0];
const GO_TABLES = ['.gopclntab', '.data.rel.ro.gopclntab'];

const CALL = 0xe8;

/** Whether an address is one of code. */
export function isCode({ code }: Elf, address: number): boolean {
  return code.some(({ address: start, size }) => address >= start && address < start + size);
}

/**
 * That of a function which returns from signals begins a byte before it, so that unwinding finds it from the address
 * behind a call; functions begin at multiples of 16.
 */
function withoutMark(start: number): number {
  return start % 16 === 15 ? start + 1 : start;
}

interface Told {
  readonly starts: readonly number[];
  /** Where functions end. */
  readonly ends: readonly number[];
}

/** By an entry of the table: two numbers, its beginning in the form that the header has, and its size. */
function endOf(elf: Elf, start: number, entry: number): number | undefined {
  const offset = offsetOf(elf, entry);
  return offset === undefined || offset + 16 > elf.view.byteLength
    ? undefined
    : start + elf.view.getUint32(offset + 12, true);
}

function toldByUnwinding(elf: Elf): Told {
  const { view, segments } = elf;
  const header = segments.find(({ type }) => type === SEGMENT.ehFrame);
  if (header === undefined || header.size < 12) return { starts: [], ends: [] };
  const at = header.offset;
  const forms = [view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3)];
  if (forms[0] !== POINTER_OF_4_BYTES || forms[1] !== COUNT_OF_4_BYTES || forms[2] !== USUAL_FORM) {
    return { starts: [], ends: [] };
  }
  const count = Math.min(view.getUint32(at + 8, true), Math.floor((header.size - 12) / 8), MAX_FUNCTIONS);
  const [starts, ends]: [number[], number[]] = [[], []];
  for (let index = 0; index < count; index += 1) {
    const start = header.address + view.getInt32(at + 12 + index * 8, true);
    const end = endOf(elf, start, header.address + view.getInt32(at + 16 + index * 8, true));
    starts.push(withoutMark(start));
    if (end !== undefined && isCode(elf, end)) ends.push(end);
  }
  return { starts, ends };
}

function goStarts(elf: Elf): readonly number[] {
  const table = elf.sections.find(({ name }) => GO_TABLES.includes(name));
  if (table === undefined || table.size < 72) return [];
  const { view } = elf;
  const at = table.offset;
  if (!GO_MAGIC.includes(view.getUint32(at, true)) || view.getUint8(at + 7) !== 8) return [];
  const count = Math.min(word64(view, at + 8), MAX_FUNCTIONS);
  const text = word64(view, at + 24) || (elf.sections.find(({ name }) => name === '.text')?.address ?? 0);
  const functions = at + word64(view, at + 64);
  return Array.from({ length: count }, (_, index) => text + view.getUint32(functions + index * 8, true));
}

/** Targets of everything that looks like a call. */
function callTargets(elf: Elf): readonly number[] {
  const { view, machine } = elf;
  const found = new Set<number>();
  for (const { offset, address, size } of elf.code) {
    const step = machine === 'SCMP_ARCH_AARCH64' ? 4 : 1;
    for (let at = 0; at + 5 <= size; at += step) {
      if (step === 1 && view.getUint8(offset + at) !== CALL) continue;
      const word = view.getInt32(offset + at + (step === 1 ? 1 : 0), true);
      if (step === 4 && word >>> 26 !== 0x25) continue;
      const target = address + at + (step === 1 ? 5 + word : ((word << 6) >> 6) * 4);
      if (isCode(elf, target)) found.add(target);
    }
  }
  return [...found];
}

/** The functions of a file. */
export interface Functions {
  /** The sorted beginnings of all stretches of code, each ending where the next begins. */
  readonly starts: Float64Array;
  /** The sorted ends that the table for unwinding tells: behind them is padding, data, or what no compiler made. */
  readonly ends: Float64Array;
}

/** Finds the functions of a file. */
export function functionsOf(elf: Elf, { symbols }: Dynamic): Functions {
  return bounded(() => {
    const told = toldByUnwinding(elf);
    const isTold = told.starts.length > 0;
    const guessed = isTold ? [] : goStarts(elf);
    const called = isTold || guessed.length > 0 ? [] : callTargets(elf);
    const debug = debugSymbols(elf);
    const named = [symbols, ...(debug === undefined ? [] : [debug])].map((table) => functionAddresses(elf, table));
    const code = [[elf.entry], ...named, called].map((some) => some.filter((address) => isCode(elf, address)));
    const bounds = elf.code.flatMap(({ address, size }) => [address, address + size]);
    return { starts: sorted([told.starts, guessed, bounds, ...code]), ends: sorted([told.ends]) };
  });
}

/** Whether an address of a stretch of code is behind the function that begins there. */
export function isBehind({ ends }: Functions, { start }: Region, address: number): boolean {
  const end = ends[lastUpTo(ends, address)];
  return end !== undefined && end <= address && end > start;
}

/** All numbers of several lists, each once. */
function sorted(lists: readonly ArrayLike<number>[]): Float64Array {
  const all = new Float64Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all.sort().filter((value, index, values) => index === 0 || value !== values[index - 1]);
}

/** The index of the last number that is not above this one; 0 where all are. */
function lastUpTo(numbers: Float64Array, wanted: number): number {
  let [low, high] = [0, numbers.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) <= wanted) low = middle;
    else high = middle;
  }
  return low;
}

/** The stretch that holds an address; undefined where the file has no code there. */
export function regionAt(elf: Elf, starts: Float64Array, address: number): Region | undefined {
  if (!isCode(elf, address)) return undefined;
  const at = lastUpTo(starts, address);
  const [start, end] = [starts[at], starts[at + 1]];
  if (start === undefined || end === undefined || offsetOf(elf, start) === undefined) return undefined;
  return { start, end };
}
