// SPDX-License-Identifier: Apache-2.0
// The cluster's limit as a node keeps it: while there is no spod object, the last limit seen stands, for the next start
// of the daemon as well. Otherwise a user who may delete the object could lift the limit, for a moment that is long
// enough.
import { parseJson, printJson } from '../json.ts';
import type { Limit } from './allowed.ts';

/** The text that a node keeps. */
export function printLimit({ allowedSyscalls }: Limit): string {
  return `${printJson({ allowedSyscalls }, 2)}\n`;
}

/** The limit of such a text; undefined for any other text. */
export function parseLimit(text: string): Limit | undefined {
  const fields = objectOf(text);
  if (fields === undefined) return undefined;
  const { allowedSyscalls } = fields;
  if (!isListOf(allowedSyscalls, isText)) return undefined;
  return allowedSyscalls === undefined ? {} : { allowedSyscalls };
}

function objectOf(text: string): { readonly [name: string]: unknown } | undefined {
  try {
    const value = parseJson(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isListOf<T>(value: unknown, isMember: (member: unknown) => member is T): value is readonly T[] | undefined {
  return value === undefined || (Array.isArray(value) && value.every(isMember));
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
