// SPDX-License-Identifier: Apache-2.0
// Whether a part of a statement has its form. The rules are those of cil_verify.c of libsepol.
import type { CilList, CilNode } from './cil.ts';
import type { Form } from './statements.ts';
import { isName, isPath, quoted, shown } from './words.ts';

/** Operators of expressions, and how many parts each takes. */
const OPERATORS: ReadonlyMap<string, number> = new Map([
  ['not', 1],
  ['and', 2],
  ['or', 2],
  ['xor', 2],
  ['all', 0],
  ['eq', 2],
  ['neq', 2],
  ['range', 2],
]);

type Sort = 'set' | 'condition' | 'numbers';

const FOREIGN_OPERATORS: Readonly<Record<Sort, readonly string[]>> = {
  set: ['eq', 'neq', 'range'],
  condition: ['all', 'range'],
  numbers: ['eq', 'neq'],
};

/** Names that cannot be declared, by what they would be. */
const RESERVED: Readonly<Partial<Record<Form, readonly string[]>>> = {
  'type-name': ['all', 'self', 'notself', 'other', 'and', 'or', 'not', 'xor'],
  'boolean-name': ['eq', 'neq', 'and', 'or', 'not', 'xor'],
  'extended-name': ['all', 'range', 'and', 'or', 'not', 'xor'],
};

const PARAMETERS: ReadonlySet<string> = new Set(
  'type role user sensitivity category categoryset level levelrange class classmap classpermission ipaddr name string'.split(
    ' ',
  ),
);

const MOST_NUMBER = 0xffff;

/** Why a part does not have a form; undefined where it has. */
export function partFault(node: CilNode, wanted: Form): string | undefined {
  switch (wanted) {
    case 'word':
      return node.kind === 'word' ? undefined : 'a word is expected, not a list';
    case 'reference':
    case 'target':
      return node.kind === 'word' ? nameFault(node.text) : 'a name is expected, not a list';
    case 'truth':
      return node.kind === 'word' && /^(true|false)$/.test(node.text) ? undefined : 'true or false is expected';
    case 'permissions':
      return node.kind === 'word' ? nameFault(node.text) : permissionsFault(node);
    case 'permission-list':
      return node.kind === 'word' ? 'a class with its permissions is expected' : permissionsFault(node);
    case 'extended':
      return node.kind === 'word' ? nameFault(node.text) : extendedFault(node);
    case 'extended-list':
      return node.kind === 'word' ? 'a list (ioctl CLASS (NUMBER)) is expected' : extendedFault(node);
    case 'types':
      return expressionFault(node, 'set');
    case 'type-list':
      return node.kind === 'word' ? nameFault(node.text) : namesFault(node);
    case 'condition':
      return expressionFault(node, 'condition');
    case 'parameters':
      return node.kind === 'list' ? parametersFault(node) : 'a list of parameters is expected';
    case 'arguments':
      return node.kind === 'list' && node.items.length > 0 ? undefined : 'a list of arguments is expected, not empty';
    default:
      return declaredFault(node, wanted);
  }
}

function declaredFault(node: CilNode, wanted: Form): string | undefined {
  if (node.kind === 'list' || !isName(node.text)) {
    return 'a name is expected: a letter, then letters, digits, _ and -';
  }
  return RESERVED[wanted]?.includes(node.text) === true ? `${node.text} is a reserved word` : undefined;
}

function nameFault(text: string): string | undefined {
  return isPath(text) ? undefined : `${quoted(text)} is no name`;
}

function namesFault({ items }: CilList): string | undefined {
  if (items.length === 0) return 'a list without a name';
  return firstFault(items, (item) => (item.kind === 'list' ? 'a name is expected' : nameFault(item.text)));
}

function firstFault(items: readonly CilNode[], faultOf: (item: CilNode) => string | undefined): string | undefined {
  for (const item of items) {
    const fault = faultOf(item);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function permissionsFault({ items }: CilList): string | undefined {
  const [objectClass, permissions, ...others] = items;
  if (objectClass?.kind !== 'word') return 'a class is expected first';
  if (permissions?.kind !== 'list' || others.length > 0) return 'a class and one list of permissions are expected';
  return nameFault(objectClass.text) ?? expressionFault(permissions, 'set');
}

function extendedFault({ items }: CilList): string | undefined {
  const [kind, objectClass, numbers, ...others] = items;
  if (kind?.kind !== 'word' || (kind.text !== 'ioctl' && kind.text !== 'nlmsg')) return 'ioctl is expected first';
  if (objectClass?.kind !== 'word') return 'a class is expected';
  if (numbers?.kind !== 'list' || others.length > 0) return 'one list of numbers is expected';
  return nameFault(objectClass.text) ?? expressionFault(numbers, 'numbers');
}

function numberFault(text: string): string | undefined {
  const number = /^(0[xX][0-9a-fA-F]+|\d+)$/.test(text) ? Number(/^0\d/.test(text) ? `0o${text.slice(1)}` : text) : NaN;
  return number <= MOST_NUMBER ? undefined : `${quoted(text)} is no number from 0 to 0xFFFF`;
}

/** An operator with its parts, or a list of words and expressions. */
function expressionFault(node: CilNode, sort: Sort): string | undefined {
  if (node.kind === 'word') return operandFault(node.text, sort);
  const [first, ...parts] = node.items;
  if (first === undefined) return 'an empty list';
  const count = first.kind === 'word' ? OPERATORS.get(first.text) : undefined;
  if (first.kind === 'list' || count === undefined) {
    return firstFault(node.items, (item) => expressionFault(item, sort));
  }
  if (FOREIGN_OPERATORS[sort].includes(first.text)) return `the operator ${first.text} does not belong here`;
  if (parts.length !== count) return `${first.text} takes ${String(count)} parts, not ${String(parts.length)}`;
  if (first.text === 'range' && parts.some(({ kind }) => kind === 'list')) return 'range takes two numbers';
  return firstFault(parts, (item) => expressionFault(item, sort));
}

function operandFault(text: string, sort: Sort): string | undefined {
  if (OPERATORS.has(text)) return `the operator ${text} is not at the beginning of a list`;
  return sort === 'numbers' ? numberFault(text) : nameFault(text);
}

function parametersFault({ items }: CilList): string | undefined {
  const seen = new Set<string>();
  return firstFault(items, (item) => {
    const [flavor, name, ...others] = item.kind === 'list' ? item.items : [];
    if (flavor?.kind !== 'word' || name?.kind !== 'word' || others.length > 0) return 'a parameter is (KIND NAME)';
    if (!PARAMETERS.has(flavor.text)) return `${quoted(flavor.text)} is no kind of parameter`;
    const fault = declaredFault(name, flavor.text === 'type' ? 'type-name' : 'block-name');
    if (fault !== undefined) return fault;
    if (seen.has(name.text)) return `the parameter ${shown(name.text)} stands twice`;
    seen.add(name.text);
    return undefined;
  });
}
