// SPDX-License-Identifier: Apache-2.0
// Takes out of objects and logs what must not leave a cluster with a support dump: values of environment variables,
// tokens, keys, passwords. Secrets themselves are never asked for. Better too much than too little is left out.
import { isJsonObject } from '../json.ts';

/** Stands for something that was left out. */
export const LEFT_OUT = '(left out)';

/**
 * Fields that say nothing about trouble and much else: annotations of kubectl and of other tools repeat a whole object,
 * as it was applied, some of them packed.
 */
const DROPPED = /^managedFields$|last-applied|^objectset\.rio\.cattle\.io\/applied$|^kapp\.k14s\.io\/original$/;

/** An option of a command line, of which the value may be the next word. */
const OPTION = /^--?[A-Za-z][\w-]*$/;

/** Names of fields and variables whose value is secret, or may be. */
const SECRET_NAME =
  /pass(word|wd|phrase)?$|token$|secret$|credential|private-?key|api-?key|authorization|^data$|^stringData$/i;

/** A name before a value, with its own quotes, also where the text is within a string of JSON. */
const NAMED = String.raw`(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key)(?:\\{0,8}["'])?\s*[=:]\s*`;

/**
 * Texts in which a part is secret: the whole match, or what follows the first group. Tenants write texts of a quarter
 * of a megabyte, so no pattern begins with something that any text may have at each place.
 */
const SECRET_TEXT: readonly RegExp[] = [
  // Private keys in PEM, also where line breaks are escaped.
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  // JSON Web Tokens (RFC 7519).
  /\beyJ[\w-]{8,4096}\.[\w-]{4,16384}\.[\w-]*/g,
  /\b((?:bearer|basic)\s+)[\w.~+/=-]{8,}/gi,
  // Passwords in addresses (RFC 3986, userinfo).
  /(:\/\/[^\s/:@"']*:)[^\s/@"']+(?=@)/g,
  // In quotes, in quotes of a string within a string, and without any.
  new RegExp(String.raw`(${NAMED}")(?:[^"\\]|\\[^])+`, 'gi'),
  new RegExp(String.raw`(${NAMED}')[^']+`, 'gi'),
  new RegExp(String.raw`(${NAMED}\\+["'])[^"']+`, 'gi'),
  new RegExp(String.raw`(${NAMED})(?!\\*["'])[^\s"',;&]+`, 'gi'),
];

/** A text without what is secret in it. */
export function textWithoutSecrets(text: string): string {
  return SECRET_TEXT.reduce(
    (left, secret) =>
      left.replace(secret, (_match: string, kept: unknown) => `${typeof kept === 'string' ? kept : ''}${LEFT_OUT}`),
    text,
  );
}

/** An environment as containers have it: names stay, and where values come from. */
function withoutValues(env: unknown): unknown {
  if (!Array.isArray(env)) return LEFT_OUT;
  return env.map((variable: unknown) =>
    isJsonObject(variable) && 'value' in variable ? { ...variable, value: LEFT_OUT } : variable,
  );
}

function member(name: string, value: unknown): unknown {
  if (name === 'env') return withoutValues(value);
  if (SECRET_NAME.test(name) && value !== null && typeof value !== 'boolean') return LEFT_OUT;
  return withoutSecrets(value);
}

/** A word of a command line behind another one. */
function word(before: unknown, text: unknown): unknown {
  const isOption = typeof before === 'string' && OPTION.test(before) && SECRET_NAME.test(before);
  return isOption && typeof text === 'string' ? LEFT_OUT : text;
}

/** An object without what is secret in it, at any depth. */
export function withoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') return textWithoutSecrets(value);
  if (Array.isArray(value)) return value.map((each: unknown, at) => withoutSecrets(word(value[at - 1], each)));
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([name]) => !DROPPED.test(name));
  return Object.fromEntries(kept.map(([name, inner]) => [name, member(name, inner)]));
}
