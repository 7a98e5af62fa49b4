// SPDX-License-Identifier: Apache-2.0
// An image archive with its layers as plain tar archives: an emulated processor takes longer to decompress the
// operator's image than for everything else that its import takes. Format: the OCI image specification, image-layout.md
// and layer.md.
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { run } from '../image/command.ts';
import { pack } from './images.ts';

const inflate = promisify(gunzip);

const COMPRESSED = '+gzip';

/** A reference to a blob. */
interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** An index has manifests, which may be indexes again, and a manifest has layers. */
interface Parts {
  readonly manifests?: readonly Descriptor[];
  readonly layers?: readonly Descriptor[];
}

/**
 * Writes the archive of an image again, with its layers decompressed. The image has another digest then, and the same
 * configuration and content.
 * @throws Error when a part of it is missing
 */
export async function writePlainLayers(archive: string, output: string): Promise<void> {
  const layout = await mkdtemp(`${output}.layout-`);
  try {
    await run('tar', ['--extract', '--file', archive, '--directory', layout]);
    const index = path.join(layout, 'index.json');
    await writeFile(index, await plainParts(layout, await readFile(index)));

    await pack(layout, ['oci-layout', 'index.json', 'blobs'], output);
  } finally {
    await rm(layout, { recursive: true });
  }
}

async function plainParts(layout: string, text: Buffer): Promise<Buffer> {
  const parts = JSON.parse(text.toString()) as Parts;
  const changed: { manifests?: Descriptor[]; layers?: Descriptor[] } = {};
  for (const part of parts.manifests ?? []) {
    const content = await plainParts(layout, await readBlob(layout, part));
    (changed.manifests ??= []).push({ ...part, ...(await addBlob(layout, part.mediaType, content)) });
  }
  for (const layer of parts.layers ?? []) (changed.layers ??= []).push(await plainLayer(layout, layer));
  return Buffer.from(JSON.stringify({ ...parts, ...changed }));
}

async function plainLayer(layout: string, layer: Descriptor): Promise<Descriptor> {
  if (!layer.mediaType.endsWith(COMPRESSED)) return layer;
  const content = await inflate(await readBlob(layout, layer));
  await rm(fileOf(layout, layer));
  return addBlob(layout, layer.mediaType.slice(0, -COMPRESSED.length), content);
}

async function readBlob(layout: string, blob: Descriptor): Promise<Buffer> {
  return readFile(fileOf(layout, blob));
}

async function addBlob(layout: string, mediaType: string, content: Buffer): Promise<Descriptor> {
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  await writeFile(fileOf(layout, { digest }), content);
  return { mediaType, digest, size: content.length };
}

function fileOf(layout: string, { digest }: Pick<Descriptor, 'digest'>): string {
  return path.join(layout, 'blobs', ...digest.split(':'));
}
