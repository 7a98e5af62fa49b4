// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import type { NodeFacts } from '../../../src/core/doctor/node-facts.ts';
import { judgeNode } from '../../../src/core/doctor/node.ts';
import { HEALTHY, seen, UNSEEN } from './node-facts.ts';

const { kernel, kubelet } = HEALTHY;
const SELINUX = { isOn: true, isEnforcing: seen(true), policy: 'targeted', hasStore: true };

/** A change to a healthy machine, the check that tells it, its state, and words of message and advice. */
const CASES: readonly (readonly [Partial<NodeFacts>, string, string, RegExp])[] = [
  [{ kernel: { ...kernel, release: '5.10.0' } }, 'kernel', 'warn', /5\.10\.0.*5\.13/],
  [{ kernel: { ...kernel, actions: undefined } }, 'seccomp', 'fail', /CONFIG_SECCOMP_FILTER/],
  [{ loggedActions: seen(['errno']) }, 'seccomp-log', 'warn', /actions_logged/],
  [{ loggedActions: UNSEEN }, 'seccomp-log', 'unknown', /permission denied/],
  [{ hasBtf: false }, 'btf', 'warn', /recorder: logs/],
  [{ modules: UNSEEN }, 'lsm', 'unknown', /securityfs/],
  [{ appArmor: { isOn: false, hasParser: false } }, 'apparmor', 'ok', /not on/],
  [{ appArmor: { isOn: true, hasParser: false } }, 'apparmor', 'warn', /package apparmor/],
  [{ selinux: SELINUX }, 'selinux', 'ok', /enforcing, policy targeted/],
  [{ selinux: { ...SELINUX, isEnforcing: seen(false) } }, 'selinux', 'warn', /permissive.*setenforce/],
  [{ selinux: { ...SELINUX, isEnforcing: UNSEEN } }, 'selinux', 'unknown', /as root/],
  [{ selinux: { ...SELINUX, hasStore: false } }, 'selinux', 'fail', /no policy store of targeted/],
  [{ selinux: { ...SELINUX, policy: undefined } }, 'selinux', 'fail', /no policy store/],
  [{ bootOptions: seen(['audit=0']) }, 'audit', 'warn', /audit=0/],
  [{ auditLogs: [{ path: '/a', state: 'missing' }] }, 'audit', 'warn', /none of \/a.*auditd/],
  [{ auditLogs: [{ path: '/a', state: 'unreadable' }] }, 'audit', 'unknown', /as root/],
  [{ cgroupVersion: 1 }, 'cgroups', 'ok', /version 1/],
  [{ cgroupVersion: undefined }, 'cgroups', 'unknown', /on the node/],
  [{ missingPrograms: ['recorder'] }, 'programs', 'fail', /recorder.*build:native/],
  [{ runtimes: { sockets: [], programs: [] } }, 'runtime', 'unknown', /outside of a container/],
  [{ runtimes: { sockets: [], programs: [{ path: '/r', version: UNSEEN }] } }, 'runtime', 'unknown', /\/r --version/],
  [{ kubelet: { ...kubelet, isThere: false } }, 'kubelet', 'unknown', /--kubelet-dir/],
  [{ kubelet: { ...kubelet, room: seen({ bytes: 1, inodes: 9e9, allInodes: 9e9 }) } }, 'room', 'fail', /0 MiB/],
  [{ kubelet: { ...kubelet, room: seen({ bytes: 9e9, inodes: 9, allInodes: 99 }) } }, 'room', 'fail', /9 files/],
  [{ kubelet: { ...kubelet, room: seen({ bytes: 9e9, inodes: 0, allInodes: 0 }) } }, 'room', 'ok', /MiB for/],
  [{ kubelet: { ...kubelet, room: UNSEEN } }, 'room', 'unknown', /as root/],
  [{ kubelet: { ...kubelet, link: UNSEEN } }, 'profile-link', 'unknown', /as root/],
  [{ kubelet: { ...kubelet, link: seen('/tmp') } }, 'profile-link', 'fail', /leads to \/tmp/],
  [{ kubelet: { ...kubelet, link: seen(undefined) } }, 'profile-link', 'fail', /there is no/],
  [{ kubelet: { ...kubelet, link: seen(undefined), daemonRuns: seen(false) } }, 'profile-link', 'ok', /no daemon/],
  [{ kubelet: { ...kubelet, daemonRuns: seen(false) } }, 'node-files', 'warn', /3 profiles.*rm -r/],
  [{ kubelet: { ...kubelet, daemonRuns: UNSEEN } }, 'node-files', 'unknown', /is a daemon running/],
  [{ kubelet: { ...kubelet, profiles: UNSEEN } }, 'node-files', 'unknown', /permission denied/],
];

describe('findings about a machine', () => {
  it('has nothing to say against a healthy one', () => {
    const findings = judgeNode(HEALTHY);
    expect(findings.filter(({ state }) => state !== 'ok')).to.deep.equal([]);
    expect(findings.map(({ check }) => check)).to.include.members(['seccomp', 'btf', 'audit', 'room', 'runtime']);
    expect(findings.every(({ about }) => about === 'node')).to.equal(true);
  });

  for (const [change, check, state, words] of CASES) {
    it(`says ${state} of ${check}: ${words.source}`, () => {
      const found = judgeNode({ ...HEALTHY, ...change }).find((finding) => finding.check === check);
      expect(found?.state).to.equal(state);
      expect(`${found?.message ?? ''} -> ${found?.advice ?? ''}`).to.match(words);
    });
  }

  it('says nothing of files where there are none', () => {
    const findings = judgeNode({ ...HEALTHY, kubelet: { ...kubelet, profiles: seen(undefined) } });
    expect(findings.map(({ check }) => check)).not.to.include('node-files');
  });

  it('has an advice for everything that is not ok', () => {
    for (const [change] of CASES) {
      for (const { state, advice } of judgeNode({ ...HEALTHY, ...change })) {
        expect(advice === undefined).to.equal(state === 'ok');
      }
    }
  });
});
