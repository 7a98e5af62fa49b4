// SPDX-License-Identifier: Apache-2.0
// Settings for a registry, or for a part of it: each has the beginning of names that it is for, and the longest counts.

/** A setting for artifacts whose names begin with the prefix. */
export interface Prefixed {
  /** `registry`, `registry/path` or `registry/path/name`; empty for everything. */
  readonly prefix: string;
}

/**
 * The setting for a repository: that with the longest prefix, of several with the same one the first. A prefix ends
 * where a part of the name ends, so `example.org/a` is no prefix of `example.org/ab`.
 *
 * @param repository - `registry/path/name`, without tag and digest
 */
export function longestPrefix<T extends Prefixed>(settings: readonly T[], repository: string): T | undefined {
  const fitting = settings.filter(({ prefix }) => isPrefix(prefix, repository));
  return fitting.reduce<T | undefined>(
    (best, setting) => (best === undefined || lengthOf(setting) > lengthOf(best) ? setting : best),
    undefined,
  );
}

function lengthOf({ prefix }: Prefixed): number {
  return canonicalPrefix(prefix).length;
}

/**
 * The one form of all prefixes of a place: without `oci://`, slashes at the end and the port that HTTPS has anyway, and
 * with the host in small letters, as DNS does not tell `GHCR.IO` from `ghcr.io`.
 */
export function canonicalPrefix(prefix: string): string {
  const bare = prefix.replace(/^oci:\/\//, '').replace(/\/+$/, '');
  return bare.replace(/^[^/]+/, (registry) => registry.toLowerCase().replace(/:443$/, ''));
}

function isPrefix(prefix: string, repository: string): boolean {
  const [start, name] = [canonicalPrefix(prefix), canonicalPrefix(repository)];
  return start === '' || name === start || name.startsWith(`${start}/`);
}
