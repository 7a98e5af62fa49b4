// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { Trouble } from '../../src/cli/judgement.ts';
import { explained } from '../../src/roles/spoc/terminal.ts';
import { FakeArtifactStore } from '../fakes/artifact-store.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';

function object(names: readonly string[]): string {
  const spec = { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ names, action: 'SCMP_ACT_ALLOW' }] };
  const apiVersion = 'security-profiles-operator.x-k8s.io/v1beta1';
  return JSON.stringify({ apiVersion, kind: 'SeccompProfile', metadata: { name: 'x' }, spec });
}

function appArmor(paths: readonly string[], name = 'x'): string {
  const abstract = { filesystem: { readOnlyPaths: paths } };
  return JSON.stringify({ kind: 'AppArmorProfile', metadata: { name }, spec: { abstract } });
}

function selinux(permissions: readonly string[]): string {
  const spec = { inherit: [{ name: 'container' }], allow: { var_log_t: { file: permissions } } };
  return JSON.stringify({ kind: 'SelinuxProfile', metadata: { name: 'x' }, spec });
}

async function spoc(
  args: readonly string[],
  files: Readonly<Record<string, string>>,
  machine: FakeMachine = new FakeMachine(),
) {
  const terminal = new FakeTerminal();
  for (const [path, text] of Object.entries(files)) terminal.stored.set(path, text);
  const exit = await explained(terminal, () => runCommandLine(args, machine, terminal));
  return { exit, printed: terminal.printed, logged: terminal.logged };
}

const status = (number: number) => ({ type: 'status', status: number });

describe('spoc diff', () => {
  it('ends with 0 and prints nothing where two files mean the same', async () => {
    const raw = '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["write","read"],"action":"SCMP_ACT_ALLOW"}]}';
    const found = await spoc(['diff', '/a', '/b'], { '/a': object(['read', 'write', 'read']), '/b': raw });
    expect(found).to.deep.equal({ exit: status(0), printed: '', logged: [] });
  });

  it('ends with 1 and tells the difference', async () => {
    const found = await spoc(['diff', '/a', '/b'], { '/a': object(['read']), '/b': object(['write']) });
    expect(found.exit).to.deep.equal(status(1));
    expect(found.printed).to.equal(
      'Lets in:\n  write: SCMP_ACT_ERRNO -> SCMP_ACT_ALLOW\nShuts out:\n  read: SCMP_ACT_ALLOW -> SCMP_ACT_ERRNO\n',
    );
  });

  it('prints JSON', async () => {
    const found = await spoc(['diff', '-o', 'json', '/a', '/b'], {
      '/a': object(['read']),
      '/b': object(['read', 'bpf']),
    });
    expect(found.exit).to.deep.equal(status(1));
    expect(JSON.parse(found.printed)).to.have.nested.property('changes[0].call', 'bpf');
  });

  it('ends with 2 where there is no answer', async () => {
    const missing = await spoc(['diff', '/a', '/b'], { '/a': object(['read']) });
    expect(missing).to.deep.equal({
      exit: status(2),
      printed: '',
      logged: ['Error: read /b: no such file or directory'],
    });
    const other = await spoc(['diff', '/a', '/b'], { '/a': object(['read']), '/b': appArmor(['/etc/hosts']) });
    expect(other.exit).to.deep.equal(status(2));
    expect(other.logged.join()).to.include('/b: is AppArmorProfile, and /a is seccomp: they have nothing in common');
    expect(() => {
      throw new Trouble('x');
    }).to.throw(Trouble);
  });

  it('takes artifacts of registries', async () => {
    const machine = new FakeMachine();
    machine.registry = new FakeArtifactStore();
    const files = { '/a': object(['read']), '/b': object(['read', 'write']) };
    const pushed = await spoc(['push', '--sign=false', '-f', '/a', 'ghcr.io/a/b:t'], files, machine);
    expect(pushed.exit, pushed.logged.join()).to.deep.equal(status(0));
    expect((await spoc(['diff', 'oci://ghcr.io/a/b:t', '/a'], files, machine)).exit).to.deep.equal(status(0));
    const found = await spoc(['diff', '/b', 'oci://ghcr.io/a/b:t'], files, machine);
    expect(found.printed).to.equal('Shuts out:\n  write: SCMP_ACT_ALLOW -> SCMP_ACT_ERRNO\n');
    expect((await spoc(['diff', '/b', 'oci://ghcr.io/a/b:u'], files, machine)).exit).to.deep.equal(status(2));
  });

  it('takes the filters of processes', async () => {
    const machine = new FakeMachine();
    const allowAll = { logs: false, program: [{ code: 6, constant: 0x7fff_0000, jumpTrue: 0, jumpFalse: 0 }] };
    machine.filtersOfProcesses.set(7, [allowAll]).set(8, []);
    const files = { '/a': object(['read']) };
    const found = await spoc(['diff', '/a', 'pid:7'], files, machine);
    expect(found.exit).to.deep.equal(status(1));
    expect(found.printed).to.match(/^Lets in:\n {2}bpf: SCMP_ACT_ERRNO -> SCMP_ACT_ALLOW\n/);
    const none = await spoc(['diff', 'pid:7', 'pid:8'], files, machine);
    expect(none).to.deep.equal({ exit: status(0), printed: '', logged: ['pid:8: has no filter, so all calls happen'] });
    expect((await spoc(['diff', '/a', 'pid:9'], files, machine)).exit).to.deep.equal(status(2));
    expect((await spoc(['diff', '/a', 'pid:x'], files, machine)).logged.join()).to.include(
      'pid:x: is not pid: with the number of a process behind it',
    );
  });

  it('compares the rules of AppArmorProfiles, in whatever order', async () => {
    const files = { '/a': appArmor(['/b', '/a']), '/b': appArmor(['/a', '/b'], 'y'), '/c': appArmor(['/a', '/c']) };
    expect((await spoc(['diff', '/a', '/b'], files)).exit).to.deep.equal(status(0));
    const found = await spoc(['diff', '/a', '/c'], files);
    expect(found.exit).to.deep.equal(status(1));
    expect(found.printed).to.equal(
      'Lets in:\n  abstract.filesystem.readOnlyPaths: /c\nShuts out:\n  abstract.filesystem.readOnlyPaths: /b\n',
    );
  });

  it('compares the rules of SelinuxProfiles', async () => {
    const files = { '/a': selinux(['read', 'open']), '/b': selinux(['open', 'read']), '/c': selinux(['read']) };
    expect((await spoc(['diff', '/a', '/b'], files)).exit).to.deep.equal(status(0));
    expect((await spoc(['diff', '/a', '/c'], files)).printed).to.equal('Shuts out:\n  allow.var_log_t.file: open\n');
  });
});
