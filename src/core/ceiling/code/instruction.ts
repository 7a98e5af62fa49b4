// SPDX-License-Identifier: Apache-2.0
// The little of an instruction that tells which number a register has at a system call: moves between registers and the
// stack, constants, and where the code goes on. Everything else only makes registers unknown.

/** A register, by the number that instructions have for it. */
export type Register = number;

/** A place in memory, relative to a register. */
export interface Place {
  readonly base: Register;
  readonly offset: number;
}

/** One thing that an instruction does. */
export type Effect =
  | { readonly type: 'constant'; readonly to: Register; readonly value: number }
  | { readonly type: 'copy'; readonly to: Register; readonly from: Register; readonly plus: number }
  /** The register keeps its value or takes that of another one. */
  | { readonly type: 'choose'; readonly to: Register; readonly from: Register }
  | { readonly type: 'load'; readonly to: Register; readonly place: Place }
  | { readonly type: 'store'; readonly from: Register | undefined; readonly constant: number; readonly place: Place }
  | { readonly type: 'forget'; readonly registers: readonly Register[] }
  /** An address of code or data comes into being, of which a function may be called later. */
  | { readonly type: 'address'; readonly value: number }
  /** An address relative to the global offset table of i386. */
  | { readonly type: 'tableAddress'; readonly offset: number };

/** How the code goes on behind an instruction. */
export type Exit =
  | { readonly type: 'call' | 'jump' | 'branch'; readonly target: number }
  /** By way of an address in memory, which may be a function of another file. */
  | { readonly type: 'callSlot' | 'jumpSlot'; readonly slot: number }
  | { readonly type: 'tableJump'; readonly offset: number }
  | { readonly type: 'callUnknown' | 'jumpUnknown' | 'end' }
  | { readonly type: 'syscall'; readonly architecture: 'native' | 'i386' };

/** An instruction of any machine. */
export interface Instruction {
  readonly address: number;
  /** Of the next one. */
  readonly end: number;
  readonly effects: readonly Effect[];
  readonly exit: Exit | undefined;
}

/** The facts about a machine that reading instructions and following their values needs. */
export interface Processor {
  readonly registers: number;
  readonly stack: Register;
  /** Holds the number of a system call. */
  readonly number: Register;
  /**
   * Hold what a call returns. Others that it may change are read again only where the compiler knows that it does not
   * (GCC's -fipa-ra), or on a way that is never gone, behind a call that does not return.
   */
  readonly givenByCalls: readonly Register[];
  readonly lostInSyscalls: readonly Register[];
  /** Bytes that a call itself puts on the stack. */
  readonly returnSize: number;
  /** Bytes of what push puts there. */
  readonly wordSize: number;
  /** The instruction at an offset of the file; undefined where there is none that a processor takes. */
  decode(view: DataView, offset: number, address: number): Instruction | undefined;
}

/** Nothing that matters here. */
export const NO_EFFECTS: readonly Effect[] = [];
