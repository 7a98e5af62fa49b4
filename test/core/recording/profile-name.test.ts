// SPDX-License-Identifier: Apache-2.0
// Names of recorded profiles.
import { expect } from 'chai';
import {
  gatheredProfileName,
  mergedProfileName,
  partialProfileName,
  recordedProfileName,
} from '../../../src/core/recording/profile-name.ts';

describe('recordedProfileName()', () => {
  const name = (pod: { name: string; generateName?: string }): string =>
    recordedProfileName('test-recording', 'nginx', pod).name;

  it("is the recording's and the container's", () => {
    expect(name({ name: 'my-pod' })).to.equal('test-recording-nginx');
    expect(mergedProfileName('test-recording', 'nginx').name).to.equal('test-recording-nginx');
  });

  it("ends with the replica's own part", () => {
    expect(name({ name: 'web-65bcbb956f-gmbrj', generateName: 'web-65bcbb956f-' })).to.equal(
      'test-recording-nginx-gmbrj',
    );
    expect(name({ name: 'web-0', generateName: 'web-' })).to.equal('test-recording-nginx-0');
  });

  it('ignores a part that is none', () => {
    expect(name({ name: 'my-pod', generateName: 'other-' })).to.equal('test-recording-nginx');
    expect(name({ name: 'web', generateName: 'web' })).to.equal('test-recording-nginx');
    expect(name({ name: 'web.example', generateName: 'web' })).to.equal('test-recording-nginx-example');
  });

  it('is cut at the limit of names, and stays one of its own', () => {
    const long = (end: string) =>
      recordedProfileName('r'.repeat(63), 'c'.repeat(63), { name: `p-${'x'.repeat(200)}${end}`, generateName: 'p-' });
    expect([long('a').isShortened, long('a').name.length <= 253]).to.deep.equal([true, true]);
    expect(long('a').name).not.to.equal(long('b').name);
    expect(recordedProfileName('r', 'c', { name: 'p' }).isShortened).to.equal(false);
  });
});

describe('partialProfileName()', () => {
  it('is never that of the merged profile', () => {
    expect(partialProfileName('rec', 'c', { name: 'web-7d-x2v', generateName: 'web-7d-' }).name).to.equal('rec-c-x2v');
    expect(partialProfileName('rec', 'c', { name: 'my-pod' }).name).to.equal('rec-c-my-pod');
    expect(mergedProfileName('rec', 'c').name).to.equal('rec-c');
  });

  it('has an end of its own for those that are gathered', () => {
    expect(gatheredProfileName('rec', 'c').name).to.match(/^rec-c-gathered-[0-9a-f]{10}$/);
    expect(gatheredProfileName('rec', 'd').name).not.to.equal(gatheredProfileName('rec', 'c').name);
  });
});
