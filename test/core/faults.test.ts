// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { InvalidProfile } from '../../src/core/faults.ts';

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

  it('keeps a message short, and has a sentence for each fault nevertheless', () => {
    const faults = Array.from({ length: 10_000 }, (_, index) => ({
      field: `syscalls[${index}]`,
      reason: 'has no name',
    }));
    const error = new InvalidProfile('p.json', faults);
    expect(error.message).to.match(/syscalls\[19\]: has no name; and 9980 more$/);
    expect([error.faults.length, error.sentences.length]).to.deep.equal([10_000, 10_000]);
  });
});
