// SPDX-License-Identifier: Apache-2.0
// The artifact of a profile as the original makes it (its manual, "Using multiple platforms"): a layer for each
// platform, each the text of a profile, told apart by platform and by file name. Reading is more patient than writing.
import { invalidArtifact } from './artifact-error.ts';
import type { Descriptor } from './descriptor.ts';
import type { ImageIndex, ImageManifest } from './manifest.ts';
import { OCI_MANIFEST, PROFILE_LAYER, TITLE, UNKNOWN_CONFIG } from './media-types.ts';
import { parsePlatform, platformDistance, platformSuffix, platformText } from './platform.ts';
import type { Platform } from './platform.ts';

/** The largest profile, in bytes: as much as container runtimes take (KEP-6061) and the API server can keep. */
export const MAX_PROFILE_BYTES = 1024 * 1024;

/** The config of artifacts that need none. It must be pushed all the same: registries look whether it is there. */
export const EMPTY_JSON = {
  text: '{}',
  digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
  size: 2,
} as const;

/** The profile for one platform, as a blob. */
export interface PlatformBlob {
  readonly platform: Platform;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

/** The file name of a profile for a platform, by which the original finds it. */
export function profileTitle(platform: Platform): string {
  return `profile-${platformSuffix(platform)}.yaml`;
}

/** The file name of a profile for every platform. */
const ANY_PLATFORM = /^profile\.ya?ml$/;

function platformFields({ os, architecture, variant, osVersion }: Platform): Readonly<Record<string, string>> {
  return {
    architecture,
    os,
    ...(osVersion === undefined ? {} : { 'os.version': osVersion }),
    ...(variant === undefined ? {} : { variant }),
  };
}

/** The text of the manifest. The same profiles give the same text, in whatever order they come. */
export function artifactManifest(
  blobs: readonly PlatformBlob[],
  annotations: Readonly<Record<string, string>>,
): string {
  const layers = blobs.map(({ platform, digest, size }) => ({
    mediaType: PROFILE_LAYER,
    digest,
    size,
    annotations: { [TITLE]: profileTitle(platform) },
    platform: platformFields(platform),
  }));
  layers.sort((a, b) => (a.annotations[TITLE] < b.annotations[TITLE] ? -1 : 1));
  const sorted = Object.entries(annotations).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: { mediaType: UNKNOWN_CONFIG, digest: EMPTY_JSON.digest, size: EMPTY_JSON.size },
    layers,
    ...(sorted.length === 0 ? {} : { annotations: Object.fromEntries(sorted) }),
  });
}

/** The platform that a file name tells: `profile-linux-arm64-v7.yaml`. */
function platformOfTitle(title: string): Platform | undefined {
  const [, parts] = /^profile-([A-Za-z0-9_.-]+)\.(?:ya?ml|json)$/.exec(title) ?? [];
  return parts === undefined ? undefined : parsePlatform(parts.replaceAll('-', '/'));
}

function titleOf({ annotations }: Descriptor): string {
  return annotations[TITLE] ?? '';
}

function platformOf(descriptor: Descriptor): Platform | undefined {
  return descriptor.platform ?? platformOfTitle(titleOf(descriptor));
}

/** Those of the descriptors that serve a platform best; several where the artifact says no more. */
function bestOf(descriptors: readonly Descriptor[], wanted: Platform): readonly Descriptor[] {
  const measured = descriptors.flatMap((descriptor) => {
    const platform = platformOf(descriptor);
    const distance = platform === undefined ? undefined : platformDistance(platform, wanted);
    return distance === undefined ? [] : [{ descriptor, distance }];
  });
  const least = Math.min(...measured.map(({ distance }) => distance));
  return measured.filter(({ distance }) => distance === least).map(({ descriptor }) => descriptor);
}

function offered(descriptors: readonly Descriptor[]): string {
  const texts = new Set(
    descriptors.flatMap((descriptor) => {
      const platform = platformOf(descriptor);
      return platform === undefined ? [] : [platformText(platform)];
    }),
  );
  const shown = [...texts].slice(0, 20).join(', ');
  return shown === '' ? 'it names no platforms' : `it has ${shown}`;
}

/** One of them, where all are the same blob. */
function single(descriptors: readonly Descriptor[], wanted: Platform, noun: string): Descriptor | undefined {
  const [first] = descriptors;
  if (descriptors.every(({ digest }) => digest === first?.digest)) return first;
  throw invalidArtifact(`has ${String(descriptors.length)} different ${noun} for ${platformText(wanted)}`);
}

/**
 * The layer with the profile for a platform: its own, else `profile.yaml`, else the only one.
 * @throws ArtifactError `InvalidArtifact` with the platforms that there are
 */
export function chooseLayer({ layers }: ImageManifest, wanted: Platform): Descriptor {
  const general = layers.filter((layer) => platformOf(layer) === undefined);
  const named = general.filter((layer) => ANY_PLATFORM.test(titleOf(layer)));
  const layer =
    single(bestOf(layers, wanted), wanted, 'layers') ??
    single(named, wanted, 'layers') ??
    (layers.length === 1 ? general[0] : undefined);
  if (layer === undefined) {
    throw invalidArtifact(`has no profile for ${platformText(wanted)}: ${offered(layers)}`);
  }
  return layer;
}

/**
 * The manifest of an index for a platform: its own, else the only one without a platform.
 * @throws ArtifactError `InvalidArtifact` with the platforms that there are
 */
export function chooseManifest({ manifests }: ImageIndex, wanted: Platform): Descriptor {
  const general = manifests.filter(({ platform }) => platform === undefined);
  const found =
    single(bestOf(manifests, wanted), wanted, 'manifests') ?? (general.length === 1 ? general[0] : undefined);
  if (found !== undefined) return found;
  throw invalidArtifact(`has no manifest for ${platformText(wanted)}: ${offered(manifests)}`);
}
