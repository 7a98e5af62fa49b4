// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { ownPlatform, parsePlatforms } from '../../../tools/image/platforms.ts';

const names = (list: string): readonly string[] => parsePlatforms(list).map(({ name }) => name);

describe('parsePlatforms()', () => {
  it('gives each platform once and in one order, so that the order of the list does not change the image', () => {
    expect(names('linux/arm64, linux/amd64,linux/arm64')).to.deep.equal(['linux/amd64', 'linux/arm64']);
    expect(names('linux/arm64')).to.deep.equal(['linux/arm64']);
  });

  it('names the platform that it does not know, and those that there are', () => {
    expect(() => parsePlatforms('linux/amd64,linux/s390x')).to.throw(
      RangeError,
      "unknown platform 'linux/s390x', there are: linux/amd64, linux/arm64",
    );
    expect(() => parsePlatforms('')).to.throw(RangeError, "unknown platform ''");
  });
});

describe('ownPlatform()', () => {
  it('is the one that this process runs on', () => {
    expect(ownPlatform().nodeArch).to.equal(process.arch);
  });
});
