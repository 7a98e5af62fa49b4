// SPDX-License-Identifier: Apache-2.0
// The effects of instructions of x86-64 and i386 on registers and the stack, as far as they move numbers of system
// calls. One that is not listed here makes the registers unknown that it could write.
import { NO_EFFECTS } from './instruction.ts';
import type { Effect, Register } from './instruction.ts';
import { MAP } from './x86-shape.ts';
import type { Modrm, X86Shape } from './x86-shape.ts';

const [EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI] = [0, 1, 2, 3, 4, 5, 6, 7] as const;

const ALL_BUT_STACK = [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

function forget(...registers: readonly Register[]): readonly Effect[] {
  return [{ type: 'forget', registers }];
}

function flags(...ranges: readonly (readonly [number, number])[]): Uint8Array {
  const found = new Uint8Array(256);
  for (const [from, to] of ranges) found.fill(1, from, to + 1);
  return found;
}

/** Which of the operands opcodes of one byte write: the register alone, and the other one alone. */
const ONE_REGISTER = flags([0x69, 0x69], [0x6b, 0x6b], [0x8a, 0x8a]);
const ONE_OTHER = flags(
  [0x88, 0x88],
  [0x8c, 0x8c],
  [0x8f, 0x8f],
  [0xc0, 0xc1],
  [0xc6, 0xc6],
  [0xd0, 0xd3],
  [0xfe, 0xfe],
);

/** The same of those after 0F; those that write registers of vectors only, and those that write nothing. */
const TWO_REGISTER = flags(
  [0x2c, 0x2d],
  [0x50, 0x50],
  [0xaf, 0xaf],
  [0xb6, 0xb8],
  [0xbc, 0xbf],
  [0xc5, 0xc5],
  [0xd7, 0xd7],
);
const TWO_OTHER = flags(
  [0x00, 0x00],
  [0x7e, 0x7e],
  [0x90, 0x9f],
  [0xa4, 0xa5],
  [0xab, 0xad],
  [0xb3, 0xb3],
  [0xba, 0xbb],
);
const TWO_NOTHING = flags(
  [0x0d, 0x0d],
  [0x10, 0x1f],
  [0x28, 0x2b],
  [0x2e, 0x2f],
  [0x51, 0x7d],
  [0x7f, 0x7f],
  [0xa3, 0xa3],
  [0xae, 0xae],
  [0xc2, 0xc4],
  [0xc6, 0xc6],
  [0xd0, 0xd6],
  [0xd8, 0xff],
);

/** The operands of these registers that are written, without the stack pointer: alignments keep what lies there. */
function forgetOperands({ register, other }: Modrm, writes: 'register' | 'other' | 'both'): readonly Effect[] {
  const written = [writes === 'other' ? undefined : register, writes === 'register' ? undefined : other];
  return forget(...written.flatMap((one) => (one === undefined || one === ESP ? [] : [one])));
}

function forgetBy(modrm: Modrm, opcode: number, register: Uint8Array, other: Uint8Array): readonly Effect[] {
  if (register[opcode] === 1) return forgetOperands(modrm, 'register');
  return forgetOperands(modrm, other[opcode] === 1 ? 'other' : 'both');
}

function constant(to: Register, value: number): readonly Effect[] {
  return [{ type: 'constant', to, value }];
}

/** The push of a register, or of a constant. */
function push(from: Register | undefined, value: number, wordSize: number): readonly Effect[] {
  return [
    { type: 'copy', to: ESP, from: ESP, plus: -wordSize },
    { type: 'store', from, constant: value, place: { base: ESP, offset: 0 } },
  ];
}

function pop(to: Register, wordSize: number): readonly Effect[] {
  return [
    { type: 'load', to, place: { base: ESP, offset: 0 } },
    { type: 'copy', to: ESP, from: ESP, plus: wordSize },
  ];
}

/** Of a move from the second operand to the first one. */
function loaded(to: Register, modrm: Modrm): readonly Effect[] {
  const { other, base, hasIndex, displacement } = modrm;
  if (other !== undefined) return [{ type: 'copy', to, from: other, plus: 0 }];
  if (base === undefined || hasIndex) return forget(to);
  return [{ type: 'load', to, place: { base, offset: displacement } }];
}

/** Of a move to the other operand, of a register or a constant. */
function stored(modrm: Modrm, from: Register | undefined, value: number): readonly Effect[] {
  const { other, base, hasIndex, displacement } = modrm;
  if (other !== undefined && from !== undefined) return [{ type: 'copy', to: other, from, plus: 0 }];
  if (other !== undefined) return constant(other, value);
  if (base === undefined || hasIndex) return NO_EFFECTS;
  return [{ type: 'store', from, constant: value, place: { base, offset: displacement } }];
}

function addressOf(modrm: Modrm, end: number): readonly Effect[] {
  const { register, base, hasIndex, isRelative, displacement } = modrm;
  if (isRelative) {
    return [...constant(register, end + displacement), { type: 'address', value: end + displacement }];
  }
  if (base === undefined || hasIndex) return forget(register);
  return [
    { type: 'copy', to: register, from: base, plus: displacement },
    { type: 'tableAddress', offset: displacement },
  ];
}

/** Arithmetic of a constant and an operand: 80, 81 and 83. */
function arithmetic({ modrm, immediate, opcode }: X86Shape): readonly Effect[] {
  const { register = 0, other } = modrm ?? {};
  const operation = register & 7;
  if (operation === 7 || other === undefined) return NO_EFFECTS;
  if (opcode !== 0x80 && operation === 0) return [{ type: 'copy', to: other, from: other, plus: immediate }];
  if (opcode !== 0x80 && operation === 5) return [{ type: 'copy', to: other, from: other, plus: -immediate }];
  // An `and` aligns the stack: what lies on it has another place from here on.
  return operation === 1 && immediate === -1 ? constant(other, 0xffffffff) : forget(other);
}

/** Two operands with one opcode below 40: `xor` and `sub` of a register with itself make 0. */
function twoOperands({ modrm, opcode }: X86Shape): readonly Effect[] {
  if (modrm === undefined) return (opcode & 0x38) === 0x38 ? NO_EFFECTS : forget(EAX);
  const operation = (opcode >> 3) & 7;
  if (operation === 7) return NO_EFFECTS;
  const isSame = modrm.other === modrm.register && (opcode & 1) === 1;
  if (isSame && (operation === 6 || operation === 5)) return constant(modrm.register, 0);
  const isToRegister = (opcode & 2) !== 0;
  const written = isToRegister ? modrm.register : modrm.other;
  return written === undefined ? NO_EFFECTS : forget(written);
}

function groupF7({ modrm }: X86Shape): readonly Effect[] {
  const operation = (modrm?.register ?? 0) & 7;
  if (operation < 2) return NO_EFFECTS;
  if (operation >= 4) return forget(EAX, EDX);
  return modrm?.other === undefined ? NO_EFFECTS : forget(modrm.other);
}

function oneByteEffects(shape: X86Shape, end: number, wordSize: number): readonly Effect[] {
  const { opcode, modrm, immediate, extension } = shape;
  const low = (opcode & 7) + extension;
  if (opcode < 0x40) return (opcode & 7) < 6 ? twoOperands(shape) : NO_EFFECTS;
  if (opcode < 0x50) return forget(low);
  if (opcode < 0x58) return push(low, 0, wordSize);
  if (opcode < 0x60) return pop(low, wordSize);
  if (opcode >= 0xb0 && opcode <= 0xb7) return forget(low, low & 3);
  if (opcode >= 0xb8 && opcode <= 0xbf) return constant(low, shape.isWide ? immediate : immediate >>> 0);
  if (opcode >= 0x91 && opcode <= 0x97) return forget(EAX, low);
  if (opcode >= 0xa4 && opcode <= 0xaf && opcode !== 0xa8 && opcode !== 0xa9) return forget(EAX, ECX, ESI, EDI);
  if (modrm !== undefined) return operandEffects(shape, modrm, end, wordSize);
  switch (opcode) {
    case 0x68:
    case 0x6a:
      return push(undefined, immediate >>> 0, wordSize);
    case 0x90:
      return extension === 0 ? NO_EFFECTS : forget(EAX, low);
    case 0x98:
    case 0xa0:
    case 0xa1:
      return forget(EAX);
    case 0x99:
      return forget(EDX);
    case 0x9c:
      return push(EAX, 0, wordSize).slice(0, 1);
    case 0x9d:
      return [{ type: 'copy', to: ESP, from: ESP, plus: wordSize }];
    case 0xc9:
      return [{ type: 'copy', to: ESP, from: EBP, plus: 0 }, ...pop(EBP, wordSize)];
    default:
      return NO_EFFECTS;
  }
}

function operandEffects(shape: X86Shape, modrm: Modrm, end: number, wordSize: number): readonly Effect[] {
  const { opcode, immediate } = shape;
  switch (opcode) {
    case 0x63:
      return wordSize === 8 ? loaded(modrm.register, modrm) : NO_EFFECTS;
    case 0x80:
    case 0x81:
    case 0x83:
      return arithmetic(shape);
    case 0x84:
    case 0x85:
      return NO_EFFECTS;
    case 0x89:
      return stored(modrm, modrm.register, 0);
    case 0x8b:
      return loaded(modrm.register, modrm);
    case 0x8d:
      return addressOf(modrm, end);
    case 0xc7:
      return stored(modrm, undefined, immediate >>> 0);
    case 0xf6:
    case 0xf7:
      return groupF7(shape);
    case 0xff:
      return groupFf(modrm, wordSize);
    default:
      return opcode >= 0xd8 && opcode <= 0xdf ? forget(EAX) : forgetBy(modrm, opcode, ONE_REGISTER, ONE_OTHER);
  }
}

function groupFf({ register, other }: Modrm, wordSize: number): readonly Effect[] {
  const operation = register & 7;
  if (operation === 6) return push(other, 0, wordSize).slice(0, other === undefined ? 1 : 2);
  return operation < 2 && other !== undefined ? forget(other) : NO_EFFECTS;
}

function twoByteEffects({ opcode, modrm }: X86Shape): readonly Effect[] {
  if (opcode === 0xa2) return forget(EAX, EBX, ECX, EDX);
  if (opcode === 0x01 || (opcode >= 0x30 && opcode <= 0x33)) return forget(EAX, ECX, EDX);
  if (modrm === undefined) return opcode >= 0xc8 && opcode <= 0xcf ? forget(opcode & 7, (opcode & 7) + 8) : NO_EFFECTS;
  if (opcode >= 0x40 && opcode <= 0x4f && modrm.other !== undefined) {
    return [{ type: 'choose', to: modrm.register, from: modrm.other }];
  }
  if (TWO_NOTHING[opcode] === 1) return NO_EFFECTS;
  const implicit = opcode === 0xb0 || opcode === 0xb1 || opcode === 0xc7 ? forget(EAX, EDX) : NO_EFFECTS;
  return [...forgetBy(modrm, opcode, TWO_REGISTER, TWO_OTHER), ...implicit];
}

/** Of vectors: the moves between masks and registers are those that set a byte without the prefix. */
function vectorTwoEffects(shape: X86Shape): readonly Effect[] {
  const { opcode, modrm } = shape;
  const isMaskMove = opcode >= 0x90 && opcode <= 0x93;
  return isMaskMove && modrm !== undefined ? forgetOperands(modrm, 'both') : twoByteEffects(shape);
}

/** Of vectors only; those that move bits of registers have a third operand, which any of them may be. */
function vectorEffects({ opcode, modrm }: X86Shape): readonly Effect[] {
  if (opcode >= 0xf0 && opcode <= 0xf7) return forget(...ALL_BUT_STACK);
  return modrm === undefined ? NO_EFFECTS : forgetOperands(modrm, 'both');
}

/** The effects of an instruction that ends at an address. */
export function x86Effects(shape: X86Shape, end: number, wordSize: number): readonly Effect[] {
  if (shape.map === MAP.one) return oneByteEffects(shape, end, wordSize);
  if (shape.map === MAP.two) return twoByteEffects(shape);
  if (shape.map === MAP.vectorTwo) return vectorTwoEffects(shape);
  if (shape.map >= MAP.vector) return vectorEffects(shape);
  return shape.modrm === undefined ? NO_EFFECTS : forgetOperands(shape.modrm, 'both');
}
