// SPDX-License-Identifier: Apache-2.0
// A registry on loopback with one signed artifact, from which spoc pulls while its code is cached.
import { createHash, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { artifactManifest } from '../src/core/oci/artifact.ts';
import { EMPTY_CONFIG, OCI_INDEX, OCI_MANIFEST } from '../src/core/oci/media-types.ts';
import { BUNDLE_MEDIA_TYPE } from '../src/core/signature/bundle.ts';
import { printStatement } from '../src/core/signature/statement.ts';
import { signStatement } from '../src/io/signature/key-signatures.ts';

/** A registry that was started. */
export interface CodeCacheRegistry {
  readonly reference: string;
  /** The key that has signed, as PEM. */
  readonly publicKey: string;
  close(): void;
}

interface Part {
  readonly type: string;
  readonly text: string;
}

function describe(mediaType: string, text: string) {
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  return { mediaType, digest, size: Buffer.byteLength(text) };
}

/** The parts of an artifact by their paths, and its key. */
function artifactOf(profile: string): { readonly parts: ReadonlyMap<string, Part>; readonly publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const layer = { platform: { os: 'linux', architecture: 'amd64' }, ...describe('', profile) };
  const other = { ...layer, platform: { os: 'linux', architecture: 'arm64' } };
  const text = artifactManifest([layer, other], {});
  const manifest = describe(OCI_MANIFEST, text);
  const bundle = signStatement(privateKey, printStatement(manifest.digest));
  const layers = [describe(BUNDLE_MEDIA_TYPE, bundle)];
  const signature = JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: describe(EMPTY_CONFIG, '{}'),
    layers,
  });
  const manifests = [{ ...describe(OCI_MANIFEST, signature), artifactType: BUNDLE_MEDIA_TYPE }];
  const list = JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests });
  const path = (kind: string, { digest }: { readonly digest: string }): string => `/v2/example/${kind}/${digest}`;
  const parts = new Map<string, Part>([
    ['/v2/example/manifests/v1', { type: OCI_MANIFEST, text }],
    [path('blobs', layer), { type: 'application/octet-stream', text: profile }],
    [`/v2/example/manifests/${manifest.digest.replace(':', '-')}`, { type: OCI_INDEX, text: list }],
    [path('manifests', describe('', signature)), { type: OCI_MANIFEST, text: signature }],
    [path('blobs', describe('', bundle)), { type: 'application/octet-stream', text: bundle }],
  ]);
  return { parts, publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
}

/** Starts it, with an artifact of a profile. */
export async function startCodeCacheRegistry(profile: string): Promise<CodeCacheRegistry> {
  const { parts, publicKey } = artifactOf(profile);
  const server = createServer(({ url = '' }, response) => {
    const part = parts.get(url);
    if (part === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': part.type }).end(part.text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { reference: `127.0.0.1:${String(port)}/example:v1`, publicKey, close };
}
