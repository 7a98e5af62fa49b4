// SPDX-License-Identifier: Apache-2.0
// A binary with everything that exploring it needs, and how its code reaches functions of others.
import { readDynamic } from './binary/dynamic.ts';
import type { Dynamic } from './binary/dynamic.ts';
import { readElf, offsetOf } from './binary/elf.ts';
import type { Elf } from './binary/elf.ts';
import { functionsOf, regionAt } from './binary/functions.ts';
import type { Functions, Region } from './binary/functions.ts';

/** A program or a library. */
export interface Binary {
  readonly path: string;
  readonly elf: Elf;
  readonly dynamic: Dynamic;
  readonly functions: Functions;
}

/**
 * Reads a binary.
 *
 * @throws MalformedBinary
 */
export function readBinary(path: string, bytes: Uint8Array): Binary {
  const elf = readElf(bytes);
  const dynamic = readDynamic(elf);
  return { path, elf, dynamic, functions: functionsOf(elf, dynamic) };
}

/** The function that holds an address. */
export function functionAt({ elf, functions }: Binary, address: number): Region | undefined {
  return regionAt(elf, functions.starts, address);
}

const ENDBR = 0xfa1e0ff3;
const BND = 0xf2;
const JUMP_BY_MEMORY = 0x25ff;
const JUMP_BY_TABLE = 0xa3ff;
const BTI = 0xd503245f;

/** The slot that a stub of x86 jumps by: `jmp *slot`, which marks and prefixes may precede. */
function slotOfX86Stub({ elf, dynamic }: Binary, address: number, offset: number): number | undefined {
  const { view, is64 } = elf;
  const marked = view.getUint32(offset, true) === ENDBR ? 4 : 0;
  const at = marked + (view.getUint8(offset + marked) === BND ? 1 : 0);
  const code = view.getUint16(offset + at, true);
  const displacement = view.getInt32(offset + at + 2, true);
  if (code === JUMP_BY_MEMORY) return is64 ? address + at + 6 + displacement : displacement >>> 0;
  return code === JUMP_BY_TABLE && !is64 ? dynamic.table + displacement : undefined;
}

/** The same of aarch64: `adrp x16`, `ldr x17, [x16, #low]`. */
function slotOfArmStub({ elf }: Binary, address: number, offset: number): number | undefined {
  const marked = elf.view.getUint32(offset, true) === BTI ? 4 : 0;
  const [page, load] = [offset + marked, offset + marked + 4].map((at) => elf.view.getUint32(at, true)) as [
    number,
    number,
  ];
  if ((page & 0x9f00001f) >>> 0 !== 0x90000010 || (load & 0xffc003ff) >>> 0 !== 0xf9400211) return undefined;
  const pages = (((page << 8) >> 13) << 2) | ((page >>> 29) & 3);
  return (Math.floor((address + marked) / 4096) + pages) * 4096 + ((load >>> 10) & 0xfff) * 8;
}

/** The name of the function of another file that the stub at an address leads to; undefined where there is no stub. */
export function importAt(binary: Binary, address: number): string | undefined {
  const offset = offsetOf(binary.elf, address);
  if (offset === undefined || offset + 12 > binary.elf.view.byteLength) return undefined;
  const isArm = binary.elf.machine === 'SCMP_ARCH_AARCH64';
  const slot = isArm ? slotOfArmStub(binary, address, offset) : slotOfX86Stub(binary, address, offset);
  return slot === undefined ? undefined : binary.dynamic.slots.get(slot);
}
