// SPDX-License-Identifier: Apache-2.0
// The meaning of a path where programs are looked into: a program of this machine, a folder that is the root of others,
// or an image as a folder or a tar archive.
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { layersOf } from '../core/ceiling/image/archive.ts';
import type { PackedLayer } from '../core/ceiling/image/archive.ts';
import { treeOfLayers } from '../core/ceiling/image/layers.ts';
import type { UnpackedLayer } from '../core/ceiling/image/layers.ts';
import { isTar, MalformedArchive, readTar } from '../core/ceiling/image/tar.ts';
import type { ProgramSource } from '../core/ceiling/source.ts';
import type { Platform } from '../core/oci/platform.ts';
import { fileError } from './file-error.ts';
import { folderTree } from './folder-tree.ts';
import { pathOf } from './text-bytes.ts';

/** Bytes of all layers of an image together when they are unpacked: they are held in memory. */
const MAX_IMAGE = 4 * 1024 ** 3;

const LAYOUT = 'oci-layout';

/** @throws RangeError where it would be longer than the limit, Error where it is damaged */
function unpacked(bytes: Uint8Array, limit = MAX_IMAGE): Uint8Array {
  const options = { maxOutputLength: Math.max(limit, 1) };
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return gunzipSync(bytes, options);
  if (bytes[0] === 0x28 && bytes[1] === 0xb5) return zstdDecompressSync(bytes, options);
  if (bytes.length > limit) throw new RangeError('it is too large');
  return bytes;
}

/** The layers, each unpacked when it is asked for, as long as all together are within the budget. */
function* unpackedLayers(layers: readonly PackedLayer[], budget: number): Generator<UnpackedLayer> {
  let left = budget;
  for (const { name, bytes } of layers) {
    const whole = unpackedLayer(name, bytes, left, budget);
    left -= whole.length;
    yield { name, bytes: whole };
  }
}

function unpackedLayer(name: string, bytes: Uint8Array, left: number, budget: number): Uint8Array {
  try {
    return unpacked(bytes, left);
  } catch (cause) {
    const { message } = cause instanceof Error ? cause : new Error(String(cause));
    const reason = cause instanceof RangeError ? `all layers unpacked have more than ${String(budget)} bytes` : message;
    throw new MalformedArchive(`layer ${name}: ${reason}`, { cause });
  }
}

/**
 * The files of an image, from its layers as they are packed.
 *
 * @param budget - bytes of all layers together when they are unpacked
 * @throws MalformedArchive that names the layer
 */
export function openLayers(layers: readonly PackedLayer[], budget = MAX_IMAGE): ProgramSource {
  return { tree: treeOfLayers(unpackedLayers(layers, budget)), programs: undefined };
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
  return openLayers(layersOf((name) => files.get(name), platform) ?? [{ name: 'of the archive', bytes }]);
}

function sourceOf(file: string, platform: Platform): ProgramSource {
  const found = statSync(pathOf(file));
  if (found.isCharacterDevice() || found.isBlockDevice()) throw new Error('is a device');
  if (found.isDirectory()) {
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
