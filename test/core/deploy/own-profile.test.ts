// SPDX-License-Identifier: Apache-2.0
// The profile of our own daemon: only calls that exist, none that could harm a node, and a default that libc
// understands.
import { expect } from 'chai';
import {
  ownProfilesConfigMap,
  ownProfilesHash,
  ownProfileText,
  recorderProfileText,
} from '../../../src/core/deploy/own-profile.ts';
import { isSyscall } from '../../../src/core/seccomp/syscalls.ts';

interface Document {
  readonly defaultAction: string;
  readonly defaultErrnoRet: number;
  readonly syscalls: readonly { readonly names: readonly string[]; readonly action: string }[];
}

const document = JSON.parse(ownProfileText()) as Document;
const namesIn = ({ syscalls }: Document) => syscalls.flatMap((rule) => rule.names);
const names = namesIn(document);

describe('core/deploy/own-profile', () => {
  it('answers ENOSYS to what it does not know', () => {
    expect(document).to.include({ defaultAction: 'SCMP_ACT_ERRNO', defaultErrnoRet: 38 });
    expect(document.syscalls.map((rule) => rule.action)).to.deep.equal(['SCMP_ACT_ALLOW']);
  });

  it('lists only calls that exist, each once', () => {
    expect(names.filter((name) => !isSyscall(name))).to.deep.equal([]);
    expect(new Set(names).size).to.equal(names.length);
  });

  it('allows nothing that could take hold of the node', () => {
    const powerful =
      'bpf,mount,umount2,pivot_root,ptrace,process_vm_writev,unshare,setns,init_module,finit_module,kexec_load';
    const more =
      'keyctl,add_key,reboot,swapon,perf_event_open,userfaultfd,io_uring_setup,open_by_handle_at,mknod,mknodat';
    expect(names.filter((name) => [...powerful.split(','), ...more.split(',')].includes(name))).to.deep.equal([]);
  });

  it('lets the eBPF recorder load programs and hear signals besides', () => {
    const recorder = JSON.parse(recorderProfileText()) as Document;
    expect(namesIn(recorder).filter((name) => !names.includes(name))).to.deep.equal(['bpf', 'signalfd4']);
  });

  it('comes as a ConfigMap whose hash changes with it', () => {
    const owner = { apiVersion: 'v1', kind: 'X', name: 'x', uid: 'u' };
    const map = ownProfilesConfigMap('ns', owner);
    expect(map['data']).to.deep.equal({
      'security-profiles-operator.json': ownProfileText(),
      'bpf-recorder.json': recorderProfileText(),
    });
    expect(ownProfilesHash()).to.match(/^[0-9a-f]{16}$/);
  });
});
