// SPDX-License-Identifier: Apache-2.0
// spoc merge for profiles that are objects of one kind: the union of their specs under the name of the first.
import { isJsonObject } from '../core/json.ts';
import { objectWith, readObjectOf } from './object-kind.ts';
import type { Made, ObjectKind, Objects } from './object-kind.ts';
import { objectKindOf } from './object-kinds.ts';
import { subjectIn } from './profile-document.ts';
import type { ReadFile } from './profile-document.ts';
import { unionFacts } from './profile-facts.ts';
import { UserError } from './terminal.ts';
import type { Terminal } from './terminal.ts';
import { annotationsOfObjects } from './union-annotations.ts';

/** Objects of one kind that are to be merged. */
export interface ObjectsOfKind {
  readonly kind: ObjectKind;
  readonly objects: Objects;
}

/**
 * The objects of files; undefined where the first file holds something else, which is for seccomp then.
 * @throws UserError for files with different kinds, or fewer than two objects; InvalidProfile
 */
export async function objectsOfOneKind(files: readonly ReadFile[]): Promise<ObjectsOfKind | undefined> {
  const kind = await objectKindOf(files[0]?.documents[0]?.value);
  if (kind === undefined) return undefined;
  const all = files.flatMap(({ path, documents }) =>
    documents.map((document) => ({ document, subject: subjectIn(path, document, documents.length) })),
  );
  for (const { document, subject } of all) {
    const found = isJsonObject(document.value) ? document.value['kind'] : undefined;
    if (found === kind.kind.kind) continue;
    const name = typeof found === 'string' ? found : 'no object';
    throw new UserError(`${subject}: is ${name}, and is not merged with the ${kind.kind.kind} before it`);
  }
  const read = await Promise.all(all.map(({ document, subject }) => readObjectOf(kind.kind, document, subject)));
  const [first, second, ...others] = read;
  if (first === undefined || second === undefined) throw new UserError('merge needs at least two files or profiles');
  return { kind, objects: [first, second, ...others] };
}

/**
 * The text of the union.
 * @throws UserError, InvalidProfile
 */
export async function mergedText({ kind, objects }: ObjectsOfKind, terminal: Terminal): Promise<Made<string>> {
  const { made, warnings } = kind.merge(objects);
  const facts = unionFacts(
    objects[0].facts,
    objects.map((object) => object.facts),
    annotationsOfObjects(kind.kind.kind, objects),
  );
  return { made: await terminal.yaml.print(objectWith(kind.kind, facts, made)), warnings };
}
