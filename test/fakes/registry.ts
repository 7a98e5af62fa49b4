// SPDX-License-Identifier: Apache-2.0
// A registry on loopback that behaves, until a test gives it an answer of its own. It keeps every request that it saw.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { artifactManifest } from '../../src/core/oci/artifact.ts';
import { OCI_MANIFEST } from '../../src/core/oci/media-types.ts';

/** A request as it came. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A test's own answer; false leaves the request to the registry. */
export type Trick = (request: SeenRequest, response: ServerResponse) => boolean;

interface Stored {
  readonly type: string;
  readonly bytes: Buffer;
}

/** The digest of a text. */
export function sha256(content: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The registry. */
export class FakeRegistry {
  readonly seen: SeenRequest[] = [];
  readonly blobs = new Map<string, Buffer>();
  /** By tag and by digest, of all repositories. */
  readonly manifests = new Map<string, Stored>();
  trick: Trick = () => false;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  private constructor() {
    this.server = createServer((incoming, response) => void this.answer(incoming, response));
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  static async start(): Promise<FakeRegistry> {
    const registry = new FakeRegistry();
    await new Promise<void>((resolve) => registry.server.listen(0, '127.0.0.1', resolve));
    return registry;
  }

  /** Host and port. */
  get address(): string {
    return `127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  /** Adds a blob. */
  addBlob(content: string | Uint8Array): { readonly digest: string; readonly size: number } {
    const bytes = Buffer.from(content);
    this.blobs.set(sha256(bytes), bytes);
    return { digest: sha256(bytes), size: bytes.length };
  }

  /** Adds a manifest under a tag and its digest. */
  addManifest(tag: string, text: string, type = OCI_MANIFEST): string {
    const stored = { type, bytes: Buffer.from(text) };
    const digest = sha256(text);
    for (const name of [tag, digest]) this.manifests.set(name, stored);
    return digest;
  }

  /** Adds an artifact of one profile for linux/amd64. Returns its digest. */
  addProfile(tag: string, text: string | Uint8Array): string {
    const blob = this.addBlob(text);
    return this.addManifest(tag, artifactManifest([{ platform: { os: 'linux', architecture: 'amd64' }, ...blob }], {}));
  }

  /** Ends it with all connections. */
  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(incoming);
    const { method = '', url: path = '', headers } = incoming;
    const request = { method, path, headers, body: body.toString('latin1') };
    this.seen.push(request);
    if (this.trick(request, response)) return;
    const [, name = '', kind = '', rest = ''] = /^\/v2\/(.+?)\/(manifests|blobs|referrers)\/(.*)$/.exec(path) ?? [];
    if (kind === 'manifests') this.manifest(request, body, rest, response);
    else if (kind === 'blobs') this.blob(request, body, name, rest, response);
    else response.writeHead(404).end('404 page not found\n');
  }

  private manifest({ method, headers }: SeenRequest, body: Buffer, version: string, response: ServerResponse): void {
    if (method === 'PUT') {
      const digest = this.addManifest(version, body.toString(), headers['content-type']);
      response.writeHead(201, { 'docker-content-digest': digest }).end();
      return;
    }
    const stored = this.manifests.get(version);
    if (stored === undefined) {
      this.missing('MANIFEST_UNKNOWN', response);
      return;
    }
    const digest = sha256(stored.bytes);
    response.writeHead(200, { 'content-type': stored.type, 'docker-content-digest': digest });
    response.end(method === 'HEAD' ? undefined : stored.bytes);
  }

  private blob({ method }: SeenRequest, body: Buffer, name: string, rest: string, response: ServerResponse): void {
    if (method === 'POST') {
      response.writeHead(202, { location: `/v2/${name}/blobs/uploads/1?_state=x` }).end();
    } else if (method === 'PUT') {
      response.writeHead(201, { 'docker-content-digest': this.addBlob(body).digest }).end();
    } else {
      const bytes = this.blobs.get(rest);
      if (bytes === undefined) {
        this.missing('BLOB_UNKNOWN', response);
        return;
      }
      response.writeHead(200, { 'content-length': bytes.length });
      response.end(method === 'HEAD' ? undefined : bytes);
    }
  }

  private missing(code: string, response: ServerResponse): void {
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ errors: [{ code, message: 'unknown' }] }));
  }
}
