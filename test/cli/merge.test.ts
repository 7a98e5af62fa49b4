// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';

function object(name: string, names: readonly string[]): string {
  const spec = { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ names, action: 'SCMP_ACT_ALLOW' }] };
  return JSON.stringify({ kind: 'SeccompProfile', metadata: { name }, spec });
}

function terminalWith(files: Readonly<Record<string, string>>): FakeTerminal {
  const terminal = new FakeTerminal();
  for (const [path, text] of Object.entries(files)) terminal.stored.set(path, text);
  return terminal;
}

function spoc(args: readonly string[], terminal: FakeTerminal): Promise<unknown> {
  return runCommandLine(args, new FakeMachine(), terminal).catch(String);
}

describe('spoc merge', () => {
  it('writes the union under the name of the first', async () => {
    const terminal = terminalWith({
      '/a': object('first', ['read', 'write']),
      '/b': object('second', ['close', 'read']),
    });
    expect(await spoc(['merge', '-o', '/out', '/a', '/b'], terminal)).to.deep.equal({ type: 'status', status: 0 });
    expect(terminal.stored.get('/out')).to.match(/name: first\n[^]*- close\n +- read\n +- write\n/);
  });

  it('counts recordings, each for what it has seen, and not what was written by hand', async () => {
    const recorded = (names: readonly string[], annotations: object = {}): string => {
      const value = JSON.parse(object('web', [...names, 'futex'])) as { metadata: object };
      const added = { 'spo.x-k8s.io/added-syscalls': 'base syscalls: futex', ...annotations };
      return JSON.stringify({ ...value, metadata: { ...value.metadata, annotations: added } });
    };
    const counted = '{"version":"v1","total":2,"syscalls":{"read":2},"alone":[]}';
    const terminal = terminalWith({
      '/by-hand': object('web', ['sync']),
      '/one': recorded(['read', 'write']),
      '/two': recorded(['read']),
      '/before': recorded(['read'], { 'spo.x-k8s.io/syscall-coverage': counted }),
    });
    await spoc(['merge', '-o', '/out', '/by-hand', '/one', '/two', '/before'], terminal);
    expect(terminal.stored.get('/out'))
      .to.include('spo.x-k8s.io/added-syscalls: "base syscalls: futex"')
      .and.to.include('"total":4,"syscalls":{"read":4,"write":1}');
    // The original's merged profiles have counts and nothing else.
    const theirs = JSON.parse(object('web', ['read'])) as { metadata: object };
    const annotations = { 'spo.x-k8s.io/syscall-coverage': counted };
    terminal.stored.set('/theirs', JSON.stringify({ ...theirs, metadata: { ...theirs.metadata, annotations } }));
    await spoc(['merge', '-o', '/both', '/theirs', '/one'], terminal);
    expect(terminal.stored.get('/both')).to.include('"total":3,"syscalls":{"read":3,"write":1}');
    await spoc(['merge', '--intersect', '-o', '/narrow', '/one', '/before'], terminal);
    expect(terminal.stored.get('/narrow')).to.not.include('syscall-coverage');
  });

  it('tells of values that traces have shown only where the result is narrowed to them', async () => {
    const narrowed = (family: number): string => {
      const args = [{ index: 0, op: 'SCMP_CMP_MASKED_EQ', value: 0xffffffff, valueTwo: family }];
      const syscalls = [{ names: ['socket'], action: 'SCMP_ACT_ALLOW', args }];
      const annotations = { 'spo.x-k8s.io/observed-values': `socket observed: 0=${String(family)}` };
      const spec = { defaultAction: 'SCMP_ACT_ERRNO', syscalls };
      return JSON.stringify({ kind: 'SeccompProfile', metadata: { name: 'web', annotations }, spec });
    };
    const terminal = terminalWith({
      '/inet': narrowed(2),
      '/unix': narrowed(1),
      '/any': object('any', ['socket']),
      '/none': object('none', ['read']),
    });
    const merged = async (...args: readonly string[]): Promise<string> => {
      await spoc(['merge', '-o', '/out', ...args], terminal);
      return /observed-values: "?([^"\n]*)/.exec(terminal.stored.get('/out') ?? '')?.[1] ?? '';
    };
    expect(await merged('/inet', '/any')).to.equal('');
    expect(await merged('/inet', '/unix')).to.equal('socket observed: 0=2, 0=1');
    expect(await merged('/none', '/inet')).to.equal('socket observed: 0=2');
    expect(await merged('--intersect', '/any', '/inet')).to.equal('socket observed: 0=2');
    expect(await merged('--intersect', '/inet', '/unix')).to.equal('');
  });

  it('keeps the form of the first', async () => {
    const raw = '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW"}]}';
    const terminal = terminalWith({ '/a': raw, '/b': object('b', ['write']) });
    await spoc(['merge', '-o', '/out', '/a', '/b'], terminal);
    expect(JSON.parse(terminal.stored.get('/out') ?? ''))
      .to.have.nested.property('syscalls[0].names')
      .deep.equal(['read', 'write']);
  });

  it('--check ends with 0 when the first covers the others, and writes nothing', async () => {
    const terminal = terminalWith({ '/a': object('a', ['read', 'write']), '/b': object('b', ['read']) });
    expect(await spoc(['merge', '--check', '/a', '/b'], terminal)).to.deep.equal({ type: 'status', status: 0 });
    expect(terminal.stored.size).to.equal(2);
  });

  it('--check ends with 1 and shows the union when it does not', async () => {
    const terminal = terminalWith({ '/a': object('a', ['read']), '/b': object('b', ['write']) });
    expect(await spoc(['m', '-c', '/a', '/b'], terminal)).to.deep.equal({ type: 'status', status: 1 });
    expect(terminal.logged.join('\n')).to.match(/- read\n +- write/);
    expect(terminal.stored.size).to.equal(2);
  });

  it('--intersect writes what all permit', async () => {
    const terminal = terminalWith({ '/a': object('first', ['read', 'write']), '/b': object('b', ['close', 'read']) });
    const args = ['merge', '--intersect', '-o', '/out', '/a', '/b'];
    expect(await spoc(args, terminal)).to.deep.equal({ type: 'status', status: 0 });
    expect(terminal.stored.get('/out')).to.match(/name: first\n[^]*- read\n/);
    expect(terminal.stored.get('/out')).not.to.match(/write|close/);
  });

  it('--intersect --check tells whether the first permits nothing else', async () => {
    const terminal = terminalWith({ '/a': object('a', ['read', 'write']), '/b': object('b', ['read']) });
    const args = ['merge', '-i', '-c'];
    expect(await spoc([...args, '/b', '/a'], terminal)).to.deep.equal({ type: 'status', status: 0 });
    expect(await spoc([...args, '/a', '/b'], terminal)).to.deep.equal({ type: 'status', status: 1 });
    expect(terminal.logged.join('\n')).to.match(/permits what others do not, together they permit:/);
    expect(terminal.stored.size).to.equal(2);
  });

  it('--intersect says where it is stricter than all', async () => {
    const many = (index: number): string => {
      const rule = (value: number): object => ({
        names: ['read'],
        action: 'SCMP_ACT_ALLOW',
        args: [{ index, op: 'SCMP_CMP_EQ', value }],
      });
      const syscalls = Array.from({ length: 40 }, (_, at) => rule(3 * at));
      return JSON.stringify({ defaultAction: 'SCMP_ACT_ERRNO', syscalls });
    };
    const terminal = terminalWith({ '/a': many(0), '/b': many(1) });
    await spoc(['merge', '-i', '-o', '/out', '/a', '/b'], terminal);
    expect(terminal.logged.join('\n')).to.match(/warning: read: their conditions are too many/);
  });

  it('needs two files', async () => {
    const terminal = terminalWith({ '/a': object('a', ['read']) });
    expect(await spoc(['merge', '/a'], terminal)).to.match(/at least two files/);
  });
});

describe('spoc convert', () => {
  it('prints what runtimes read: no key of ours, values exact', async () => {
    const spec = `{"defaultAction":"SCMP_ACT_ERRNO","disabled":false,"syscalls":[{"names":["clone"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"op":"SCMP_CMP_MASKED_EQ","value":"18446744073709551615","valueTwo":9007199254740993}]}]}`;
    const terminal = terminalWith({ '/a': `{"kind":"SeccompProfile","metadata":{"name":"x"},"spec":${spec}}` });
    await spoc(['convert', '-o', '/out', '/a'], terminal);
    expect(terminal.stored.get('/out')).to.equal(`{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {
      "names": [
        "clone"
      ],
      "action": "SCMP_ACT_ALLOW",
      "args": [
        {
          "index": 0,
          "value": 18446744073709551615,
          "valueTwo": 9007199254740993,
          "op": "SCMP_CMP_MASKED_EQ"
        }
      ]
    }
  ]
}
`);
  });

  it('writes rules as libseccomp needs them, and says what it cannot', async () => {
    const rules = (action: string) =>
      `{"names":["ioctl"],"action":"SCMP_ACT_ALLOW","args":[{"index":1,"op":"SCMP_CMP_EQ","value":1}]},` +
      `{"names":["ioctl"],"action":"${action}","args":[{"index":0,"op":"SCMP_CMP_EQ","value":1}]}`;
    const text = (action: string) => `{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[${rules(action)}]}`;
    const terminal = terminalWith({ '/a': text('SCMP_ACT_ALLOW'), '/b': text('SCMP_ACT_LOG') });
    await spoc(['convert', '-o', '/out', '/a'], terminal);
    expect(terminal.stored.get('/out')).to.match(/"index": 0[^]*"index": 1/);
    expect(terminal.logged).to.deep.equal([]);
    await spoc(['convert', '-o', '/out', '/b'], terminal);
    expect(terminal.logged.join()).to.match(
      /^\/b: syscalls\[1\]: SCMP_ACT_LOG for ioctl .* nothing says which counts$/,
    );
  });

  it('refuses a program for a profile that has none', async () => {
    const terminal = terminalWith({ '/a': '{"defaultAction":"SCMP_ACT_ALLOW"}' });
    expect(await spoc(['convert', '-p', '/bin/a', '/a'], terminal)).to.match(
      /\/a: seccomp has no profiles of programs/,
    );
  });

  it('refuses a profile with a base, which runtimes do not know', async () => {
    const text =
      '{"kind":"SeccompProfile","metadata":{"name":"x"},"spec":{"defaultAction":"SCMP_ACT_ERRNO","baseProfileName":"runc"}}';
    expect(await spoc(['convert', '/a'], terminalWith({ '/a': text }))).to.match(
      /baseProfileName: runtimes know no bases/,
    );
  });
});

describe('spoc', () => {
  it('says that a profile of another kind is not the one that is needed', async () => {
    const object = '{"apiVersion":"security-profiles-operator.x-k8s.io/v1alpha1","kind":"AppArmorProfile"}';
    const sentence = /\/b: kind: is AppArmorProfile, and a seccomp profile is needed here$/;
    const files = { '/a': '{"defaultAction":"SCMP_ACT_ALLOW"}', '/b': object };
    expect(await spoc(['merge', '/a', '/b'], terminalWith(files))).to.match(sentence);
    expect(await spoc(['score', '/b'], terminalWith(files))).to.match(sentence);
  });

  it('shows help for no words, help and -h', async () => {
    for (const words of [[], ['help'], ['h'], ['--help'], ['help', 'record']]) {
      const terminal = new FakeTerminal();
      expect(await spoc(words, terminal)).to.deep.equal({ type: 'status', status: 0 });
      expect(terminal.printed).to.match(/^Usage: spoc/);
    }
  });

  it('names the command that it has no help for', async () => {
    const terminal = new FakeTerminal();
    const write = process.stderr.write.bind(process.stderr);
    let told = '';
    process.stderr.write = (text: string) => (told += text) !== '';
    const exit = await spoc(['help', 'nosuch'], terminal).finally(() => (process.stderr.write = write));
    expect(exit).to.deep.equal({ type: 'status', status: 2 });
    expect(told).to.equal("error: unknown command 'nosuch'\n");
    expect(terminal.printed).to.equal('');
  });

  it('does not offer what it cannot do yet', async () => {
    const terminal = new FakeTerminal();
    await spoc(['help', 'record'], terminal);
    expect(terminal.printed)
      .to.match(/raw-seccomp/)
      .and.match(/raw-apparmor/);
    expect(terminal.printed).not.to.match(/selinux/i);
  });

  it('prints its version as lines and as JSON', async () => {
    const terminal = new FakeTerminal();
    await spoc(['v'], terminal);
    expect(terminal.printed).to.match(/^version: +0\.1\.0\n/);
    const json = new FakeTerminal();
    await spoc(['version', '--json'], json);
    expect(JSON.parse(json.printed)).to.include({ version: '0.1.0', platform: 'linux/amd64' });
  });
});
