// SPDX-License-Identifier: Apache-2.0
// The mark by which a module in a node's policy store is known as the operator's: the last line of its text. It is
// there when the operator's own files are gone, and nobody else's module has it.
import { objectKey } from '../../names.ts';

/** A profile, as the mark of its module names it. */
export interface MarkedProfile {
  /** SelinuxProfile or RawSelinuxProfile. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** How the last line of every module of the operator begins. */
export const MARK = ';; security-profiles-operator:';

/** A module's text with the mark below it, so that the lines of the text keep their numbers. */
export function marked(cil: string, { kind, namespace, name }: MarkedProfile): string {
  return `${cil}${cil.endsWith('\n') ? '' : '\n'}${MARK} ${kind} ${objectKey(namespace, name)}\n`;
}

/** The profile of a module by the last line of its text; undefined for one that is not the operator's. */
export function markedProfile(lastLine: string): MarkedProfile | undefined {
  if (!lastLine.startsWith(MARK)) return undefined;
  const [, kind, namespace, name] = /^ (\w+) ([^/\s]+)\/([^/\s]+)$/.exec(lastLine.slice(MARK.length)) ?? [];
  return kind === undefined || namespace === undefined || name === undefined ? undefined : { kind, namespace, name };
}

/** The profile of a module by its text. */
export function profileOfModule(text: string): MarkedProfile | undefined {
  return markedProfile(text.trimEnd().split('\n').at(-1) ?? '');
}

/**
 * Whether a module is the operator's and may be replaced and removed, by the last line of its text. The form of the
 * text shows nothing: udica, with which administrators write theirs, prints blocks as we do.
 */
export function isMarked(lastLine: string): boolean {
  return lastLine.startsWith(MARK);
}
