// SPDX-License-Identifier: Apache-2.0
// The part of an object's metadata that is ours, and the merge patch that brings it about. Not by server-side apply:
// that removes only values without another owner, so a finalizer that came with a copy of the object would stay for
// ever.
//
// Guarantees: what others have put there is never touched, because every patch names the resourceVersion that it was
// computed from, and the API server refuses it (409) when that is old. A merge patch does this as well as a JSON patch
// with a `test`, and says so with a conflict rather than with "unprocessable".
import { createHash } from 'node:crypto';
import type { KubeObject } from './object.ts';

/** The metadata that an object should have, by whichever writer; names that are absent here are left alone. */
export interface OwnMetadata {
  readonly labels?: Readonly<Record<string, string>>;
  /** By name; undefined where there must be none of that name. */
  readonly annotations?: Readonly<Record<string, string | undefined>>;
  /** By name: whether it holds the object. */
  readonly finalizers?: Readonly<Record<string, boolean>>;
}

/** A merge patch of an object's metadata. */
export interface MetadataPatch {
  readonly metadata: {
    readonly resourceVersion: string | undefined;
    readonly labels?: Readonly<Record<string, string | null>>;
    readonly annotations?: Readonly<Record<string, string | null>>;
    readonly finalizers?: readonly string[];
  };
}

type Texts = Readonly<Record<string, string>>;

/** The patch that makes the metadata so; undefined when they are. */
export function metadataPatch({ metadata }: KubeObject, wanted: OwnMetadata): MetadataPatch | undefined {
  const labels = textsPatch(metadata.labels, wanted.labels ?? {});
  const annotations = textsPatch(metadata.annotations, wanted.annotations ?? {});
  const finalizers = finalizersAfter(metadata.finalizers ?? [], wanted.finalizers ?? {});
  if (labels === undefined && annotations === undefined && finalizers === undefined) return undefined;
  return {
    metadata: {
      resourceVersion: metadata.resourceVersion,
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(finalizers === undefined ? {} : { finalizers }),
    },
  };
}

function textsPatch(
  live: Texts = {},
  wanted: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | null>> | undefined {
  const differing = Object.entries(wanted).filter(([name, text]) => !stands(live[name], text));
  if (differing.length === 0) return undefined;
  return Object.fromEntries(differing.map(([name, text]) => [name, text ?? null]));
}

function stands(live: string | undefined, wanted: string | undefined): boolean {
  return live === wanted || (wanted !== undefined && live === textMark(wanted));
}

/** Longer texts are kept as their hash. */
const MARKED = 256;

/**
 * A text of an object's metadata as a source may keep it: of a long one nothing is read, only whether it still stands.
 */
export function textMark(text: string): string {
  return text.length <= MARKED ? text : `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

function finalizersAfter(
  live: readonly string[],
  wanted: Readonly<Record<string, boolean>>,
): readonly string[] | undefined {
  const missing = Object.keys(wanted).filter((name) => wanted[name] === true && !live.includes(name));
  const kept = live.filter((name) => wanted[name] !== false);
  return missing.length === 0 && kept.length === live.length ? undefined : [...kept, ...missing];
}
