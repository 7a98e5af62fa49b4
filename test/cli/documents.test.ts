// SPDX-License-Identifier: Apache-2.0
// Files as users have them: published profiles, lists, several documents, objects that say more than their rules.
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { parseYaml } from '../../src/io/yaml.ts';
import { validateSeccompProfile } from '../gen/validators.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';

/** In the manner of the default profile of Docker: everything of its form that such a file can have. */
const DOCKER = {
  defaultAction: 'SCMP_ACT_ERRNO',
  defaultErrnoRet: 1,
  archMap: [
    { architecture: 'SCMP_ARCH_X86_64', subArchitectures: ['SCMP_ARCH_X86', 'SCMP_ARCH_X32'] },
    { architecture: 'SCMP_ARCH_AARCH64', subArchitectures: ['SCMP_ARCH_ARM'] },
  ],
  syscalls: [
    { names: ['execve', 'read', 'write', 'exit_group'], action: 'SCMP_ACT_ALLOW', args: [], comment: '', includes: {} },
    { names: ['ptrace'], action: 'SCMP_ACT_ALLOW', includes: { minKernel: '4.8' }, excludes: {} },
    { names: ['arch_prctl'], action: 'SCMP_ACT_ALLOW', includes: { arches: ['amd64', 'x32'] } },
    { names: ['mount', 'umount2'], action: 'SCMP_ACT_ALLOW', includes: { caps: ['CAP_SYS_ADMIN'] } },
    {
      names: ['clone'],
      action: 'SCMP_ACT_ALLOW',
      args: [{ index: 0, value: 2114060288, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }],
      comment: 'flags of namespaces',
      excludes: { caps: ['CAP_SYS_ADMIN'], arches: ['s390', 's390x'] },
    },
    { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: 38, excludes: { caps: ['CAP_SYS_ADMIN'] } },
  ],
};

function profileYaml(name: string, call: string, more = '', spec = ''): string {
  return `apiVersion: security-profiles-operator.x-k8s.io/v1beta1
kind: SeccompProfile
metadata:
  name: ${name}
${more}spec:
${spec}  defaultAction: SCMP_ACT_ERRNO
  syscalls:
    - action: SCMP_ACT_ALLOW
      names: [${call}]
`;
}

async function spoc(argv: readonly string[], files: Readonly<Record<string, string>>) {
  const terminal = new FakeTerminal();
  for (const [path, text] of Object.entries(files)) terminal.stored.set(path, text);
  const machine = new FakeMachine();
  const exit: unknown = await runCommandLine(argv, machine, terminal).catch(String);
  return { exit, machine, logged: terminal.logged, out: terminal.stored.get('/out') ?? '' };
}

interface Written {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec: { readonly disabled?: boolean; readonly syscalls: readonly { readonly names: readonly string[] }[] };
}

async function objectIn(text: string): Promise<Written> {
  const [value] = await parseYaml(text);
  expect(validateSeccompProfile(value)).to.deep.equal([]);
  return value as Written;
}

const namesIn = ({ spec }: Written): readonly string[] => spec.syscalls.flatMap(({ names }) => names).sort();

describe('a published profile', () => {
  const files = { '/etc/docker-default.json': JSON.stringify(DOCKER) };
  const convert = ['convert', '-t', 'seccomp', '-o', '/out'];

  it('becomes an object that a cluster takes, for a container without capabilities', async () => {
    const { out, logged } = await spoc([...convert, '/etc/docker-default.json'], files);
    const object = await objectIn(out);
    expect(object.metadata).to.deep.equal({ name: 'docker-default' });
    expect(object.spec).to.deep.include({ architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'] });
    expect(namesIn(object).join(' ')).to.equal('arch_prctl clone clone3 execve exit_group ptrace read write');
    expect(logged.join()).to.match(/--cap takes some of CAP_SYS_ADMIN/);
  });

  it('is read for the container that the options describe', async () => {
    const options = ['--cap', 'sys_admin,CAP_BPF', '--arch', 'arm64', '--kernel', '4.7.3'];
    const { out, logged } = await spoc([...convert, ...options, '/etc/docker-default.json'], files);
    const object = await objectIn(out);
    expect(object.spec).to.deep.include({ architectures: ['SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'] });
    expect(namesIn(object).join(' ')).to.equal('execve exit_group mount read umount2 write');
    expect(logged).to.deep.equal([]);
  });

  it('is merged and run like any other', async () => {
    const merged = await spoc(['merge', '--cap', 'ALL', '-o', '/out', '/b', '/etc/docker-default.json'], {
      ...files,
      '/b': profileYaml('b', 'close'),
    });
    expect(namesIn(await objectIn(merged.out))).to.include.members(['close', 'mount']);
    const { machine } = await spoc(['run', '-p', '/etc/docker-default.json', 'true'], files);
    expect(machine.filters).to.have.length(1);
  });

  it('is refused for options that mean nothing', async () => {
    const refused = async (...options: readonly string[]) =>
      (await spoc([...convert, ...options, '/etc/docker-default.json'], files)).exit;
    expect(await refused('--cap', 'SYS_ADMIM')).to.match(/--cap: SYS_ADMIM is no capability, perhaps CAP_SYS_ADMIN$/);
    expect(await refused('--kernel', 'new')).to.match(/--kernel: new is no release/);
    expect(await refused('--arch', 'vax')).to.deep.equal({ type: 'status', status: 2 });
  });
});

describe('files with more than one profile', () => {
  const LIST = JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: ['read', 'write'].map((call) => ({
      kind: 'SeccompProfile',
      metadata: { name: call },
      spec: { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ action: 'SCMP_ACT_ALLOW', names: [call] }] },
    })),
  });

  it('are merged', async () => {
    const stream = `---\n${profileYaml('a', 'read')}---\nkind: Pod\nmetadata: {name: p}\n---\n---\n${profileYaml('b', 'write')}`;
    for (const text of [LIST, stream]) {
      const { out, exit } = await spoc(['merge', '-o', '/out', '/a'], { '/a': text });
      expect(exit).to.deep.equal({ type: 'status', status: 0 });
      expect(namesIn(await objectIn(out))).to.deep.equal(['read', 'write']);
    }
    const { logged } = await spoc(['merge', '-o', '/out', '/a'], { '/a': stream });
    expect(logged).to.include('/a: passed over, as it is no profile: Pod p');
  });

  it('are named where one profile is needed', async () => {
    const { exit } = await spoc(['convert', '/a'], { '/a': LIST });
    expect(exit).to.match(/\/a: holds 2 documents, one is needed: SeccompProfile read, SeccompProfile write$/);
  });
});

describe('the union of objects', () => {
  const more = `  namespace: shop
  labels: { app: web }
  annotations:
    example.org/from: web
    syscalls: '[]'
    kubectl.kubernetes.io/last-applied-configuration: '{}'
    spo.x-k8s.io/recording-incomplete: one was lost
`;

  it('keeps what the first says besides its rules, but for what is true of the first alone', async () => {
    const files = { '/a': profileYaml('a', 'read', more, '  disabled: true\n'), '/b': profileYaml('b', 'write') };
    const { out, logged } = await spoc(['merge', '-o', '/out', '/a', '/b'], files);
    const { metadata, spec } = await objectIn(out);
    expect(metadata).to.deep.equal({
      name: 'a',
      namespace: 'shop',
      labels: { app: 'web' },
      annotations: {
        'example.org/from': 'web',
        'spo.x-k8s.io/recording-incomplete': 'one was lost',
        // The other part says nothing of a recording.
        'spo.x-k8s.io/syscall-coverage': '{"version":"v1","total":1,"syscalls":{"read":1}}',
      },
    });
    expect(spec.disabled).to.equal(true);
    expect(logged).to.include('/a is disabled, and so is the union');
  });

  it('is incomplete where a part is, and says which part was switched off', async () => {
    const lost = (what: string) => `  annotations: { spo.x-k8s.io/recording-incomplete: ${what} }\n`;
    const files = {
      '/a': profileYaml('a', 'read', lost('one')),
      '/b': profileYaml('b', 'write', lost('two'), '  disabled: true\n'),
    };
    const { out, logged } = await spoc(['merge', '-o', '/out', '/a', '/b'], files);
    const { metadata, spec } = await objectIn(out);
    expect(metadata['annotations']).to.include({ 'spo.x-k8s.io/recording-incomplete': 'one; two' });
    expect(spec.disabled).to.equal(undefined);
    expect(logged).to.include('/b is disabled; the union has its rules all the same');
    const raw = await spoc(['merge', '-o', '/out', '/r', '/b'], {
      ...files,
      '/r': '{"defaultAction":"SCMP_ACT_ERRNO"}',
    });
    expect(raw.logged).to.include('/b: its recording is incomplete, and so is the union: two');
  });
});

describe('an object that the API server would refuse', () => {
  it('is refused with its fields, by each command', async () => {
    const text = profileYaml('a', 'read').replace(
      'names: [read]',
      'names: [read]\n      includes: { caps: [CAP_BPF] }',
    );
    for (const argv of [
      ['convert', '/a'],
      ['merge', '/ok', '/a'],
      ['run', '-p', '/a', 'true'],
    ]) {
      const { exit } = await spoc(argv, { '/a': text, '/ok': profileYaml('b', 'read') });
      expect(exit, argv.join(' ')).to.match(/\/a: spec\.syscalls\[0\]\.includes: includes is a condition/);
    }
  });

  it('is not refused for what only a cluster keeps about it', async () => {
    const text = `${profileYaml('a', 'read', '  labels: { "a/b/c": d }\n')}status: { newer: 1 }\n`;
    expect((await spoc(['convert', '-o', '/out', '/a'], { '/a': text })).exit).to.deep.equal({
      type: 'status',
      status: 0,
    });
  });
});
