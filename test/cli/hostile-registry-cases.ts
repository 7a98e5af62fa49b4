// SPDX-License-Identifier: Apache-2.0
// A registry that lies, breaks off, never ends or wants our credentials: each way of it, and the words that pull has.
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { OCI_INDEX, OCI_MANIFEST, SECCOMP_CONFIG } from '../../src/core/oci/media-types.ts';
import { sha256 } from '../fakes/registry.ts';
import type { FakeRegistry, SeenRequest, Trick } from '../fakes/registry.ts';

const GROUP = 'security-profiles-operator.x-k8s.io';

/** The text of a good profile, changed. */
export function profile(fields: Readonly<Record<string, unknown>> = {}): string {
  const spec = { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ names: ['read'], action: 'SCMP_ACT_ALLOW' }] };
  return JSON.stringify({
    apiVersion: `${GROUP}/v1beta1`,
    kind: 'SeccompProfile',
    metadata: { name: 'a' },
    spec,
    ...fields,
  });
}

const config = { mediaType: 'application/vnd.unknown.config.v1+json', digest: sha256('{}'), size: 2 };

/** A manifest with a layer that is changed. */
function manifestWith(registry: FakeRegistry, layer: Readonly<Record<string, unknown>>, more = {}): string {
  const one = { mediaType: 'text/plain', ...registry.addBlob(profile()), ...layer };
  return JSON.stringify({ schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers: [one], ...more });
}

/** A layer of that title. */
export const titled = (title: string) => ({ annotations: { 'org.opencontainers.image.title': title } });
const isBlob = ({ method, path }: SeenRequest): boolean => method === 'GET' && path.includes('/blobs/');
const isManifest = ({ method, path }: SeenRequest): boolean => method === 'GET' && path.includes('/manifests/');

/** Answers what a question is true of. */
function on(
  question: (request: SeenRequest) => boolean,
  answer: (response: ServerResponse, request: SeenRequest) => void,
): Trick {
  return (request, response) => {
    if (!question(request)) return false;
    answer(response, request);
    return true;
  };
}

/** Sends without an end, until the other side goes. */
function flood(response: ServerResponse): void {
  const chunk = Buffer.alloc(64 * 1024, 0x20);
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', more);
  response.writeHead(200, { 'content-type': OCI_MANIFEST });
  more();
}

const bearer = (realm: string): Trick =>
  on(isManifest, (response) =>
    response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}",service="s"` }).end(),
  );

/** A registry whose token service is itself, with an answer of its own. */
function tokens(registry: FakeRegistry, answer: (response: ServerResponse) => void): Trick {
  const ask = bearer(`http://${registry.address}/token`);
  return (request, response) => {
    if (!request.path.startsWith('/token')) return ask(request, response);
    answer(response);
    return true;
  };
}

/** A way to be hostile. */
export interface Case {
  readonly name: string;
  /** Makes the registry bad; the tag is `t`, its artifact a good one so far. */
  readonly make: (registry: FakeRegistry) => void;
  readonly reason: RegExp;
  readonly args?: readonly string[];
}

const put =
  (text: (registry: FakeRegistry) => string, type = OCI_MANIFEST) =>
  (registry: FakeRegistry) =>
    void registry.addManifest('t', text(registry), type);
/** A tag `t` whose layer is changed. */
export const layer = (fields: Readonly<Record<string, unknown>>) => put((registry) => manifestWith(registry, fields));
const content = (text: string | Uint8Array) => (registry: FakeRegistry) => void registry.addProfile('t', text);
const trick = (make: (registry: FakeRegistry) => Trick) => (registry: FakeRegistry) => {
  registry.trick = make(registry);
};

const tar = Buffer.alloc(512);
tar.write('ustar', 257);

/** JSON of runtimes that permits a call for each value of its first argument, in one way and the other. */
function runtimeProfile(values: readonly number[]): string {
  const syscalls = values.map((value, at) => ({
    names: ['read'],
    action: at === 0 ? 'SCMP_ACT_ALLOW' : 'SCMP_ACT_LOG',
    args: [{ index: 0, value, op: 'SCMP_CMP_EQ' }],
  }));
  return JSON.stringify({ defaultAction: 'SCMP_ACT_ERRNO', syscalls });
}

/** A manifest of that form, with its layer as often as wanted. */
function runtimeManifest(registry: FakeRegistry, layers = (one: object): readonly object[] => [one]): string {
  const one = { mediaType: 'application/json', ...registry.addBlob(runtimeProfile([])) };
  const typed = { ...config, mediaType: SECCOMP_CONFIG };
  return JSON.stringify({ schemaVersion: 2, mediaType: OCI_MANIFEST, config: typed, layers: layers(one) });
}

/** All ways. */
export const CASES: readonly Case[] = [
  // Bytes that are not those of the descriptor.
  {
    name: 'another blob of the same size',
    make: trick(() => on(isBlob, (r) => r.end('x'.repeat(profile().length)))),
    reason: /gives sha256:\S+ for sha256:/,
  },
  {
    name: 'a blob that breaks off',
    make: trick(() =>
      on(isBlob, (r) => {
        r.writeHead(200, { 'content-length': profile().length });
        r.write('{');
        setTimeout(() => r.destroy(), 10);
      }),
    ),
    reason: /ended the connection in the middle/,
  },
  {
    name: 'a blob that is too short',
    make: trick(() => on(isBlob, (r) => r.end('x'))),
    reason: /has 1 bytes instead of/,
  },
  {
    name: 'a blob that is too long',
    make: trick(() => on(isBlob, (r) => r.end('x'.repeat(9999)))),
    reason: /sends more than \d+ bytes/,
  },
  { name: 'a blob without an end', make: trick(() => on(isBlob, flood)), reason: /sends more than \d+ bytes/ },
  {
    name: 'a blob that unpacks to a gigabyte',
    make: trick(() =>
      on(isBlob, (r) => r.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(1 << 20)))),
    ),
    reason: /packs its answer \(gzip\)/,
  },
  {
    name: 'a blob that is not there',
    make: (registry) => {
      registry.addProfile('t', profile());
      registry.blobs.clear();
    },
    reason: /does not have it \(BLOB_UNKNOWN/,
  },
  {
    name: 'a manifest that is packed',
    make: trick(() => on(isManifest, (r) => r.writeHead(200, { 'content-encoding': 'br' }).end('x'))),
    reason: /packs its answer \(br\)/,
  },
  {
    name: 'a manifest of 100 MB',
    make: trick(() =>
      on(isManifest, (r) => {
        r.writeHead(200, { 'content-length': 100e6 });
        r.write('{');
      }),
    ),
    reason: /sends more than 4194304 bytes/,
  },
  {
    name: 'a manifest without an end',
    make: trick(() => on(isManifest, flood)),
    reason: /sends more than 4194304 bytes/,
  },
  {
    name: 'a manifest of another digest than its header says',
    make: trick(() =>
      on(isManifest, (r) =>
        r.writeHead(200, { 'content-type': OCI_MANIFEST, 'docker-content-digest': sha256('other') }).end('{}'),
      ),
    ),
    reason: /gives sha256:\S+ for sha256:/,
  },
  // Manifests that are none.
  { name: 'a manifest that is no JSON', make: put(() => '<html>'), reason: /is no JSON/ },
  { name: 'a manifest that is a list', make: put(() => '[]'), reason: /is no JSON object/ },
  {
    name: 'a manifest with a member twice',
    make: put((registry) => manifestWith(registry, {}).replace('{', '{"layers":[],')),
    reason: /layers is written twice/,
  },
  {
    name: 'a manifest that is an index, too',
    make: put((registry) => manifestWith(registry, {}, { manifests: [] })),
    reason: /has both layers and manifests/,
  },
  {
    name: 'a manifest of version 1',
    make: put((registry) => manifestWith(registry, {}, { schemaVersion: 1 })),
    reason: /schemaVersion: is not 2/,
  },
  {
    name: 'a manifest that the registry calls an index',
    make: put((registry) => manifestWith(registry, {}), OCI_INDEX),
    reason: /says that it is .* and the registry/,
  },
  {
    name: 'a page instead of a manifest',
    make: put(() => '{"schemaVersion":2}', 'text/html'),
    reason: /is neither a manifest nor an index/,
  },
  {
    name: 'a manifest without layers',
    make: put((registry) => manifestWith(registry, {}, { layers: [] })),
    reason: /has no profile for linux\/amd64/,
  },
  {
    name: 'two profiles for one platform',
    make: put((registry) => {
      const platform = { os: 'linux', architecture: 'amd64' };
      const one = (text: string) => ({ mediaType: 'text/plain', platform, ...registry.addBlob(text) });
      return manifestWith(registry, {}, { layers: [one('a'), one('b')] });
    }),
    reason: /has 2 different layers for linux\/amd64/,
  },
  {
    name: 'a profile for another platform',
    make: layer({ platform: { os: 'linux', architecture: 's390x' } }),
    reason: /has no profile for linux\/amd64: it has linux\/s390x/,
  },
  // Descriptors.
  { name: 'a layer of 2 MiB', make: layer({ size: 2 ** 21 }), reason: /has 2097152 bytes, more than 1048576/ },
  {
    name: 'a layer of less than nothing',
    make: layer({ size: -1 }),
    reason: /layers\[0\]\.size: is no number of bytes/,
  },
  { name: 'a layer of half a byte', make: layer({ size: 0.5 }), reason: /layers\[0\]\.size/ },
  {
    name: 'a layer with a weak digest',
    make: layer({ digest: `md5:${'a'.repeat(32)}` }),
    reason: /layers\[0\]\.digest/,
  },
  { name: 'a layer that lies elsewhere', make: layer({ urls: ['https://evil.example/x'] }), reason: /lies elsewhere/ },
  {
    name: 'a layer that leads out of its folder',
    make: layer(titled('../../etc/cron.d/x')),
    reason: /is no file name; -o takes it/,
    args: [],
  },
  { name: 'a layer with an absolute name', make: layer(titled('/etc/passwd')), reason: /is no file name/, args: [] },
  { name: 'a layer with a hidden name', make: layer(titled('.bashrc')), reason: /is no file name/, args: [] },
  // Indexes.
  {
    name: 'an index without the platform',
    make: put(() => JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] }), OCI_INDEX),
    reason: /has no manifest for linux\/amd64/,
  },
  {
    name: 'an index of an index',
    make: put((registry) => {
      const inner = JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] });
      const digest = registry.addManifest('inner', inner, OCI_INDEX);
      return JSON.stringify({
        schemaVersion: 2,
        mediaType: OCI_INDEX,
        manifests: [{ mediaType: OCI_INDEX, digest, size: inner.length }],
      });
    }, OCI_INDEX),
    reason: /its index lists another index/,
  },
  {
    name: 'an index of what is not there',
    make: put(
      () =>
        JSON.stringify({
          schemaVersion: 2,
          mediaType: OCI_INDEX,
          manifests: [{ mediaType: OCI_MANIFEST, digest: sha256('none'), size: 4 }],
        }),
      OCI_INDEX,
    ),
    reason: /does not have it/,
  },
  {
    name: 'an index that is wrong about a size',
    make: put(
      (registry) =>
        JSON.stringify({
          schemaVersion: 2,
          mediaType: OCI_INDEX,
          manifests: [{ mediaType: OCI_MANIFEST, digest: registry.addProfile('inner', profile()), size: 1 }],
        }),
      OCI_INDEX,
    ),
    reason: /has another size than its index says/,
  },
  // Contents.
  { name: 'a packed profile (gzip)', make: content(gzipSync(profile())), reason: /its layer is packed \(gzip\)/ },
  {
    name: 'a packed profile (zstd)',
    make: content(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0])),
    reason: /its layer is packed \(zstd\)/,
  },
  { name: 'a packed profile (tar)', make: content(tar), reason: /its layer is packed \(tar\)/ },
  { name: 'a profile that is no UTF-8', make: content(Buffer.from([0x61, 0xff, 0x62])), reason: /is no UTF-8 text/ },
  {
    name: 'a profile of another kind',
    make: content(profile({ kind: 'Pod' })),
    reason: /holds Pod a, not one of SeccompProfile/,
  },
  { name: 'a profile of another group', make: content(profile({ apiVersion: 'v1' })), reason: /apiVersion: is not of/ },
  {
    name: 'two profiles in one',
    make: content(`${profile()}\n---\n${profile()}\n`.replace('{', '\n{')),
    reason: /documents|Unexpected|JSON/,
  },
  { name: 'a profile that is a word', make: content('hello'), reason: /holds a document that is no object/ },
  {
    name: 'an invalid profile',
    make: content(profile({ spec: { defaultAction: 'SCMP_ACT_MAYBE' } })),
    reason: /defaultAction/,
  },
  {
    name: 'a profile of endless aliases',
    make: content(
      `a: &a [x, x]\n${'bcdefghijklmnopqrstuvwxyz'
        .split('')
        .map(
          (letter, at) =>
            `${letter}: &${letter} [${Array(9)
              .fill(`*${'abcdefghijklmnopqrstuvwxy'.charAt(at)}`)
              .join(', ')}]`,
        )
        .join('\n')}\n`,
    ),
    reason: /alias/i,
  },
  // The form of container runtimes (KEP-6061).
  {
    name: 'a runtime artifact of two layers',
    make: put((registry) => runtimeManifest(registry, (one) => [one, one])),
    reason: /has 2 layers, a runtime artifact has one/,
  },
  {
    name: 'a runtime artifact with a manifest over 64 KiB',
    make: put((registry) => runtimeManifest(registry).padEnd(64 * 1024 + 1)),
    reason: /has 65536 bytes at most/,
  },
  {
    name: 'a runtime profile whose comparison hides another in 32 bits',
    make: content(runtimeProfile([1, 2 ** 32 + 1])),
    reason: /read has several rules/,
  },
  {
    name: 'a runtime profile with a member twice',
    make: content(runtimeProfile([]).replace('{', '{"syscalls":[],')),
    reason: /twice/,
  },
  // Authorization.
  {
    name: '401 without a question',
    make: trick(() => on(isManifest, (r) => r.writeHead(401).end())),
    reason: /kind of authorization that is not known/,
  },
  {
    name: '401 that asks for a password',
    make: trick(() => on(isManifest, (r) => r.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end())),
    reason: /asks for a user name and a password/,
  },
  {
    name: 'a realm at another site',
    make: trick(() => bearer('https://evil.example/token')),
    reason: /belongs to another site/,
  },
  { name: 'a realm that is a file', make: trick(() => bearer('file:///etc/shadow')), reason: /is no https address/ },
  { name: 'a realm that is no address', make: trick(() => bearer('token')), reason: /is no address/ },
  {
    name: 'a token that is none',
    make: trick((registry) => tokens(registry, (r) => r.end('{}'))),
    reason: /its token answer has no token/,
  },
  {
    name: 'a token that is no JSON',
    make: trick((registry) => tokens(registry, (r) => r.end('<html>'))),
    reason: /its token answer is no JSON/,
  },
  {
    name: 'a token with a line end',
    make: trick((registry) => tokens(registry, (r) => r.end(JSON.stringify({ token: 'a\r\nx-evil: 1' })))),
    reason: /its token answer has no token/,
  },
  {
    name: 'a token without an end',
    make: trick((registry) => tokens(registry, flood)),
    reason: /sends more than 65536 bytes/,
  },
  {
    name: 'a token service that refuses',
    make: trick((registry) => tokens(registry, (r) => r.writeHead(403).end())),
    reason: /a token: \S+ forbids it/,
  },
  {
    name: 'a token that is not taken',
    make: trick((registry) => tokens(registry, (r) => r.end('{"token":"x"}'))),
    reason: /refuses the credentials/,
  },
  // Statuses.
  {
    name: '403',
    make: trick(() => on(isManifest, (r) => r.writeHead(403).end('{"errors":[{"code":"DENIED","message":"no"}]}'))),
    reason: /forbids it \(DENIED, no\)/,
  },
  {
    name: '404 for what is there',
    make: trick(() =>
      on(isManifest, (r) =>
        r
          .writeHead(404)
          .end('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"found, but accept header does not support"}]}'),
      ),
    ),
    reason: /has it in a form that is not known/,
  },
  {
    name: '429',
    make: trick(() => on(isManifest, (r) => r.writeHead(429, { 'retry-after': '30' }).end())),
    reason: /asked too often, again after 30 s/,
  },
  {
    name: '500 with a page',
    make: trick(() => on(isManifest, (r) => r.writeHead(500).end('<html>secret</html>'))),
    reason: /answers with status 500$/,
  },
  {
    name: 'a refusal without an end',
    make: trick(() =>
      on(isManifest, (r) => {
        r.writeHead(500);
        const chunk = 'x'.repeat(65536);
        const more = (): void => {
          while (!r.destroyed && r.write(chunk));
        };
        r.on('drain', more);
        more();
      }),
    ),
    reason: /answers with status 500/,
  },
  {
    name: 'words that move the cursor',
    make: trick(() =>
      on(isManifest, (r) =>
        r.writeHead(403).end(JSON.stringify({ errors: [{ code: '\u001b[2J\u0007', message: '\n' }] })),
      ),
    ),
    reason: /forbids it \( \[2J , {2}\)$/,
  },
  // Redirects.
  {
    name: 'redirects in a circle',
    make: trick(() => on(isBlob, (r, { path }) => r.writeHead(307, { location: path }).end())),
    reason: /from place to place without an end/,
  },
  {
    name: 'a redirect without a place',
    make: trick(() => on(isBlob, (r) => r.writeHead(307).end())),
    reason: /sends us nowhere/,
  },
  {
    name: 'a redirect to a file',
    make: trick(() => on(isBlob, (r) => r.writeHead(307, { location: 'file:///etc/passwd' }).end())),
    reason: /which is not https/,
  },
  {
    name: 'a redirect to plain http elsewhere',
    make: trick(() => on(isBlob, (r) => r.writeHead(307, { location: 'http://169.254.169.254/latest' }).end())),
    reason: /which is not https/,
  },
  // Silence and noise.
  {
    name: 'a registry that never answers',
    make: trick(() => on(isManifest, () => undefined)),
    reason: /has said nothing for 1 s/,
  },
  {
    name: 'a blob that stops',
    make: trick(() =>
      on(isBlob, (r) => {
        r.writeHead(200, { 'content-length': profile().length });
        r.write('{');
      }),
    ),
    reason: /has said nothing for 1 s/,
  },
  {
    name: 'a blob by drops',
    make: trick(() =>
      on(isBlob, (r) => {
        r.writeHead(200, { 'content-length': profile().length });
        const timer = setInterval(() => r.write('x'), 100);
        r.on('close', () => clearInterval(timer));
      }),
    ),
    reason: /has not answered in full within 2 s/,
  },
  {
    name: 'a connection that is closed',
    make: trick(() => on(isManifest, (r) => r.destroy())),
    reason: /has ended the connection|socket hang up/,
  },
  {
    name: 'headers without an end',
    make: trick(() => on(isManifest, (r) => r.writeHead(200, { x: 'y'.repeat(40_000) }).end())),
    reason: /headers of its answer are too long/,
  },
];
