// SPDX-License-Identifier: Apache-2.0
// The image of a release, for every platform, by `npm run image`; and the packages of Debian that are in it.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from '../image/command.ts';
import { isRecord, readRecord } from '../image/json.ts';
import type { Descriptor } from '../image/layout.ts';
import { readImages, readIndex } from '../image/layout.ts';
import { PLATFORMS } from '../image/platforms.ts';
import type { Part } from './parts.ts';
import { debianParts } from './parts.ts';

const BUILDER = path.join(import.meta.dirname, '..', 'image', 'main.ts');

/** The label that names the packages of Debian. */
const PARTS_LABEL = 'io.x-k8s.spo.parts';

/** Writes the image as an OCI archive. */
export async function makeImage(output: string): Promise<void> {
  const platforms = PLATFORMS.map(({ name }) => name).join(',');
  await run(process.execPath, [BUILDER, '--platform', platforms, '--output', output]);
}

function blobOf(layout: string, digest: string): string {
  return path.join(layout, 'blobs', ...digest.split(':'));
}

async function labelsOf(layout: string, image: Descriptor): Promise<Readonly<Record<string, unknown>>> {
  const { config } = await readRecord(blobOf(layout, image.digest));
  const digest = isRecord(config) ? String(config['digest']) : '';
  const document: unknown = JSON.parse(await readFile(blobOf(layout, digest), 'utf8'));
  const inner = isRecord(document) ? document['config'] : undefined;
  const labels = isRecord(inner) ? inner['Labels'] : undefined;
  return isRecord(labels) ? labels : {};
}

/**
 * The packages of Debian in an image, as its label names them.
 * @throws Error for an image without that label
 */
export async function partsOfImage(archive: string): Promise<readonly Part[]> {
  const layout = await mkdtemp(path.join(tmpdir(), 'spo-release-'));
  try {
    await run('tar', ['-xf', archive, '-C', layout]);
    const [index] = await readIndex(layout);
    const [image] = index === undefined ? [] : await readImages(layout, index);
    const words = image === undefined ? undefined : (await labelsOf(layout, image))[PARTS_LABEL];
    if (typeof words !== 'string') throw new Error(`${archive} has no label ${PARTS_LABEL}`);
    return debianParts(words.split(' '), 'contained');
  } finally {
    await rm(layout, { recursive: true });
  }
}
