// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { explained } from '../../src/roles/spoc/terminal.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';

const PROFILE = JSON.stringify({
  kind: 'SeccompProfile',
  metadata: {
    name: 'x',
    annotations: {
      'spo.x-k8s.io/syscall-coverage': '{"version":"v1","total":3,"syscalls":{"read":3,"socket":1}}',
      'spo.x-k8s.io/added-syscalls': 'older forms of recorded syscalls: clone (clone3)',
    },
  },
  spec: {
    defaultAction: 'SCMP_ACT_ERRNO',
    architectures: ['SCMP_ARCH_X86_64'],
    syscalls: [
      { names: ['read', 'clone'], action: 'SCMP_ACT_ALLOW' },
      { names: ['socket'], action: 'SCMP_ACT_ALLOW', args: [{ index: 0, value: 38, op: 'SCMP_CMP_EQ' }] },
      { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: 38 },
    ],
  },
});

async function spoc(...args: readonly string[]) {
  const terminal = new FakeTerminal();
  terminal.stored.set('/a', PROFILE);
  const exit = await explained(terminal, () => runCommandLine(['explain', ...args], new FakeMachine(), terminal));
  return { exit, printed: terminal.printed, logged: terminal.logged };
}

describe('spoc explain', () => {
  it('tells all that is known of a call', async () => {
    expect((await spoc('/a', 'socket')).printed).to.match(
      new RegExp(
        [
          '^socket: SCMP_ACT_ERRNO \\(1\\), the default\n',
          'Rules:\n {2}syscalls\\[1\\]: SCMP_ACT_ALLOW where arg0 = 38\n',
          'Numbers:\n {2}X86_64 41\n {2}X86 359 \\(not covered: the process is killed\\)\n[^]*',
          'Evidence:\n {2}seen in 1 of 3 recordings\n',
          "Dangers:\n {2}open: socket with arg0 = 38: AF_ALG: drives the kernel's cryptography\n",
          ' {2}closed: socket with arg0 = 17: AF_PACKET[^\n]* \\(needs CAP_NET_RAW\\)\n[^]*',
          'Vulnerabilities of the kernel that need it:\n[^]* {2}open: CVE-2026-31431: ',
        ].join(''),
      ),
    );
  });

  it('says where a call was added, what it undoes, and that nothing is known', async () => {
    expect((await spoc('/a', 'clone')).printed).to.include(
      'Evidence:\n  not seen, added: older forms of recorded syscalls (clone3)\n',
    );
    const clone3 = (await spoc('/a', 'clone3')).printed;
    expect(clone3).to.include('clone3: SCMP_ACT_ERRNO (38)\nRules:\n  syscalls[2]: SCMP_ACT_ERRNO (38)\n');
    expect(clone3).to.include('Evidence:\n  no recording is known to have shown it\n');
    expect(clone3).to.include('It undoes the refusal of:\n  clone\n');
  });

  it('lists what is permitted, the dangerous and the rare first', async () => {
    const { printed, exit } = await spoc('/a');
    expect(exit).to.deep.equal({ type: 'status', status: 0 });
    expect(printed.split('\n').map((line) => line.slice(0, 14).trim())).to.deep.equal([
      'clone   seen 0',
      'socket  seen 1',
      'read    seen 3',
      '',
    ]);
  });

  it('prints JSON', async () => {
    expect(JSON.parse((await spoc('-o', 'json', '/a', 'clone')).printed)).to.deep.include({
      call: 'clone',
      verdict: 'SCMP_ACT_ALLOW',
      undoneBy: [],
    });
    expect(JSON.parse((await spoc('-o', 'json', '/a')).printed)).to.have.length(3);
  });

  it('refuses a call that there is not', async () => {
    const { exit, logged } = await spoc('/a', 'sockett');
    expect(exit).to.deep.equal({ type: 'status', status: 1 });
    expect(logged).to.deep.equal(['Error: sockett: is no system call that we know, perhaps socket']);
  });
});
