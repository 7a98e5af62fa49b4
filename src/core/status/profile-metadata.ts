// SPDX-License-Identifier: Apache-2.0
// The part of a SeccompProfile's metadata that is ours: label, annotation and finalizers, as one object for server-side
// apply. It names the uid, so that applying it to a profile that is gone is refused instead of making a new one.
import { ANNOTATION, FINALIZER, LABEL, profileId } from '../names.ts';

/** An object with metadata, as far as it is read here. */
export interface Labelled {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string | undefined;
    readonly uid?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
  };
}

/** What should stand on the object. */
export interface OwnMetadata {
  /** Those of ours that should hold it. */
  readonly finalizers: readonly string[];
  /** Value of the annotation with the effective system calls; undefined for a profile without a base. */
  readonly syscalls: string | undefined;
}

const OURS: readonly string[] = Object.values(FINALIZER);

/** The object to apply; undefined when all of it stands already. */
export function metadataToApply(object: Labelled, wanted: OwnMetadata): Labelled | undefined {
  const { name, namespace, uid } = object.metadata;
  const id = profileId(object.kind, name);
  if (stands(object, wanted, id)) return undefined;
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: {
      name,
      namespace,
      labels: { [LABEL.profileId]: id },
      annotations: wanted.syscalls === undefined ? {} : { [ANNOTATION.syscalls]: wanted.syscalls },
      finalizers: wanted.finalizers,
      ...(uid === undefined ? {} : { uid }),
    },
  };
}

function stands({ metadata }: Labelled, { finalizers, syscalls }: OwnMetadata, id: string): boolean {
  const held = (metadata.finalizers ?? []).filter((name) => OURS.includes(name));
  return (
    held.length === finalizers.length &&
    finalizers.every((name) => held.includes(name)) &&
    metadata.labels?.[LABEL.profileId] === id &&
    metadata.annotations?.[ANNOTATION.syscalls] === syscalls
  );
}
