// SPDX-License-Identifier: Apache-2.0
// The meaning of a path where programs are looked into: a program of this machine, a folder that is the root of others,
// or an image as a folder or a tar archive.
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { layersOf } from '../core/ceiling/image/archive.ts';
import { treeOfLayers } from '../core/ceiling/image/layers.ts';
import { isTar, readTar } from '../core/ceiling/image/tar.ts';
import type { ProgramSource } from '../core/ceiling/source.ts';
import type { Platform } from '../core/oci/platform.ts';
import { fileError } from './file-error.ts';
import { folderTree } from './folder-tree.ts';
import { pathOf } from './text-bytes.ts';

/** Bytes of a layer when it is unpacked. */
const MAX_LAYER = 4 * 1024 ** 3;

const LAYOUT = 'oci-layout';

function unpacked(bytes: Uint8Array): Uint8Array {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return gunzipSync(bytes, { maxOutputLength: MAX_LAYER });
  if (bytes[0] === 0x28 && bytes[1] === 0xb5) return zstdDecompressSync(bytes, { maxOutputLength: MAX_LAYER });
  return bytes;
}

/** The files of an image, from its layers as they are packed. */
export function openLayers(layers: readonly Uint8Array[]): ProgramSource {
  return { tree: treeOfLayers(layers.map(unpacked)), programs: undefined };
}

function layoutSource(folder: string, platform: Platform): ProgramSource | undefined {
  const root = realpathSync(folder);
  const files = (name: string): Uint8Array | undefined => {
    const file = path.join(root, name);
    // Names stand in the image itself, which may be anybody's: nothing outside is read, and no device.
    const isWithin = existsSync(file) && realpathSync(file).startsWith(`${root}/`) && statSync(file).isFile();
    return isWithin ? readFileSync(file) : undefined;
  };
  const layers = layersOf(files, platform);
  return layers === undefined ? undefined : openLayers(layers);
}

/** An archive of an image, or of the files of a container. */
function archiveSource(bytes: Uint8Array, platform: Platform): ProgramSource {
  const files = new Map<string, Uint8Array>();
  for (const entry of readTar(bytes)) {
    if (entry.type === 'file') files.set(path.posix.normalize(entry.path), entry.bytes);
  }
  return openLayers(layersOf((name) => files.get(name), platform) ?? [bytes]);
}

function sourceOf(file: string, platform: Platform): ProgramSource {
  if (statSync(pathOf(file)).isDirectory()) {
    const layout = existsSync(path.join(file, LAYOUT)) ? layoutSource(file, platform) : undefined;
    return layout ?? { tree: folderTree(file), programs: undefined };
  }
  const bytes = unpacked(readFileSync(pathOf(file)));
  return isTar(bytes) ? archiveSource(bytes, platform) : { tree: folderTree('/'), programs: [realpathSync(file)] };
}

/**
 * Opens it.
 *
 * @param platform - of which an image is wanted, where there are several
 * @throws Error that names the path and the reason
 */
export async function openProgramSource(file: string, platform: Platform): Promise<ProgramSource> {
  try {
    return sourceOf(file, platform);
  } catch (cause) {
    throw fileError('read', file, cause);
  }
}
