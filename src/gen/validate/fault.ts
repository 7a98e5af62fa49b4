// Generated from tools/gen/fault.ts by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0
// What the generated validators share: the faults that they return, as sentences that name field and reason. npm run gen copies this file
// beside the validators, so that they need no library when they run.

/** Why a value is not a valid object of its kind. */
export interface Fault {
  /** The field, such as spec.syscalls[3].action; empty for the object as a whole. */
  readonly path: string;
  /** What is wrong with the field, without its name, such as "is required". */
  readonly message: string;
  /** Whether the only fault is that the schema does not know the field. The API server drops such fields, with a warning. */
  readonly unknownField: boolean;
}

/** A fault as ajv tells it. */
export interface RawFault {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** The steps to the nodes that a rule is about: names of properties, [] for every item, {} for every value of a map. */
export interface ObjectRule {
  readonly steps: readonly string[];
  /** The steps from the node to the field that the fault is about. */
  readonly field: readonly string[];
  readonly message: string;
  readonly holds: (self: never) => boolean;
}

/** What a validator of a kind consists of. */
export interface Checks {
  /** ajv's function; it returns whether the value fits and leaves its faults in errors. */
  readonly fits: ((value: unknown) => boolean) & { errors?: readonly RawFault[] | null };
  readonly rules: readonly ObjectRule[];
  /** What to say in place of a pattern. */
  readonly hints: Readonly<Record<string, string>>;
}

/** Every fault of a value. Like in the API server, rules are tried on values that fit the schema otherwise. */
export function findFaults(value: unknown, { fits, rules, hints }: Checks): readonly Fault[] {
  const raw = fits(value) ? [] : (fits.errors ?? []);
  const faults = raw.map((fault) => toFault(value, fault, hints));
  const hasOtherThanUnknown = faults.some((fault) => !fault.unknownField);
  return hasOtherThanUnknown ? faults : [...faults, ...rules.flatMap((rule) => ruleFaults(value, rule))];
}

/** How many characters a string has: code points, as the API server counts them. */
export function countCharacters(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    const isPair = unit >= 0xd800 && unit <= 0xdbff && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00;
    if (isPair) index += 1;
    count += 1;
  }
  return count;
}

/**
 * Whether a value is an integer that is not below a minimum, or a string that matches a pattern. A number beyond 2^53 may have been
 * changed when it was read, so readers give such integers as bigint.
 */
export function isIntOrString(value: unknown, minimum: number, pattern: RegExp): boolean {
  if (typeof value === 'string') return pattern.test(value);
  if (typeof value === 'bigint') return value >= minimum && value <= 0xffff_ffff_ffff_ffffn;
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= minimum;
}

function toFault(root: unknown, { instancePath, keyword, params }: RawFault, hints: Checks['hints']): Fault {
  const steps = [...instancePath.split('/').slice(1).map(decodePointer), ...lastStep(keyword, params)];
  const { path, value } = locate(root, steps);
  return { path, message: describe(keyword, params, value, hints), unknownField: keyword === 'additionalProperties' };
}

/** The step from where ajv sees a fault to the field that it is about: the one that lacks, the one too many, the second of two. */
function lastStep(keyword: string, params: RawFault['params']): readonly string[] {
  if (keyword === 'required') return [String(params['missingProperty'])];
  if (keyword === 'additionalProperties') return [String(params['additionalProperty'])];
  return keyword === 'uniqueItems' ? [String(Math.max(Number(params['i']), Number(params['j'])))] : [];
}

function decodePointer(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

function locate(root: unknown, steps: readonly string[]): { readonly path: string; readonly value: unknown } {
  let path = '';
  let value = root;
  for (const step of steps) {
    path = Array.isArray(value) ? `${path}[${step}]` : join(path, step);
    value = field(value, step);
  }
  return { path, value };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function join(path: string, name: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}

const TYPES: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a string',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
};

function describe(keyword: string, params: RawFault['params'], value: unknown, hints: Checks['hints']): string {
  switch (keyword) {
    case 'required':
      return 'is required';
    case 'additionalProperties':
      return 'is not a known field';
    case 'type':
      return `must be ${typeNames(params['type'])}, not ${show(value)}`;
    case 'enum':
      return `must be ${choices(params['allowedValues'])}, not ${show(value)}`;
    case 'pattern':
      return `${hints[String(params['pattern'])] ?? `must match ${String(params['pattern'])}`}, not ${show(value)}`;
    case 'int-or-string':
      if (isInexact(value)) return 'is beyond the whole numbers that are read exactly here: write it as a string';
      return `${hints[String(params['pattern'])] ?? 'must be a whole number or a string'}, not ${show(value)}`;
    case 'minimum':
    case 'exclusiveMinimum':
    case 'maximum':
    case 'exclusiveMaximum':
      return `must be ${String(params['comparison'])} ${String(params['limit'])}, not ${show(value)}`;
    case 'minLength':
      return `must have at least ${count(params, 'character', 'characters')}`;
    case 'maxLength':
      return `must have at most ${count(params, 'character', 'characters')}`;
    case 'minItems':
      return `must have at least ${count(params, 'item', 'items')}`;
    case 'maxItems':
      return `must have at most ${count(params, 'item', 'items')}`;
    case 'minProperties':
      return `must have at least ${count(params, 'entry', 'entries')}`;
    case 'maxProperties':
      return `must have at most ${count(params, 'entry', 'entries')}`;
    case 'uniqueItems':
      return `must not repeat ${show(value)}`;
    case 'multipleOf':
      return `must be a multiple of ${String(params['multipleOf'])}, not ${show(value)}`;
    default:
      return `breaks the schema's ${keyword}`;
  }
}

function count({ limit }: RawFault['params'], one: string, many: string): string {
  return `${String(limit)} ${limit === 1 ? one : many}`;
}

function isInexact(value: unknown): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value);
}

function typeNames(type: unknown): string {
  const names: readonly unknown[] = Array.isArray(type) ? type : [type];
  return names.map((name) => TYPES[String(name)] ?? String(name)).join(' or ');
}

function choices(allowed: unknown): string {
  const values: readonly unknown[] = Array.isArray(allowed) ? allowed : [];
  return values.length === 1 ? String(values[0]) : `one of ${values.map(String).join(', ')}`;
}

/** The longest part of a wrong value that a message repeats, in characters. */
const SHOWN_CHARACTERS = 60;

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value !== 'string') return `${value as number | bigint | boolean}`;
  const text = value.length > SHOWN_CHARACTERS ? `${value.slice(0, SHOWN_CHARACTERS)}…` : value;
  return JSON.stringify(text);
}

function ruleFaults(root: unknown, { steps, field: inner, message, holds }: ObjectRule): readonly Fault[] {
  return select(root, steps, '')
    .filter(({ value }) => !holds(value as never))
    .map(({ path }) => ({ path: inner.reduce(join, path), message, unknownField: false }));
}

function select(
  value: unknown,
  steps: readonly string[],
  path: string,
): readonly { readonly path: string; readonly value: unknown }[] {
  const [step, ...rest] = steps;
  if (step === undefined) return value === undefined ? [] : [{ path, value }];
  if (step === '[]')
    return Array.isArray(value) ? value.flatMap((item, index) => select(item, rest, `${path}[${index}]`)) : [];
  if (typeof value !== 'object' || value === null) return [];
  if (step === '{}') return Object.entries(value).flatMap(([name, inner]) => select(inner, rest, join(path, name)));
  return select(field(value, step), rest, join(path, step));
}
