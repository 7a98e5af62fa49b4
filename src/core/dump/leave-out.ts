// SPDX-License-Identifier: Apache-2.0
// Takes out of objects and logs what must not leave a cluster with a support dump: values of environment variables,
// tokens, keys, passwords. Secrets themselves are never asked for. Better too much than too little is left out.
import { isJsonObject } from '../json.ts';

/** Stands for something that was left out. */
export const LEFT_OUT = '(left out)';

/** Fields that say nothing about trouble and much else; the annotation repeats a whole object, as it was applied. */
const DROPPED: ReadonlySet<string> = new Set(['managedFields', 'kubectl.kubernetes.io/last-applied-configuration']);

/** Names of fields and variables whose value is secret, or may be. */
const SECRET_NAME =
  /pass(word|wd|phrase)?$|token$|secret$|credential|private-?key|api-?key|authorization|^data$|^stringData$/i;

/** Texts in which a part is secret: the whole match, or what follows the first group. */
const SECRET_TEXT: readonly RegExp[] = [
  // Private keys in PEM, also where line breaks are escaped.
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  // JSON Web Tokens (RFC 7519).
  /\beyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*/g,
  /\b((?:bearer|basic)\s+)[\w.~+/=-]{8,}/gi,
  // Passwords in addresses (RFC 3986, userinfo).
  /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']*:)[^\s/@"']+(?=@)/gi,
  /(\b[\w-]*(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key)["']?\s*[=:]\s*["']?)[^\s"',;&]+/gi,
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

/** An object without what is secret in it, at any depth. */
export function withoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') return textWithoutSecrets(value);
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([name]) => !DROPPED.has(name));
  return Object.fromEntries(kept.map(([name, inner]) => [name, member(name, inner)]));
}
