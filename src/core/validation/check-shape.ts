// SPDX-License-Identifier: Apache-2.0
// Holds a value against the shape of its kind, as the API server does with the schema from which the shape was
// printed. Every fault is found, with its field. Rules of several fields are tried by validate.ts on what fits
// otherwise.
import type { Shape } from '../../gen/shape/shape.ts';
import { choiceMessage, countMessage, member, show, typeMessage } from './fault.ts';
import type { Fault } from './fault.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is an object, and neither a list nor null. */
export function isJsonObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
 * Whether a value is an integer that is not below a minimum, or a string that matches a pattern. A number beyond
 * 2^53 may have been changed when it was read, so readers give such integers as bigint.
 */
export function isIntOrString(value: unknown, minimum: number, pattern: RegExp): boolean {
  if (typeof value === 'string') return pattern.test(value);
  if (typeof value === 'bigint') return value >= minimum && value <= 0xffff_ffff_ffff_ffffn;
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= minimum;
}

const patterns = new Map<string, RegExp>();

function compiled(pattern: string): RegExp {
  const found = patterns.get(pattern) ?? new RegExp(pattern, 'u');
  patterns.set(pattern, found);
  return found;
}

function fits(value: unknown, type: NonNullable<Shape['type']>): boolean {
  switch (type) {
    case 'object':
      return isJsonObject(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value) || typeof value === 'bigint';
    case 'number':
      return Number.isFinite(value) || typeof value === 'bigint';
    case 'int-or-string':
      return true;
    case 'string':
    case 'boolean':
      return typeof value === type;
  }
}

/**
 * The key of an item in a list of type map; undefined where it lacks a part, which is a fault of its own.
 */
function keyOf(item: unknown, keys: readonly string[]): string | undefined {
  const parts = keys.map((key) => (isJsonObject(item) ? item[key] : undefined));
  return parts.some((part) => typeof part !== 'string') ? undefined : parts.join(' ');
}

/** Collects the faults of one value. */
class ShapeChecker {
  readonly faults: Fault[] = [];

  check(value: unknown, shape: Shape, path: string): void {
    if (value === null && shape.nullable === true) return;
    const isRight = shape.type === undefined || fits(value, shape.type);
    if (!isRight) this.add(path, typeMessage(shape, value));
    if (shape.enum !== undefined && !shape.enum.some((choice) => choice === value)) {
      this.add(path, choiceMessage(shape.enum, value));
    }
    if (!isRight) return;
    if (shape.type === 'int-or-string') this.intOrString(value, shape, path);
    else if (typeof value === 'string') this.text(value, shape, path);
    else if (typeof value === 'number' || typeof value === 'bigint') this.number(value, shape, path);
    else if (Array.isArray(value)) this.list(value, shape, path);
    else if (isJsonObject(value)) this.object(value, shape, path);
  }

  private add(path: string, message: string, unknownField = false): void {
    this.faults.push({ path, message, unknownField });
  }

  private intOrString(value: unknown, { minimum = Number.MIN_SAFE_INTEGER, pattern = '', hint }: Shape, path: string) {
    if (isIntOrString(value, minimum, compiled(pattern))) return;
    const isInexact = Number.isInteger(value) && !Number.isSafeInteger(value);
    if (isInexact) this.add(path, 'is beyond the whole numbers that are read exactly here: write it as a string');
    else this.add(path, `${hint ?? 'must be a whole number or a string'}, not ${show(value)}`);
  }

  private text(value: string, { pattern, hint, minLength, maxLength }: Shape, path: string): void {
    this.count(countCharacters(value), minLength, maxLength, ['character', 'characters'], path);
    if (pattern === undefined || compiled(pattern).test(value)) return;
    this.add(path, `${hint ?? `must match ${pattern}`}, not ${show(value)}`);
  }

  private number(value: number | bigint, shape: Shape, path: string): void {
    const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = shape;
    const limits = [
      [minimum, '>=', minimum !== undefined && value < minimum],
      [maximum, '<=', maximum !== undefined && value > maximum],
      [exclusiveMinimum, '>', exclusiveMinimum !== undefined && value <= exclusiveMinimum],
      [exclusiveMaximum, '<', exclusiveMaximum !== undefined && value >= exclusiveMaximum],
    ] as const;
    for (const [limit, comparison, broken] of limits) {
      if (broken) this.add(path, `must be ${comparison} ${String(limit)}, not ${show(value)}`);
    }
    if (multipleOf !== undefined && !Number.isInteger(Number(value) / multipleOf)) {
      this.add(path, `must be a multiple of ${String(multipleOf)}, not ${show(value)}`);
    }
  }

  private list(value: readonly unknown[], { items, unique, keys, minItems, maxItems }: Shape, path: string): void {
    this.count(value.length, minItems, maxItems, ['item', 'items'], path);
    if (items !== undefined)
      for (const [at, item] of value.entries()) this.check(item, items, `${path}[${String(at)}]`);
    if (unique === true) this.repeated(value, (item) => item, path);
    if (keys !== undefined) this.repeated(value, (item) => keyOf(item, keys), path);
  }

  /** Notes the items whose key an earlier one has; undefined is no key. */
  private repeated(value: readonly unknown[], key: (item: unknown) => unknown, path: string): void {
    const seen = new Set<unknown>([undefined]);
    for (const [at, item] of value.entries()) {
      const own = key(item);
      if (own !== undefined && seen.has(own)) this.add(`${path}[${String(at)}]`, `must not repeat ${show(own)}`);
      seen.add(own);
    }
  }

  private object(value: Fields, shape: Shape, path: string): void {
    const { properties = {}, required = [], others, minProperties, maxProperties } = shape;
    const names = Object.keys(value).filter((name) => value[name] !== undefined);
    for (const name of required) if (!names.includes(name)) this.add(member(path, name), 'is required');
    this.count(names.length, minProperties, maxProperties, ['entry', 'entries'], path);
    for (const name of names) {
      const inner = Object.hasOwn(properties, name) ? properties[name] : others;
      if (inner === undefined) this.add(member(path, name), 'is not a known field', true);
      else if (inner !== true) this.check(value[name], inner, member(path, name));
    }
  }

  private count(
    count: number,
    least: number | undefined,
    most: number | undefined,
    [one, many]: readonly [string, string],
    path: string,
  ): void {
    if (least !== undefined && count < least) this.add(path, countMessage('least', least, one, many));
    if (most !== undefined && count > most) this.add(path, countMessage('most', most, one, many));
  }
}

/** Every fault of a value against a shape, rules of several fields left out. */
export function checkShape(value: unknown, shape: Shape): readonly Fault[] {
  const checker = new ShapeChecker();
  checker.check(value, shape, '');
  return checker.faults;
}
