// SPDX-License-Identifier: Apache-2.0
// Writing to a registry. Every thing is asked for first: a second push of the same sends nothing.
import { ArtifactError } from '../../core/oci/artifact-error.ts';
import { ACCEPTED_MANIFESTS } from '../../core/oci/media-types.ts';
import type { Repository } from '../../core/oci/reference.ts';
import type { PushResult } from '../../core/oci/store.ts';
import type { Answer } from './exchange.ts';
import { refusal } from './refusal.ts';
import type { AskRepository, Session } from './session.ts';

/** Registries answer uploads with nothing, or with a few words. */
const MAX_ANSWER = 64 * 1024;

function requireSameDigest({ headers, url }: Answer, digest: string): void {
  const told = headers['docker-content-digest'];
  if (told === undefined || !String(told).startsWith('sha256:') || told === digest) return;
  throw new ArtifactError('RegistryUnavailable', `${url.host}: has taken ${digest} for ${String(told).slice(0, 100)}`);
}

/** Puts a blob into a repository, unless it is there. */
export async function uploadBlob(
  session: Session,
  repository: Repository,
  bytes: Uint8Array,
  digest: string,
): Promise<PushResult> {
  const place = new URL(`v2/${repository.path}/blobs/`, session.base);
  const common = { headers: {}, limit: MAX_ANSWER } as const;
  const head = await session.ask(repository, 'pull,push', {
    ...common,
    method: 'HEAD',
    url: new URL(`${place.href}${digest}`),
  });
  if (head.status === 200) return 'present';
  if (head.status !== 404) throw refusal(head, digest);
  const start = await session.ask(repository, 'pull,push', {
    ...common,
    method: 'POST',
    url: new URL('uploads/', place),
  });
  if (start.status !== 202) throw refusal(start, 'an upload');
  // Absolute or not, with or without parameters of its own.
  const url = session.resolve(start.headers.location, start.url);
  url.searchParams.set('digest', digest);
  const headers = { 'content-type': 'application/octet-stream' };
  const end = await session.ask(repository, 'pull,push', {
    method: 'PUT',
    url,
    headers,
    body: bytes,
    limit: MAX_ANSWER,
  });
  if (end.status !== 201) throw refusal(end, digest);
  requireSameDigest(end, digest);
  return 'pushed';
}

/** Puts a manifest under a tag or its digest, unless it is there. */
export async function uploadManifest(
  ask: AskRepository,
  version: string,
  mediaType: string,
  bytes: Uint8Array,
  digest: string,
): Promise<{ readonly result: PushResult; readonly subjectNoted: boolean }> {
  const path = `manifests/${version}`;
  const headers = { accept: ACCEPTED_MANIFESTS };
  const head = await ask('pull,push', path, { method: 'HEAD', headers, limit: MAX_ANSWER });
  if (head.status === 200 && head.headers['docker-content-digest'] === digest) {
    return { result: 'present', subjectNoted: false };
  }
  const answer = await ask('pull,push', path, {
    method: 'PUT',
    headers: { 'content-type': mediaType },
    body: bytes,
    limit: MAX_ANSWER,
  });
  if (answer.status !== 201) throw refusal(answer, `the manifest ${version}`);
  requireSameDigest(answer, digest);
  return { result: 'pushed', subjectNoted: answer.headers['oci-subject'] !== undefined };
}
