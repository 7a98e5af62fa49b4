// SPDX-License-Identifier: Apache-2.0
// From prepared folders to an OCI archive. buildah makes the images from the Containerfile in a storage of its own,
// which is thrown away afterwards; what would differ from one build to the next (times, buildah's version, the order of
// images and files) is fixed, so that the same input gives the same bytes.
import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from './command.ts';
import type { Descriptor } from './layout.ts';
import { readImages, readIndex, readLayers, sortImages } from './layout.ts';
import type { Platform } from './platforms.ts';
import { packTar } from './tar.ts';

const containerfile = path.join(import.meta.dirname, '..', '..', 'Containerfile');

/** Name of an image inside of buildah's storage, which is never shown. */
const LOCAL_NAME = 'localhost/image:build';

/** The inputs of an archive. */
export interface ArchiveInput {
  readonly platforms: readonly Platform[];
  /** Folder that holds a folder for each architecture, with what the Containerfile copies. */
  readonly context: string;
  /** Full name of the image, with registry and tag. */
  readonly name: string;
  readonly version: string;
  /** Packages of other projects in the image, each with its version. */
  readonly parts: readonly string[];
}

/** The written archive. */
export interface Archive {
  /** Of the index, which names an image for each platform: the same for the same input. */
  readonly digest: string;
  /** Bytes of the compressed layers by architecture. */
  readonly compressed: ReadonlyMap<string, number>;
}

/**
 * Builds the image and writes it to the file `output`.
 * @throws Error when an image of a platform is missing in what buildah made
 */
export async function writeArchive(input: ArchiveInput, scratch: string, output: string): Promise<Archive> {
  const layout = path.join(scratch, 'layout');
  await build(input, scratch);
  await run('buildah', [...storage(scratch), 'manifest', 'push', '--all', LOCAL_NAME, `oci:${layout}`]);
  const [built] = await readIndex(layout);
  if (built === undefined) throw new Error('buildah wrote a layout without an image');
  const index = await sortImages(layout, built);
  const compressed = await layerSizes(layout, index);
  // Two platforms whose folders are equal would be one image in buildah's eyes.
  const missing = input.platforms.find(({ arch }) => !compressed.has(arch));
  if (missing !== undefined) throw new Error(`buildah made no image for ${missing.name}`);
  await nameImage(layout, index, input.name);
  await pack(layout, output);
  return { digest: index.digest, compressed };
}

/** vfs needs neither a file system of a certain kind nor a right to mount. */
function storage(scratch: string): readonly string[] {
  return ['--storage-driver', 'vfs', '--root', path.join(scratch, 'storage'), '--runroot', path.join(scratch, 'run')];
}

async function build(input: ArchiveInput, scratch: string): Promise<void> {
  await run('buildah', [
    ...storage(scratch),
    'build',
    '--isolation=chroot',
    '--format=oci',
    '--timestamp=0',
    '--identity-label=false',
    '--layers',
    '--no-cache',
    '--omit-history',
    `--platform=${input.platforms.map(({ name }) => name).join(',')}`,
    `--build-arg=VERSION=${input.version}`,
    `--label=io.x-k8s.spo.parts=${input.parts.join(' ')}`,
    `--manifest=${LOCAL_NAME}`,
    `--file=${containerfile}`,
    input.context,
  ]);
}

async function layerSizes(layout: string, index: Descriptor): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  for (const image of await readImages(layout, index)) {
    const layers = await readLayers(layout, image);
    const total = layers.reduce((sum, { size }) => sum + size, 0);
    sizes.set(image.architecture ?? '', total);
  }
  return sizes;
}

/**
 * Gives the image its name, in the two ways that readers of archives know: containerd takes the first annotation as it
 * is, others look for the tag in the second.
 */
async function nameImage(layout: string, index: Descriptor, name: string): Promise<void> {
  const annotations = {
    'io.containerd.image.name': name,
    'org.opencontainers.image.ref.name': name.slice(name.lastIndexOf(':') + 1),
  };
  const named = { schemaVersion: 2, manifests: [{ ...index, annotations }] };
  await writeFile(path.join(layout, 'index.json'), JSON.stringify(named));
}

async function pack(layout: string, output: string): Promise<void> {
  const draft = `${output}.part`;
  await packTar({ folder: layout, names: ['oci-layout', 'index.json', 'blobs'], epoch: 0 }, draft);
  await rename(draft, output);
}
