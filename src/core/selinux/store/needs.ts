// SPDX-License-Identifier: Apache-2.0
// Which modules cannot be without another one: those that inherit its block, and those whose rules name what is in it.
// libsepol refuses every policy that lacks it, so it goes into the store before them and out of it behind them.
import { readCil } from '../cil.ts';
import type { CilNode } from '../cil.ts';
import { profileOfModule } from './mark.ts';
import type { MarkedProfile } from './mark.ts';

/** The text of a module. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** Whether a text needs a block to be there. Statements that are optional need nothing. */
export function needs(text: string, block: string): boolean {
  return text.includes(block) && readCil(text).statements.some((statement) => names(statement, block));
}

function names(node: CilNode, block: string): boolean {
  if (node.kind === 'word') return node.text.replace(/^\./, '').split('.', 1)[0] === block;
  const [head] = node.items;
  const isOptional = head?.kind === 'word' && head.text === 'optional';
  return !isOptional && node.items.some((item) => names(item, block));
}

/** The profiles of which a module is that needs a block, in the order of the texts. */
export function profilesInNeedOf(block: string, texts: readonly NamedText[]): readonly MarkedProfile[] {
  return texts
    .filter(({ name, text }) => name !== block && needs(text, block))
    .flatMap(({ text }) => profileOfModule(text) ?? []);
}
