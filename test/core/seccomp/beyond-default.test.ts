// SPDX-License-Identifier: Apache-2.0
// The sentence about a profile that permits more than the default of container runtimes does.
import { expect } from 'chai';
import { beyondDefault, beyondDefaultWarnings } from '../../../src/core/seccomp/beyond-default.ts';
import { parseProfile } from '../../../src/core/seccomp/parse.ts';

const parsed = (defaultAction: string, ...syscalls: object[]) => parseProfile({ defaultAction, syscalls }, 'p');
const allow = (...names: string[]) => ({ names, action: 'SCMP_ACT_ALLOW' });
const refuse = (...names: string[]) => ({ names, action: 'SCMP_ACT_ERRNO' });

describe('core/seccomp/beyond-default', () => {
  it('says nothing of what the default permits, too, and of what cannot harm the node', () => {
    expect(beyondDefaultWarnings(parsed('SCMP_ACT_ERRNO', allow('read', 'ptrace', 'chroot')))).to.deep.equal([]);
  });

  it('names the worst first, and counts the others', () => {
    const profile = parsed('SCMP_ACT_ERRNO', allow('acct', 'keyctl', 'bpf', 'mount', 'userfaultfd', 'setns', 'iopl'));
    expect(beyondDefaultWarnings(profile)).to.deep.equal([
      "it permits calls that harm the node and that the runtime's default profile refuses: " +
        'bpf, mount, iopl, setns, keyctl and 2 more',
    ]);
  });

  it('finds them in a default that permits, and under every action that lets the call happen', () => {
    const all = beyondDefault(parsed('SCMP_ACT_ALLOW'));
    expect(all).to.include.members(['bpf', 'mount', 'kexec_load']).and.not.include('ptrace');
    expect(beyondDefault(parsed('SCMP_ACT_LOG', refuse(...all)))).to.deep.equal([]);
    for (const action of ['SCMP_ACT_LOG', 'SCMP_ACT_TRACE', 'SCMP_ACT_NOTIFY'])
      expect(beyondDefault(parsed('SCMP_ACT_ERRNO', { names: ['bpf'], action }))).to.deep.equal(['bpf']);
  });

  it('leaves calls with arguments to the score', () => {
    const args = [{ index: 0, value: 1, op: 'SCMP_CMP_EQ' }];
    expect(beyondDefault(parsed('SCMP_ACT_ERRNO', { ...allow('bpf'), args }))).to.deep.equal([]);
  });
});
