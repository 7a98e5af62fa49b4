// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { nearestImages } from '../../../src/core/binding/nearest-images.ts';

describe('core/binding/nearest-images', () => {
  const seen = ['redis', 'nginx:1.28', 'nginx:1.27-alpine', 'mirror.example/web/nginx:1.27', 'ngnix:1.27', 'busybox'];

  it('are other tags, then other places, then other spellings', () => {
    expect(nearestImages('nginx:1.27', seen)).to.deep.equal([
      'nginx:1.27-alpine',
      'nginx:1.28',
      'mirror.example/web/nginx:1.27',
    ]);
    expect(nearestImages('nginx', ['busybox', 'ngnix', 'team/nginx'])).to.deep.equal(['team/nginx', 'ngnix']);
  });

  it('do not depend on the order of what was seen, and name each once', () => {
    expect(nearestImages('nginx', [...seen, ...seen].reverse())).to.deep.equal(nearestImages('nginx', seen));
  });

  it('are none where nothing resembles the image, or nothing but itself', () => {
    expect(nearestImages('postgres', seen)).to.deep.equal([]);
    expect(nearestImages('redis', seen)).to.deep.equal([]);
    expect(nearestImages('Not A Reference', seen)).to.deep.equal([]);
  });
});
