// SPDX-License-Identifier: Apache-2.0
// Whether statements of CIL are ones that a compiler takes inside of a profile's block: known, of the right form, where
// they may stand, and nothing declared twice. Names that the policy of a node has are not looked up here.
import { placeOf } from './cil.ts';
import type { CilFault, CilList, CilNode } from './cil.ts';
import { partFault } from './statement-parts.ts';
import { CONTAINER_WORDS, FOREIGN, isRefusedIn, STATEMENTS } from './statements.ts';
import type { Container, Form, StatementForm } from './statements.ts';
import { quoted, shown } from './words.ts';

/** Longest name with the blocks in which it is (CIL_MAX_NAME_LENGTH of libsepol). */
const LONGEST_NAME = 2048;

/** Faults that are looked for: the user sees some of them. */
const MOST_FAULTS = 100;

/** Names by what they share with others: a type and an attribute cannot have one name, a type and a block can. */
const NAMESPACES: Readonly<Partial<Record<Form, string>>> = {
  'type-name': 'type',
  'block-name': 'block',
  'permissions-name': 'class permission',
  'extended-name': 'permissionx',
};

/** Where statements stand. */
interface Position {
  readonly containers: readonly Container[];
  /** Declared names of this block, each with its namespace and a blank before it. */
  readonly declared: Map<string, string>;
  /** Characters of the names of the blocks around, dots included. */
  readonly prefix: number;
}

/** The faults of the statements inside of a block. */
export function statementFaults(statements: readonly CilList[], block: string): readonly CilFault[] {
  const checker = new StatementChecker();
  checker.checkAll(statements, { containers: [], declared: new Map(), prefix: block.length + 1 });
  return checker.faults;
}

/** The first word of a statement; undefined where it has none. */
export function headOf(node: CilNode): string | undefined {
  const first = node.kind === 'list' ? node.items[0] : undefined;
  return first?.kind === 'word' ? first.text : undefined;
}

/** The parts of a statement before those of which there are as many as one likes, by their forms, and the rest. */
export function partsOf(
  { items }: CilList,
  { parts, rest }: StatementForm,
): {
  readonly forms: readonly Form[];
  readonly fixed: readonly CilNode[];
  readonly rest: readonly CilNode[];
} {
  const given = items.slice(1);
  const fits = (forms: readonly Form[]): boolean =>
    rest === 'none' ? forms.length === given.length : given[forms.length - 1]?.kind === 'word';
  const forms = parts.findLast(fits) ?? parts[0] ?? [];
  return { forms, fixed: given.slice(0, forms.length), rest: given.slice(forms.length) };
}

class StatementChecker {
  readonly faults: CilFault[] = [];

  checkAll(nodes: readonly CilNode[], position: Position): void {
    for (const node of nodes) {
      if (this.faults.length >= MOST_FAULTS) return;
      this.check(node, position);
    }
  }

  private check(node: CilNode, position: Position): void {
    const head = headOf(node);
    if (node.kind === 'word' || head === undefined) {
      this.add(node, 'a statement is expected');
      return;
    }
    const foreign = FOREIGN.get(head);
    if (foreign !== undefined) {
      this.add(node, `${head} ${foreign}; a profile cannot have it`);
      return;
    }
    const form = STATEMENTS.get(head);
    if (form === undefined) {
      this.add(node, `${quoted(head)} is no statement that a profile can have`);
      return;
    }
    const container = position.containers.find((around) => isRefusedIn(head, around));
    if (container !== undefined) {
      this.add(node, `${head} is not allowed in ${CONTAINER_WORDS[container]}`);
      return;
    }
    this.checkParts(node, head, form, position);
  }

  private checkParts(node: CilList, head: string, form: StatementForm, position: Position): void {
    const { forms, fixed, rest } = partsOf(node, form);
    if (fixed.length < forms.length || (form.rest === 'none' && rest.length > 0)) {
      const counts = form.parts.map((parts) => String(parts.length)).join(' or ');
      this.add(node, `${head} takes ${counts} parts${form.rest === 'none' ? '' : ' or more'}`);
      return;
    }
    forms.forEach((wanted, index) => {
      const part = fixed[index] ?? node;
      const fault = partFault(part, wanted);
      if (fault !== undefined) this.add(part, `${head}: ${fault}`);
      else if (part.kind === 'word') this.noteName(part, head, wanted, position);
    });
    this.checkSpecial(node, head, fixed, position);
    this.checkRest(node, head, rest, position);
  }

  private noteName(part: CilNode & { kind: 'word' }, head: string, wanted: Form, { declared, prefix }: Position): void {
    const namespace = wanted === 'boolean-name' ? head : wanted === 'optional-name' ? 'block' : NAMESPACES[wanted];
    if (namespace === undefined) return;
    const key = `${namespace} ${part.text}`;
    const before = declared.get(key);
    if (before !== undefined && !(before === 'optional' && head === 'optional')) {
      this.add(part, `${head}: ${shown(part.text)} is declared already, as ${before}`);
    }
    if (prefix + part.text.length >= LONGEST_NAME) this.add(part, `${head}: the name with its blocks is too long`);
    declared.set(key, head);
  }

  /** Rules of single statements that forms do not tell. */
  private checkSpecial(node: CilList, head: string, fixed: readonly CilNode[], position: Position): void {
    const [first] = fixed;
    if (head === 'in' && fixed.length === 2 && first?.kind === 'word' && !/^(before|after)$/.test(first.text)) {
      this.add(first, 'in: before or after is expected');
    }
    // Two attributes of some thousand types each would become millions of rules.
    if (head === 'expandtypeattribute' && fixed[1]?.kind === 'word' && fixed[1].text === 'true') {
      this.add(node, 'expandtypeattribute true writes out rules for every pair of types; a profile cannot have it');
    }
    if (head === 'typetransition' && fixed.length === 5 && position.containers.includes('booleanif')) {
      this.add(node, 'typetransition with a file name is not allowed in booleanif');
    }
  }

  private checkRest(node: CilList, head: string, rest: readonly CilNode[], position: Position): void {
    switch (STATEMENTS.get(head)?.rest) {
      case 'branches': {
        this.checkBranches(node, head, rest, position);
        return;
      }
      case 'some-statements':
        if (rest.length === 0) {
          this.add(node, `${head} without a statement`);
          return;
        }
        {
          this.checkAll(rest, inside(position, head, node));
          return;
        }
      case 'statements': {
        this.checkAll(rest, inside(position, head, node));
        return;
      }
      default:
    }
  }

  private checkBranches(node: CilList, head: string, branches: readonly CilNode[], position: Position): void {
    const words = branches.map(headOf);
    const isSound = words.every((word) => word === 'true' || word === 'false') && new Set(words).size === words.length;
    if (!isSound || words.length === 0) {
      this.add(node, `${head}: one branch (true ...) or (false ...) is expected, or one of each`);
      return;
    }
    for (const branch of branches) {
      const statements = branch.kind === 'list' ? branch.items.slice(1) : [];
      if (statements.length === 0) this.add(branch, `${head}: a branch without a statement`);
      this.checkAll(statements, inside(position, head, branch));
    }
  }

  private add(place: CilNode, reason: string): void {
    this.faults.push({ ...placeOf(place), reason });
  }
}

/** The position of what is inside of a statement. Names of a macro, of a branch or of another block are not ours. */
function inside(position: Position, head: string, node: CilNode): Position {
  const declared = head === 'optional' ? position.declared : new Map<string, string>();
  if (head !== 'block') return { ...position, containers: [...position.containers, head as Container], declared };
  const name = node.kind === 'list' ? node.items[1] : undefined;
  return { ...position, declared, prefix: position.prefix + (name?.kind === 'word' ? name.text.length : 0) + 1 };
}
