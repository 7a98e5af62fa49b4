// SPDX-License-Identifier: Apache-2.0
// A client of registries (opencontainers/distribution-spec v1.1): reads manifests and blobs, each held against its
// digest, and writes them.
import { createHash } from 'node:crypto';
import { ArtifactError, invalidArtifact } from '../../core/oci/artifact-error.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { MAX_MANIFEST_BYTES, readManifest } from '../../core/oci/manifest.ts';
import { ACCEPTED_MANIFESTS } from '../../core/oci/media-types.ts';
import { isDigest, repositoryName } from '../../core/oci/reference.ts';
import type { Repository } from '../../core/oci/reference.ts';
import type { ArtifactStore, FetchedManifest, PushResult } from '../../core/oci/store.ts';
import { Exchange } from './exchange.ts';
import type { Answer, ExchangeOptions } from './exchange.ts';
import { listReferrers } from './referrers.ts';
import { refusal } from './refusal.ts';
import { addressOf, Session } from './session.ts';
import type { AskRepository, FindCredentials } from './session.ts';
import { uploadBlob, uploadManifest } from './uploads.ts';

/** How registries are spoken to. */
export interface RegistryOptions extends ExchangeOptions {
  /** http instead of https, with registries on this machine. */
  readonly plainHttp: boolean;
  readonly credentials: FindCredentials;
}

/** The digest of bytes by the algorithm of another one, `sha256:` where none is given. */
export function digestOf(bytes: Uint8Array, like = 'sha256:'): string {
  const algorithm = like.startsWith('sha512:') ? 'sha512' : 'sha256';
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
}

/** The type of an answer, without parameters; empty for none. */
function typeOf({ headers }: Answer): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** Bytes that are not what was asked for are the registry's fault, and may be right another time. */
function requireDigest(bytes: Uint8Array, digest: string, host: string): void {
  const found = digestOf(bytes, digest);
  if (found === digest) return;
  throw new ArtifactError('RegistryUnavailable', `${host}: gives ${found} for ${digest}`);
}

function requireSize(bytes: Uint8Array, size: number, subject: string): void {
  if (bytes.length === size) return;
  const found = `${String(bytes.length)} bytes instead of ${String(size)}`;
  throw new ArtifactError('RegistryUnavailable', `${subject}: has ${found}`);
}

/** Registries, each asked at its own address. */
export class RegistryClient implements ArtifactStore {
  private readonly options: RegistryOptions;
  private readonly exchange: Exchange;
  private readonly sessions = new Map<string, Session>();

  constructor(options: RegistryOptions) {
    this.options = options;
    this.exchange = new Exchange(options);
  }

  async manifest(repository: Repository, version: string): Promise<FetchedManifest> {
    const answer = await this.asking(repository)('pull', `manifests/${version}`, {
      method: 'GET',
      headers: { accept: ACCEPTED_MANIFESTS },
      limit: MAX_MANIFEST_BYTES,
    });
    if (answer.status !== 200)
      throw refusal(answer, `${repositoryName(repository)}${isDigest(version) ? '@' : ':'}${version}`);
    const { body, headers, url } = answer;
    if (isDigest(version)) requireDigest(body, version, url.host);
    const told = headers['docker-content-digest'];
    if (typeof told === 'string' && told.startsWith('sha256:')) requireDigest(body, told, url.host);
    const document = readManifest(body, typeOf(answer));
    const digest = isDigest(version) ? version : digestOf(body);
    return { descriptor: { mediaType: document.mediaType, digest, size: body.length }, document, bytes: body };
  }

  async blob(
    repository: Repository,
    { digest, size }: Pick<Descriptor, 'digest' | 'size'>,
    limit: number,
  ): Promise<Uint8Array> {
    if (size > limit) throw invalidArtifact(`${digest} has ${String(size)} bytes, more than ${String(limit)}`);
    const answer = await this.asking(repository)('pull', `blobs/${digest}`, { method: 'GET', limit: size });
    if (answer.status !== 200) throw refusal(answer, `${repositoryName(repository)}@${digest}`);
    requireSize(answer.body, size, `${answer.url.host}: ${digest}`);
    requireDigest(answer.body, digest, answer.url.host);
    return answer.body;
  }

  async referrers(
    repository: Repository,
    digest: string,
    isWanted: (one: Descriptor) => boolean = () => true,
  ): Promise<readonly Descriptor[]> {
    return (await listReferrers(this, this.asking(repository), repository, digest)).filter(isWanted);
  }

  async pushBlob(repository: Repository, bytes: Uint8Array, digest: string): Promise<PushResult> {
    return uploadBlob(this.session(repository), repository, bytes, digest);
  }

  async pushManifest(
    repository: Repository,
    version: string,
    mediaType: string,
    bytes: Uint8Array,
  ): Promise<{ readonly result: PushResult; readonly subjectNoted: boolean }> {
    return uploadManifest(this.asking(repository), version, mediaType, bytes, digestOf(bytes));
  }

  /** Ends the connections. */
  close(): void {
    this.exchange.close();
  }

  private asking(repository: Repository): AskRepository {
    const session = this.session(repository);
    return (access, path, question) => {
      const url = new URL(`v2/${repository.path}/${path}`, session.base);
      return session.ask(repository, access, { ...question, headers: question.headers ?? {}, url });
    };
  }

  private session({ registry }: Repository): Session {
    const known = this.sessions.get(registry);
    if (known !== undefined) return known;
    const { plainHttp, credentials } = this.options;
    const session = new Session(addressOf(registry, plainHttp), this.exchange, credentials);
    this.sessions.set(registry, session);
    return session;
  }
}
