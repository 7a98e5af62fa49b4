// SPDX-License-Identifier: Apache-2.0
// A SelinuxProfile of a policy in CIL, such as udica writes it: one block with what it inherits and its allow rules.
// A policy with anything else has no readable form, and is for a RawSelinuxProfile.
import type { SelinuxProfileSpec } from '../../gen/crd/selinux-profile.ts';
import { FaultList } from '../faults.ts';
import { readCil } from './cil.ts';
import type { CilFault, CilList, CilNode } from './cil.ts';
import { allowMap, allowRules, checkAllow } from './rules.ts';
import type { AllowMap } from './rules.ts';
import { statementFaults } from './statement-check.ts';
import { SELF } from './words.ts';

/** A profile that was made of a text. */
export interface FoundProfile {
  /** Name of the block; empty for a policy without one. */
  readonly name: string;
  readonly spec: SelinuxProfileSpec;
}

/** A list as words and lists, without places. */
type Bare = string | readonly Bare[];

const OTHER = 'has no form in a SelinuxProfile; a RawSelinuxProfile can have it';

/**
 * The profile of a policy.
 * @throws InvalidProfile with every fault, each with its line and column
 */
export function profileOfCil(text: string, subject: string): FoundProfile {
  const faults = new FaultList();
  const note = ({ line, column }: Pick<CilFault, 'line' | 'column'>, reason: string): void => {
    faults.add(`line ${String(line)}, column ${String(column)}`, reason);
  };
  const { statements, fault } = readCil(text);
  const { name, inner } = outerBlock(statements);
  for (const each of fault === undefined ? statementFaults(inner, name) : [fault]) note(each, each.reason);
  faults.throwIfAny(subject);
  const found = inner.map((statement) => ({ statement, part: partOf(bare(statement), name) }));
  for (const { statement, part } of found) if (part === undefined) note(statement, OTHER);
  const spec = specOf(found.flatMap(({ part }) => part ?? []));
  checkAllow(spec.allow ?? {}, faults);
  faults.throwIfAny(subject);
  return { name, spec };
}

function outerBlock(statements: readonly CilList[]): { readonly name: string; readonly inner: readonly CilList[] } {
  const [only, ...others] = statements;
  const [head, name, ...inner] = only?.items ?? [];
  if (others.length > 0 || head?.kind !== 'word' || head.text !== 'block' || name?.kind !== 'word') {
    return { name: '', inner: statements };
  }
  return { name: name.text, inner: inner.flatMap((node) => (node.kind === 'list' ? [node] : [])) };
}

function bare(node: CilNode): Bare {
  return node.kind === 'word' ? node.text : node.items.map(bare);
}

/** One statement's part of a spec. */
type Part =
  | { readonly type: 'inherit'; readonly name: string }
  | { readonly type: 'permissive' }
  | { readonly type: 'allow'; readonly allow: AllowMap };

function partOf(statement: Bare, block: string): Part | undefined {
  const [head, first, target, permissions, ...others] = typeof statement === 'string' ? [] : statement;
  if (typeof first !== 'string' || others.length > 0) return undefined;
  if (head === 'blockinherit' && target === undefined) return { type: 'inherit', name: first };
  if (first !== 'process' && first !== `${block}.process`) return undefined;
  if (head === 'typepermissive' && target === undefined) return { type: 'permissive' };
  if (head !== 'allow' || typeof target !== 'string' || typeof permissions !== 'object') return undefined;
  const [objectClass, words] = permissions;
  if (typeof objectClass !== 'string' || typeof words !== 'object') return undefined;
  const names = words.flatMap((word) => (typeof word === 'string' ? [word] : []));
  if (names.length < words.length) return undefined;
  const own = ['self', 'process', `${block}.process`].includes(target);
  return { type: 'allow', allow: { [own ? SELF : target]: { [objectClass]: names } } };
}

function specOf(parts: readonly Part[]): SelinuxProfileSpec {
  const names = parts.flatMap((part) => (part.type === 'inherit' ? [part.name] : []));
  const allow = allowMap(allowRules(parts.flatMap((part) => (part.type === 'allow' ? [part.allow] : []))));
  const inherit = [...new Set(names)].map((name) => ({ kind: 'System' as const, name }));
  return {
    allow,
    ...(inherit.length === 0 ? {} : { inherit }),
    ...(parts.some(({ type }) => type === 'permissive') ? { permissive: true } : {}),
  };
}
