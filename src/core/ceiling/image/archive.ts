// SPDX-License-Identifier: Apache-2.0
// Images as files: the layout of the image specification, which `docker save` writes, too, the older form of that, and
// the root of a container as `docker export` writes it.
// https://github.com/opencontainers/image-spec/blob/main/image-layout.md
import { chooseManifest } from '../../oci/artifact.ts';
import { isJsonObject, parseJson } from '../../json.ts';
import { readManifest } from '../../oci/manifest.ts';
import { OCI_INDEX } from '../../oci/media-types.ts';
import type { Platform } from '../../oci/platform.ts';
import { MalformedArchive } from './tar.ts';

/** The files of an image, by their paths; undefined for one that is not there. */
export type ImageFiles = (path: string) => Uint8Array | undefined;

/** A layer as it is packed, with the name that the image gives it: a digest or a path. */
export interface PackedLayer {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Lists of lists of images, and so on, are followed so far. */
const MAX_DEPTH = 4;

function required(files: ImageFiles, path: string): Uint8Array {
  const bytes = files(path);
  if (bytes === undefined) throw new MalformedArchive(`${path} is missing in it`);
  return bytes;
}

function blob(files: ImageFiles, digest: string): Uint8Array {
  return required(files, `blobs/${digest.replace(':', '/')}`);
}

/** By the list that a layout has, or one that it names. */
function layersOfIndex(
  files: ImageFiles,
  bytes: Uint8Array,
  type: string,
  platform: Platform,
  depth = 0,
): readonly PackedLayer[] {
  const document = readManifest(bytes, type);
  if (document.type === 'manifest')
    return document.layers.map(({ digest }) => ({ name: digest, bytes: blob(files, digest) }));
  if (depth === MAX_DEPTH) throw new MalformedArchive('its lists of images are too deep');
  const [only, ...others] = document.manifests;
  const chosen = only !== undefined && others.length === 0 ? only : chooseManifest(document, platform);
  return layersOfIndex(files, blob(files, chosen.digest), chosen.mediaType, platform, depth + 1);
}

/** By the list of Docker's older form: of one image. */
function layersOfDocker(files: ImageFiles, bytes: Uint8Array): readonly PackedLayer[] {
  const images = parseJson(new TextDecoder().decode(bytes));
  const [image, ...others] = Array.isArray(images) ? (images as unknown[]) : [];
  const layers = isJsonObject(image) ? image['Layers'] : undefined;
  if (others.length > 0) throw new MalformedArchive('it holds several images');
  if (!Array.isArray(layers)) throw new MalformedArchive('manifest.json lists no layers');
  return layers.map((path) => ({ name: String(path), bytes: required(files, String(path)) }));
}

/**
 * The layers of an image, as they are packed, the lowest first; undefined for files that are no image.
 *
 * @param platform - of which the image is wanted, where there are several
 * @throws MalformedArchive, ArtifactError
 */
export function layersOf(files: ImageFiles, platform: Platform): readonly PackedLayer[] | undefined {
  const index = files('index.json');
  if (index !== undefined) return layersOfIndex(files, index, OCI_INDEX, platform);
  const docker = files('manifest.json');
  return docker === undefined ? undefined : layersOfDocker(files, docker);
}
