// SPDX-License-Identifier: Apache-2.0
// The annotation of the calls that were added to a recording.
import { expect } from 'chai';
import { parseAddedCalls, printAddedCalls, uniteAddedCalls } from '../../../src/core/recording/added-calls.ts';

const TEXT =
  'base syscalls: execve, openat; syscalls that the kernel makes a process make: restart_syscall; ' +
  'older forms of recorded syscalls: fork (clone, clone3), stat (newfstatat)';

describe('the annotation of added calls', () => {
  it('is read as it was printed', () => {
    expect(printAddedCalls(parseAddedCalls(TEXT)).join('; ')).to.equal(TEXT);
    expect(parseAddedCalls(TEXT)).to.deep.include({
      reason: 'older forms of recorded syscalls',
      name: 'fork',
      newer: ['clone', 'clone3'],
    });
  });

  it('is read as far as it is one', () => {
    expect(parseAddedCalls('')).to.deep.equal([]);
    expect(parseAddedCalls('nonsense; because: read')).to.deep.equal([{ reason: 'because', name: 'read', newer: [] }]);
  });

  it('leaves out what another recording has seen, and says the rest once', () => {
    const all = [TEXT, 'older forms of recorded syscalls: fork (vfork), execve (execveat)'].flatMap(parseAddedCalls);
    const united = uniteAddedCalls(all, (name) => name === 'openat');
    expect(printAddedCalls(united)).to.deep.equal([
      'base syscalls: execve',
      'syscalls that the kernel makes a process make: restart_syscall',
      'older forms of recorded syscalls: fork (clone, clone3, vfork), stat (newfstatat)',
    ]);
  });
});
