// SPDX-License-Identifier: Apache-2.0
// Whether an artifact is signed by one of those who may. Bundles come first; the classic tag is asked for only where
// no bundle fits.
import { ArtifactError } from '../oci/artifact-error.ts';
import { fallbackTag } from '../oci/reference.ts';
import type { Repository } from '../oci/reference.ts';
import type { ArtifactSource } from '../oci/store.ts';
import { bundlesOf, classicSignaturesOf } from './candidates.ts';
import { judge } from './judge.ts';
import type { Cryptography } from './judge.ts';
import type { Signer } from './policy.ts';
import { bestOf } from './verdict.ts';
import type { Verdict } from './verdict.ts';

const COPIED =
  'it has no signature here, and its signatures tag holds an artifact: cosign copy leaves signatures behind, oras cp -r does not';

/**
 * The verdict on the manifest or index with a digest.
 *
 * @param digest - as it was resolved, of what is going to be used
 * @param signers - of whom one must have signed it
 * @throws ArtifactError where the registry does not answer
 */
export async function verifyArtifact(
  source: ArtifactSource,
  repository: Repository,
  digest: string,
  signers: readonly Signer[],
  cryptography: Cryptography,
): Promise<Verdict> {
  const verdicts: Verdict[] = [];
  for (const find of [bundlesOf, classicSignaturesOf]) {
    const candidates = await find(source, repository, digest);
    verdicts.push(bestOf(candidates.map((candidate) => judge(candidate, digest, signers, cryptography))));
    if (verdicts.some(({ verified }) => verified)) break;
  }
  const verdict = bestOf(verdicts);
  const isBare = !verdict.verified && verdict.miss === 'unsigned';
  return isBare && (await isCopied(source, repository, digest)) ? { ...verdict, reason: COPIED } : verdict;
}

/** Whether an artifact lies under the tag that is for the list of signatures. */
async function isCopied(source: ArtifactSource, repository: Repository, digest: string): Promise<boolean> {
  try {
    return (await source.manifest(repository, fallbackTag(digest))).document.type === 'manifest';
  } catch (error) {
    // It only makes the answer clearer, and "unsigned" stands without it.
    if (error instanceof ArtifactError) return false;
    throw error;
  }
}
