// SPDX-License-Identifier: Apache-2.0
// The shape of an instruction of x86, in 64 and in 32 bits: its prefixes, its opcode, its operands and its length.
// Intel's Software Developer's Manual, volume 2, chapter 2 and appendix A.

/** An instruction, taken apart. */
export interface X86Shape {
  readonly length: number;
  /** 0 for one byte, 1 for those after 0F, 2 for 0F 38, 3 for 0F 3A; those with a vector prefix 4 more. */
  readonly map: number;
  readonly opcode: number;
  /** Operands are 64 bits wide. */
  readonly isWide: boolean;
  /** Operands are 16 bits wide. */
  readonly isNarrow: boolean;
  /** Addresses are relative to the segment gs. */
  readonly isThreadLocal: boolean;
  readonly extension: number;
  readonly modrm: Modrm | undefined;
  /** The value behind the operands, as a signed number. */
  readonly immediate: number;
}

/** The byte that tells operands, with what follows it. */
export interface Modrm {
  readonly register: number;
  /** The other operand, where it is a register. */
  readonly other: number | undefined;
  /** The base of the other operand in memory; undefined for none. */
  readonly base: number | undefined;
  readonly hasIndex: boolean;
  readonly isRelative: boolean;
  readonly displacement: number;
}

const PREFIXES = [0x66, 0x67, 0xf2, 0xf3, 0xf0, 0x2e, 0x36, 0x3e, 0x26, 0x64, 0x65];
const MAX_LENGTH = 15;

/** The maps of opcodes. */
export const MAP = { one: 0, two: 1, three38: 2, three3a: 3, vector: 4, vectorTwo: 5 } as const;

function flags(ranges: readonly (readonly [number, number])[]): Uint8Array {
  const found = new Uint8Array(256);
  for (const [from, to] of ranges) found.fill(1, from, to + 1);
  return found;
}

const ONE_WITH_MODRM = flags([
  ...[0x00, 0x08, 0x10, 0x18, 0x20, 0x28, 0x30, 0x38].map((from) => [from, from + 3] as const),
  [0x62, 0x63],
  [0x69, 0x69],
  [0x6b, 0x6b],
  [0x80, 0x8f],
  [0xc0, 0xc1],
  [0xc4, 0xc7],
  [0xd0, 0xd3],
  [0xd8, 0xdf],
  [0xf6, 0xf7],
  [0xfe, 0xff],
]);

const TWO_WITHOUT_MODRM = flags([
  [0x05, 0x09],
  [0x0b, 0x0b],
  [0x0e, 0x0e],
  [0x30, 0x37],
  [0x77, 0x77],
  [0x80, 0x8f],
  [0xa0, 0xa2],
  [0xa8, 0xaa],
  [0xc8, 0xcf],
]);

const TWO_WITH_BYTE = flags([
  [0x0f, 0x0f],
  [0x70, 0x73],
  [0xa4, 0xa4],
  [0xac, 0xac],
  [0xba, 0xba],
  [0xc2, 0xc2],
  [0xc4, 0xc6],
]);

/** Opcodes of one byte that no processor takes in 64 bits. */
const ONE_NOT_IN_64 = flags([
  ...[0x06, 0x0e, 0x16, 0x1e, 0x27, 0x2f, 0x37, 0x3f, 0x82, 0x9a, 0xce, 0xd6, 0xea].map(
    (code) => [code, code] as const,
  ),
  [0x07, 0x07],
  [0x17, 0x17],
  [0x1f, 0x1f],
  [0x60, 0x61],
  [0xd4, 0xd5],
]);

/** How many bytes of a value follow the operands of an opcode of one byte. */
function oneImmediate(opcode: number, extension: number, is64: boolean, head: Head): number {
  const full = head.isNarrow ? 2 : 4;
  if (opcode < 0x40) return (opcode & 7) === 4 ? 1 : (opcode & 7) === 5 ? full : 0;
  if (opcode >= 0x70 && opcode <= 0x7f) return 1;
  if (opcode >= 0xb0 && opcode <= 0xb7) return 1;
  if (opcode >= 0xb8 && opcode <= 0xbf) return head.isWide ? 8 : full;
  if (opcode >= 0xe0 && opcode <= 0xe7) return 1;
  if (opcode >= 0xa0 && opcode <= 0xa3) return is64 !== head.hasOtherAddresses ? (is64 ? 8 : 4) : is64 ? 4 : 2;
  if ([0x68, 0x69, 0x81, 0xa9, 0xc7].includes(opcode)) return full;
  if ([0x6a, 0x6b, 0x80, 0x82, 0x83, 0xa8, 0xc0, 0xc1, 0xc6, 0xcd, 0xd4, 0xd5, 0xeb].includes(opcode)) return 1;
  if (opcode === 0xc2 || opcode === 0xca) return 2;
  if (opcode === 0xc8) return 3;
  if (opcode === 0xe8 || opcode === 0xe9) return is64 ? 4 : full;
  if (opcode === 0x9a || opcode === 0xea) return full + 2;
  if (extension > 1) return 0;
  return opcode === 0xf6 ? 1 : opcode === 0xf7 ? full : 0;
}

interface Head {
  readonly at: number;
  readonly isNarrow: boolean;
  readonly hasOtherAddresses: boolean;
  readonly isThreadLocal: boolean;
  readonly isWide: boolean;
  /** Added to the numbers of the register, the index and the base. */
  readonly extra: readonly [number, number, number];
}

function headAt(view: DataView, start: number, is64: boolean): Head {
  let at = start;
  const seen = { narrow: false, address: false, gs: false };
  for (; at < start + MAX_LENGTH && PREFIXES.includes(view.getUint8(at)); at += 1) {
    const prefix = view.getUint8(at);
    if (prefix === 0x66) seen.narrow = true;
    if (prefix === 0x67) seen.address = true;
    if (prefix === 0x65) seen.gs = true;
  }
  const next = view.getUint8(at);
  const rex = is64 && next >> 4 === 4 ? next : 0;
  return {
    at: rex === 0 ? at : at + 1,
    isNarrow: seen.narrow && (rex & 8) === 0,
    hasOtherAddresses: seen.address,
    isThreadLocal: seen.gs,
    isWide: (rex & 8) !== 0,
    extra: [(rex & 4) << 1, (rex & 2) << 2, (rex & 1) << 3],
  };
}

/** The operands at an offset, and where they end. Undefined for addresses of 16 bits, which no compiler makes. */
function operandsAt(view: DataView, at: number, head: Head, is64: boolean): readonly [Modrm, number] | undefined {
  const byte = view.getUint8(at);
  const [mode, low] = [byte >> 6, byte & 7];
  const register = ((byte >> 3) & 7) + head.extra[0];
  const plain = { register, base: undefined, hasIndex: false, isRelative: false, displacement: 0 };
  if (mode === 3) return [{ ...plain, other: low + head.extra[2] }, at + 1];
  if (head.hasOtherAddresses && !is64) return undefined;
  const sib = low === 4 ? view.getUint8(at + 1) : undefined;
  const next = at + (sib === undefined ? 1 : 2);
  const base = sib === undefined ? low : sib & 7;
  const hasIndex = sib !== undefined && ((sib >> 3) & 7) + head.extra[1] !== 4;
  const hasBase = !(mode === 0 && base === 5);
  const size = mode === 1 ? 1 : mode === 2 || !hasBase ? 4 : 0;
  const displacement = size === 1 ? view.getInt8(next) : size === 4 ? view.getInt32(next, true) : 0;
  const isRelative = is64 && sib === undefined && !hasBase;
  return [
    {
      ...plain,
      other: undefined,
      base: hasBase ? base + head.extra[2] : undefined,
      hasIndex,
      isRelative,
      displacement,
    },
    next + size,
  ];
}

function immediateAt(view: DataView, at: number, size: number): number {
  if (size === 0) return 0;
  if (size === 1) return view.getInt8(at);
  if (size === 2 || size === 3) return view.getInt16(at, true);
  return size === 8 ? view.getInt32(at + 4, true) * 2 ** 32 + view.getUint32(at, true) : view.getInt32(at, true);
}

/** Instructions of vectors: where the opcode is and of which map; undefined where these bytes are something else. */
function vectorAt(
  view: DataView,
  at: number,
  is64: boolean,
): { readonly at: number; readonly map: number } | undefined {
  const byte = view.getUint8(at);
  const isPrefix = byte === 0xc4 || byte === 0xc5 || byte === 0x62;
  if (!isPrefix || (!is64 && view.getUint8(at + 1) >> 6 !== 3)) return undefined;
  if (byte === 0xc5) return { at: at + 2, map: 1 };
  return byte === 0xc4
    ? { at: at + 3, map: view.getUint8(at + 1) & 0x1f }
    : { at: at + 4, map: view.getUint8(at + 1) & 0x07 };
}

function vectorShape(
  view: DataView,
  start: number,
  head: Head,
  is64: boolean,
  found: { at: number; map: number },
): X86Shape | undefined {
  const opcode = view.getUint8(found.at);
  const hasOperands = found.map !== 1 || opcode !== 0x77;
  const operands = hasOperands ? operandsAt(view, found.at + 1, head, is64) : undefined;
  if (hasOperands && operands === undefined) return undefined;
  const isLong = found.map === 3 || (found.map === 1 && TWO_WITH_BYTE[opcode] === 1);
  const end = (operands?.[1] ?? found.at + 1) + (isLong ? 1 : 0);
  return shapeOf(start, end, { map: MAP.vector + found.map, opcode }, head, operands?.[0], 0);
}

function shapeOf(
  start: number,
  end: number,
  { map, opcode }: Pick<X86Shape, 'map' | 'opcode'>,
  head: Head,
  modrm: Modrm | undefined,
  immediate: number,
): X86Shape | undefined {
  if (end - start > MAX_LENGTH) return undefined;
  const { isWide, isNarrow, isThreadLocal, extra } = head;
  return { length: end - start, map, opcode, isWide, isNarrow, isThreadLocal, extension: extra[2], modrm, immediate };
}

function mapAt(view: DataView, at: number): { readonly map: number; readonly at: number } {
  if (view.getUint8(at) !== 0x0f) return { map: MAP.one, at };
  const second = view.getUint8(at + 1);
  if (second === 0x38) return { map: MAP.three38, at: at + 2 };
  return second === 0x3a ? { map: MAP.three3a, at: at + 2 } : { map: MAP.two, at: at + 1 };
}

function hasModrm(map: number, opcode: number): boolean {
  if (map === MAP.one) return ONE_WITH_MODRM[opcode] === 1;
  return map !== MAP.two || TWO_WITHOUT_MODRM[opcode] === 0;
}

function immediateSize(map: number, opcode: number, extension: number, is64: boolean, head: Head): number {
  if (map === MAP.one) return oneImmediate(opcode, extension, is64, head);
  if (map === MAP.three3a) return 1;
  if (map !== MAP.two) return 0;
  if (opcode >= 0x80 && opcode <= 0x8f) return head.isNarrow && !is64 ? 2 : 4;
  return TWO_WITH_BYTE[opcode] ?? 0;
}

/** Takes the instruction at an offset apart; undefined where these bytes are none. Throws RangeError at the end. */
export function x86ShapeAt(view: DataView, start: number, is64: boolean): X86Shape | undefined {
  const head = headAt(view, start, is64);
  const vector = vectorAt(view, head.at, is64);
  if (vector !== undefined) return vectorShape(view, start, head, is64, vector);
  const { map, at } = mapAt(view, head.at);
  const opcode = view.getUint8(at);
  if (map === MAP.one && is64 && ONE_NOT_IN_64[opcode] === 1) return undefined;
  const operands = hasModrm(map, opcode) ? operandsAt(view, at + 1, head, is64) : undefined;
  if (operands === undefined && hasModrm(map, opcode)) return undefined;
  const next = operands?.[1] ?? at + 1;
  const size = immediateSize(map, opcode, (operands?.[0].register ?? 0) & 7, is64, head);
  return shapeOf(start, next + size, { map, opcode }, head, operands?.[0], immediateAt(view, next, size));
}
