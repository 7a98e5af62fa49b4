// SPDX-License-Identifier: Apache-2.0
// spoc push and pull with a registry of this process: requests of users, right and wrong ones.
import { expect } from 'chai';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { errorText } from '../../src/core/errors.ts';
import { RegistryClient } from '../../src/io/registry/client.ts';
import { FakeRegistry, sha256 } from '../fakes/registry.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';
import { profile } from './hostile-registry-cases.ts';

describe('spoc push and pull', () => {
  let registry: FakeRegistry;
  let terminal: FakeTerminal;
  let machine: FakeMachine;
  let client: RegistryClient;

  beforeEach(async () => {
    registry = await FakeRegistry.start();
    terminal = new FakeTerminal();
    machine = new FakeMachine();
    const limits = { idleMs: 10_000, totalMs: 10_000 };
    client = new RegistryClient({ plainHttp: true, limits, credentials: () => Promise.resolve(undefined) });
    machine.registry = client;
    terminal.stored.set('/tmp/profile.yaml', profile());
    terminal.stored.set('/a', profile({ metadata: { name: 'x' } }));
    terminal.stored.set('/b', profile({ metadata: { name: 'y' } }));
  });

  afterEach(async () => {
    client.close();
    await registry.stop();
  });

  const spoc = (...args: readonly string[]): Promise<unknown> =>
    runCommandLine(args, machine, terminal).catch((error: unknown) => errorText(error));
  const push = (...args: readonly string[]) => spoc('push', '--sign=false', ...args, `${registry.address}/a:t`);
  const SUCCESS = { type: 'status', status: 0 };

  function titles(): readonly string[] {
    const { layers } = JSON.parse(registry.manifests.get('t')?.bytes.toString() ?? '{}') as {
      readonly layers: readonly { readonly annotations: Readonly<Record<string, string>> }[];
    };
    return layers.flatMap(({ annotations }) => Object.values(annotations));
  }

  it('takes the usual profile and the platform of this machine where none is named', async () => {
    expect(await push()).to.deep.equal(SUCCESS);
    expect(titles()).to.deep.equal(['profile-linux-amd64.yaml']);
    expect(terminal.printed).to.match(/^127\.0\.0\.1:\d+\/a@sha256:[0-9a-f]{64}\n$/);
  });

  it('takes the usual profile for the one platform that is named, and a file for the usual platform', async () => {
    expect(await push('-p', 'linux/s390x')).to.deep.equal(SUCCESS);
    expect(titles()).to.deep.equal(['profile-linux-s390x.yaml']);
    expect(await push('-f', '/a')).to.deep.equal(SUCCESS);
    expect(titles()).to.deep.equal(['profile-linux-amd64.yaml']);
  });

  function object(kind: string, spec: object): string {
    const version = kind === 'AppArmorProfile' ? 'v1alpha1' : 'v1alpha2';
    const apiVersion = `security-profiles-operator.x-k8s.io/${version}`;
    return JSON.stringify({ apiVersion, kind, metadata: { name: 'web', namespace: 'n' }, spec });
  }

  for (const [kind, good, bad, reason] of [
    [
      'SelinuxProfile',
      { allow: { etc_t: { file: ['read'] } } },
      { allow: { etc_t: { file: ['all'] } } },
      /all is no permission/,
    ],
    ['RawSelinuxProfile', { policy: '(blockinherit container)' }, { policy: '(allow' }, /spec.policy: line 1/],
    [
      'AppArmorProfile',
      { abstract: { filesystem: { readOnlyPaths: ['/a'] } } },
      { policy: 'profile other { }' },
      /spec.policy: line 1, column 9: the profile is named other/,
    ],
  ] as const) {
    it(`carries a ${kind}, and none that no node would install`, async () => {
      terminal.stored.set('/good', object(kind, good));
      terminal.stored.set('/bad', object(kind, bad));
      expect(await push('-f', '/bad')).to.match(reason);
      expect(registry.manifests.size).to.equal(0);
      expect(await push('-f', '/good')).to.deep.equal(SUCCESS);
      const verify = '--disable-signature-verification';
      expect(await spoc('pull', verify, '-o', '/out', `${registry.address}/a:t`)).to.deep.equal(SUCCESS);
      expect(terminal.stored.get('/out')).to.equal(terminal.stored.get('/good'));
    });
  }

  const RUNTIME = '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW"}]}';

  it('pushes the JSON of runtimes in the form that they pull, and pulls it again for any platform', async () => {
    terminal.stored.set('/r.json', RUNTIME);
    expect(await push('-f', '/r.json', '-a', 'k:v')).to.deep.equal(SUCCESS);
    expect(JSON.parse(registry.manifests.get('t')?.bytes.toString() ?? '')).to.deep.equal({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      artifactType: 'application/vnd.cncf.seccomp-profile.config.v1+json',
      config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: sha256('{}'), size: 2 },
      layers: [{ mediaType: 'application/json', digest: sha256(RUNTIME), size: RUNTIME.length }],
      annotations: { k: 'v' },
    });
    expect(await spoc('pull', '-s', '-p', 'linux/s390x', '-o', '/out', `${registry.address}/a:t`)).to.deep.equal(
      SUCCESS,
    );
    expect(terminal.stored.get('/out')).to.equal(RUNTIME);
  });

  it('refuses the JSON of runtimes beside others, for a platform, or where runtimes refuse it', async () => {
    terminal.stored.set('/r.json', RUNTIME);
    const alone = /is pushed alone and for every platform/;
    expect(await push('-f', '/r.json', '-p', 'linux/amd64')).to.match(alone);
    expect(await push('-f', '/r.json', '-p', 'linux/amd64', '-f', '/a', '-p', 'linux/arm64')).to.match(alone);
    terminal.stored.set('/r.json', RUNTIME.replace('names', 'Names'));
    expect(await push('-f', '/r.json')).to.match(/^\/r\.json: syscalls\[0\]\.Names: is not known: it is written names/);
    expect(registry.seen).to.deep.equal([]);
  });

  it('sends nothing of a request with a fault in one file', async () => {
    terminal.stored.set('/b', 'kind: Pod');
    expect(await push('-f', '/a', '-p', 'linux/amd64', '-f', '/b', '-p', 'linux/arm64')).to.match(/^\/b: holds Pod/);
    expect(registry.seen).to.deep.equal([]);
  });

  const wrong: readonly (readonly [args: readonly string[], reason: RegExp])[] = [
    [['-f', '/a', '-f', '/b'], /2 profiles and 1 platforms are given: each profile needs one/],
    [['-p', 'linux/amd64', '-p', 'linux/arm64'], /1 profiles and 2 platforms/],
    [['-f', '/a', '-f', '/b', '-p', 'linux/arm64', '-p', 'linux/arm64/v8'], /linux\/arm64: is given twice/],
    [['-p', 'amd64'], /amd64: is no platform such as/],
    [['-f', '/none'], /read \/none: no such file/],
    [['-a', 'key'], /--annotations key: is not of the form KEY:VALUE/],
    [['-a', ':value'], /is not of the form KEY:VALUE/],
    [['--mirror', 'x'], /--mirror x: is not of the form/],
    [['-u', 'jane'], /--username: its password is missing/],
  ];
  for (const [args, reason] of wrong) {
    it(`refuses ${args.join(' ')}`, async () => {
      expect(await push(...args)).to.match(reason);
      expect(registry.seen).to.deep.equal([]);
    });
  }

  it('refuses names that cannot be pushed to', async () => {
    for (const [name, reason] of [
      ['a:t', /names no registry/],
      [`${registry.address}/a@sha256:${'a'.repeat(64)}`, /a digest follows from what is pushed/],
      [`https://${registry.address}/a`, /an address is no reference/],
    ] as const) {
      expect(await spoc('push', '--sign=false', name), name).to.match(reason);
    }
  });

  it('refuses a date that is none', async () => {
    machine.env['SOURCE_DATE_EPOCH'] = 'today';
    expect(await push()).to.match(/SOURCE_DATE_EPOCH: is no number of seconds/);
  });

  it('says who the user is by options and environment, and takes USERNAME alone for nothing', async () => {
    const login = async (env: Readonly<Record<string, string>>, ...args: readonly string[]) => {
      Object.assign(machine.env, { USERNAME: '', PASSWORD: '', SPOC_USERNAME: '', SPOC_PASSWORD: '' }, env);
      await push(...args);
      const credentials = machine.opened.at(-1)?.login?.credentials;
      return credentials?.type === 'basic' ? `${credentials.username} ${credentials.password}` : 'nobody';
    };
    expect(await login({})).to.equal('nobody');
    expect(await login({ USERNAME: 'shell' })).to.equal('nobody');
    expect(await login({ USERNAME: 'u', PASSWORD: 'p' })).to.equal('u p');
    expect(await login({ USERNAME: 'u', PASSWORD: 'p', SPOC_USERNAME: 's', SPOC_PASSWORD: 'q' })).to.equal('s q');
    expect(await login({ USERNAME: 'u', PASSWORD: 'p' }, '-u', 'me')).to.equal('me p');
    terminal.stored.set('-', 'piped\n');
    expect(await login({ PASSWORD: 'p' }, '-u', 'me', '--password-stdin')).to.equal('me piped');
    expect(machine.opened.at(-1)?.login?.registry).to.equal(registry.address);
  });

  it('pulls only when it is told to without a signature, by option or variable', async () => {
    await push();
    expect(await spoc('pull', '-o', '/out', `${registry.address}/a:t`)).to.be.a('string');
    expect(terminal.stored.has('/out')).to.equal(false);
    machine.env['DISABLE_SIGNATURE_VERIFICATION'] = 'true';
    expect(await spoc('l', '-o', '/out', `${registry.address}/a:t`)).to.deep.equal(SUCCESS);
    expect(terminal.stored.get('/out')).to.equal(profile());
  });

  it('asks no registry where the output cannot be written', async () => {
    terminal.readOnly.add('/out');
    expect(await spoc('pull', '-s', '-o', '/out', `${registry.address}/a:t`)).to.match(
      /write \/out: permission denied/,
    );
    expect(registry.seen).to.deep.equal([]);
  });
});
