// SPDX-License-Identifier: Apache-2.0
// The size of the image on a node's disk. The floor is its first layer: Node.js and the libraries that it needs,
// without a line of ours.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Figure } from './report.ts';

const root = path.join(import.meta.dirname, '..');

interface Blob {
  readonly digest: string;
}

function blobIn(folder: string, { digest }: Blob): Buffer {
  return readFileSync(path.join(folder, 'blobs', digest.replace(':', '/')));
}

interface Manifest {
  /** Of an index: the images of the platforms. */
  readonly manifests?: readonly [Blob];
  readonly layers?: readonly Blob[];
}

/** The first image that an index leads to, through the index of its platforms. */
function imageIn(folder: string, text: string): Manifest {
  const manifest = JSON.parse(text) as Manifest;
  if (manifest.manifests === undefined) return manifest;
  return imageIn(folder, blobIn(folder, manifest.manifests[0]).toString());
}

/** MiB of each layer of the first image in an OCI layout, unpacked. */
function layersOf(folder: string): readonly number[] {
  const { layers = [] } = imageIn(folder, readFileSync(path.join(folder, 'index.json'), 'utf8'));
  return layers.map((layer) => gunzipSync(blobIn(folder, layer)).length / 2 ** 20);
}

/** Builds the image for this machine and weighs it. */
export function measureImage(): readonly Figure[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
  try {
    const archive = path.join(folder, 'image.tar');
    execFileSync(process.execPath, ['tools/image/main.ts', '--output', archive], { cwd: root, stdio: 'ignore' });
    execFileSync('tar', ['--extract', '--file', archive, '--directory', folder]);
    const layers = layersOf(folder);
    const value = layers.reduce((sum, size) => sum + size, 0);
    const floor = { what: 'Node.js and its libraries', value: layers[0] ?? Number.NaN };
    return [{ what: 'image, unpacked', value, unit: 'MiB', floor, bar: 150, peer: '195' }];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
