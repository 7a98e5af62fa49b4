// SPDX-License-Identifier: Apache-2.0
// The effects of a raw policy beyond the processes of its own block. Statements that change other types are told as
// risks, because policies of udica have some. Making another type permissive is refused, and so only the bare `process`
// may be made so, where it is certain to be a type of this block: an alias would lead to any other type.
import type { CilFault, CilList, CilNode } from './cil.ts';
import { placeOf } from './cil.ts';
import { headOf, partsOf } from './statement-check.ts';
import { STATEMENTS } from './statements.ts';
import { isNameOfTemplates } from './templates.ts';
import { typeWords } from './type-words.ts';
import { shown } from './words.ts';

/**
 * An allow rule of a policy, as far as its words tell, or a part of one that other statements bring to it: an alias,
 * the set of an attribute, arguments of a macro. Words that are not known are empty.
 */
export interface RawRule {
  readonly line: number;
  readonly target: string;
  readonly objectClass: string;
  readonly permissions: readonly string[];
  /** Whether the permissions are an expression that can mean any others, as `all` and `not` do. */
  readonly isOpen: boolean;
  /** Whether the class is a parameter. */
  readonly isAnyClass?: boolean;
  /** Whether the target is an expression that can mean types that it does not name. */
  readonly isAnyType?: boolean;
}

/** The effects of a policy. */
export interface RawReport {
  readonly refusals: readonly CilFault[];
  readonly risks: readonly CilFault[];
  readonly rules: readonly RawRule[];
}

/** Names that are declared around a part of the policy. Each part has its own: there may be thousands of both. */
class Names {
  private readonly own: ReadonlySet<string>;
  private readonly around: Names | undefined;

  constructor(own: readonly string[] = [], around?: Names) {
    this.own = new Set(own);
    this.around = around;
  }

  has(name: string): boolean {
    return this.own.has(name) || this.around?.has(name) === true;
  }

  /** These, and those of a part inside. */
  with(declared: readonly string[]): Names {
    return declared.length === 0 ? this : new Names(declared, this);
  }
}

const NO_NAMES = new Names();

/** Names that a part of the policy can use without leaving the block. */
interface Scope {
  readonly names: Names;
  /** The profile's block itself, a condition in it, a macro, a block in it, or a block of somebody else. */
  readonly place: 'own' | 'optional' | 'macro' | 'inner' | 'other';
}

const RULES: ReadonlySet<string> = new Set(['allow', 'auditallow', 'dontaudit', 'allowx', 'auditallowx', 'dontauditx']);
const TYPE_DECLARATIONS: ReadonlySet<string> = new Set(['type', 'typeattribute', 'typealias']);
const DECLARATIONS: ReadonlySet<string> = new Set([...TYPE_DECLARATIONS, 'block', 'macro']);

/** Operators by which an expression can mean permissions that it does not name. */
const OPENING: ReadonlySet<string> = new Set(['all', 'not', 'xor']);

/** The type of a block's processes. */
const PROCESS = 'process';

/** Reports on statements that have the right form. */
export function reportOn(statements: readonly CilList[], block: string): RawReport {
  const brings = (node: CilList): boolean =>
    headOf(node) === 'blockinherit' || (headOf(node) === 'type' && wordAt(node, 1)[0] === PROCESS);
  const reporter = new Reporter(block, statements.some(brings));
  reporter.visitAll(statements, scopeOf(statements, NO_NAMES.with([PROCESS]), 'own'));
  return reporter.report;
}

function scopeOf(nodes: readonly CilNode[], names: Names, place: Scope['place']): Scope {
  const declared = nodes.flatMap((node) => (DECLARATIONS.has(headOf(node) ?? '') ? wordAt(node, 1) : []));
  return { names: names.with(declared), place };
}

function wordAt(node: CilNode, index: number): readonly string[] {
  const item = node.kind === 'list' ? node.items[index] : undefined;
  return item?.kind === 'word' ? [item.text] : [];
}

class Reporter {
  private readonly block: string;
  /** Whether the block has the type of its processes without any condition. */
  private readonly hasProcess: boolean;
  private readonly refusals: CilFault[] = [];
  private readonly risks: CilFault[] = [];
  private readonly rules: RawRule[] = [];

  constructor(block: string, hasProcess: boolean) {
    this.block = block;
    this.hasProcess = hasProcess;
  }

  get report(): RawReport {
    return { refusals: this.refusals, risks: this.risks, rules: this.rules };
  }

  visitAll(nodes: readonly CilNode[], scope: Scope): void {
    for (const node of nodes) if (node.kind === 'list') this.visit(node, scope);
  }

  private visit(node: CilList, scope: Scope): void {
    const head = headOf(node) ?? '';
    const [first = ''] = wordAt(node, 1);
    if (RULES.has(head) || head === 'deny') this.visitRule(node, head, first, scope);
    if (head === 'typepermissive' && !this.isProcess(first, scope)) {
      this.refusals.push({
        ...placeOf(node),
        reason: `typepermissive ${shown(first)}: only process of this block itself may be permissive`,
      });
    }
    if (head === 'typeattributeset' && !this.isOwn(first, scope))
      this.risk(node, `adds to ${shown(first)}, whose rules then hold`);
    this.noteParts(node, head, scope);
    if (head === 'blockinherit') this.visitInherit(node, first, scope);
    if (TYPE_DECLARATIONS.has(head) && isNameOfTemplates(first)) this.capture(node, first);
    this.visitInner(node, head, scope);
  }

  private visitRule(node: CilList, head: string, source: string, scope: Scope): void {
    const [target = ''] = wordAt(node, 2);
    if (!this.isOwn(source, scope)) this.risk(node, `${head} changes ${shown(source)}, which is not of this block`);
    if (head === 'deny') this.risk(node, 'deny takes permissions out of other rules, and needs libsepol 3.6');
    if (head === 'allow') this.noteRule(node, target, node.items[3], scope);
  }

  private noteRule({ line }: CilList, target: string, permissions: CilNode | undefined, scope: Scope): void {
    const [objectClass = ''] = permissions === undefined ? [] : wordAt(permissions, 0);
    const words = permissions?.kind === 'list' ? wordsIn(permissions.items[1]) : [];
    const isOpen = words.some((word) => OPENING.has(word));
    const names = words.filter((word) => !OPENING.has(word) && word !== 'and' && word !== 'or');
    const isAnyClass = scope.place === 'macro' && scope.names.has(objectClass);
    this.rules.push({ line, target, objectClass, permissions: names, isOpen, isAnyClass });
  }

  /** Notes what a rule elsewhere may mean by a name that it has from this statement. */
  private noteParts(node: CilList, head: string, scope: Scope): void {
    const second = node.items[2];
    if (head === 'classpermissionset') this.noteRule(node, '', second, scope);
    if (head === 'typealiasactual') this.noteTarget(node, wordAt(node, 2));
    if (head === 'typeattributeset') {
      const { words, isOpen } = typeWords(second);
      this.noteTarget(node, [...wordAt(node, 1), ...words], isOpen);
    }
    if (head !== 'call' || second?.kind !== 'list') return;
    this.noteTarget(node, wordsIn(second));
    for (const argument of second.items) if (argument.kind === 'list') this.noteRule(node, '', argument, scope);
    for (const objectClass of new Set(second.items.flatMap(wordsIn))) {
      this.rules.push({ line: node.line, target: '', objectClass, permissions: [], isOpen: false });
    }
  }

  private noteTarget({ line }: CilList, types: readonly string[], isAnyType = false): void {
    const none = { line, objectClass: '', permissions: [], isOpen: false };
    for (const target of new Set(types)) this.rules.push({ ...none, target });
    if (isAnyType) this.rules.push({ ...none, target: '', isAnyType });
  }

  private capture(node: CilList, name: string): void {
    this.risk(node, `rules that are inherited then mean this ${shown(name)}, and not that of the node`);
  }

  private visitInherit(node: CilList, parent: string, { place }: Scope): void {
    if (place === 'optional')
      this.risk(node, `where ${shown(parent)} is missing, nothing is inherited, and no compiler says so`);
  }

  private visitInner(node: CilList, head: string, scope: Scope): void {
    const form = STATEMENTS.get(head);
    if (form === undefined || form.rest === 'none') return;
    const { fixed, rest } = partsOf(node, form);
    const { names, place } = scope;
    const conditional = place === 'own' ? 'optional' : place;
    switch (head) {
      case 'block': {
        this.visitAll(rest, scopeOf(rest, names, place === 'other' ? place : 'inner'));
        return;
      }
      case 'macro': {
        this.visitAll(rest, scopeOf(rest, names.with(parametersOf(fixed[1])), 'macro'));
        return;
      }
      case 'in': {
        this.visitIn(node, fixed, rest);
        return;
      }
      case 'optional': {
        this.visitAll(rest, scopeOf(rest, names, conditional));
        return;
      }
      default:
        for (const branch of rest) {
          const inner = branch.kind === 'list' ? branch.items.slice(1) : [];
          this.visitAll(inner, scopeOf(inner, names, conditional));
        }
    }
  }

  private visitIn(node: CilList, fixed: readonly CilNode[], rest: readonly CilNode[]): void {
    const target = fixed.at(-1);
    const name = target?.kind === 'word' ? target.text : '';
    const heirs = fixed.length > 1 && wordAt(node, 1)[0] === 'after' ? '' : ' and every policy that inherits it';
    this.risk(node, `in changes ${shown(name)}${heirs}`);
    this.visitAll(rest, { names: NO_NAMES, place: 'other' });
  }

  private risk(node: CilNode, reason: string): void {
    this.risks.push({ ...placeOf(node), reason });
  }

  private isOwn(name: string, { names, place }: Scope): boolean {
    if (!name.includes('.')) return place !== 'other' && names.has(name);
    const path = name.replace(/^\./, '').split('.');
    if (path.length > 1) return path[0] === this.block || (!name.startsWith('.') && names.has(path[0] ?? ''));
    return place !== 'other' && names.has(name);
  }

  private isProcess(name: string, { place }: Scope): boolean {
    return name === PROCESS && this.hasProcess && (place === 'own' || place === 'optional');
  }
}

function parametersOf(list: CilNode | undefined): readonly string[] {
  return list?.kind === 'list' ? list.items.flatMap((item) => wordAt(item, 1)) : [];
}

function wordsIn(node: CilNode | undefined): readonly string[] {
  if (node === undefined) return [];
  return node.kind === 'word' ? [node.text] : node.items.flatMap(wordsIn);
}
