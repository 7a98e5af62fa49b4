// SPDX-License-Identifier: Apache-2.0
// A registry with the referrers API (distribution-spec v1.1): it stands before a real one that has none, hands all else
// on, and lists what refers to a manifest from the manifests that were put through it.
import { createHash } from 'node:crypto';
import { createServer, request } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OCI_INDEX } from '../../src/core/oci/media-types.ts';

interface Manifest {
  readonly mediaType: string;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly subject?: { readonly digest: string };
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The registry in front. */
export class ReferrersFront {
  /** Lists that were asked for. */
  asked = 0;
  private readonly server: Server;
  private readonly lists = new Map<string, object[]>();

  private constructor(backend: string) {
    this.server = createServer((incoming, response) => void this.answer(backend, incoming, response));
  }

  static async start(backend: string): Promise<ReferrersFront> {
    const front = new ReferrersFront(backend);
    await new Promise<void>((resolve) => front.server.listen(0, '127.0.0.1', resolve));
    return front;
  }

  /** Host and port. */
  get address(): string {
    return `127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(backend: string, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(incoming);
    const { method = 'GET', url = '/', headers } = incoming;
    const [, digest] = /^\/v2\/.+\/referrers\/(sha256:[0-9a-f]+)/.exec(url) ?? [];
    if (digest !== undefined) {
      this.asked += 1;
      response.writeHead(200, { 'content-type': OCI_INDEX });
      response.end(JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: this.lists.get(digest) ?? [] }));
      return;
    }
    const subject = method === 'PUT' && url.includes('/manifests/') ? this.note(body) : undefined;
    const onward = request(`http://${backend}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, {
        ...answer.headers,
        ...(subject === undefined ? {} : { 'oci-subject': subject }),
      });
      answer.pipe(response);
    });
    onward.end(body);
  }

  /** The subject of a manifest, which is then in its list. */
  private note(bytes: Buffer): string | undefined {
    const { mediaType, artifactType, annotations, subject } = JSON.parse(bytes.toString()) as Manifest;
    if (subject === undefined) return undefined;
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    const list = this.lists.get(subject.digest) ?? [];
    this.lists.set(subject.digest, [...list, { mediaType, digest, size: bytes.length, artifactType, annotations }]);
    return subject.digest;
  }
}
