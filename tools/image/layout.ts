// SPDX-License-Identifier: Apache-2.0
// An OCI image layout, the folder of index.json and blobs that an archive holds: which images it has, in which order,
// and how large their layers are. Format: the OCI image specification, image-layout.md and manifest.md.
import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isRecord, readRecord } from './json.ts';

/** Points at a blob, by its digest. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  /** In an index of several platforms: OCI's name of the architecture. */
  readonly architecture?: string;
}

/**
 * The manifest that a layout's index.json points at.
 * @throws Error when it isn't an index
 */
export async function readIndex(layout: string): Promise<readonly Descriptor[]> {
  return descriptors(await readRecord(path.join(layout, 'index.json')), 'manifests');
}

/** The images of an image index, one for each platform. */
export async function readImages(layout: string, index: Descriptor): Promise<readonly Descriptor[]> {
  return descriptors(await readBlob(layout, index), 'manifests');
}

/** The layers of an image, the lowest first. */
export async function readLayers(layout: string, image: Descriptor): Promise<readonly Descriptor[]> {
  return descriptors(await readBlob(layout, image), 'layers');
}

/**
 * Writes an index anew with its images in the order of their architectures' names, because buildah puts first what was
 * ready first. Returns the new descriptor.
 */
export async function sortImages(layout: string, index: Descriptor): Promise<Descriptor> {
  const document = await readBlob(layout, index);
  const listed: unknown = document['manifests'];
  const manifests = (Array.isArray(listed) ? listed : []).toSorted((a: unknown, b: unknown) =>
    (descriptor(a).architecture ?? '').localeCompare(descriptor(b).architecture ?? ''),
  );
  const text = JSON.stringify({ ...document, manifests });
  const sorted = {
    ...index,
    digest: `sha256:${createHash('sha256').update(text).digest('hex')}`,
    size: Buffer.byteLength(text),
  };
  await rm(blobFile(layout, index));
  await writeFile(blobFile(layout, sorted), text);
  return sorted;
}

function blobFile(layout: string, { digest }: Descriptor): string {
  return path.join(layout, 'blobs', ...digest.split(':'));
}

async function readBlob(layout: string, descriptor: Descriptor): Promise<Readonly<Record<string, unknown>>> {
  return readRecord(blobFile(layout, descriptor));
}

function descriptors(document: Readonly<Record<string, unknown>>, field: string): readonly Descriptor[] {
  const list = document[field];
  if (!Array.isArray(list)) throw new Error(`an OCI document has no ${field}`);
  return list.map(descriptor);
}

function descriptor(value: unknown): Descriptor {
  const { mediaType, digest, size, platform } = isRecord(value) ? value : {};
  if (typeof mediaType !== 'string' || typeof digest !== 'string' || typeof size !== 'number') {
    throw new Error(`an OCI descriptor lacks mediaType, digest or size: ${JSON.stringify(value)}`);
  }
  const architecture = isRecord(platform) ? platform['architecture'] : undefined;
  return { mediaType, digest, size, ...(typeof architecture === 'string' ? { architecture } : {}) };
}
