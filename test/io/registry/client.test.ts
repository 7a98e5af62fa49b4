// SPDX-License-Identifier: Apache-2.0
// The client of registries: what it sends and to whom, by a registry that notes everything.
import { expect } from 'chai';
import { ArtifactError } from '../../../src/core/oci/artifact-error.ts';
import { OCI_INDEX, OCI_MANIFEST } from '../../../src/core/oci/media-types.ts';
import type { Credentials } from '../../../src/core/oci/credentials.ts';
import { RegistryClient } from '../../../src/io/registry/client.ts';
import { addressOf } from '../../../src/io/registry/session.ts';
import { FakeRegistry, sha256 } from '../../fakes/registry.ts';

const LIMITS = { idleMs: 10_000, totalMs: 10_000 };
const JANE: Credentials = { type: 'basic', username: 'jane', password: 's3:cret' };
const JANES = `Basic ${Buffer.from('jane:s3:cret').toString('base64')}`;

describe('a client of registries', () => {
  let registry: FakeRegistry;
  let other: FakeRegistry;
  const clients: RegistryClient[] = [];

  beforeEach(async () => {
    [registry, other] = await Promise.all([FakeRegistry.start(), FakeRegistry.start()]);
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await Promise.all([registry.stop(), other.stop()]);
  });

  function client(credentials?: Credentials): RegistryClient {
    const made = new RegistryClient({
      plainHttp: true,
      limits: LIMITS,
      credentials: () => Promise.resolve(credentials),
    });
    clients.push(made);
    return made;
  }

  const place = () => ({ registry: registry.address, path: 'team/a' });

  it('names all types of manifests when it asks for one', async () => {
    registry.addProfile('t', 'x');
    await client().manifest(place(), 't');
    const accept = registry.seen[0]?.headers.accept ?? '';
    expect(accept).to.include(OCI_MANIFEST).and.to.include(OCI_INDEX).and.to.include('docker.distribution.manifest.v2');
  });

  it('ends a question, and refuses others, for the reason of its signal', async () => {
    registry.trick = () => true;
    const ending = new AbortController();
    const asked = new RegistryClient({
      plainHttp: true,
      limits: LIMITS,
      signal: ending.signal,
      credentials: () => Promise.resolve(undefined),
    });
    clients.push(asked);
    const answer = asked.manifest(place(), 't').catch(String);
    ending.abort(new ArtifactError('RegistryUnavailable', 'the time is over'));
    for (const words of [await answer, await asked.manifest(place(), 't').catch(String)]) {
      expect(words).to.include(`${registry.address}: the time is over`);
    }
  });

  it('gives name and password to the registry that asks for them, once it asks', async () => {
    const digest = registry.addProfile('t', 'x');
    registry.trick = ({ headers }, response) => {
      if (headers.authorization === JANES) return false;
      response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end();
      return true;
    };
    const asked = client(JANE);
    expect((await asked.manifest(place(), 't')).descriptor.digest).to.equal(digest);
    await asked.manifest(place(), digest);
    expect(registry.seen.map(({ headers }) => headers.authorization)).to.deep.equal([undefined, JANES, JANES]);
  });

  /** A registry whose tokens come from a service beside it. */
  function withTokens(scopes: (string | null)[]): void {
    registry.trick = ({ path, headers, method, body }, response) => {
      if (path.startsWith('/token')) {
        const url = new URL(path, 'http://x');
        const form = new URLSearchParams(body);
        scopes.push(method === 'POST' ? form.get('scope') : url.searchParams.get('scope'));
        const isRight = method === 'POST' ? form.get('refresh_token') === 'r' : headers.authorization === JANES;
        response.writeHead(isRight ? 200 : 401).end(JSON.stringify({ access_token: 'tok' }));
        return true;
      }
      if (headers.authorization === 'Bearer tok') return false;
      const realm = `http://${registry.address}/token`;
      response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}",service="s",scope="evil:*"` }).end();
      return true;
    };
  }

  it('asks for a token of the smallest use, and keeps it', async () => {
    const digest = registry.addProfile('t', 'x');
    const scopes: (string | null)[] = [];
    withTokens(scopes);
    const asked = client(JANE);
    await asked.manifest(place(), 't');
    await asked.manifest(place(), digest);
    await asked.pushBlob(place(), Buffer.from('y'), sha256('y'));
    expect(scopes).to.deep.equal(['repository:team/a:pull', 'repository:team/a:pull,push']);
    expect(registry.blobs.has(sha256('y'))).to.equal(true);
  });

  it('asks for a token by an identity token', async () => {
    registry.addProfile('t', 'x');
    const scopes: (string | null)[] = [];
    withTokens(scopes);
    await client({ type: 'identity-token', token: 'r' }).manifest(place(), 't');
    expect(scopes).to.deep.equal(['repository:team/a:pull']);
    expect(registry.seen.find(({ method }) => method === 'POST')?.headers.authorization).to.equal(undefined);
  });

  it('leaves the authorization behind where it is sent to another host, also when it is sent back', async () => {
    const { digest, size } = registry.addBlob('text');
    let rounds = 0;
    other.trick = ({ path }, response) => {
      response.writeHead(307, { location: `http://${registry.address}${path}?back` }).end();
      return true;
    };
    registry.trick = ({ headers, path }, response) => {
      if (path.endsWith('?back')) {
        response.end('text');
        return true;
      }
      if (headers.authorization === undefined) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end();
        return true;
      }
      rounds += 1;
      response.writeHead(307, { location: `http://${other.address}/elsewhere` }).end();
      return true;
    };
    expect(Buffer.from(await client(JANE).blob(place(), { digest, size }, 10)).toString()).to.equal('text');
    expect(rounds).to.equal(1);
    expect(other.seen).to.have.length(1);
    const after = [...other.seen, ...registry.seen.filter(({ path }) => path.endsWith('?back'))];
    expect(after.map(({ headers }) => headers.authorization)).to.deep.equal([undefined, undefined]);
  });

  it('does not answer another host that asks for credentials', async () => {
    const { digest, size } = registry.addBlob('text');
    registry.trick = (_request, response) => {
      response.writeHead(307, { location: `http://${other.address}/x` }).end();
      return true;
    };
    other.trick = (_request, response) => {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end();
      return true;
    };
    const refused = await client(JANE).blob(place(), { digest, size }, 10).catch(String);
    expect(refused).to.include('refuses the credentials, or asks for some');
    expect(other.seen.map(({ headers }) => headers.authorization)).to.deep.equal([undefined]);
  });

  it('asks again where a kept connection is closed at the moment when it is used', async () => {
    const digest = registry.addProfile('t', 'x');
    registry.trick = (_request, response) => {
      if (registry.seen.length !== 2) return false;
      response.destroy();
      return true;
    };
    const asked = client();
    await asked.manifest(place(), 't');
    expect((await asked.manifest(place(), 't')).descriptor.digest).to.equal(digest);
    expect(registry.seen).to.have.length(3);
  });

  it('uploads where the registry says, absolute or relative, and sends nothing twice', async () => {
    const bytes = Buffer.from('profile');
    expect(await client().pushBlob(place(), bytes, sha256(bytes))).to.equal('pushed');
    expect(registry.seen.at(-1)?.path).to.equal(
      `/v2/team/a/blobs/uploads/1?_state=x&digest=${encodeURIComponent(sha256(bytes))}`,
    );
    expect(await client().pushBlob(place(), bytes, sha256(bytes))).to.equal('present');
    registry.blobs.clear();
    registry.trick = ({ method }, response) => {
      if (method !== 'POST') return false;
      response.writeHead(202, { location: `http://${registry.address}/v2/team/a/blobs/uploads/2` }).end();
      return true;
    };
    expect(await client().pushBlob(place(), bytes, sha256(bytes))).to.equal('pushed');
  });

  it('does not upload in plain text to elsewhere, nor where an upload is sent on', async () => {
    registry.trick = ({ method }, response) => {
      if (method !== 'POST') return false;
      response.writeHead(202, { location: 'http://evil.example/x' }).end();
      return true;
    };
    const push = () => client(JANE).pushBlob(place(), Buffer.from('x'), sha256('x')).catch(String);
    expect(await push()).to.include('which is not https');
    registry.trick = ({ method }, response) => {
      if (method !== 'PUT') return false;
      response.writeHead(307, { location: `http://${other.address}/x` }).end();
      return true;
    };
    expect(await push()).to.include('answers with status 307');
    expect(other.seen).to.deep.equal([]);
  });

  it('does not believe a registry that took something else', async () => {
    registry.trick = ({ method }, response) => {
      if (method !== 'PUT') return false;
      response.writeHead(201, { 'docker-content-digest': sha256('other') }).end();
      return true;
    };
    const push = client().pushManifest(place(), 't', OCI_MANIFEST, Buffer.from('{}')).catch(String);
    expect(await push).to.match(/has taken sha256:\S+ for sha256:/);
  });

  it('puts a manifest under its tag with its exact type, and leaves the same one alone', async () => {
    const bytes = Buffer.from('{"schemaVersion":2,"manifests":[]}');
    expect(await client().pushManifest(place(), 't', OCI_INDEX, bytes)).to.deep.equal({
      result: 'pushed',
      subjectNoted: false,
    });
    expect(registry.seen.at(-1)?.headers).to.include({
      'content-type': OCI_INDEX,
      'content-length': String(bytes.length),
    });
    expect(await client().pushManifest(place(), 't', OCI_INDEX, bytes)).to.include({ result: 'present' });
  });

  it('lists what refers to a digest: by the API with its pages, else under the tag', async () => {
    const subject = sha256('subject');
    const entry = (artifactType: string) => ({
      mediaType: OCI_MANIFEST,
      digest: sha256(artifactType),
      size: 1,
      artifactType,
    });
    const index = (...types: readonly string[]) =>
      JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: types.map(entry) });
    const types = async (wanted?: string) =>
      (
        await client().referrers(place(), subject, ({ artifactType }) => [artifactType, undefined].includes(wanted))
      ).map((one) => one.artifactType);
    expect(await types()).to.deep.equal([]);
    registry.addManifest(subject.replace(':', '-'), index('a/sig', 'a/sbom'), OCI_INDEX);
    expect(await types()).to.deep.equal(['a/sig', 'a/sbom']);
    expect(await types('a/sig')).to.deep.equal(['a/sig']);
    registry.addProfile(subject.replace(':', '-'), 'no index');
    expect(await types()).to.deep.equal([]);
    registry.trick = ({ path }, response) => {
      if (!path.includes('/referrers/')) return false;
      const isLast = path.includes('page=2');
      const link = isLast ? {} : { link: `</v2/team/a/referrers/${subject}?page=2>; rel="next"` };
      response.writeHead(200, { 'content-type': OCI_INDEX, ...link }).end(index(isLast ? 'b/two' : 'b/one'));
      return true;
    };
    expect(await types()).to.deep.equal(['b/one', 'b/two']);
  });

  it('stops at some page of an endless list', async () => {
    registry.trick = ({ path }, response) => {
      const page = Number(/\d+$/.exec(path)?.[0].slice(-3)) + 1;
      response.writeHead(200, { 'content-type': OCI_INDEX, link: `<?n=${String(page)}>; rel="next"` });
      response.end('{"schemaVersion":2,"manifests":[]}');
      return true;
    };
    await client().referrers(place(), sha256('subject'));
    expect(registry.seen).to.have.length(10);
  });
});

describe('the address of a registry', () => {
  it('is https, but for plain http to this machine, which must be asked for', () => {
    expect(addressOf('ghcr.io', false).href).to.equal('https://ghcr.io/');
    expect(addressOf('docker.io', false).href).to.equal('https://registry-1.docker.io/');
    expect(addressOf('127.0.0.1:5000', false).href).to.equal('https://127.0.0.1:5000/');
    for (const host of ['127.0.0.1:5000', 'localhost:5000', '[::1]:5000']) {
      expect(addressOf(host, true).href).to.equal(`http://${host}/`);
    }
    for (const host of ['ghcr.io', '10.0.0.1:5000', 'localhost.example']) {
      expect(() => addressOf(host, true)).to.throw('plain http is for localhost');
    }
  });
});
