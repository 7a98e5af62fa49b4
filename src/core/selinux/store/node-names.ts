// SPDX-License-Identifier: Apache-2.0
// Names in the rules of a module that the policy of the node does not have. libsepol refuses the whole transaction for
// one of them, and its words name neither type nor class; so it is found out before.
import { readCil } from '../cil.ts';
import type { CilList, CilNode } from '../cil.ts';
import { SELINUX_PROFILE } from '../../../gen/kinds.ts';
import { headOf } from '../statement-check.ts';
import { classFault, permissionFault, quoted } from '../words.ts';
import { profileOfModule } from './mark.ts';
import type { NamedText } from './needs.ts';

/** The names that the policy in the kernel of a node has; undefined for one of which that cannot be told. */
export interface NodeNames {
  hasClass(name: string): boolean | undefined;
  hasPermission(objectClass: string, name: string): boolean | undefined;
  /** False for an attribute, too. */
  hasType(name: string): boolean | undefined;
}

/** The verdict on the names of a module. */
export interface UnknownNames {
  /** Sentences with their places, for names without which no compiler takes the module. */
  readonly faults: readonly string[];
  /** Targets that are no types of the node: attributes, types of another module of ours, or mistakes. */
  readonly targets: readonly string[];
}

/** Faults that are told of one module. */
const MOST_FAULTS = 5;

const RULES: ReadonlySet<string> = new Set(['allow', 'auditallow', 'dontaudit']);
const DECLARATIONS: ReadonlySet<string> = new Set(['type', 'typealias', 'typeattribute', 'block']);

interface Rule {
  readonly line: number;
  readonly target: string;
  readonly objectClass: string;
  readonly permissions: readonly string[];
}

/**
 * Holds the rules of a module against the policy of the node. Only rules that hold without any condition count, and
 * names that the module does not declare itself. A class that a raw policy names may be a map of classes, which no
 * kernel shows.
 */
export function unknownNames({ name, text }: NamedText, node: NodeNames): UnknownNames {
  const inner = innerOf(readCil(text).statements[0]);
  const isRaw = profileOfModule(text)?.kind !== SELINUX_PROFILE.kind;
  const own = new Set(['self', 'process', name, ...inner.flatMap(declared)]);
  const rules = inner.flatMap(ruleOf);
  const faults = rules.flatMap((rule) =>
    faultsOf(rule, isRaw, node).map((fault) => `${fault} at ${name}.cil:${rule.line}`),
  );
  const targets = rules.map(({ target }) => target).filter((target) => !own.has(firstStep(target)));
  return {
    faults: [...new Set(faults)].slice(0, MOST_FAULTS),
    targets: [...new Set(targets)].filter((target) => node.hasType(target.replace(/^\./, '')) === false),
  };
}

/** The statements of the block of a module. */
function innerOf(block: CilList | undefined): readonly CilList[] {
  return (block?.items ?? []).flatMap((node) => (node.kind === 'list' ? [node] : []));
}

function declared(statement: CilList): readonly string[] {
  const name = statement.items[1];
  return DECLARATIONS.has(headOf(statement) ?? '') && name?.kind === 'word' ? [name.text] : [];
}

function firstStep(target: string): string {
  return target.split('.', 1)[0] ?? '';
}

function ruleOf(statement: CilList): readonly Rule[] {
  const [, , target, permissions] = statement.items;
  if (!RULES.has(headOf(statement) ?? '') || target?.kind !== 'word' || permissions?.kind !== 'list') return [];
  const [objectClass, words] = permissions.items;
  if (objectClass?.kind !== 'word' || words?.kind !== 'list') return [];
  const { line } = statement;
  return [{ line, target: target.text, objectClass: objectClass.text, permissions: plainWords(words.items) }];
}

/** The names in a list of permissions; none where it is an expression. */
function plainWords(nodes: readonly CilNode[]): readonly string[] {
  const words = nodes.flatMap((node) => (node.kind === 'word' ? [node.text] : []));
  const isPlain = words.length === nodes.length && words.every((word) => permissionFault(word) === undefined);
  return isPlain ? words : [];
}

function faultsOf({ objectClass, permissions }: Rule, isRaw: boolean, node: NodeNames): readonly string[] {
  if (classFault(objectClass) !== undefined) return [];
  const hasClass = node.hasClass(objectClass);
  if (hasClass === undefined) return [];
  if (!hasClass) return isRaw ? [] : [`the policy of this node has no class ${quoted(objectClass)}`];
  return permissions
    .filter((word) => node.hasPermission(objectClass, word) === false)
    .map((word) => `the policy of this node has no permission ${quoted(word)} of the class ${quoted(objectClass)}`);
}
