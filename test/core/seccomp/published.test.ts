// SPDX-License-Identifier: Apache-2.0
// Files in the form of Docker and Podman: what they mean for a container, and what is wrong with them.
import { expect } from 'chai';
import { errnoNumbers } from '../../../src/core/seccomp/errno.ts';
import { InvalidProfile } from '../../../src/core/faults.ts';
import { parseProfile, parsePublished } from '../../../src/core/seccomp/parse.ts';
import type { Conditions } from '../../../src/core/seccomp/published.ts';

const HERE: Conditions = { capabilities: undefined, architecture: 'amd64', kernel: '6.1.0-28-amd64' };

/** The calls that a document's rules name for a container. */
function namesFor(syscalls: readonly unknown[], conditions: Partial<Conditions> = {}): readonly string[] {
  const { profile } = parsePublished({ defaultAction: 'SCMP_ACT_ERRNO', syscalls }, 'p', { ...HERE, ...conditions });
  return profile.rules.flatMap(({ names }) => names);
}

function faultsOf(document: unknown): readonly string[] {
  try {
    parsePublished(document, 'p', HERE);
    return [];
  } catch (error) {
    if (error instanceof InvalidProfile) return error.faults.map(({ field, reason }) => `${field}: ${reason}`);
    throw error;
  }
}

const allow = (name: string, more: object = {}): object => ({ names: [name], action: 'SCMP_ACT_ALLOW', ...more });

describe('parsePublished()', () => {
  it('reads past keys that say nothing', () => {
    const rule = { ...allow('read'), args: null, comment: 'a', includes: {}, excludes: null, errnoRet: null };
    const document = { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [rule] };
    expect(parsePublished({ ...document, comment: 'b', archMap: null }, 'p', HERE)).to.deep.equal({
      profile: parseProfile({ defaultAction: 'SCMP_ACT_ERRNO', syscalls: [allow('read')] }, 'p'),
      note: undefined,
    });
  });

  it('takes the old form with one name a rule', () => {
    expect(
      namesFor([{ name: 'read', action: 'SCMP_ACT_ALLOW', args: [] }, allow('write', { name: '' })]),
    ).to.deep.equal(['read', 'write']);
  });

  it('keeps a rule that includes capabilities where all are there', () => {
    const rule = allow('mount', { includes: { caps: ['CAP_SYS_ADMIN', 'CAP_BPF'] } });
    expect(namesFor([rule])).to.deep.equal([]);
    expect(namesFor([rule], { capabilities: ['CAP_BPF'] })).to.deep.equal([]);
    expect(namesFor([rule], { capabilities: ['CAP_BPF', 'CAP_SYS_ADMIN'] })).to.deep.equal(['mount']);
  });

  it('leaves a rule out that excludes a capability where one is there', () => {
    const rule = allow('clone', { excludes: { caps: ['CAP_SYS_ADMIN', 'CAP_BPF'] } });
    expect(namesFor([rule])).to.deep.equal(['clone']);
    expect(namesFor([rule], { capabilities: ['CAP_BPF'] })).to.deep.equal([]);
  });

  it('chooses by architecture, as one of those that are included', () => {
    const rules = [
      allow('arch_prctl', { includes: { arches: ['amd64', 'x32'] } }),
      allow('cacheflush', { includes: { arches: ['arm', 'arm64'] } }),
      allow('modify_ldt', { excludes: { arches: ['arm64'] } }),
    ];
    expect(namesFor(rules)).to.deep.equal(['arch_prctl', 'modify_ldt']);
    expect(namesFor(rules, { architecture: 'arm64' })).to.deep.equal(['cacheflush']);
  });

  it('chooses by the first kernel, minor versions by number', () => {
    const rule = allow('ptrace', { includes: { minKernel: '4.8' } });
    for (const [kernel, names] of [
      ['4.7.9', []],
      ['4.8.0-1', ['ptrace']],
      ['4.19.0', ['ptrace']],
      ['10.0', ['ptrace']],
      ['3.10.0-1160.el7', []],
    ] as const) {
      expect(namesFor([rule], { kernel }), kernel).to.deep.equal(names);
      const opposite = allow('ptrace', { excludes: { minKernel: '4.8' } });
      expect(namesFor([opposite], { kernel }), kernel).to.have.length(1 - names.length);
    }
  });

  it('takes the architectures of the container from the map', () => {
    const archMap = [
      { architecture: 'SCMP_ARCH_X86_64', subArchitectures: ['SCMP_ARCH_X86', 'SCMP_ARCH_X32'] },
      { architecture: 'SCMP_ARCH_AARCH64', subArchitectures: null },
    ];
    const of = (architecture: string) =>
      parsePublished({ defaultAction: 'SCMP_ACT_LOG', archMap }, 'p', { ...HERE, architecture }).profile.architectures;
    expect(of('amd64')).to.deep.equal(['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32']);
    expect(of('arm64')).to.deep.equal(['SCMP_ARCH_AARCH64']);
    expect(of('s390x')).to.deep.equal([]);
  });

  it('numbers the names of errors, beside an equal number too', () => {
    const { profile } = parsePublished(
      {
        defaultAction: 'SCMP_ACT_ERRNO',
        defaultErrno: 'ENOSYS',
        defaultErrnoRet: 38,
        syscalls: [{ names: ['bpf'], action: 'SCMP_ACT_ERRNO', errno: 'EACCES' }],
      },
      'p',
      HERE,
    );
    expect(profile).to.deep.include({ defaultErrno: 38 });
    expect(profile.rules).to.deep.equal([{ names: ['bpf'], action: 'SCMP_ACT_ERRNO', errno: 13, args: [] }]);
    expect(
      [...errnoNumbers()].filter(([name]) => /^E(2BIG|NOMSG|BFONT|HWPOISON|WOULDBLOCK)$/.test(name)),
    ).to.deep.equal([
      ['E2BIG', 7],
      ['ENOMSG', 42],
      ['EBFONT', 59],
      ['EHWPOISON', 133],
      ['EWOULDBLOCK', 11],
    ]);
  });

  it('says which capabilities rules depend on, where nobody said which there are', () => {
    const document = {
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: [
        allow('mount', { includes: { caps: ['CAP_SYS_ADMIN'] } }),
        allow('clone', { excludes: { caps: ['CAP_BPF', 'CAP_SYS_ADMIN'] } }),
      ],
    };
    expect(parsePublished(document, 'p', HERE).note).to.match(/--cap takes some of CAP_BPF, CAP_SYS_ADMIN$/);
    expect(parsePublished(document, 'p', { ...HERE, capabilities: [] }).note).to.equal(undefined);
  });

  it('names what is wrong with the rules by their place in the file, of rules that do not hold too', () => {
    const document = {
      defaultAction: 'SCMP_ACT_ERRNO',
      defaultErrno: 'ENOSIS',
      architectures: ['SCMP_ARCH_X86_64'],
      archMap: [{ architecture: 'SCMP_ARCH_X86_64', subArchitectures: [] }],
      syscalls: [
        allow('read', { includes: { caps: ['CAP_SYS_ADMIM'], arch: ['amd64'] } }),
        allow('write', { name: 'read', comment: 1, includes: [] }),
        { names: ['bpf'], action: 'SCMP_ACT_ERRNO', errno: 'EPERM', errnoRet: 2 },
        allow('a b', { includes: { arches: ['s390x'], minKernel: 4.8 }, excludes: { minKernel: 'new' } }),
        { action: 'SCMP_ACT_ALLOW' },
      ],
    };
    expect(faultsOf(document)).to.have.members([
      "defaultErrno: is not the name of an error: 'ENOSIS', perhaps ENOSYS",
      'archMap: stands beside architectures',
      "syscalls[0].includes.caps[0]: is no capability: 'CAP_SYS_ADMIM', perhaps CAP_SYS_ADMIN",
      'syscalls[0].includes.arch: is not a field of a seccomp profile',
      'syscalls[1].name: stands beside names',
      'syscalls[1].comment: must be a text, not 1',
      'syscalls[1].includes: must be an object, not a list',
      "syscalls[2].errno: 'EPERM' is 1, and errnoRet is 2",
      "syscalls[3].includes.minKernel: must be a version such as '4.8', not 4.8",
      "syscalls[3].excludes.minKernel: must be a version such as 4.8, not 'new'",
      "syscalls[3].names[0]: is not the name of a system call: 'a b'",
      'syscalls[4].names: names no system call',
    ]);
  });

  it('leaves the keys to files: the spec of an object has none of them', () => {
    const spec = { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [allow('mount', { includes: { caps: ['CAP_BPF'] } })] };
    expect(() => parseProfile(spec, 'p')).to.throw(InvalidProfile, /spoc convert -t seccomp does, too/);
  });
});
