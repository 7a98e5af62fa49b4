// SPDX-License-Identifier: Apache-2.0
// Objects of an installation, whatever printed them: the text of a tool becomes a table by kind, namespace and name,
// beside the table that src/core/deploy makes.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { IMAGE } from '../../src/core/deploy/image.ts';
import { installationObjects } from '../../src/core/deploy/installation.ts';
import type { Installation } from '../../src/core/deploy/manager.ts';
import { DEFAULT_KUBELET_DIR, OPERATOR } from '../../src/core/names.ts';
import { permissions } from '../../tools/gen/permissions.ts';

/** The root of the tree. */
export const ROOT = path.join(import.meta.dirname, '../..');

/** An object as a tool prints it. */
export interface Printed {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** The installation of manifests/operator.yaml. */
export const STANDARD: Installation = {
  namespace: OPERATOR,
  image: IMAGE,
  kubeletDir: DEFAULT_KUBELET_DIR,
  restrictTo: [],
};

/**
 * The objects of a text of YAML, by kind, namespace and name.
 * @throws Error when two have the same
 */
export function objectsOf(text: string): ReadonlyMap<string, Printed> {
  const documents = parseAllDocuments(text, { version: '1.1' });
  if (!Array.isArray(documents)) return new Map();
  return tableOf(documents.map((document) => document.toJS() as Printed | null).filter((object) => object !== null));
}

/** The objects that src/core/deploy makes for an installation, with the CRDs. */
export function expectedObjects(installation: Installation): ReadonlyMap<string, Printed> {
  return tableOf([
    ...definitions(),
    ...(plain(installationObjects(installation, permissions())) as readonly Printed[]),
  ]);
}

/** Objects by kind, namespace and name. */
export function tableOf(objects: readonly Printed[]): ReadonlyMap<string, Printed> {
  const entries = objects.map((object) => [nameOf(object), object] as const);
  const table = new Map(entries);
  if (table.size !== entries.length) throw new Error('two objects have the same kind, namespace and name');
  return table;
}

/** As it comes out of JSON: fields without a value are not there. */
export function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function nameOf({ kind, metadata }: Printed): string {
  return [kind, metadata.namespace, metadata.name].filter((part) => part !== undefined).join('/');
}

function definitions(): readonly Printed[] {
  const folder = path.join(ROOT, 'crds');
  const texts = readdirSync(folder).map((file) => readFileSync(path.join(folder, file), 'utf8'));
  return texts.flatMap((text) => [...objectsOf(text).values()]);
}
