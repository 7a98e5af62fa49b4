// SPDX-License-Identifier: Apache-2.0
// A function taken apart into its instructions, and where it may lead to.
import { offsetOf } from '../binary/elf.ts';
import type { Elf, Machine } from '../binary/elf.ts';
import type { Region } from '../binary/functions.ts';
import { AARCH64 } from './aarch64.ts';
import type { Effect, Exit, Instruction, Processor } from './instruction.ts';
import { I386, X86_64 } from './x86.ts';

/** The processors by machine. */
export const PROCESSORS: Readonly<Record<Machine, Processor>> = {
  SCMP_ARCH_X86_64: X86_64,
  SCMP_ARCH_X86: I386,
  SCMP_ARCH_AARCH64: AARCH64,
};

/** An instruction after which the code goes on elsewhere, too. */
export interface Departure {
  readonly address: number;
  readonly exit: Exit;
}

/** A function: what matters of most. */
export interface Outline {
  readonly region: Region;
  /** In the order of their addresses. */
  readonly departures: readonly Departure[];
  /** Addresses that it makes: functions among them may be called by others that get them. */
  readonly addresses: readonly number[];
}

/** Addresses below this one are numbers. */
const LOWEST_ADDRESS = 4096;

/** Where code cannot be read on, at the next place where an instruction may begin. */
function next(machine: Machine, address: number): number {
  return address + (machine === 'SCMP_ARCH_AARCH64' ? 4 : 1);
}

function decodeAt(processor: Processor, view: DataView, offset: number, address: number): Instruction | undefined {
  try {
    return processor.decode(view, offset, address);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function decodeAll(elf: Elf, region: Region, take: (instruction: Instruction) => void): void {
  const processor = PROCESSORS[elf.machine];
  const start = offsetOf(elf, region.start) ?? 0;
  for (let address = region.start; address < region.end;) {
    const instruction = decodeAt(processor, elf.view, start + address - region.start, address);
    if (instruction !== undefined) take(instruction);
    address = instruction?.end ?? next(elf.machine, address);
  }
}

/** The instructions of a function. */
export function instructionsOf(elf: Elf, region: Region): readonly Instruction[] {
  const found: Instruction[] = [];
  decodeAll(elf, region, (instruction) => void found.push(instruction));
  return found;
}

/**
 * Notes addresses, also those that are made in two steps, as aarch64 does; followed from line to line only.
 *
 * @param table - where the global offset table of i386 is; 0 for none
 */
function noteAddresses(effects: readonly Effect[], table: number, pages: Map<number, number>, found: number[]): void {
  for (const effect of effects) {
    if (effect.type === 'address') found.push(effect.value);
    if (effect.type === 'tableAddress' && table !== 0) found.push(table + effect.offset);
    if (effect.type === 'constant' && effect.value >= LOWEST_ADDRESS) {
      pages.set(effect.to, effect.value);
      found.push(effect.value);
    }
    const page = effect.type === 'copy' ? pages.get(effect.from) : undefined;
    if (effect.type === 'copy' && page !== undefined) found.push(page + effect.plus);
  }
}

/**
 * Takes a function apart.
 *
 * @param table - where the global offset table is
 */
export function outlineOf(elf: Elf, region: Region, table: number): Outline {
  const departures: Departure[] = [];
  const addresses: number[] = [];
  const pages = new Map<number, number>();
  const ownTable = elf.machine === 'SCMP_ARCH_X86' ? table : 0;
  decodeAll(elf, region, ({ address, effects, exit }) => {
    if (exit !== undefined) departures.push({ address, exit });
    noteAddresses(effects, ownTable, pages, addresses);
  });
  return { region, departures, addresses };
}

/** The departure at an address; undefined where there is none. */
export function departureAt({ departures }: Outline, address: number): Departure | undefined {
  let [low, high] = [0, departures.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((departures[middle]?.address ?? 0) <= address) low = middle;
    else high = middle;
  }
  const found = departures[low];
  return found?.address === address ? found : undefined;
}
