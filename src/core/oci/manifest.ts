// SPDX-License-Identifier: Apache-2.0
// Reads manifests and indexes (opencontainers/image-spec v1.1). One text could be meant as both, and readers differ in
// which member of two with one name counts: such texts are refused, because what is signed must be what is read.
import { isJsonObject, parseJson, repeatedKey } from '../json.ts';
import { ArtifactError, invalidArtifact } from './artifact-error.ts';
import { readAnnotations, readDescriptor, readMediaType } from './descriptor.ts';
import type { Descriptor } from './descriptor.ts';
import { INDEX_TYPES, MANIFEST_TYPES, OCI_INDEX, OCI_MANIFEST } from './media-types.ts';

/** The largest manifest that registries take, and that we read: 4 MiB. */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;

/** The most layers or manifests that one document may list. */
const MAX_ENTRIES = 4096;

interface Common {
  readonly mediaType: string;
  readonly artifactType?: string;
  /** The thing that it says something about, as a signature does. */
  readonly subject?: Descriptor;
  readonly annotations: Readonly<Record<string, string>>;
}

/** An artifact. */
export interface ImageManifest extends Common {
  readonly type: 'manifest';
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

/** Several artifacts, one for each platform, or those that refer to another one. */
export interface ImageIndex extends Common {
  readonly type: 'index';
  readonly manifests: readonly Descriptor[];
}

/** The document that a registry has under a tag or a digest. */
export type ManifestDocument = ImageManifest | ImageIndex;

type Fields = Readonly<Record<string, unknown>>;

function decode(bytes: Uint8Array): Fields {
  if (bytes.length > MAX_MANIFEST_BYTES) throw invalidArtifact(`is larger than ${MAX_MANIFEST_BYTES} bytes`);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value = parseJson(text);
    const repeated = repeatedKey(text);
    if (repeated !== undefined) throw invalidArtifact(`${repeated.path} is written twice`);
    if (isJsonObject(value)) return value;
  } catch (cause) {
    if (cause instanceof ArtifactError) throw cause;
    throw invalidArtifact('is no JSON', { cause });
  }
  throw invalidArtifact('is no JSON object');
}

/** The content's own word counts, where the answer names no type that we know. */
function kindOf(fields: Fields, contentType: string): 'manifest' | 'index' {
  const own = fields['mediaType'];
  const [hasLayers, hasManifests] = ['layers', 'manifests'].map((name) => fields[name] !== undefined);
  if (hasLayers === true && hasManifests === true) throw invalidArtifact('has both layers and manifests');
  const isKnown = INDEX_TYPES.includes(contentType) || MANIFEST_TYPES.includes(contentType);
  if (own !== undefined && isKnown && own !== contentType) {
    throw invalidArtifact(`says that it is ${JSON.stringify(own)}, and the registry that it is ${contentType}`);
  }
  const type = isKnown ? contentType : own;
  if (INDEX_TYPES.includes(String(type)) || (type === undefined && hasManifests === true)) return 'index';
  if (MANIFEST_TYPES.includes(String(type)) || (type === undefined && hasLayers === true)) return 'manifest';
  throw invalidArtifact(`is neither a manifest nor an index: ${JSON.stringify(type ?? contentType)}`);
}

function readList(value: unknown, field: string): readonly Descriptor[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw invalidArtifact(`${field}: is no list`);
  if (value.length > MAX_ENTRIES) throw invalidArtifact(`${field}: has more than ${MAX_ENTRIES} entries`);
  return value.map((entry, at) => readDescriptor(entry, `${field}[${at}]`));
}

function readCommon(fields: Fields, type: string): Common {
  const { mediaType = type, artifactType, subject, annotations } = fields;
  const hasSubject = subject !== undefined && subject !== null;
  return {
    mediaType: readMediaType(mediaType, 'mediaType'),
    ...(artifactType === undefined || artifactType === ''
      ? {}
      : { artifactType: readMediaType(artifactType, 'artifactType') }),
    ...(hasSubject ? { subject: readDescriptor(subject, 'subject') } : {}),
    annotations: readAnnotations(annotations, 'annotations'),
  };
}

/**
 * Reads a manifest or an index.
 *
 * @param contentType - as the registry names it, without parameters; empty where it does not
 * @throws ArtifactError `InvalidArtifact` with the field
 */
export function readManifest(bytes: Uint8Array, contentType: string): ManifestDocument {
  const fields = decode(bytes);
  if (fields['schemaVersion'] !== 2) throw invalidArtifact('schemaVersion: is not 2');
  if (kindOf(fields, contentType) === 'index') {
    return {
      type: 'index',
      ...readCommon(fields, OCI_INDEX),
      manifests: readList(fields['manifests'], 'manifests'),
    };
  }
  return {
    type: 'manifest',
    ...readCommon(fields, OCI_MANIFEST),
    config: readDescriptor(fields['config'], 'config'),
    layers: readList(fields['layers'], 'layers'),
  };
}
