// SPDX-License-Identifier: Apache-2.0
// spoc validate: every fault with its line, in each form in which files come.
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { CASES } from '../gen/cases.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';

async function validate(text: string, ...options: readonly string[]) {
  const terminal = new FakeTerminal();
  terminal.stored.set('/f', text);
  const exit = await runCommandLine(['validate', ...options, '/f'], new FakeMachine(), terminal);
  return { exit, printed: terminal.printed, logged: terminal.logged };
}

const OK = { type: 'status', status: 0 };
const INVALID = { type: 'status', status: 1 };

const HEAD = `apiVersion: security-profiles-operator.x-k8s.io/v1beta1
kind: SeccompProfile
metadata:
  name: web
spec:
`;

describe('spoc validate', () => {
  it('says nothing of a valid object but that it is one', async () => {
    expect(await validate(`${HEAD}  defaultAction: SCMP_ACT_LOG\n`)).to.deep.equal({
      exit: OK,
      printed: '',
      logged: ['1 object is valid'],
    });
  });

  it('judges objects of every kind as the examples of test/golden/crd say', async () => {
    for (const { kind, object, faults, because } of CASES) {
      const { exit, printed } = await validate(JSON.stringify(object));
      expect(exit, because).to.deep.equal(faults.length === 0 ? OK : INVALID);
      const told = printed.split('\n').filter((line) => line !== '' && !line.includes(': warning: '));
      const expected = faults.map((fault) => `/f:1: ${fault.replace(/^: /, '')}`);
      expect(told, `${kind.kind}: ${because}`).to.have.members(expected);
    }
  });

  it('refuses the 64th bit of a plain integer, as the API server does, and takes it as a string', async () => {
    const rule = (value: string): string =>
      `${HEAD}  defaultAction: SCMP_ACT_LOG
  syscalls:
    - action: SCMP_ACT_ALLOW
      names: [read]
      args: [{index: 0, op: SCMP_CMP_EQ, value: ${value}}]
`;
    for (const fine of ['9223372036854775807', '"18446744073709551615"']) {
      expect((await validate(rule(fine))).exit, fine).to.deep.equal(OK);
    }
    const { exit, printed } = await validate(rule('18446744073709551615'));
    expect(exit).to.deep.equal(INVALID);
    expect(printed).to.match(/^\/f:10: spec\.syscalls\[0\]\.args\[0\]\.value: is beyond the integers /);
  });

  it('names the line of each field in YAML, also in lists, documents, aliases and where a field is missing', async () => {
    const text = `# one
---
${HEAD}  syscalls:
    - names:
        - read
        - 7
      action: &action SCMP_ACT_PASS
    - names: [write]
      action: *action
    - action: SCMP_ACT_ALLOW
---
kind: List
items:
  - kind: SeccompProfile
`;
    const { exit, printed } = await validate(text);
    expect(exit).to.deep.equal(INVALID);
    expect(printed.split('\n').map((line) => /^\/f:\d+: [^:]*/.exec(line)?.[0])).to.deep.equal([
      '/f:7: spec.defaultAction',
      '/f:11: spec.syscalls[0].names[1]',
      '/f:12: spec.syscalls[0].action',
      '/f:14: spec.syscalls[1].action',
      '/f:15: spec.syscalls[2].names',
      '/f:19: apiVersion',
      '/f:19: metadata',
      '/f:19: spec',
      undefined,
    ]);
  });

  it('names the line in JSON with tabs, and prints JSON', async () => {
    const text =
      '{\n\t"apiVersion": "security-profiles-operator.x-k8s.io/v1beta1",\n\t"kind": "SeccompProfile",\n' +
      '\t"metadata": {"name": "a"},\n\t"spec": {\n\t\t"defaultAction": "SCMP_ACT_ERRNO",\n\t\t"colour": 1\n\t}\n}\n';
    const { printed } = await validate(text, '-o', 'json');
    expect(JSON.parse(printed)).to.deep.equal([
      {
        file: '/f',
        line: 7,
        object: 'SeccompProfile a',
        severity: 'error',
        field: 'spec.colour',
        reason: 'is not a known field',
      },
    ]);
    expect((await validate(`${HEAD}  defaultAction: SCMP_ACT_LOG\n`, '-o', 'json')).printed).to.equal('[]\n');
  });

  it('tells of text that is no JSON or YAML, and of keys that are written twice, with the line', async () => {
    expect((await validate('{\n "a": 1,\n}')).printed).to.match(/^\/f:3: .*JSON/);
    expect((await validate('a: 1\nb: [\n')).printed).to.match(/^\/f:\d: /);
    expect((await validate('a: 1\nb: 2\na: 3\n')).printed).to.match(/^\/f:3: Map keys must be unique/);
    const twice = '{"spec":\n{"syscalls": [{"action": 1}, {"action": 2,\n"action": 3}]}}';
    const { printed, exit } = await validate(twice);
    expect(printed).to.equal('/f:3: spec.syscalls[1].action is written twice (line 3)\n');
    expect(exit).to.deep.equal(INVALID);
  });

  it('warns of misspelt calls and of what the operator refuses, which the API server takes', async () => {
    const rule = `    - action: SCMP_ACT_ALLOW
      names: [mkdir_at]
      args: [{ index: 0, op: SCMP_CMP_EQ, value: 1 }`;
    const text = `${HEAD}  defaultAction: SCMP_ACT_ERRNO\n  syscalls:\n${rule}`;
    expect(await validate(`${text}]\n`)).to.deep.include({
      exit: OK,
      printed: '/f:7: warning: spec.syscalls: no such system call, without effect: mkdir_at (perhaps mkdirat)\n',
    });
    const twice = await validate(`${text}, { index: 0, op: SCMP_CMP_EQ, value: 1 }]\n`);
    expect(twice).to.deep.include({
      exit: OK,
      printed: '/f:10: warning: spec.syscalls[0].args[1]: repeats args[0]\n',
    });
  });

  it('warns of comparisons that can be passed by, as convert does', async () => {
    const rule = `    - action: SCMP_ACT_ERRNO
      names: [socket]
      args: [{ index: 0, op: SCMP_CMP_EQ, value: 40 }]`;
    const text = `${HEAD}  defaultAction: SCMP_ACT_ALLOW\n  syscalls:\n${rule}\n`;
    const { exit, printed } = await validate(text);
    expect(exit).to.deep.equal(OK);
    expect(printed).to.match(
      /^\/f:7: warning: spec\.syscalls: the comparisons for socket \(argument 0\) can be passed by/,
    );
    const terminal = new FakeTerminal();
    terminal.stored.set('/f', text);
    await runCommandLine(['convert', '-o', '/out', '/f'], new FakeMachine(), terminal);
    expect(terminal.logged.join('\n')).to.contain('/f: syscalls: the comparisons for socket (argument 0)');
  });

  it('reads profiles of runtimes and of Docker, and passes over other kinds', async () => {
    const docker =
      '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[\n{"name":"read","action":"SCMP_ACT_ALLOW","includes":{}},\n';
    expect((await validate(`${docker}{"names":["write"],"action":"SCMP_ACT_ALLOW"}]}`)).exit).to.deep.equal(OK);
    const { printed } = await validate(`${docker}{"names":["write"],"action":"ALLOW"}]}`);
    expect(printed).to.match(/^\/f:3: syscalls\[1\]\.action: is unknown: 'ALLOW'/);
    const other = await validate('apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n');
    expect(other.exit).to.deep.equal(OK);
    expect(other.logged[0]).to.equal('/f: not checked, as it is no kind of this operator: Pod web');
    expect((await validate('a: 1\n')).printed).to.equal('/f:1: kind: is required\n');
  });

  it('holds JSON against what runtimes take from a registry, with --runtime-artifact', async () => {
    const terminal = new FakeTerminal();
    const text =
      '{\n"defaultAction": "SCMP_ACT_ERRNO",\n"syscalls": [\n{"names": ["a"], "action": "SCMP_ACT_NOTIFY"}]}';
    terminal.stored.set('/bad.json', text);
    terminal.stored.set('/good.json', text.replace('NOTIFY', 'ALLOW'));
    terminal.stored.set('/none.json', '{');
    const check = (file: string) =>
      runCommandLine(['validate', '--runtime-artifact', file], new FakeMachine(), terminal);
    expect(await check('/good.json')).to.deep.equal({ type: 'status', status: 0 });
    expect(await check('/bad.json')).to.deep.equal({ type: 'status', status: 1 });
    expect(await check('/none.json')).to.deep.equal({ type: 'status', status: 1 });
    expect(terminal.printed).to.match(/^\/bad\.json:4: syscalls\[0\]\.action: is "SCMP_ACT_NOTIFY", not one of/);
    expect(terminal.printed).to.match(/\/none\.json: is no JSON/);
  });
});
