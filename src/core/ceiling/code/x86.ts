// SPDX-License-Identifier: Apache-2.0
// Instructions of x86-64 and i386: how the code goes on behind them, and the two machines.
import type { Exit, Instruction, Processor } from './instruction.ts';
import { x86Effects } from './x86-effects.ts';
import { MAP, x86ShapeAt } from './x86-shape.ts';
import type { Modrm, X86Shape } from './x86-shape.ts';

const [EAX, ECX, EDX, EBX, ESP] = [0, 1, 2, 3, 4] as const;

function absolute({ displacement, isRelative }: Modrm, end: number): number {
  return isRelative ? end + displacement : displacement >>> 0;
}

function indirect({ modrm, isThreadLocal }: X86Shape, end: number): Exit | undefined {
  if (modrm === undefined) return undefined;
  const operation = modrm.register & 7;
  if (operation < 2 || operation > 5) return undefined;
  const isCall = operation < 4;
  // i386 calls the kernel by an address that the thread's control block has (sysinfo, at 0x10).
  if (isThreadLocal && isCall && modrm.displacement === 0x10) return { type: 'syscall', architecture: 'native' };
  const isSlot = modrm.other === undefined && modrm.base === undefined && !modrm.hasIndex;
  if (isSlot) return { type: isCall ? 'callSlot' : 'jumpSlot', slot: absolute(modrm, end) };
  if (!isCall && modrm.base === EBX && !modrm.hasIndex) return { type: 'tableJump', offset: modrm.displacement };
  return { type: isCall ? 'callUnknown' : 'jumpUnknown' };
}

function exitOf(shape: X86Shape, end: number): Exit | undefined {
  const { map, opcode, immediate } = shape;
  if (map === MAP.two) {
    if (opcode === 0x05 || opcode === 0x34) return { type: 'syscall', architecture: 'native' };
    if (opcode === 0x0b) return { type: 'end' };
    return opcode >= 0x80 && opcode <= 0x8f ? { type: 'branch', target: end + immediate } : undefined;
  }
  if (map !== MAP.one) return undefined;
  if ((opcode >= 0x70 && opcode <= 0x7f) || (opcode >= 0xe0 && opcode <= 0xe3)) {
    return { type: 'branch', target: end + immediate };
  }
  if (opcode === 0xe8) return { type: 'call', target: end + immediate };
  if (opcode === 0xe9 || opcode === 0xeb) return { type: 'jump', target: end + immediate };
  if (opcode === 0xcd && (immediate & 0xff) === 0x80) return { type: 'syscall', architecture: 'i386' };
  if ([0xc2, 0xc3, 0xca, 0xcb, 0xcc, 0xcf, 0xf4].includes(opcode)) return { type: 'end' };
  return opcode === 0xff ? indirect(shape, end) : undefined;
}

function decoder(is64: boolean): Processor['decode'] {
  return (view, offset, address): Instruction | undefined => {
    const shape = x86ShapeAt(view, offset, is64);
    if (shape === undefined) return undefined;
    const end = address + shape.length;
    return { address, end, effects: x86Effects(shape, end, is64 ? 8 : 4), exit: exitOf(shape, end) };
  };
}

/** Of 64 bits. */
export const X86_64: Processor = {
  registers: 16,
  stack: ESP,
  number: EAX,
  givenByCalls: [EAX, EDX],
  lostInSyscalls: [EAX, ECX, 11],
  returnSize: 8,
  wordSize: 8,
  decode: decoder(true),
};

/** Of 32 bits. */
export const I386: Processor = {
  registers: 8,
  stack: ESP,
  number: EAX,
  givenByCalls: [EAX, EDX],
  lostInSyscalls: [EAX],
  returnSize: 4,
  wordSize: 4,
  decode: decoder(false),
};
