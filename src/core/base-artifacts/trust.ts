// SPDX-License-Identifier: Apache-2.0
// Whose signatures base profiles from registries must have: what the spod says, as policies. Nothing is trusted that
// the spod does not name, and no registry is asked for something that could not be trusted.
import type { SecurityProfilesOperatorDaemonSpec } from '../../gen/crd/security-profiles-operator-daemon.ts';
import { ArtifactError } from '../oci/artifact-error.ts';
import { parseReference, repositoryName } from '../oci/reference.ts';
import type { Cryptography } from '../signature/judge.ts';
import { policyFor } from '../signature/policy.ts';
import type { Policy, Signer } from '../signature/policy.ts';

/** The cluster's settings about artifacts. */
export interface Trust {
  readonly policies: readonly Policy[];
  /** `disableOciArtifactSignatureVerification`: no signature is looked at. */
  readonly disabled: boolean;
}

/** The demand on the signature of one artifact. */
export type Demand =
  { readonly signature: 'none' } | { readonly signature: 'welcome' | 'required'; readonly signers: readonly Signer[] };

/** The settings of a spod. Entries with one prefix are one policy: any of their signers will do. */
export function trustOf(spec: SecurityProfilesOperatorDaemonSpec | undefined): Trust {
  const policies = new Map<string, Policy>();
  for (const { prefix, key, required = true } of spec?.ociVerification ?? []) {
    const before = policies.get(prefix);
    const signers: readonly Signer[] = [...(before?.signers ?? []), { publicKey: key }];
    policies.set(prefix, { prefix, signers, required: required || before?.required === true });
  }
  return {
    policies: [...policies.values()],
    disabled: spec?.disableOciArtifactSignatureVerification === true,
  };
}

/**
 * Whether content may stay in force although a look at its reference has failed. A registry's list of signatures may be
 * empty or cut for a while, so content goes only where its signer was taken back: no key of now is that signer's.
 *
 * @param signer - as it was found when the content was pulled; undefined where no signature was needed then
 */
export function staysInForce(
  signer: string | undefined,
  error: ArtifactError,
  demand: Demand,
  { signerName }: Pick<Cryptography, 'signerName'>,
): boolean {
  if (error.reason !== 'SignatureValidationFailed' || demand.signature === 'none') return true;
  return signer !== undefined && demand.signers.some(({ publicKey }) => signerName(publicKey) === signer);
}

/**
 * The demand on an artifact.
 * @throws ArtifactError where the spod names nobody who may have signed it
 */
export function demandOn(reference: string, { policies, disabled }: Trust): Demand {
  if (disabled) return { signature: 'none' };
  const repository = repositoryName(parseReference(reference).repository);
  const policy = policyFor(policies, repository);
  if (policy !== undefined) {
    return { signature: policy.required ? 'required' : 'welcome', signers: policy.signers };
  }
  const advice = 'spec.ociVerification of the spod names no key for it';
  throw new ArtifactError('SignatureValidationFailed', `${reference} is not pulled: ${advice}`);
}
