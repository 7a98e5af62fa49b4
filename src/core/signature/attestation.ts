// SPDX-License-Identifier: Apache-2.0
// Signed statements about an artifact that are no signatures: they say something of it, under a predicate type, and
// are found and proved as signatures are.
import type { Repository } from '../oci/reference.ts';
import type { ArtifactSource } from '../oci/store.ts';
import { isJsonObject } from '../json.ts';
import { bundlesOf } from './candidates.ts';
import { textOfBytes, valueOfJson } from './encoding.ts';
import { judge } from './judge.ts';
import type { Cryptography } from './judge.ts';
import type { Signer } from './policy.ts';

/** A statement whose signer was proved. */
export interface Attestation {
  /** The signer, in words for users. */
  readonly signer: string;
  readonly predicate: unknown;
}

/**
 * The statements of a predicate type about the manifest with a digest that one of the signers has made.
 * @throws ArtifactError where the registry does not answer
 */
export async function attestationsOf(
  source: ArtifactSource,
  repository: Repository,
  digest: string,
  predicateType: string,
  signers: readonly Signer[],
  cryptography: Cryptography,
): Promise<readonly Attestation[]> {
  const candidates = await bundlesOf(source, repository, digest);
  return candidates.flatMap((candidate) => {
    if (candidate.form !== 'bundle') return [];
    const verdict = judge(candidate, digest, signers, cryptography, predicateType);
    if (!verdict.verified) return [];
    return [{ signer: verdict.signer, predicate: predicateOf(candidate.bundle.payload) }];
  });
}

function predicateOf(payload: Uint8Array): unknown {
  const value = valueOfJson(textOfBytes(payload) ?? '');
  return isJsonObject(value) ? value['predicate'] : undefined;
}
