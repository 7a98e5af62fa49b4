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

const NARROWED = JSON.stringify({
  ...(JSON.parse(PROFILE) as object),
  metadata: {
    name: 'x',
    annotations: { 'spo.x-k8s.io/observed-values': 'socket observed: 0=1, 0=2; socket not observed: 0=38' },
  },
});

async function spoc(...args: readonly string[]) {
  const terminal = new FakeTerminal();
  terminal.stored.set('/a', PROFILE);
  terminal.stored.set('/narrowed', NARROWED);
  terminal.stored.set('/misspelt', PROFILE.replace('"names":["read"', '"names":["raed"'));
  terminal.stored.set('/based', PROFILE.replace('"spec":{', '"spec":{"baseProfileName":"runc",'));
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

  it('says that a base profile is not looked at', async () => {
    expect((await spoc('--groups', '/based')).logged).to.deep.equal([
      '/based: what its base profile runc permits besides is not counted',
    ]);
  });

  it('warns of names that no Linux has', async () => {
    const { logged } = await spoc('/misspelt');
    expect(logged).to.deep.equal(['Warning: /misspelt: no such system call, without effect: raed (perhaps read)']);
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

  it('takes what a profile of one recording permits for seen, but for what was added, and no other for recorded', async () => {
    const terminal = new FakeTerminal();
    const made = (added: string | undefined): string => {
      const annotations = added === undefined ? {} : { 'spo.x-k8s.io/added-syscalls': added };
      const spec = {
        defaultAction: 'SCMP_ACT_ERRNO',
        syscalls: [{ action: 'SCMP_ACT_ALLOW', names: ['read', 'prctl'] }],
      };
      return JSON.stringify({ kind: 'SeccompProfile', metadata: { name: 'x', annotations }, spec });
    };
    terminal.stored.set('/recorded', made('base syscalls: prctl'));
    terminal.stored.set('/adapted', made('siblings of permitted syscalls: prctl'));
    terminal.stored.set('/written', made(undefined));
    const evidence = async (...words: readonly string[]): Promise<unknown> => {
      terminal.printed = '';
      await runCommandLine(['explain', '-o', 'json', ...words], new FakeMachine(), terminal);
      return (JSON.parse(terminal.printed) as { evidence: unknown }).evidence;
    };
    const unknown = ['no recording is known to have shown it'];
    expect(await evidence('/recorded', 'read')).to.deep.equal(['seen in the only recording']);
    expect(await evidence('/recorded', 'prctl')).to.deep.equal(['not seen, added: base syscalls']);
    expect(await evidence('/recorded', 'mkdir')).to.deep.equal(unknown);
    expect(await evidence('/adapted', 'read')).to.deep.equal(unknown);
    expect(await evidence('/written', 'read')).to.deep.equal(unknown);
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

  it('reads a profile by groups, each call under one', async () => {
    const { printed } = await spoc('--groups', '/a');
    expect(printed).to.match(/^@basic-io +1 of 1\d +read$/m);
    expect(printed).to.match(/^@network-io +1 of 2\d +socket$/m);
    expect(printed).to.match(/^@module +0 of 3$/m);
    const groups = JSON.parse((await spoc('--groups', '-o', 'json', '/a')).printed) as { permitted: string[] }[];
    expect(groups.flatMap(({ permitted }) => permitted).sort()).to.deep.equal(['clone', 'read', 'socket']);
  });

  it('explains a group', async () => {
    const { printed } = await spoc('/a', '@network-io');
    expect(printed).to.match(
      /^@network-io: 1 of 2\d calls may happen\nPermitted for some arguments:\n {2}socket {2}seen 1/,
    );
    expect(printed).to.match(/\nRefused:\n {2}accept accept4 bind /);
    expect((await spoc('/a', '@basic-io')).printed).to.include('Permitted:\n  read  seen 3\nRefused:\n');
  });

  it('refuses a group that there is not, and groups of one call', async () => {
    expect((await spoc('/a', '@file-sistem')).logged).to.deep.equal([
      'Error: @file-sistem: is no group of calls, perhaps @file-system',
    ]);
    expect((await spoc('--groups', '/a', 'read')).exit).to.deep.equal({ type: 'status', status: 1 });
  });

  it('tells to which values a call was narrowed', async () => {
    const { printed } = await spoc('/narrowed', 'socket');
    expect(printed).to.include('values that traces have shown: arg0 = 1, arg0 = 2\n');
    expect(printed).to.include('values that no trace has shown, used by container runtimes: arg0 = 38\n');
  });

  it('refuses a call that there is not', async () => {
    const { exit, logged } = await spoc('/a', 'sockett');
    expect(exit).to.deep.equal({ type: 'status', status: 1 });
    expect(logged).to.deep.equal(['Error: sockett: is no system call that we know, perhaps socket']);
  });
});
