// SPDX-License-Identifier: Apache-2.0
// npm run gen: everything that is generated from schemas/. The phases are read, resolve references, check the dialect,
// print; only then is anything written. With --check nothing is written: every file that differs is named, and the exit
// status is 1.
import { join } from 'node:path';
import { pictureFiles } from '../docs/pictures.ts';
import { REFERENCE_FOLDERS, referenceFiles } from '../docs/reference/main.ts';
import { baseValueFiles } from './base-values.ts';
import { dangerFiles } from './dangers.ts';
import { checkDefinition, checkKind, checkTogether } from './dialect.ts';
import { chartFiles } from './helm/chart.ts';
import { clusterObjects, manifestFiles } from './manifests.ts';
import { OLM_FOLDERS, olmFiles } from './olm/files.ts';
import { findDrift, writeOutputs } from './outputs.ts';
import type { Drift, Outputs } from './outputs.ts';
import { OVERLAYS, SINGLE_NAMESPACE } from './overlays.ts';
import { printCrd } from './print-crd.ts';
import { printKinds } from './print-kinds.ts';
import { printDefinitionTypes, printKindTypes } from './print-types.ts';
import { printShapes } from './print-shapes.ts';
import { readSources } from './read.ts';
import { resolve } from './resolve.ts';
import type { Definition, Resource, Schema } from './schema.ts';
import { groupFiles } from './syscall-groups.ts';
import { syscallFiles } from './syscalls.ts';
import { readProtocols, WIRE_FOLDERS, wireFiles } from './wire.ts';

const PROJECT = join(import.meta.dirname, '../..');

/** Folders in which nothing may lie that is not generated. */
export const FOLDERS: readonly string[] = [
  'crds',
  'src/gen',
  'src/gen/crd',
  'src/gen/crd/defs',
  'src/gen/shape',
  'manifests',
  ...[...OVERLAYS.map(({ name }) => name), SINGLE_NAMESPACE].map((name) => `deploy/overlays/${name}`),
  'deploy/helm',
  'deploy/helm/files/crds',
  'deploy/helm/templates',
  ...OLM_FOLDERS,
  ...WIRE_FOLDERS,
  ...REFERENCE_FOLDERS,
];

const OBJECT_META = 'schemas/defs/object-meta.json';

/** The kinds of a tree, checked each and together, and the parts that they share. */
async function readKinds(root: string): Promise<readonly [readonly Resource[], readonly Definition[]]> {
  const sources = await readSources(root);
  const resources = sources.kinds.map((document) => checkKind(resolve(document, sources.defs)));
  const parts = [...sources.defs.values()].map((document) => checkDefinition(resolve(document, sources.defs)));
  checkTogether(resources);
  return [resources, parts];
}

/** The generated files of the custom resources below a root. */
export async function resourceFiles(root: string): Promise<Outputs> {
  return print(...(await readKinds(root)));
}

async function print(resources: readonly Resource[], parts: readonly Definition[]): Promise<Outputs> {
  const metadata = metadataOf(parts);
  const named = parts.filter(({ schema }) => schema.title !== undefined);
  return new Map([
    ...resources.map(printCrd),
    ...(await Promise.all(resources.map(printKindTypes))),
    ...(await Promise.all(named.map(printDefinitionTypes))),
    printKinds(resources),
    ...printShapes(resources, parts, metadata),
  ]);
}

function metadataOf(parts: readonly Definition[]): Schema {
  const found = parts.find(({ source }) => source === OBJECT_META);
  if (found === undefined)
    throw new ReferenceError(`${OBJECT_META} is missing, which describes the metadata of all kinds`);
  return found.schema;
}

/** Everything that is generated below a root. */
export async function allFiles(root: string): Promise<Outputs> {
  const [kinds, parts] = await readKinds(root);
  const resources = await print(kinds, parts);
  const crds = new Map([...resources].filter(([path]) => path.startsWith('crds/')));
  return new Map([
    ...resources,
    ...(await syscallFiles()),
    ...(await dangerFiles()),
    ...(await groupFiles()),
    ...(await baseValueFiles()),
    ...(await wireFiles(root)),
    ...manifestFiles([...crds.values()]),
    ...chartFiles(crds),
    ...olmFiles(kinds, crds),
    ...(await pictureFiles(PROJECT)),
    ...(await referenceFiles({ resources: kinds, protocols: await readProtocols(root), objects: clusterObjects() })),
  ]);
}

/** Generates or checks, says what it found, and returns the exit status. */
export async function run(root: string, args: readonly string[], say: (line: string) => void): Promise<number> {
  const [unknown] = args.filter((arg) => arg !== '--check');
  if (unknown !== undefined) {
    say(`${unknown} is no option: npm run gen generates, npm run gen -- --check only compares`);
    return 2;
  }
  const outputs = await allFiles(root);
  if (!args.includes('--check')) {
    const written = await writeOutputs(root, outputs, FOLDERS);
    for (const { path, kind } of written) say(kind === 'surplus' ? `removed ${path}` : `wrote ${path}`);
    say(`${outputs.size} files are up to date`);
    return 0;
  }
  const drift = await findDrift(root, outputs, FOLDERS);
  for (const fault of drift) say(explain(fault));
  return drift.length === 0 ? 0 : 1;
}

function explain({ path, kind }: Drift): string {
  if (kind === 'surplus') return `${path} is generated by nothing: remove it, or run npm run gen`;
  return `${path} is ${kind === 'missing' ? 'missing' : 'stale'}: run npm run gen`;
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '../..');
  process.exitCode = await run(root, process.argv.slice(2), (line) => process.stdout.write(`${line}\n`));
}
