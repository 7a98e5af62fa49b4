// SPDX-License-Identifier: Apache-2.0
// Base profiles from a registry in a cluster in memory: pulled once, verified, handed to the node, and kept when the
// registry is away.
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { artifactNameOf, MOST_BASE_ARTIFACTS } from '../../src/core/base-artifacts/content.ts';
import { LABEL } from '../../src/core/names.ts';
import { ArtifactError } from '../../src/core/oci/artifact-error.ts';
import { MAX_BASE_LEVELS } from '../../src/core/seccomp/base.ts';
import type { SeccompProfile } from '../../src/gen/crd/seccomp-profile.ts';
import { SECCOMP_PROFILE } from '../../src/gen/kinds.ts';
import { CONFIG_MAP } from '../../src/runtime/kinds.ts';
import type { KubeObject } from '../../src/runtime/object.ts';
import { FakeCluster, operatorNamespace, until } from '../fakes/cluster.ts';
import { seccompProfile } from '../fakes/profiles.ts';
import {
  newSigner,
  profileText,
  pushText,
  pushTexts,
  REPOSITORY,
  signDigest,
  signDigestKeyless,
} from '../fakes/signed-artifacts.ts';
import type { Signer } from '../fakes/signed-artifacts.ts';
import { FakeSigstore, ISSUER, SUBJECT } from '../fakes/sigstore.ts';

const ARTIFACT = 'oci://registry.example/profiles/runc:v1';

describe('base profiles from a registry', () => {
  let cluster: FakeCluster;
  let signer: Signer;
  beforeEach(() => {
    cluster = new FakeCluster();
    signer = newSigner();
  });
  afterEach(() => cluster.stop());

  function configure(spec: object): void {
    const metadata = { name: 'spod', namespace: operatorNamespace };
    const common = { apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1', metadata };
    cluster.server.put({ ...common, kind: 'SecurityProfilesOperatorDaemon', spec } as KubeObject);
  }

  const trusted = (more: object = {}): object => ({
    ociVerification: [{ prefix: 'registry.example/profiles', key: signer.pem }],
    ...more,
  });

  function put(name: string, base: string): void {
    const profile = seccompProfile(name, ['exit'], { spec: { baseProfileName: base } });
    cluster.server.put({ ...profile, metadata: { name, namespace: 'ns' } });
  }

  const profile = (name: string): SeccompProfile | undefined =>
    cluster.server.get(SECCOMP_PROFILE, { namespace: 'ns', name }) as SeccompProfile | undefined;
  const fileOf = (name: string): string => cluster.files.texts.get(`ns/${name}.json`) ?? '';
  const artifacts = (): readonly KubeObject[] =>
    cluster.server.list(CONFIG_MAP).filter(({ metadata }) => metadata.name.startsWith('base-artifact-'));
  const messageOf = (name: string): string =>
    profile(name)?.status?.conditions?.find(({ type }) => type === 'Ready')?.message ?? '';
  const statusOf = (name: string): unknown => profile(name)?.status?.baseArtifacts;
  const asked = (word: string): readonly string[] => cluster.registry.requests.filter((name) => name.startsWith(word));

  async function start(spec: object = trusted()): Promise<void> {
    configure(spec);
    await cluster.manager();
    await cluster.daemon();
  }

  async function installed(name: string): Promise<void> {
    await until(`${name} is installed`, () => cluster.state(name) === 'Installed');
  }

  it('are pulled, verified and installed with the profile, whose status names digest and signer', async () => {
    const digest = await pushText(cluster.registry, 'v1', profileText(['read']), signer);
    await start();
    put('a', ARTIFACT);
    await installed('a');
    expect(fileOf('a')).to.include('"read"').and.to.include('"exit"');
    const [status] = statusOf('a') as readonly { signer: string }[];
    expect(status).to.deep.include({ name: ARTIFACT, digest });
    expect(status?.signer).to.match(/^the key SHA256:/);
    expect(cluster.refused()).to.deep.equal([]);
    expect(profile('a')?.metadata.annotations?.['syscalls']).to.include('read');
  });

  it('are verified by the identity in a certificate, with the trusted root of the spod', async () => {
    const sigstore = await FakeSigstore.start();
    try {
      const digest = await pushText(cluster.registry, 'v1', profileText(['read']));
      await signDigestKeyless(cluster.registry, digest, sigstore);
      const entry = { prefix: 'registry.example/profiles', identity: SUBJECT, issuer: ISSUER };
      await start({ ociVerification: [{ ...entry, identity: 'me' }], ociTrustedRoot: sigstore.trustedRoot });
      put('a', ARTIFACT);
      await until('a refusal', () => messageOf('a').includes(`it is by ${SUBJECT} (${ISSUER}), and me (`));
      configure({ ociVerification: [entry], ociTrustedRoot: '{"mediaType":"trustedroot"}' });
      await until('a word on the root', () => messageOf('a').includes('spec.ociTrustedRoot of the spod: '));
      configure({ ociVerification: [entry], ociTrustedRoot: sigstore.trustedRoot });
      await installed('a');
      expect(statusOf('a')).to.have.nested.property('[0].signer', `${SUBJECT} (${ISSUER})`);
    } finally {
      await sigstore.stop();
    }
  });

  it('are asked for once, however many profiles stand on one', async () => {
    await pushText(cluster.registry, 'v1', profileText(['read']), signer);
    await start();
    cluster.registry.requests.length = 0;
    for (let index = 0; index < 50; index++) put(`p${String(index)}`, ARTIFACT);
    for (let index = 0; index < 50; index++) await installed(`p${String(index)}`);
    expect(asked('manifest v1')).to.have.length(1);
    expect(asked('referrers')).to.have.length(1);
    expect(artifacts()).to.have.length(1);
  });

  it('for two platforms are asked for once each, however many profiles stand on them', async () => {
    const texts = ['amd64', 'arm64'].map(
      (architecture, at) => [{ os: 'linux', architecture }, profileText([at === 0 ? 'read' : 'write'])] as const,
    );
    const digest = await pushTexts(cluster.registry, 'v1', texts);
    await signDigest(cluster.registry, digest, signer);
    await start();
    cluster.registry.requests.length = 0;
    const names = Array.from({ length: 40 }, (_, index) => `p${String(index)}`);
    for (const name of names) put(name, ARTIFACT);
    for (const name of names) await installed(name);
    const blobs = texts.map(([, text]) => `blob sha256:${createHash('sha256').update(text).digest('hex')}`);
    const wanted = ['manifest v1', `manifest ${digest}`, ...blobs];
    expect(cluster.registry.requests.filter((name) => wanted.includes(name))).to.deep.equal(['manifest v1', ...blobs]);
    expect(fileOf('p0')).to.include('"read"').and.not.to.include('"write"');
  });

  it('of other writings of one name are one', async () => {
    await pushText(cluster.registry, 'latest', profileText(['read']), signer);
    await start();
    put('a', 'oci://registry.example/profiles/runc');
    put('b', 'oci://registry.example/profiles/runc:latest');
    for (const name of ['a', 'b']) await installed(name);
    expect(artifacts()).to.have.length(1);
  });

  it('may stand on others, and below profiles of the namespace', async () => {
    await pushText(cluster.registry, 'v1', profileText(['read'], { baseProfileName: `${ARTIFACT}-deep` }), signer);
    await pushText(cluster.registry, 'v1-deep', profileText(['write']), signer);
    await start();
    put('a', 'b');
    put('b', ARTIFACT);
    await installed('a');
    for (const name of ['read', 'write', 'exit']) expect(fileOf('a')).to.include(`"${name}"`);
    expect((statusOf('a') as readonly { name: string }[]).map(({ name }) => name)).to.deep.equal([
      ARTIFACT,
      `${ARTIFACT}-deep`,
    ]);
  });

  it('in a chain without an end are pulled as far as a stack may be deep', async () => {
    for (let level = 0; level < MAX_BASE_LEVELS + 5; level++) {
      const next = { baseProfileName: `${ARTIFACT}-${String(level + 1)}` };
      await pushText(cluster.registry, `v1-${String(level)}`, profileText(['read'], next));
    }
    await start({ disableOciArtifactSignatureVerification: true });
    put('a', `${ARTIFACT}-0`);
    await until('an error', () => cluster.state('a') === 'Error');
    expect(messageOf('a')).to.match(/maximum recursion level/);
    put('b', `${ARTIFACT}-${String(MAX_BASE_LEVELS - 1)}`);
    await until('those below the last one', () => asked(`manifest v1-${String(MAX_BASE_LEVELS + 4)}`).length > 0);
    cluster.server.delete(SECCOMP_PROFILE, { namespace: 'ns', name: 'b' });
    await until('only a stack', () => artifacts().length === MAX_BASE_LEVELS);
  });

  it('are no more than a cluster holds, and the author of one more is told so', async () => {
    for (let index = 0; index < MOST_BASE_ARTIFACTS; index++) {
      const base = `${ARTIFACT}-${String(index)}`;
      const metadata = {
        name: artifactNameOf(base) ?? '',
        namespace: operatorNamespace,
        labels: { [LABEL.baseArtifact]: 'true' },
      };
      cluster.server.put({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: {} } as KubeObject);
      const profile = seccompProfile(`p${String(index)}`, ['exit'], {
        spec: { baseProfileName: base, disabled: true },
      });
      cluster.server.put({ ...profile, metadata: { name: `p${String(index)}`, namespace: 'full' } });
    }
    put('a', ARTIFACT);
    await start({});
    await until('the reason', () => messageOf('a').includes('takes no more'), 110_000);
    expect(artifacts()).to.have.length(MOST_BASE_ARTIFACTS);
  }).timeout(120_000);

  it('may be the JSON of container runtimes', async () => {
    const runtime = { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ action: 'SCMP_ACT_ALLOW', names: ['read'] }] };
    await pushText(cluster.registry, 'v1', JSON.stringify(runtime), signer);
    await start();
    put('a', ARTIFACT);
    await installed('a');
    expect(fileOf('a')).to.include('"read"');
  });

  it('in a circle of artifacts are refused', async () => {
    await pushText(cluster.registry, 'v1', profileText(['read'], { baseProfileName: ARTIFACT }), signer);
    await start();
    put('a', ARTIFACT);
    await until('an error', () => cluster.state('a') === 'Error');
    expect(messageOf('a')).to.match(/circle/);
  });

  const REFUSED: Readonly<Record<string, readonly [() => Promise<unknown>, RegExp]>> = {
    'are not signed': [
      () => pushText(cluster.registry, 'v1', profileText(['read'])),
      /is not signed: it has no signature/,
    ],
    'are signed by another key': [
      () => pushText(cluster.registry, 'v1', profileText(['read']), newSigner()),
      /no signature of .* is valid: it is by another signer/,
    ],
    'are of another kind': [
      () => pushText(cluster.registry, 'v1', profileText(['read']).replace('SeccompProfile', 'SelinuxProfile'), signer),
      /holds a SelinuxProfile, and a SeccompProfile is needed/,
    ],
    'are no profile': [() => pushText(cluster.registry, 'v1', '{"kind":', signer), /is no YAML/],
    'have unknown fields': [
      () => pushText(cluster.registry, 'v1', profileText(['read'], { sycalls: [] }), signer),
      /sycalls/,
    ],
    'name a base that is no artifact': [
      () => pushText(cluster.registry, 'v1', profileText(['read'], { baseProfileName: 'b' }), signer),
      /its base b is no artifact/,
    ],
    'have nothing for the platform of the node': [
      async () => {
        const arm = { os: 'linux', architecture: 'arm64' };
        const texts = [[arm, profileText(['read'])]] as const;
        await signDigest(cluster.registry, await pushTexts(cluster.registry, 'v1', texts), signer);
      },
      /has no profile for linux\/amd64: it has linux\/arm64/,
    ],
  };
  for (const [what, [push, sentence]] of Object.entries(REFUSED)) {
    it(`that ${what} are refused with the reason`, async () => {
      await push();
      await start();
      put('a', ARTIFACT);
      await until('an error', () => cluster.state('a') === 'Error');
      expect(messageOf('a')).to.match(sentence);
      expect(fileOf('a')).to.equal('');
    });
  }

  it('that nobody is named for are not even asked for', async () => {
    await start({});
    cluster.registry.requests.length = 0;
    put('a', ARTIFACT);
    await until('an error', () => cluster.state('a') === 'Error');
    expect(messageOf('a')).to.match(/spec.ociVerification of the spod names no signer for it/);
    expect(cluster.registry.requests).to.deep.equal([]);
  });

  it('need no signature where the spod says so', async () => {
    await pushText(cluster.registry, 'v1', profileText(['read']));
    await start({ disableOciArtifactSignatureVerification: true });
    put('a', ARTIFACT);
    await installed('a');
    expect(statusOf('a')).to.have.nested.property('[0].digest');
    expect(statusOf('a')).not.to.have.nested.property('[0].signer');
  });

  it('that cannot be had now come by themselves later, with nothing installed before', async () => {
    await pushText(cluster.registry, 'v1', profileText(['read']), signer);
    await start(trusted({ ociRefreshSeconds: 0.1 }));
    cluster.registry.down = new ArtifactError('RegistryUnavailable', 'registry.example refuses connections');
    put('a', ARTIFACT);
    await until('the reason', () => messageOf('a').includes('refuses connections'));
    expect(cluster.state('a')).not.to.equal('Installed');
    cluster.registry.down = undefined;
    await installed('a');
  });

  it('that a registry never sends hold up no others, and the reason is told', async () => {
    await pushText(cluster.registry, 'v1', profileText(['read']), signer);
    await start();
    const slow = ['s0', 's1', 's2', 's3', 's4', 's5'];
    for (const name of slow) {
      cluster.registry.silent.add(`v1-${name}`);
      put(name, `${ARTIFACT}-${name}`);
    }
    put('a', ARTIFACT);
    await installed('a');
    for (const name of slow) {
      await until('the reason', () => messageOf(name).includes('the whole pull has taken longer than'));
    }
    await cluster.stop();
    await until('no open client', () => cluster.openRegistries === 0);
  });

  it('follow their tag, and stay as they are while the registry is away or has something unsigned', async () => {
    await pushText(cluster.registry, 'v1', profileText(['read']), signer);
    await start(trusted({ ociRefreshSeconds: 0.1 }));
    put('a', ARTIFACT);
    await installed('a');
    const second = await pushText(cluster.registry, 'v1', profileText(['write']), signer);
    await until('the new one', () => fileOf('a').includes('"write"') && !fileOf('a').includes('"read"'));
    cluster.registry.down = new ArtifactError('RegistryUnavailable', 'registry.example refuses connections');
    await until('the reason', () => JSON.stringify(statusOf('a')).includes('refuses connections'));
    cluster.registry.down = undefined;
    await until('no reason', () => !JSON.stringify(statusOf('a')).includes('refuses connections'));
    await pushText(cluster.registry, 'v1', profileText(['reboot']));
    await until('the refusal', () => JSON.stringify(statusOf('a')).includes('is not signed'));
    expect(statusOf('a')).to.have.nested.property('[0].digest', second);
    expect(cluster.state('a')).to.equal('Installed');
    expect(fileOf('a')).to.include('"write"').and.not.to.include('reboot');
  });

  it('stay while the registry’s list of signatures is empty, with the reason, as long as their signer is trusted', async () => {
    const digest = await pushText(cluster.registry, 'v1', profileText(['read']), signer);
    await start(trusted({ ociRefreshSeconds: 0.1 }));
    put('a', ARTIFACT);
    await installed('a');
    cluster.registry.withoutReferrers = true;
    await until('the refusal', () => JSON.stringify(statusOf('a')).includes('is not signed'));
    expect(statusOf('a')).to.have.nested.property('[0].digest', digest);
    expect(cluster.state('a')).to.equal('Installed');
    configure({ ociVerification: [{ prefix: 'registry.example', key: newSigner().pem }] });
    await until('an error', () => cluster.state('a') === 'Error');
    expect(statusOf('a')).not.to.have.nested.property('[0].digest');
  });

  it('by digest are asked for once', async () => {
    const digest = await pushText(cluster.registry, 'v1', profileText(['read']), signer);
    await start(trusted({ ociRefreshSeconds: 0.1 }));
    put('a', `oci://registry.example/profiles/runc@${digest}`);
    await installed('a');
    put('b', ARTIFACT);
    await installed('b');
    const before = asked('manifest v1').length;
    await until('the tag is looked at again', () => asked('manifest v1').length > before + 2);
    expect(asked(`manifest ${digest}`)).to.have.length(1);
  });

  it('whose key is taken back are not trusted any more: said so, and the file stays for its pods', async () => {
    await pushText(cluster.registry, 'v1', profileText(['read']), signer);
    await start();
    put('a', ARTIFACT);
    await installed('a');
    configure({ ociVerification: [{ prefix: 'registry.example', key: newSigner().pem }] });
    await until('an error', () => cluster.state('a') === 'Error');
    expect(messageOf('a')).to.match(/by another signer/);
    expect(fileOf('a')).to.include('"read"');
    configure(trusted());
    await installed('a');
  });

  it('are restored as they were when somebody edits them, without asking again', async () => {
    await pushText(cluster.registry, 'v1', profileText(['read']), signer);
    await start();
    put('a', ARTIFACT);
    await installed('a');
    const before = asked('manifest v1').length;
    const [artifact] = artifacts() as readonly (KubeObject & { readonly data: Readonly<Record<string, string>> })[];
    if (artifact === undefined) throw new Error('there is no artifact');
    const { profiles = '' } = artifact.data;
    const data = { ...artifact.data, profiles: profiles.replaceAll('"read"', '"reboot"') };
    cluster.server.put({ ...artifact, data } as KubeObject);
    const texts = (): string => JSON.stringify(artifacts());
    await until('the content of before', () => texts().includes('read') && !texts().includes('reboot'));
    await until('the file of before', () => fileOf('a').includes('"read"') && !fileOf('a').includes('reboot'));
    expect(asked('manifest v1')).to.have.length(before);
  });

  it('that somebody edited while no manager ran are read again', async () => {
    await pushText(cluster.registry, 'v1', profileText(['read']), signer);
    await start();
    put('a', ARTIFACT);
    await installed('a');
    await cluster.stop();
    const [artifact] = artifacts() as readonly (KubeObject & { readonly data: Readonly<Record<string, string>> })[];
    const { profiles = '' } = artifact?.data ?? {};
    const data = { ...artifact?.data, profiles: profiles.replaceAll('"read"', '"reboot"') };
    cluster.server.put({ ...artifact, data } as KubeObject);
    await cluster.manager();
    await until('the content of the registry', () => !JSON.stringify(artifacts()).includes('reboot'));
  });

  it('that are not trusted any more when a manager starts are not kept', async () => {
    await pushText(cluster.registry, 'v1', profileText(['read']), signer);
    await start();
    put('a', ARTIFACT);
    await installed('a');
    await cluster.stop();
    configure({});
    await cluster.manager();
    await until('no content', () => artifacts().length === 1 && !JSON.stringify(artifacts()).includes('sha256:'));
    expect(fileOf('a')).to.include('"read"');
  });

  it('go with the last profile that stands on them', async () => {
    await pushText(cluster.registry, 'v1', profileText(['read']), signer);
    await start();
    put('a', ARTIFACT);
    await installed('a');
    put('a', 'other');
    await until('no artifact', () => artifacts().length === 0);
  });

  it('are there for a new manager and a new node without the registry', async () => {
    await pushText(cluster.registry, 'v1', profileText(['read']), signer);
    await start();
    put('a', ARTIFACT);
    await installed('a');
    await cluster.stop();
    cluster.files.texts.clear();
    cluster.registry.down = new ArtifactError('RegistryUnavailable', 'registry.example refuses connections');
    await cluster.manager();
    await cluster.daemon();
    await until('the file', () => fileOf('a').includes('"read"'));
    await until('the reason', () => JSON.stringify(statusOf('a')).includes('refuses connections'));
    expect(cluster.state('a')).to.equal('Installed');
  });

  function putSecret(name: string, username: string, type = 'kubernetes.io/dockerconfigjson'): void {
    const config = { auths: { 'registry.example': { username, password: 'secret' } } };
    const data = { '.dockerconfigjson': Buffer.from(JSON.stringify(config)).toString('base64') };
    const metadata = { name, namespace: operatorNamespace };
    cluster.server.put({ apiVersion: 'v1', kind: 'Secret', metadata, type, data } as KubeObject);
  }

  it('are asked for with the credentials of the operator’s Secret, and by mirrors and authorities of the spod', async () => {
    putSecret('oci-registry-credentials', 'jane');
    await pushText(cluster.registry, 'v1', profileText(['read']), signer);
    await start(trusted({ ociCaBundle: 'certificates' }));
    put('a', ARTIFACT);
    await installed('a');
    expect(cluster.access?.ca).to.equal('certificates');
    expect(cluster.access?.credentials(REPOSITORY)).to.deep.include({ username: 'jane' });
    expect(cluster.access?.credentials({ registry: 'other.example', path: 'profiles/runc' })).to.equal(undefined);
    expect(cluster.refused()).to.deep.equal([]);
  });

  it('are asked for with the operator’s Secret of whatever type, as soon as it is there', async () => {
    await pushText(cluster.registry, 'v1', profileText(['read']), signer);
    await start();
    put('a', ARTIFACT);
    await installed('a');
    const before = asked('manifest v1').length;
    putSecret('oci-registry-credentials', 'jane', 'Opaque');
    await until('another look', () => asked('manifest v1').length > before);
    expect(cluster.access?.credentials(REPOSITORY)).to.deep.include({ username: 'jane' });
    expect(cluster.refused()).to.deep.equal([]);
  });

  it('are asked for with the Secret for the longest prefix, read again when one of them changes', async () => {
    const ociCredentials = [
      { prefix: 'registry.example', secretName: 'wide' },
      { prefix: 'registry.example/profiles', secretName: 'narrow' },
    ];
    putSecret('wide', 'wide');
    putSecret('narrow', 'narrow', 'Opaque');
    await pushText(cluster.registry, 'v1', profileText(['read']), signer);
    await start(trusted({ ociCredentials }));
    put('a', ARTIFACT);
    await installed('a');
    const other = { registry: 'registry.example', path: 'other/runc' };
    expect(cluster.access?.credentials(other)).to.deep.include({ username: 'wide' });
    expect(() => cluster.access?.credentials(REPOSITORY)).to.throw(
      /the Secret narrow for registry.example\/profiles is/,
    );
    const before = asked('manifest v1').length;
    putSecret('narrow', 'narrow');
    await until('another look', () => asked('manifest v1').length > before);
    expect(cluster.access?.credentials(REPOSITORY)).to.deep.include({ username: 'narrow' });
    expect(cluster.refused()).to.deep.equal([]);
  });

  it('with names that are none are refused with the form that they should have', async () => {
    await start();
    put('a', 'oci://runc');
    await until('an error', () => cluster.state('a') === 'Error');
    expect(messageOf('a')).to.match(/registry\/repository:tag is needed/);
  });
});
