// SPDX-License-Identifier: Apache-2.0
// Reads descriptors, the parts of which manifests and indexes consist. Everything in them was written by strangers:
// what is not as the image specification says is refused, with the field.
import { isJsonObject } from '../json.ts';
import { invalidArtifact } from './artifact-error.ts';
import { normalPlatform } from './platform.ts';
import type { Platform } from './platform.ts';
import { isDigest } from './reference.ts';

/** The facts about a blob or manifest that are known before it is fetched. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  /** Empty where there are none. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly platform?: Platform;
  readonly artifactType?: string;
  /** Whether it lies elsewhere, too; we never go there. */
  readonly hasUrls: boolean;
}

/** A media type of RFC 6838, without parameters. */
const MEDIA_TYPE = /^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}\/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}$/;

/** The most annotations that one thing may have. */
const MAX_ANNOTATIONS = 1024;

type Fields = Readonly<Record<string, unknown>>;

/** A media type. */
export function readMediaType(value: unknown, field: string): string {
  if (typeof value === 'string' && MEDIA_TYPE.test(value)) return value;
  throw invalidArtifact(`${field}: is no media type`);
}

/** Annotations; none where the field is missing. */
export function readAnnotations(value: unknown, field: string): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {};
  if (!isJsonObject(value)) throw invalidArtifact(`${field}: is no object`);
  const entries = Object.entries(value);
  if (entries.length > MAX_ANNOTATIONS) throw invalidArtifact(`${field}: has more than ${MAX_ANNOTATIONS} members`);
  const texts = entries.map(([key, text]) => {
    if (typeof text !== 'string') throw invalidArtifact(`${field}: ${JSON.stringify(key)} is no text`);
    return [key, text] as const;
  });
  return Object.fromEntries(texts);
}

function readText(fields: Fields, name: string, field: string): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string' && value.length <= 255) return value;
  throw invalidArtifact(`${field}.${name}: is no short text`);
}

function readPlatform(value: unknown, field: string): Platform | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isJsonObject(value)) throw invalidArtifact(`${field}: is no object`);
  const [os, architecture] = [readText(value, 'os', field), readText(value, 'architecture', field)];
  if (os === undefined || architecture === undefined) {
    throw invalidArtifact(`${field}: needs os and architecture`);
  }
  const [variant, osVersion] = [readText(value, 'variant', field), readText(value, 'os.version', field)];
  return normalPlatform({
    os,
    architecture,
    ...(variant === undefined ? {} : { variant }),
    ...(osVersion === undefined ? {} : { osVersion }),
  });
}

function readSize(value: unknown, field: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw invalidArtifact(`${field}: is no number of bytes`);
}

/**
 * Reads a descriptor.
 *
 * @param field - where it stands, for messages
 * @throws ArtifactError `InvalidArtifact`
 */
export function readDescriptor(value: unknown, field: string): Descriptor {
  if (!isJsonObject(value)) throw invalidArtifact(`${field}: is no object`);
  const { digest, urls } = value;
  if (typeof digest !== 'string' || !isDigest(digest)) {
    throw invalidArtifact(`${field}.digest: is neither sha256: and 64 digits nor sha512: and 128`);
  }
  const platform = readPlatform(value['platform'], `${field}.platform`);
  const artifactType = readText(value, 'artifactType', field);
  return {
    mediaType: readMediaType(value['mediaType'], `${field}.mediaType`),
    digest,
    size: readSize(value['size'], `${field}.size`),
    annotations: readAnnotations(value['annotations'], `${field}.annotations`),
    ...(platform === undefined ? {} : { platform }),
    ...(artifactType === undefined ? {} : { artifactType }),
    hasUrls: Array.isArray(urls) && urls.length > 0,
  };
}
