// SPDX-License-Identifier: Apache-2.0
// The statements of CIL that a raw policy may have, with the form of each, where compilers refuse them, and those that
// belong to the node and not to a profile. Forms and places are those of cil_build_ast.c and cil_verify.c of libsepol,
// seen with secilc 3.4.

/** A part of a statement. */
export type Form =
  /** A name that is looked up. */
  | 'reference'
  /** The same, or `self`. */
  | 'target'
  /** Any word. */
  | 'word'
  /** A name that is declared. */
  | 'type-name'
  | 'boolean-name'
  | 'block-name'
  | 'optional-name'
  | 'permissions-name'
  | 'extended-name'
  /** true or false. */
  | 'truth'
  /** A class and permissions of it, or the name of such. */
  | 'permissions'
  /** The same without a name. */
  | 'permission-list'
  /** `ioctl`, a class and numbers, or the name of such. */
  | 'extended'
  | 'extended-list'
  /** A type, or an expression of types. */
  | 'types'
  /** A type, or a list of types. */
  | 'type-list'
  /** An expression of booleans. */
  | 'condition'
  | 'parameters'
  | 'arguments';

/** Parts that are as many as there are. */
export type Rest = 'statements' | 'some-statements' | 'branches' | 'none';

/** The form of a statement. */
export interface StatementForm {
  /** Each way in which the parts before the rest can be. */
  readonly parts: readonly (readonly Form[])[];
  readonly rest: Rest;
}

function form(parts: readonly Form[], rest: Rest = 'none'): StatementForm {
  return { parts: [parts], rest };
}

const RULE = form(['reference', 'target', 'permissions']);
const EXTENDED_RULE = form(['reference', 'target', 'extended']);
const TRANSITION = form(['reference', 'target', 'reference', 'reference']);

/** Statements by their first word. */
export const STATEMENTS: ReadonlyMap<string, StatementForm> = new Map<string, StatementForm>([
  ['allow', RULE],
  ['auditallow', RULE],
  ['dontaudit', RULE],
  ['neverallow', RULE],
  ['deny', RULE],
  ['allowx', EXTENDED_RULE],
  ['auditallowx', EXTENDED_RULE],
  ['dontauditx', EXTENDED_RULE],
  ['neverallowx', EXTENDED_RULE],
  ['permissionx', form(['extended-name', 'extended-list'])],
  ['classpermission', form(['permissions-name'])],
  ['classpermissionset', form(['reference', 'permission-list'])],
  ['type', form(['type-name'])],
  ['typeattribute', form(['type-name'])],
  ['typealias', form(['type-name'])],
  ['typealiasactual', form(['reference', 'reference'])],
  ['typeattributeset', form(['reference', 'types'])],
  ['expandtypeattribute', form(['type-list', 'truth'])],
  ['typebounds', form(['reference', 'reference'])],
  ['typepermissive', form(['reference'])],
  ['typechange', TRANSITION],
  ['typemember', TRANSITION],
  [
    'typetransition',
    { parts: [...TRANSITION.parts, ['reference', 'target', 'reference', 'word', 'reference']], rest: 'none' },
  ],
  ['roletype', form(['reference', 'reference'])],
  ['boolean', form(['boolean-name', 'truth'])],
  ['tunable', form(['boolean-name', 'truth'])],
  ['booleanif', form(['condition'], 'branches')],
  ['tunableif', form(['condition'], 'branches')],
  ['block', form(['block-name'], 'statements')],
  ['blockinherit', form(['reference'])],
  ['optional', form(['optional-name'], 'statements')],
  ['in', { parts: [['reference'], ['word', 'reference']], rest: 'some-statements' }],
  ['macro', form(['block-name', 'parameters'], 'statements')],
  ['call', { parts: [['reference'], ['reference', 'arguments']], rest: 'none' }],
]);

/** Statements that hold others and in which not all may stand. */
export type Container = 'optional' | 'macro' | 'in' | 'booleanif' | 'tunableif';

/** Names of containers in the compiler's messages. */
export const CONTAINER_WORDS: Readonly<Record<Container, string>> = {
  optional: 'optional',
  macro: 'macro',
  in: 'in-statement',
  booleanif: 'booleanif',
  tunableif: 'tunableif',
};

const REFUSED_IN: Readonly<Record<Exclude<Container, 'booleanif'>, readonly string[]>> = {
  optional: ['tunable', 'in', 'block', 'macro'],
  macro: ['tunable', 'in', 'block', 'blockinherit', 'macro'],
  in: ['tunable', 'in'],
  tunableif: ['tunable', 'in'],
};

const IN_BOOLEANIF: readonly string[] = [
  ...['allow', 'auditallow', 'dontaudit', 'typetransition', 'typechange', 'typemember', 'call', 'tunableif'],
];

/** Whether compilers refuse a statement in a container, however deep it lies there. */
export function isRefusedIn(head: string, container: Container): boolean {
  return container === 'booleanif' ? !IN_BOOLEANIF.includes(head) : REFUSED_IN[container].includes(head);
}

function because(reason: string, heads: string): readonly (readonly [string, string])[] {
  return heads.split(' ').map((head) => [head, reason] as const);
}

/** Statements of CIL that no profile may have, with the reason. */
export const FOREIGN: ReadonlyMap<string, string> = new Map([
  ...because(
    'declares what kernels enforce, for the whole node',
    'class classcommon classorder common classmap classmapping unordered_classorder sid sidorder sidcontext policycap ' +
      'handleunknown mls',
  ),
  ...because(
    'changes levels, which are those of the whole node',
    'sensitivity sensitivityalias sensitivityaliasactual sensitivityorder sensitivitycategory category categoryalias ' +
      'categoryaliasactual categoryorder categoryset level levelrange rangetransition',
  ),
  ...because(
    'changes users or roles, which are those of the whole node',
    'user userattribute userattributeset userrole userlevel userrange userbounds userprefix selinuxuser ' +
      'selinuxuserdefault role roleattribute roleattributeset roleallow roletransition rolebounds defaultuser ' +
      'defaultrole defaulttype defaultrange',
  ),
  ...because(
    'labels objects of the whole node',
    'context ipaddr filecon fsuse genfscon netifcon nodecon portcon ibpkeycon ibendportcon pirqcon iomemcon ioportcon ' +
      'pcidevicecon devicetreecon',
  ),
  ...because(
    'changes constraints, which bind all of the node',
    'constrain mlsconstrain validatetrans mlsvalidatetrans',
  ),
  ['blockabstract', 'takes a block out of the policy, and with it the type that pods name'],
]);
