// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import fc from 'fast-check';
import { abstractOfPolicy } from '../../../src/core/apparmor/from-policy.ts';
import { printAbstract } from '../../../src/core/apparmor/form.ts';
import { renderProfile } from '../../../src/core/apparmor/render.ts';
import { readAbstract } from '../../../src/core/apparmor/spec.ts';
import { FaultList, InvalidProfile } from '../../../src/core/faults.ts';
import type { AppArmorAbstract } from '../../../src/gen/crd/app-armor-profile.ts';

/** A policy with nothing that the abstract form would add. */
function policyOf(rules: string, flags = 'attach_disconnected,mediate_deleted'): string {
  return `abi <abi/3.0>,\ninclude <tunables/global>\nprofile web flags=(${flags}) {\ninclude <abstractions/base>\n${rules}\n}`;
}

function read(policy: string): ReturnType<typeof abstractOfPolicy> {
  const faults = new FaultList();
  const found = abstractOfPolicy(policy, faults);
  faults.throwIfAny('web');
  return found;
}

function faultsOf(policy: string): string {
  try {
    read(policy);
    return 'none';
  } catch (cause) {
    if (!(cause instanceof InvalidProfile)) throw cause;
    return cause.faults.map(({ reason }) => reason).join('; ');
  }
}

describe('core/apparmor/from-policy', () => {
  it('says the same in the other form', () => {
    const rules =
      '/etc/hosts r,\n"/var/log/a b" wlk,\nfile /tmp/** rwlk,\nmr /lib/*.so,\n/bin/{a,b} rix,\n' +
      'capability net_raw chown,\nnetwork tcp,\nnetwork inet dgram,\nnetwork inet6 dgram,\nallow network raw,';
    expect(read(policyOf(rules))).to.deep.equal({
      name: 'web',
      spec: {
        abstract: {
          executable: { allowedExecutables: ['/bin/{a,b}'], allowedLibraries: ['/lib/*.so'] },
          filesystem: {
            readOnlyPaths: ['/etc/hosts'],
            writeOnlyPaths: ['/var/log/a b'],
            readWritePaths: ['/tmp/**'],
          },
          network: { allowRaw: true, allowedProtocols: { allowTcp: true, allowUdp: true } },
          capability: { allowedCapabilities: ['chown', 'net_raw'] },
        },
      },
      warnings: [],
    });
  });

  it('is the way back from what is rendered', () => {
    const path = fc.constantFrom(
      '/etc/*',
      '/etc/hosts',
      '/a b',
      '/**',
      '@{PROC}/@{pid}/fd',
      '/x{a,b}',
      '/c\\{d\\}',
      '/é',
    );
    const paths = fc.uniqueArray(path, { maxLength: 3 });
    const abstract = fc.record({
      executable: fc.record({ allowedExecutables: paths, allowedLibraries: paths }),
      filesystem: fc.record({ readOnlyPaths: paths, writeOnlyPaths: paths, readWritePaths: paths }),
      network: fc.record({
        allowRaw: fc.boolean(),
        allowedProtocols: fc.record({ allowTcp: fc.boolean(), allowUdp: fc.boolean() }),
      }),
      capability: fc.record({ allowedCapabilities: fc.subarray(['chown', 'bpf', 'sys_admin']) }),
    });
    const canonical = (form: AppArmorAbstract): AppArmorAbstract =>
      printAbstract(readAbstract(form, '', new FaultList()));
    fc.assert(
      fc.property(abstract, fc.boolean(), (form, complainMode) => {
        const { text } = renderProfile('web', { abstract: form, complainMode });
        const mode = complainMode ? { complainMode } : {};
        expect(read(text)).to.deep.equal({ name: 'web', spec: { ...mode, abstract: canonical(form) }, warnings: [] });
      }),
      { numRuns: 100 },
    );
  });

  const SAID: readonly (readonly [rules: string, warning: string])[] = [
    ['/a w,', 'line 5, column 1: /a w: in the abstract form this allows to link and lock it, too'],
    ['/a a,', 'line 5, column 1: /a a: in the abstract form this allows to overwrite it and to link and lock it, too'],
    ['/a rk,', 'line 5, column 1: /a rk: in the abstract form this allows to write it, too'],
    ['/a ix,', 'line 5, column 1: /a ix: in the abstract form this allows to read it, too'],
    ['owner /a r,', 'line 5, column 1: owner /a r: in the abstract form this holds for the files of every user'],
    ['audit /a r,', 'line 5, column 1: audit /a r: in the abstract form this is not logged where it is allowed'],
    ['network inet tcp,', 'line 5, column 1: network inet tcp: in the abstract form this holds for IPv4 and IPv6'],
    ['file,', 'line 1, column 1: what the abstract form refuses to everybody in /proc and /sys is refused besides'],
  ];
  for (const [rules, warning] of SAID) {
    it(`says what is otherwise with ${rules}`, () => expect(read(policyOf(rules))?.warnings).to.deep.equal([warning]));
  }

  it('takes no comment for a rule', () => {
    const found = read(policyOf('network inet tcp, # network inet6 tcp,\n# network inet6 tcp,\n/a r, # why'));
    expect(found?.warnings).to.deep.equal([
      'line 5, column 1: network inet tcp: in the abstract form this holds for IPv4 and IPv6',
    ]);
    const refusals = ['/proc', '/sys'].map((path) => `# audit deny ${path}/** w,`).join('\n');
    expect(read(policyOf(`file,\n${refusals}`))?.warnings).to.have.length(1);
    expect(read(policyOf('capability # two\n chown,\nnetwork inet tcp,\nnetwork inet6 tcp,'))?.warnings).to.deep.equal(
      [],
    );
  });

  it('says that extended attributes of the program are not looked at', () => {
    const policy = policyOf('/a r,').replace('flags=', 'xattrs=(security.ima=1) flags=');
    expect(read(policy)?.warnings).to.deep.equal([
      'line 3, column 9: the abstract form has no words for xattrs=: the profile is for files with any',
    ]);
  });

  it('says what the form has besides', () => {
    expect(read('profile web flags=(complain) {\n/a r,\n}')).to.deep.equal({
      name: 'web',
      spec: { complainMode: true, abstract: { filesystem: { readOnlyPaths: ['/a'] } } },
      warnings: [
        'line 1, column 9: the abstract form has the flags attach_disconnected and mediate_deleted besides',
        'line 1, column 9: the abstract form has what abstractions/base allows besides',
      ],
    });
  });

  const REFUSED: readonly (readonly [policy: string, words: string])[] = [
    [policyOf('deny /a w,'), 'line 5, column 1: the abstract form has no words for a refusal'],
    [policyOf('audit deny /a w,'), 'a refusal'],
    [policyOf('/a px,'), 'a program that is to run under another profile'],
    [policyOf('/a px -> b,'), 'a rule of /a with conditions'],
    [policyOf('/a r x,'), 'a path with more words'],
    [policyOf('/a rq,'), 'rq, which are no letters'],
    [policyOf('/a x,'), 'x, which are no letters'],
    [policyOf('link /a -> /b,'), 'a rule of link with conditions'],
    [policyOf('mount,'), 'a rule of mount'],
    [policyOf('ptrace (read) peer=x,'), 'a rule of ptrace with conditions'],
    [policyOf('signal,'), 'a rule of signal'],
    [policyOf('network,'), 'sockets of every kind'],
    [policyOf('network inet raw,'), 'sockets of inet raw'],
    [policyOf('capability flying,'), 'the capability flying'],
    [policyOf('audit deny { /a r, }'), 'a block within a profile'],
    [policyOf('^hat { /a r, }'), 'a block within a profile'],
    [policyOf('', 'kill'), 'the flag kill'],
    [policyOf('include <abstractions/nis>'), 'what abstractions/nis includes'],
    [policyOf('@{X} r,'), '@{X} is not declared'],
    [policyOf('/a\\b r,'), 'the path /a\\b: \\b is not what it seems'],
    [`@{X}=/a\n${policyOf('/a r,')}`, '@{X}=/a'],
    ['profile web /usr/bin/* { /a r, }', 'a path behind the name'],
    ['', 'holds no profile'],
    ['profile web {', 'the brace is not closed'],
  ];
  for (const [policy, words] of REFUSED) {
    it(`refuses ${JSON.stringify(policy.slice(0, 160))}`, () => expect(faultsOf(policy)).to.include(words));
  }

  it('refuses whatever stands behind the end of the profile', () => {
    for (const more of ['/etc/shadow r,', 'include <abstractions/base>']) {
      const faults = faultsOf(`${policyOf('/etc/hosts r,')}\n${more}\n`);
      expect(faults).to.match(/line 7, column 1: stands behind the end of the profile/);
    }
    expect(faultsOf(`${policyOf('/etc/hosts r,')}\n# a comment\n`)).to.equal('none');
  });

  it('tells every rule that it has no words for', () => {
    expect(faultsOf(policyOf('mount,\n/a r,\numount,'))).to.match(/^line 5.*of mount; line 7.*of umount$/);
  });
});
