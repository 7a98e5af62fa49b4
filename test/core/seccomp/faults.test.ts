// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { InvalidProfile } from '../../../src/core/seccomp/faults.ts';

describe('InvalidProfile', () => {
  it('says every fault in one message, and each in a sentence of its own', () => {
    const error = new InvalidProfile('p.json', [
      { field: 'syscalls[0].names', reason: 'names no system call' },
      { field: '', reason: 'holds no object' },
    ]);
    expect(error.message).to.equal('p.json: syscalls[0].names: names no system call; holds no object');
    expect(error.sentences).to.deep.equal([
      'p.json: syscalls[0].names: names no system call',
      'p.json: holds no object',
    ]);
  });
});
