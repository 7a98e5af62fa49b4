// SPDX-License-Identifier: Apache-2.0
// Last phase: src/gen/kinds.ts, the names under which the API server serves each kind, as values. Nothing else spells
// them.
import { fileStem } from './outputs.ts';
import type { Resource } from './schema.ts';

/** The file with the names of all kinds: its path in the tree and its text. */
export function printKinds(resources: readonly Resource[]): readonly [path: string, text: string] {
  const constants = resources.map(printKind);
  const all = resources.map(({ source }) => `  ${constantName(source)},\n`);
  const text = `${HEAD}${constants.join('')}
/** All kinds of this project. */
export const KINDS: readonly Kind[] = [
${all.join('')}];
`;
  return ['src/gen/kinds.ts', text];
}

const HEAD = `// Generated from schemas/crd by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

/** How the API server serves a kind. */
export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly scope: 'Namespaced' | 'Cluster';
}
`;

function printKind({ source, names }: Resource): string {
  const fields = ['group', 'version', 'kind', 'plural', 'singular', 'shortNames', 'scope'] as const;
  const lines = fields.map((field) => `  ${field}: ${literal(names[field])},\n`);
  return `
/** ${names.kind}, from ${source}. */
export const ${constantName(source)} = {
${lines.join('')}} as const satisfies Kind;
`;
}

function literal(value: string | readonly string[]): string {
  return typeof value === 'string' ? `'${value}'` : `[${value.map((item) => `'${item}'`).join(', ')}]`;
}

/** seccomp-profile.json becomes SECCOMP_PROFILE. */
export function constantName(source: string): string {
  return fileStem(source).toUpperCase().replaceAll('-', '_');
}
