// SPDX-License-Identifier: Apache-2.0
// Compiled AppArmor policy, made by hand in the form of apparmor_parser: a stream of tagged values
// (security/apparmor/policy_unpack.h of Linux).

const TAG = { u16: 1, u32: 2, name: 4, string: 5, blob: 6, struct: 7, structEnd: 8 } as const;

/** A text with its length and its end. */
function text(value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16LE(value.length + 1);
  return Buffer.concat([length, Buffer.from(value), Buffer.of(0)]);
}

/** The name of the next value. */
export function named(name: string): Buffer {
  return Buffer.concat([Buffer.of(TAG.name), text(name)]);
}

/** A text. */
export function string(value: string): Buffer {
  return Buffer.concat([Buffer.of(TAG.string), text(value)]);
}

/** Bytes, such as the tables of an automaton. */
export function blob(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([Buffer.of(TAG.blob), length, bytes]);
}

/** A number of 32 bits. */
export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes[0] = TAG.u32;
  bytes.writeUInt32LE(value, 1);
  return bytes;
}

/** A structure. */
export function struct(...parts: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.of(TAG.struct), ...parts, Buffer.of(TAG.structEnd)]);
}

/** The parts of a profile before its end; `before` come before its flags. */
export function profile(name: string, before: readonly Buffer[] = []): Buffer {
  const flags = [named('flags'), struct(u32(0), u32(0), u32(0))];
  const files = [named('aadfa'), blob(Buffer.from([1, 2, 3, TAG.structEnd, TAG.string]))];
  const policies = [named('policydb'), struct(named('aadfa'), blob(Buffer.alloc(9)))];
  const body = [string(name), ...before, ...flags, u32(4), ...policies, ...files];
  return Buffer.concat([named('version'), u32(0x202007), named('profile'), struct(...body)]);
}
