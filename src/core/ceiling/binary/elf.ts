// SPDX-License-Identifier: Apache-2.0
// The frame of an ELF file: its machine, its segments and its sections. Files are hostile: every offset is checked,
// by DataView where nothing else does, and numbers of entries have limits. https://refspecs.linuxfoundation.org/elf/
import type { KnownArchitecture } from '../../seccomp/syscalls.ts';

/** A file that is no ELF file of a machine that we read, or whose parts contradict each other. */
export class MalformedBinary extends Error {
  override readonly name = 'MalformedBinary';
}

/** A machine whose instructions are read. */
export type Machine = Extract<KnownArchitecture, 'SCMP_ARCH_X86_64' | 'SCMP_ARCH_X86' | 'SCMP_ARCH_AARCH64'>;

/** A part of the file that is mapped into the process. */
export interface Segment {
  readonly type: number;
  readonly isExecutable: boolean;
  /** In the file, in bytes. */
  readonly offset: number;
  /** Where it is mapped, before the loader moves the whole. */
  readonly address: number;
  /** Bytes of the file; the process may have more, which are 0. */
  readonly size: number;
}

/** A part that linkers name; a file needs none. */
export interface Section {
  readonly type: number;
  readonly name: string;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
  readonly link: number;
}

/** An ELF file. */
export interface Elf {
  readonly view: DataView;
  readonly names: Names;
  readonly machine: Machine;
  readonly is64: boolean;
  /** Of the first instruction; 0 for most libraries. */
  readonly entry: number;
  readonly segments: readonly Segment[];
  /** The segments that hold code. */
  readonly code: readonly Segment[];
  readonly sections: readonly Section[];
}

const MAGIC = 0x7f454c46;
const CLASS_64 = 2;
const LITTLE_ENDIAN = 1;
const MACHINES: Readonly<Record<number, Machine>> = {
  3: 'SCMP_ARCH_X86',
  62: 'SCMP_ARCH_X86_64',
  183: 'SCMP_ARCH_AARCH64',
};
const PROGRAM = 2;
const LIBRARY = 3;

/** More than any linker makes of these; a file with more is refused, so that reading ends. */
const MAX_SEGMENTS = 256;
const MAX_SECTIONS = 65_535;
const MAX_TEXT = 4096;

/** Segment types, as in the kernel's include/uapi/linux/elf.h. */
export const SEGMENT = { load: 1, dynamic: 2, interpreter: 3, ehFrame: 0x6474e550 } as const;

/** Whether bytes begin as an ELF file does. */
export function isElf(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) === MAGIC;
}

/**
 * Processes have memory below 2^56 at most, as x86-64 does with five levels of page tables (Linux,
 * Documentation/arch/x86/x86_64/mm.rst). From 2^53 on, adding 1 to a number leaves it as it is, and walking never ends.
 */
const MAX_ADDRESS = Number.MAX_SAFE_INTEGER;

/** A number of 8 bytes; beyond 2^53 it is rounded. */
export function word64(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
}

/** A number of the width of addresses. */
export function wordAt({ view, is64 }: Pick<Elf, 'view' | 'is64'>, at: number): number {
  return is64 ? word64(view, at) : view.getUint32(at, true);
}

/**
 * The names in a file, each read once. Linkers let names share their ends; so all of them together have few times the
 * file's own length, and a file of whose names that is not true is refused before they fill the memory.
 */
export class Names {
  private readonly bytes: Uint8Array;
  private readonly known = new Map<number, string>();
  private left: number;

  constructor({ buffer, byteOffset, byteLength }: DataView) {
    this.bytes = new Uint8Array(buffer, byteOffset, byteLength);
    this.left = 8 * byteLength + MAX_TEXT;
  }

  /** The text of ASCII at an offset, up to a zero byte and of less than 4096 characters. Throws MalformedBinary. */
  at(offset: number): string {
    const known = this.known.get(offset);
    if (known !== undefined) return known;
    const rest = this.bytes.subarray(offset, offset + MAX_TEXT);
    const length = rest.indexOf(0);
    if (length === -1) throw new MalformedBinary('a name in it has no end');
    this.left -= length;
    if (this.left < 0) throw new MalformedBinary('its names lie upon another more often than any linker lets them');
    const text = String.fromCharCode(...rest.subarray(0, length));
    this.known.set(offset, text);
    return text;
  }
}

/** The offset in the file of an address of the process; undefined where the file has nothing there. */
export function offsetOf({ segments }: Elf, address: number): number | undefined {
  for (const segment of segments) {
    if (segment.type === SEGMENT.load && address >= segment.address && address < segment.address + segment.size) {
      return segment.offset + address - segment.address;
    }
  }
  return undefined;
}

/** The same where the file must have something. Throws MalformedBinary. */
export function requireOffset(elf: Elf, address: number): number {
  const offset = offsetOf(elf, address);
  if (offset === undefined) throw new MalformedBinary(`it has nothing at address 0x${address.toString(16)}`);
  return offset;
}

function segmentAt(view: DataView, is64: boolean, at: number): Segment {
  const frame = { view, is64 };
  const flags = view.getUint32(at + (is64 ? 4 : 24), true);
  return {
    type: view.getUint32(at, true),
    isExecutable: (flags & 1) !== 0,
    offset: wordAt(frame, at + (is64 ? 8 : 4)),
    address: wordAt(frame, at + (is64 ? 16 : 8)),
    size: wordAt(frame, at + (is64 ? 32 : 16)),
  };
}

function segmentsOf(view: DataView, is64: boolean): readonly Segment[] {
  const start = wordAt({ view, is64 }, is64 ? 32 : 28);
  const size = view.getUint16(is64 ? 54 : 42, true);
  const count = view.getUint16(is64 ? 56 : 44, true);
  if (count > MAX_SEGMENTS) throw new MalformedBinary(`it has ${String(count)} segments`);
  if (count > 0 && size !== (is64 ? 56 : 32)) throw new MalformedBinary(`its segments have ${String(size)} bytes each`);
  const found = Array.from({ length: count }, (_, index) => segmentAt(view, is64, start + index * size));
  const cut = found.find(({ type, offset, size: bytes }) => type === SEGMENT.load && offset + bytes > view.byteLength);
  if (cut !== undefined) throw new MalformedBinary('it is cut off: a segment goes beyond its end');
  const beyond = found.find(({ type, address, size: bytes }) => type === SEGMENT.load && address + bytes > MAX_ADDRESS);
  if (beyond !== undefined)
    throw new MalformedBinary(`it has a segment at 0x${beyond.address.toString(16)}, where processes have no memory`);
  return found;
}

function sectionAt(view: DataView, is64: boolean, at: number): Omit<Section, 'name'> & { readonly nameAt: number } {
  const frame = { view, is64 };
  return {
    nameAt: view.getUint32(at, true),
    type: view.getUint32(at + 4, true),
    address: wordAt(frame, at + (is64 ? 16 : 12)),
    offset: wordAt(frame, at + (is64 ? 24 : 16)),
    size: wordAt(frame, at + (is64 ? 32 : 20)),
    link: view.getUint32(at + (is64 ? 40 : 24), true),
  };
}

/** None where there are none, or where they lie outside: nothing but their names depends on them. */
function sectionsOf(view: DataView, is64: boolean, text: Names): readonly Section[] {
  const start = wordAt({ view, is64 }, is64 ? 40 : 32);
  const size = view.getUint16(is64 ? 58 : 46, true);
  const count = view.getUint16(is64 ? 60 : 48, true);
  const names = view.getUint16(is64 ? 62 : 50, true);
  if (start === 0 || count > MAX_SECTIONS || start + count * size > view.byteLength) return [];
  if (size !== (is64 ? 64 : 40)) return [];
  const found = Array.from({ length: count }, (_, index) => sectionAt(view, is64, start + index * size));
  const base = found[names]?.offset ?? 0;
  return found.map(({ nameAt, ...section }) => ({
    ...section,
    name: base + nameAt < view.byteLength ? text.at(base + nameAt) : '',
  }));
}

function overlap(segments: readonly Segment[]): boolean {
  const sorted = [...segments].sort((a, b) => a.offset - b.offset);
  return sorted.some(({ offset }, index) => {
    const before = sorted[index - 1];
    return before !== undefined && before.offset + before.size > offset;
  });
}

/**
 * Reads the frame of a file.
 *
 * @throws MalformedBinary for one that is not for a machine that we read, or is broken
 */
export function readElf(bytes: Uint8Array): Elf {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return bounded(() => {
    if (view.getUint32(0) !== MAGIC) throw new MalformedBinary('it is no ELF file');
    const is64 = view.getUint8(4) === CLASS_64;
    if (view.getUint8(5) !== LITTLE_ENDIAN) throw new MalformedBinary('its bytes are in the order of other machines');
    const type = view.getUint16(16, true);
    if (type !== PROGRAM && type !== LIBRARY) throw new MalformedBinary('it is neither a program nor a library');
    const number = view.getUint16(18, true);
    const machine = MACHINES[number];
    if (machine === undefined) throw new MalformedBinary(`it is for the machine ${String(number)}, which is not read`);
    if (is64 === (machine === 'SCMP_ARCH_X86'))
      throw new MalformedBinary('its addresses have not the width of its machine');
    const entry = wordAt({ view, is64 }, 24);
    const segments = segmentsOf(view, is64);
    const code = segments.filter((segment) => segment.type === SEGMENT.load && segment.isExecutable);
    if (overlap(code)) throw new MalformedBinary('parts of its code lie upon another');
    const names = new Names(view);
    return { view, names, machine, is64, entry, segments, code, sections: sectionsOf(view, is64, names) };
  });
}

/** Reads something of a file; what would lie outside is a fault of the file. */
export function bounded<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError)
      throw new MalformedBinary('a part of it lies outside of the file', { cause: error });
    throw error;
  }
}
