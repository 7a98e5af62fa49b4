// SPDX-License-Identifier: Apache-2.0
// The manifests that refer to another one. Registries with the referrers API list them; for the others clients keep a
// list under the tag `sha256-…` (distribution-spec, "Referrers Tag Schema").
import { ArtifactError } from '../../core/oci/artifact-error.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { MAX_MANIFEST_BYTES, readManifest } from '../../core/oci/manifest.ts';
import type { ManifestDocument } from '../../core/oci/manifest.ts';
import { OCI_INDEX } from '../../core/oci/media-types.ts';
import { fallbackTag } from '../../core/oci/reference.ts';
import type { Repository } from '../../core/oci/reference.ts';
import type { ArtifactSource } from '../../core/oci/store.ts';
import type { Answer } from './exchange.ts';
import { refusal } from './refusal.ts';
import type { AskRepository } from './session.ts';

/** Pages of a list that are read. */
const MAX_PAGES = 10;

function listed(document: ManifestDocument): readonly Descriptor[] {
  return document.type === 'index' ? document.manifests : [];
}

/** The query of the next page; undefined on the last one. */
function nextQuery({ headers, url }: Answer): string | undefined {
  const [, link] = /<([^>]{1,2048})>\s*;\s*rel="?next"?/.exec(String(headers.link ?? '')) ?? [];
  return link === undefined ? undefined : URL.parse(link, url.href)?.search;
}

/** Undefined where the registry does not know the API. */
async function fromApi(ask: AskRepository, digest: string): Promise<readonly Descriptor[] | undefined> {
  const found: Descriptor[] = [];
  let query: string | undefined = '';
  for (let page = 0; page < MAX_PAGES && query !== undefined; page += 1) {
    const path = `referrers/${digest}${query}`;
    const answer = await ask('pull', path, {
      method: 'GET',
      headers: { accept: OCI_INDEX },
      limit: MAX_MANIFEST_BYTES,
    });
    if (answer.status === 404 && page === 0) return undefined;
    if (answer.status !== 200) throw refusal(answer, `the list of what refers to ${digest}`);
    found.push(...listed(readManifest(answer.body, OCI_INDEX)));
    query = nextQuery(answer);
  }
  return found;
}

async function fromTag(source: ArtifactSource, repository: Repository, digest: string): Promise<readonly Descriptor[]> {
  try {
    return listed((await source.manifest(repository, fallbackTag(digest))).document);
  } catch (cause) {
    if (cause instanceof ArtifactError && cause.reason === 'ArtifactNotFound') return [];
    throw cause;
  }
}

/**
 * The manifests that refer to a digest.
 * @throws ArtifactError
 */
export async function listReferrers(
  source: ArtifactSource,
  ask: AskRepository,
  repository: Repository,
  digest: string,
): Promise<readonly Descriptor[]> {
  return (await fromApi(ask, digest)) ?? (await fromTag(source, repository, digest));
}
