// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { nearest } from '../../src/core/nearest.ts';

const NAMES = ['mkdir', 'mkdirat', 'read', 'readv', 'openat', 'openat2', 'io_uring_enter'];

describe('nearest()', () => {
  it('finds the name that a misspelt one was meant to be', () => {
    const meant = {
      mkdir_at: 'mkdirat',
      mkdri: 'mkdir',
      OpenAt: 'openat',
      io_urng_entr: 'io_uring_enter',
      raed: 'read',
    };
    for (const [word, name] of Object.entries(meant)) expect(nearest(word, NAMES), word).to.equal(name);
  });

  it('suggests nothing for a name that is right, or that is like none', () => {
    for (const word of ['read', 'x', 'go', 'syscall_1f4', '']) expect(nearest(word, NAMES), word).to.equal(undefined);
  });
});
