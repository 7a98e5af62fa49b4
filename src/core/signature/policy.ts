// SPDX-License-Identifier: Apache-2.0
// Signers that artifacts must have: policies by the prefix of an artifact's reference. A policy names a public key, or
// the identity in a certificate and its issuer; nothing stands for "anybody" unless a user writes such a pattern.

/** A text that must be equal, or a regular expression that must match the whole text. */
export type Expected = { readonly is: string } | { readonly matches: string };

/** The owner of the private key to `publicKey` (PEM). */
export interface KeySigner {
  readonly by: 'key';
  readonly publicKey: string;
}

/** A person or a machine with a certificate for the identity, vouched for by the issuer. */
export interface IdentitySigner {
  readonly by: 'identity';
  readonly identity: Expected;
  readonly issuer: Expected;
}

/** The signer that a policy asks for. */
export type Signer = KeySigner | IdentitySigner;

/** The rule for artifacts whose reference begins with the prefix. */
export interface Policy {
  /** `registry`, `registry/path` or `registry/path/name`; empty for everything. */
  readonly prefix: string;
  /** Signers of which one suffices. */
  readonly signers: readonly Signer[];
  /** Whether an artifact without a valid signature is refused. */
  readonly required: boolean;
}

/**
 * The policy for a repository: that with the longest prefix. A prefix ends where a part of the name ends, so
 * `example.org/a` is no prefix of `example.org/ab`.
 *
 * @param repository - `registry/path/name`, without tag and digest
 */
export function policyFor(policies: readonly Policy[], repository: string): Policy | undefined {
  const fitting = policies.filter(({ prefix }) => isPrefix(prefix, repository));
  return fitting.reduce<Policy | undefined>(
    (best, policy) => (best === undefined || bare(policy.prefix).length > bare(best.prefix).length ? policy : best),
    undefined,
  );
}

function bare(prefix: string): string {
  return prefix.replace(/^oci:\/\//, '').replace(/\/+$/, '');
}

function isPrefix(prefix: string, repository: string): boolean {
  const start = bare(prefix);
  return start === '' || repository === start || repository.startsWith(`${start}/`);
}

/** Whether a text is what a policy expects. A pattern stands for the whole text. */
export function isExpected(expected: Expected, text: string): boolean {
  if ('is' in expected) return expected.is === text;
  return patternOf(expected.matches)?.test(text) ?? false;
}

function patternOf(source: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${source})$`, 'u');
  } catch {
    // Not a regular expression, which patternFault() tells beforehand.
    return undefined;
  }
}

/** The fault of a pattern; undefined when it is a regular expression. */
export function patternFault(source: string): string | undefined {
  if (source === '') return 'must not be empty: it would match nothing';
  return patternOf(source) === undefined ? `is no regular expression: ${source}` : undefined;
}

/** Words for what a policy expects of a text. */
export function expectedWords(expected: Expected): string {
  return 'is' in expected ? expected.is : `/${expected.matches}/`;
}
