// SPDX-License-Identifier: Apache-2.0
// The facts of a profile's object besides its rules, and which fields of an object matter to the commands at all.
import { isJsonObject } from '../core/json.ts';
import { ANNOTATION } from '../core/names.ts';
import { objectName } from '../core/recording/profile.ts';

type Texts = Readonly<Record<string, string>>;

/** The facts of an object besides the rules of its profile. */
export interface ObjectFacts {
  readonly name: string;
  readonly namespace?: string;
  /** Empty where there are none, like annotations. */
  readonly labels: Texts;
  readonly annotations: Texts;
  readonly disabled: boolean;
}

/** The object of a file that is none, with the name of the file. */
export function newFacts(path: string): ObjectFacts {
  const file = path.slice(path.lastIndexOf('/') + 1).replace(/\.(json|ya?ml|cil|log)$/i, '');
  const name = objectName(file === '-' || file === 'stdin' ? 'profile' : file);
  return { name, labels: {}, annotations: {}, disabled: false };
}

/** kubectl's copy of the object as it was applied, which is another one afterwards. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

function texts(value: unknown): Texts {
  const entries = isJsonObject(value) ? Object.entries(value) : [];
  return Object.fromEntries(
    entries.flatMap(([key, text]) => (typeof text === 'string' && key !== LAST_APPLIED ? [[key, text] as const] : [])),
  );
}

/** The facts of an object's metadata. */
export function factsOf(metadata: Readonly<Record<string, unknown>>, disabled: boolean): ObjectFacts {
  const { name, namespace } = metadata;
  return {
    name: typeof name === 'string' ? name : '',
    ...(typeof namespace === 'string' ? { namespace } : {}),
    labels: texts(metadata['labels']),
    annotations: texts(metadata['annotations']),
    disabled,
  };
}

/**
 * Fields that matter here: what a cluster keeps about the object besides, its status and most of its metadata, does
 * not.
 */
export function concernsProfile(path: string): boolean {
  return !/^(status\b|metadata\.(?!name$))/.test(path);
}

/** Annotations that hold for a union as soon as they hold for a part of it. */
const OF_ANY_PART = [ANNOTATION.recordingIncomplete, ANNOTATION.addedSyscalls] as const;

/** Annotations of a part that are no other one's: its effective rules, its narrowed values, and how it was learnt. */
const OF_ONE_PART: readonly string[] = [
  ANNOTATION.syscalls,
  ANNOTATION.observedValues,
  ANNOTATION.recordingEvidence,
  ANNOTATION.syscallCoverage,
  ANNOTATION.accessCoverage,
];

/**
 * The facts of a union: those of the first object, with what is true because of the other parts.
 *
 * @param parts - of all parts that are objects, the first among them
 * @param learnt - annotations that the union has of its own: how its parts were learnt and narrowed
 */
export function unionFacts(first: ObjectFacts, parts: readonly ObjectFacts[], learnt: Texts = {}): ObjectFacts {
  const own = Object.entries(first.annotations).filter(([key]) => !OF_ONE_PART.includes(key));
  const shared = OF_ANY_PART.flatMap((key) => {
    const values = new Set(parts.flatMap(({ annotations }) => annotations[key] ?? []));
    return values.size === 0 ? [] : [[key, [...values].join('; ')] as const];
  });
  return { ...first, annotations: { ...Object.fromEntries([...own, ...shared]), ...learnt } };
}
