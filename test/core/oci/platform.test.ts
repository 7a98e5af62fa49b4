// SPDX-License-Identifier: Apache-2.0
// Platforms: names for the same one, and which offered one serves a wanted one best.
import { expect } from 'chai';
import * as fc from 'fast-check';
import { normalPlatform, parsePlatform, platformDistance, platformSuffix } from '../../../src/core/oci/platform.ts';
import type { Platform } from '../../../src/core/oci/platform.ts';

function platform(text: string): Platform {
  const parsed = parsePlatform(text);
  if (parsed === undefined) throw new Error(`${text} is no platform`);
  return parsed;
}

const platforms = fc.record({
  os: fc.constantFrom('linux', 'windows', 'Linux'),
  architecture: fc.constantFrom('amd64', 'arm64', 'arm', 'x86_64', 'aarch64', 'armhf', 's390x', 'riscv64'),
  variant: fc.constantFrom('', 'v1', 'v2', 'v6', 'v7', 'v8', '8', 'V9', 'power9'),
});

describe('a platform', () => {
  it('is one whatever it is called', () => {
    for (const [name, other] of [
      ['linux/arm64/v8', 'linux/arm64'],
      ['linux/aarch64', 'linux/arm64'],
      ['linux/arm/v7', 'linux/arm'],
      ['linux/armhf', 'linux/arm/7'],
      ['linux/amd64/v1', 'linux/amd64'],
      ['Linux/x86_64', 'linux/amd64'],
      ['linux/armel', 'linux/arm/v6'],
    ] as const) {
      expect(platform(name), name).to.deep.equal(platform(other));
    }
  });

  it('is no other text', () => {
    for (const text of ['', 'linux', 'linux/', '/amd64', 'linux/amd64/v1/x', 'linux/am d64', 'linux/../etc']) {
      expect(parsePlatform(text), text).to.equal(undefined);
    }
  });

  it('serves machines of the same architecture and a variant as high or higher', () => {
    const cases: readonly (readonly [offered: string, wanted: string, distance: number | undefined])[] = [
      ['linux/amd64', 'linux/amd64', 0],
      ['linux/amd64', 'linux/amd64/v3', 2],
      ['linux/amd64/v3', 'linux/amd64', undefined],
      ['linux/arm/v6', 'linux/arm', 1],
      ['linux/arm/v7', 'linux/arm/v6', undefined],
      ['linux/arm64', 'linux/arm', undefined],
      ['windows/amd64', 'linux/amd64', undefined],
      ['linux/ppc64le/power9', 'linux/ppc64le', undefined],
    ];
    for (const [offered, wanted, distance] of cases) {
      expect(platformDistance(platform(offered), platform(wanted)), `${offered} for ${wanted}`).to.equal(distance);
    }
  });

  it('has one normal form, which stays as it is', () => {
    fc.assert(
      fc.property(platforms, (one) => {
        const normal = normalPlatform(one);
        expect(normalPlatform(normal)).to.deep.equal(normal);
        expect(platformDistance(one, normal)).to.equal(0);
        expect(platformSuffix(one)).to.equal(platformSuffix(normal));
      }),
    );
  });

  it('serves in one direction only, but for the same one', () => {
    fc.assert(
      fc.property(platforms, platforms, (one, other) => {
        const [there, back] = [platformDistance(one, other), platformDistance(other, one)];
        if (there !== undefined && back !== undefined) expect([there, back]).to.deep.equal([0, 0]);
      }),
    );
  });
});
