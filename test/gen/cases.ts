// SPDX-License-Identifier: Apache-2.0
// The good and bad objects of test/golden/crd, one file per kind. The validators and a real API server are held against
// the same ones.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { KINDS, SECURITY_PROFILES_OPERATOR_DAEMON } from '../../src/gen/kinds.ts';
import type { Kind } from '../../src/gen/kinds.ts';

/** The root of the tree. */
export const ROOT = join(import.meta.dirname, '../..');

/** An object, and what is wrong with it. */
export interface Case {
  readonly because: string;
  readonly kind: Kind;
  readonly object: Readonly<Record<string, unknown>>;
  /** Faults as "path: message", in any order; none for a good object. */
  readonly faults: readonly string[];
  /** The defaults that the API server adds to the spec of a good object. */
  readonly defaults: Readonly<Record<string, unknown>>;
}

interface WrittenCase {
  readonly because: string;
  readonly object: Readonly<Record<string, unknown>>;
  readonly faults?: readonly string[];
  readonly defaults?: Readonly<Record<string, unknown>>;
}

/** The name of a kind's files: SeccompProfile becomes seccomp-profile. */
export function stemOf({ kind }: Kind): string {
  return kind.replaceAll(/(?<!^)[A-Z]/g, '-$&').toLowerCase();
}

/** The cases of a kind. Those that give no metadata get a name, all spods the only one that a spod may have. */
export async function casesOf(kind: Kind): Promise<readonly Case[]> {
  const text = await readFile(join(ROOT, `test/golden/crd/${stemOf(kind)}.yaml`), 'utf8');
  const cases = parse(text, { version: '1.1' }) as readonly WrittenCase[];
  return cases.map(({ because, object, faults = [], defaults = {} }, index) => ({
    because,
    kind,
    object: {
      apiVersion: `${kind.group}/${kind.version}`,
      kind: kind.kind,
      metadata: { name: kind === SECURITY_PROFILES_OPERATOR_DAEMON ? 'spod' : `case-${index}` },
      ...object,
    },
    faults,
    defaults,
  }));
}

/** The cases of all kinds. */
export const CASES: readonly Case[] = (await Promise.all(KINDS.map(casesOf))).flat();
