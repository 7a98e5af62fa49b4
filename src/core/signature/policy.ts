// SPDX-License-Identifier: Apache-2.0
// Signers that artifacts must have: policies by the prefix of an artifact's reference. A policy names public keys;
// nothing stands for "anybody".

/** The owner of the private key to `publicKey` (PEM). */
export interface Signer {
  readonly publicKey: string;
}

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
