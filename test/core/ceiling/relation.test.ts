// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import type { Ceiling } from '../../../src/core/ceiling/ceiling.ts';
import { relationOf } from '../../../src/core/ceiling/relation.ts';
import { ceilingText } from '../../../src/core/ceiling/text.ts';
import type { Profile } from '../../../src/core/seccomp/model.ts';
import { parseProfile } from '../../../src/core/seccomp/parse.ts';

const CEILING: Ceiling = {
  binaries: ['/bin/x'],
  architectures: ['SCMP_ARCH_X86_64'],
  calls: ['getpid', 'read', 'socket'].map((name) => ({ name, files: ['/bin/x'] })),
  unseen: [
    { type: 'missing', path: '/bin/x', library: 'libx.so' },
    { type: 'unreadable', path: '/bin/y', reason: 'it is cut off' },
    { type: 'script', path: '/bin/z', interpreter: '/bin/sh' },
    { type: 'computed', path: '/bin/x', addresses: ['0x1', '0x2', '0x3', '0x4', '0x5', '0x6'] },
    { type: 'loads', path: '/bin/x' },
    { type: 'starts', path: '/bin/x' },
  ],
};

function permitting(...names: readonly string[]): Profile {
  const spec = { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ names, action: 'SCMP_ACT_ALLOW' }] };
  return parseProfile(spec, 'the profile');
}

describe('a profile and a ceiling', () => {
  it('are compared: never made, of a runtime, unexplained, refused', () => {
    const profile = permitting('getpid', 'read', 'mount', 'capset', 'rt_sigreturn', 'open_by_handle_at');
    expect(relationOf(profile, ['read', 'mount', 'bpf'], CEILING)).to.deep.equal({
      permitted: 6,
      notFound: ['mount', 'open_by_handle_at'],
      ofRuntime: ['capset'],
      unexplained: ['bpf', 'mount'],
      refused: ['socket'],
    });
  });

  it('leave calls alone that the machine does not have', () => {
    expect(relationOf(permitting('read', 'socketcall'), [], CEILING).permitted).to.equal(1);
  });
});

describe('the text of a ceiling', () => {
  it('names calls and what is not seen', () => {
    const lines = ceilingText(CEILING, undefined).split('\n');
    expect(lines[0]).to.match(/^1 binary of x86_64 can make 3 system calls of \d+:$/);
    expect(lines.slice(1)).to.deep.equal([
      '  getpid read socket',
      'Not seen:',
      '  /bin/x: needs libx.so, which is not there',
      '  /bin/y: it is cut off',
      '  /bin/z: is a script of /bin/sh; what it starts is not looked at',
      '  /bin/x: computes the number of 6 calls, at 0x1, 0x2, 0x3, 0x4, 0x5 and 1 more',
      '  /bin/x: loads libraries that it names while it runs',
      '  /bin/x: starts programs, which have ceilings of their own',
      '  code that is made or loaded while a program runs',
      '',
    ]);
  });

  it('counts what there is much of, and takes steering characters out of names', () => {
    const unseen = Array.from({ length: 9 }, (_, index) => ({
      type: 'loads' as const,
      path: `/\u001b${String(index)}`,
    }));
    const text = ceilingText({ ...CEILING, calls: [], architectures: [], unseen }, undefined);
    expect(text).to.match(/^1 binary of no machine can make 0 system calls of 0\n/);
    expect(text).to.include('… and the same of 4 more files\n').and.not.include('\u001b');
  });

  it('tells how a profile lies to it', () => {
    const text = ceilingText(CEILING, relationOf(permitting('read', 'mount'), ['bpf'], CEILING));
    expect(text).to.include('The profile permits 2 calls, 1 of which are not found in these binaries\n');
    expect(text).to.include('Permitted, and not found:\n  mount\nRecorded, and not found in the code:\n  bpf\n');
    expect(text).to.include('Possible, and refused:\n  getpid socket\n');
  });
});
