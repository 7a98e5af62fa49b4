// SPDX-License-Identifier: Apache-2.0
// Names and arguments that are no UTF-8. Linux has bytes where JavaScript has text: a byte that is no UTF-8 is kept as
// a lone surrogate (0xe9 as U+DCE9, as the wire does it), and becomes that byte again where a file is named or a
// message written.
import { readFileSync } from 'node:fs';
import { bytesOfText, textOfBytes } from '../gen/wire/frame.ts';

const KEPT_BYTE = /[\udc80-\udcff]/;

/** The bytes of a text, those that are no UTF-8 too. */
export function bytesOf(text: string): Buffer {
  return KEPT_BYTE.test(text) ? Buffer.from(bytesOfText(text), 'latin1') : Buffer.from(text);
}

/** A path as functions of Node.js take it. */
export function pathOf(text: string): string | Buffer {
  return KEPT_BYTE.test(text) ? bytesOf(text) : text;
}

/** The text of bytes, such as those of a link. */
export function textOf(bytes: Buffer): string {
  return textOfBytes('a name', bytes.toString('latin1'));
}

/**
 * The last arguments of this process. Node.js puts U+FFFD in place of bytes that are no UTF-8, so those are read from
 * the kernel.
 */
export function exactArguments(args: readonly string[]): readonly string[] {
  if (!args.some((arg) => arg.includes('\ufffd'))) return args;
  const all = readFileSync('/proc/self/cmdline', 'latin1').split('\0').slice(0, -1);
  return all.slice(all.length - args.length).map((arg) => textOf(Buffer.from(arg, 'latin1')));
}
