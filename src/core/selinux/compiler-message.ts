// SPDX-License-Identifier: Apache-2.0
// Messages of libsepol name a line of a module's file, such as "Failed to resolve allow statement at
// /var/lib/selinux/targeted/tmp/modules/400/web_ns/cil:4". Users have an object: the line leads back to its entry.
import { fieldOf } from './rules.ts';
import { SELF } from './words.ts';

/** A module as it was rendered. */
export interface InstalledModule {
  readonly block: string;
  readonly cil: string;
  /** Whether the policy is the user's own text. */
  readonly isRaw: boolean;
}

const PLACE = /\b(?:at|on) (?:line (\d{1,9}) of )?(\S+?)(?::(\d{1,9}))?(?=\.?(?:[\s,;)]|$))/g;

/** Templates of udica up to 0.2.5 inherit container themselves; libsepol takes a type twice from 3.8 on. */
const TWICE = /Re-declaration of type process\b/;
const TWICE_HINT = '(two inherited policies bring the type process: a newer container-selinux or udica has none such)';

/** The message with places in the module's file put into fields of the object. Other places stay. */
export function explainCompilerMessage(message: string, module: InstalledModule): string {
  const placed = withFields(message, module);
  return TWICE.test(message) ? `${placed} ${TWICE_HINT}` : placed;
}

function withFields(message: string, module: InstalledModule): string {
  return message.replace(PLACE, (whole: string, of: string | undefined, file: string, after: string | undefined) => {
    const line = of ?? after;
    return line === undefined || !isFileOf(file, module.block) ? whole : `at ${placeOfLine(Number(line), module)}`;
  });
}

/** A module's file is named for it, or lies in a folder that is. */
function isFileOf(file: string, block: string): boolean {
  const parts = file.split('/');
  return parts.at(-1) === `${block}.cil` || (parts.at(-1) === 'cil' && parts.at(-2) === block);
}

/** The entry of the object that a line of its module is made of. */
function placeOfLine(line: number, { cil, isRaw }: InstalledModule): string {
  if (isRaw) return `spec.policy, line ${String(Math.max(line - 1, 1))}`;
  const text = cil.split('\n', line)[line - 1] ?? '';
  const [, target, objectClass] = /^\(allow process (\S+) \( (\S+) /.exec(text) ?? [];
  if (target !== undefined) return fieldOf(target === 'self' ? SELF : target, objectClass);
  const [, parent] = /^\(blockinherit (\S+)\)/.exec(text) ?? [];
  if (parent !== undefined) return `spec.inherit (${parent})`;
  return text.startsWith('(typepermissive') ? 'spec.permissive' : 'spec';
}
