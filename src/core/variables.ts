// SPDX-License-Identifier: Apache-2.0
// Values of environment variables, read and checked.
import type { Environment } from './env.ts';

/** The value of a variable without blanks around it; undefined where it is empty or not set. */
export function text(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

/**
 * An absolute directory, without a slash at its end.
 * @throws RangeError that names the variable
 */
export function directory(env: Environment, name: string, fallback: string): string {
  const value = text(env, name) ?? fallback;
  const parts = value.split('/').slice(1);
  const clean = parts.at(-1) === '' ? parts.slice(0, -1) : parts;
  if (!value.startsWith('/') || clean.length === 0 || clean.some((part) => ['', '.', '..'].includes(part))) {
    throw new RangeError(`${name} must be an absolute directory without . and .., not ${value}`);
  }
  return '/' + clean.join('/');
}

/**
 * A whole number of at most nine digits.
 *
 * @param shown - the name for sentences
 * @throws RangeError that names the variable
 */
export function integer(env: Environment, name: string, fallback: number, shown: string = name): number {
  const value = text(env, name);
  if (value === undefined) return fallback;
  if (!/^\d{1,9}$/.test(value)) throw new RangeError(`${shown} must be a number, not ${value}`);
  return Number(value);
}

/**
 * Whether a variable is `true`; one that is not set is not.
 * @throws RangeError that names the variable
 */
export function flag(env: Environment, name: string): boolean {
  const value = text(env, name) ?? 'false';
  if (value !== 'true' && value !== 'false') throw new RangeError(`${name} must be true or false, not ${value}`);
  return value === 'true';
}
