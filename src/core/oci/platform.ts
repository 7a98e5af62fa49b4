// SPDX-License-Identifier: Apache-2.0
// Platforms as Go and the image specification write them: linux/amd64, linux/arm64/v8. Names that mean the same are
// one: arm64 is v8, arm is v7, amd64 is v1 (containerd's platforms package says so, too).

/** A platform. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  /** `v7`; undefined for the usual one of the architecture. */
  readonly variant?: string;
  /** The version of the operating system, of Windows only. */
  readonly osVersion?: string;
}

const PART = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** Other names of architectures, uname's among them. */
const ALIASES: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  'x86-64': 'amd64',
  i386: '386',
  i486: '386',
  i586: '386',
  i686: '386',
  aarch64: 'arm64',
  armhf: 'arm',
  armel: 'arm',
};

/** The variant that is meant where none is written. */
const USUAL_VARIANTS: Readonly<Record<string, string>> = { amd64: 'v1', arm64: 'v8', arm: 'v7' };

/** The platform in the one form in which equal ones look alike. */
export function normalPlatform({ os, architecture, variant, osVersion }: Platform): Platform {
  const lower = architecture.toLowerCase();
  const arch = Object.hasOwn(ALIASES, lower) ? (ALIASES[lower] ?? lower) : lower;
  // armel is the older of the two names that Debian has.
  const written = variant?.toLowerCase() ?? (lower === 'armel' ? 'v6' : '');
  const number = /^\d+$/.test(written) ? `v${written}` : written;
  const isUsual = number === '' || USUAL_VARIANTS[arch] === number;
  return {
    os: os.toLowerCase(),
    architecture: arch,
    ...(isUsual ? {} : { variant: number }),
    ...(osVersion === undefined || osVersion === '' ? {} : { osVersion }),
  };
}

/** Reads os/architecture[/variant]; undefined for a text of another form. */
export function parsePlatform(text: string): Platform | undefined {
  const [os = '', architecture = '', variant, ...rest] = text.split('/');
  const parts = [os, architecture, ...(variant === undefined ? [] : [variant])];
  if (rest.length > 0 || !parts.every((part) => PART.test(part))) return undefined;
  return normalPlatform({ os, architecture, ...(variant === undefined ? {} : { variant }) });
}

/** os/architecture[/variant], as users write it. */
export function platformText({ os, architecture, variant, osVersion }: Platform): string {
  const version = osVersion === undefined ? '' : ` (${osVersion})`;
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join('/') + version;
}

function variantNumber({ architecture, variant }: Platform): number | undefined {
  const [, digits] = /^v(\d+)$/.exec(variant ?? USUAL_VARIANTS[architecture] ?? '') ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * How well an offered platform serves a wanted one: 0 is the same, more is worse, undefined is not at all. A machine
 * runs what is made for lower variants of its own architecture, so the next lower one is the next best.
 */
export function platformDistance(offered: Platform, wanted: Platform): number | undefined {
  const [have, want] = [normalPlatform(offered), normalPlatform(wanted)];
  if (have.os !== want.os || have.architecture !== want.architecture) return undefined;
  if (want.osVersion !== undefined && have.osVersion !== undefined && have.osVersion !== want.osVersion) {
    return undefined;
  }
  if (have.variant === want.variant) return 0;
  const [high, low] = [variantNumber(want), variantNumber(have)];
  if (high === undefined || low === undefined || low > high) return undefined;
  return high - low;
}

/** `linux-arm64-v7`: the platform as a part of file names. */
export function platformSuffix(platform: Platform): string {
  const { os, architecture, variant, osVersion } = normalPlatform(platform);
  return [os, architecture, variant, osVersion].filter((part) => part !== undefined).join('-');
}
