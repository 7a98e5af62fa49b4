// SPDX-License-Identifier: Apache-2.0
// Instructions of aarch64 as far as they move numbers of system calls: all are 4 bytes long. Arm Architecture Reference
// Manual, chapter C4.
import { NO_EFFECTS } from './instruction.ts';
import type { Effect, Exit, Place, Processor, Register } from './instruction.ts';

const STACK = 31;
const NUMBER = 8;

function bits(word: number, from: number, count: number): number {
  return (word >>> from) & (2 ** count - 1);
}

function signedBits(word: number, from: number, count: number): number {
  return (word << (32 - from - count)) >> (32 - count);
}

function has(word: number, mask: number, value: number): boolean {
  return (word & mask) >>> 0 === value;
}

/** In most places the number of the stack pointer means the register that is always 0. */
function forget(...registers: readonly Register[]): readonly Effect[] {
  return [{ type: 'forget', registers: registers.filter((register) => register !== STACK) }];
}

function wideMove(word: number): readonly Effect[] {
  const [to, value, shift] = [bits(word, 0, 5), bits(word, 5, 16), bits(word, 21, 2) * 16];
  const kind = bits(word, 29, 2);
  if (kind === 2) return [{ type: 'constant', to, value: value * 2 ** shift }];
  return kind === 0 && shift === 0 ? [{ type: 'constant', to, value: ~value >>> 0 }] : forget(to);
}

function addition(word: number): readonly Effect[] {
  const [to, from] = [bits(word, 0, 5), bits(word, 5, 5)];
  const setsFlags = bits(word, 29, 1) === 1;
  if (setsFlags) return forget(to);
  const amount = bits(word, 10, 12) * (bits(word, 22, 1) === 1 ? 4096 : 1);
  return [{ type: 'copy', to, from, plus: bits(word, 30, 1) === 1 ? -amount : amount }];
}

function pageAddress(word: number, address: number): readonly Effect[] {
  const offset = signedBits(word, 5, 19) * 4 + bits(word, 29, 2);
  const isPage = bits(word, 31, 1) === 1;
  const value = isPage ? Math.floor(address / 4096) * 4096 + offset * 4096 : address + offset;
  return [{ type: 'constant', to: bits(word, 0, 5), value }];
}

/** Pairs of registers, to and from memory, with a new value of the base where it is asked for. */
function pair(word: number): readonly Effect[] {
  const base = bits(word, 5, 5);
  const isVector = bits(word, 26, 1) === 1;
  const width = isVector ? 4 << bits(word, 30, 2) : bits(word, 31, 1) === 1 ? 8 : 4;
  const offset = signedBits(word, 15, 7) * width;
  const mode = bits(word, 23, 2);
  const isIndexed = mode === 1 || mode === 3;
  const at = isIndexed ? 0 : offset;
  const moves = [bits(word, 0, 5), bits(word, 10, 5)].map((register, index) =>
    transfer(bits(word, 22, 1) === 1, register, { base, offset: at + index * width }),
  );
  const update: readonly Effect[] = isIndexed ? [{ type: 'copy', to: base, from: base, plus: offset }] : [];
  const accesses = isVector ? [] : moves;
  return mode === 3 ? [...update, ...accesses] : [...accesses, ...update];
}

function transfer(isLoad: boolean, register: Register, place: Place): Effect {
  if (isLoad) return { type: 'load', to: register, place };
  return { type: 'store', from: register === STACK ? undefined : register, constant: 0, place };
}

/** One register, to or from memory. */
function single(word: number): readonly Effect[] {
  const [register, base, size] = [bits(word, 0, 5), bits(word, 5, 5), bits(word, 30, 2)];
  if (bits(word, 26, 1) === 1) return writeBack(word, base);
  const isLoad = bits(word, 22, 2) !== 0;
  if (bits(word, 24, 1) === 1 && size >= 2) {
    return [transfer(isLoad, register, { base, offset: bits(word, 10, 12) << size })];
  }
  return [...(isLoad ? forget(register) : NO_EFFECTS), ...writeBack(word, base)];
}

function writeBack(word: number, base: Register): readonly Effect[] {
  const mode = bits(word, 10, 2);
  const isIndexed = bits(word, 24, 1) === 0 && bits(word, 21, 1) === 0 && (mode === 1 || mode === 3);
  return isIndexed ? [{ type: 'copy', to: base, from: base, plus: signedBits(word, 12, 9) }] : NO_EFFECTS;
}

function memoryEffects(word: number): readonly Effect[] {
  if (has(word, 0x3a000000, 0x28000000)) return pair(word);
  if (has(word, 0x3a000000, 0x38000000)) return single(word);
  // Exclusive and atomic accesses, and loads of what lies beside the code.
  return forget(bits(word, 0, 5), bits(word, 16, 5), bits(word, 10, 5));
}

function effectsAt(word: number, address: number): readonly Effect[] {
  if (has(word, 0x1f800000, 0x12800000)) return wideMove(word);
  if (has(word, 0x1f000000, 0x11000000)) return addition(word);
  if (has(word, 0x1f000000, 0x10000000)) return pageAddress(word, address);
  if (has(word, 0x7fe0ffe0, 0x2a0003e0)) return moved(bits(word, 0, 5), bits(word, 16, 5));
  if (has(word, 0x7fe00c00, 0x1a800000)) return chosen(word);
  if (has(word, 0x0a000000, 0x08000000)) return memoryEffects(word);
  const isBranch = has(word, 0x1c000000, 0x14000000);
  if (isBranch) return has(word, 0xfff00000, 0xd5300000) ? forget(bits(word, 0, 5)) : NO_EFFECTS;
  // Additions of registers write the stack pointer where they make room for arrays.
  if (has(word, 0x1fe00000, 0x0b200000)) return [{ type: 'forget', registers: [bits(word, 0, 5)] }];
  return forget(bits(word, 0, 5));
}

function moved(to: Register, from: Register): readonly Effect[] {
  return from === STACK ? [{ type: 'constant', to, value: 0 }] : [{ type: 'copy', to, from, plus: 0 }];
}

function chosen(word: number): readonly Effect[] {
  const [to, one, other] = [bits(word, 0, 5), bits(word, 5, 5), bits(word, 16, 5)];
  return [
    ...moved(to, one),
    other === STACK ? { type: 'forget', registers: [to] } : { type: 'choose', to, from: other },
  ];
}

function exitAt(word: number, address: number): Exit | undefined {
  const far = address + signedBits(word, 0, 26) * 4;
  if (has(word, 0xfc000000, 0x94000000)) return { type: 'call', target: far };
  if (has(word, 0xfc000000, 0x14000000)) return { type: 'jump', target: far };
  if (has(word, 0xff000000, 0x54000000)) return { type: 'branch', target: address + signedBits(word, 5, 19) * 4 };
  if (has(word, 0x7e000000, 0x34000000)) return { type: 'branch', target: address + signedBits(word, 5, 19) * 4 };
  if (has(word, 0x7e000000, 0x36000000)) return { type: 'branch', target: address + signedBits(word, 5, 14) * 4 };
  if (has(word, 0xffe0001f, 0xd4000001)) return { type: 'syscall', architecture: 'native' };
  if (has(word, 0xffe0001f, 0xd4200000)) return { type: 'end' };
  return has(word, 0xfe9ff000, 0xd61f0000) ? indirect(bits(word, 21, 2)) : undefined;
}

/** Jumps by a register: BR, BLR and RET, with and without authentication. */
function indirect(kind: number): Exit {
  if (kind === 2) return { type: 'end' };
  return { type: kind === 1 ? 'callUnknown' : 'jumpUnknown' };
}

/** Of 64 bits. */
export const AARCH64: Processor = {
  registers: 32,
  stack: STACK,
  number: NUMBER,
  givenByCalls: [0, 1],
  lostInSyscalls: [0],
  returnSize: 0,
  wordSize: 8,
  decode: (view, offset, address) => {
    const word = view.getUint32(offset, true);
    return { address, end: address + 4, effects: effectsAt(word, address), exit: exitAt(word, address) };
  },
};
