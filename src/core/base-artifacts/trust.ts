// SPDX-License-Identifier: Apache-2.0
// Whose signatures base profiles from registries must have: what the spod says, as policies. Nothing is trusted that
// the spod does not name, and no registry is asked for something that could not be trusted.
import type {
  OciVerification,
  SecurityProfilesOperatorDaemonSpec,
} from '../../gen/crd/security-profiles-operator-daemon.ts';
import { ArtifactError } from '../oci/artifact-error.ts';
import { canonicalPrefix } from '../oci/prefix.ts';
import { parseReference, repositoryName } from '../oci/reference.ts';
import type { Cryptography } from '../signature/judge.ts';
import { identityOfName, isIdentity, policyFor } from '../signature/policy.ts';
import type { Policy, Signer, Wanted } from '../signature/policy.ts';

/** The cluster's settings about artifacts. */
export interface Trust {
  readonly policies: readonly Policy[];
  /** `disableOciArtifactSignatureVerification`: no signature is looked at. */
  readonly disabled: boolean;
}

/** The demand on the signature of one artifact. */
export type Demand =
  | { readonly signature: 'none' }
  | {
      readonly signature: 'welcome' | 'required';
      readonly signers: readonly Signer[];
      /** One of the signers must say how the profiles were recorded. */
      readonly needsRecording: boolean;
    };

/**
 * The settings of a spod. Entries with one prefix, however it is written, are one policy: any of their signers will do.
 */
export function trustOf(spec: SecurityProfilesOperatorDaemonSpec | undefined): Trust {
  const policies = new Map<string, Policy>();
  for (const entry of spec?.ociVerification ?? []) {
    const { required = true, requireRecording = false } = entry;
    const prefix = canonicalPrefix(entry.prefix);
    const before = policies.get(prefix);
    const signers: readonly Signer[] = [...(before?.signers ?? []), ...signersOf(entry)];
    const needsRecording = requireRecording || before?.needsRecording === true;
    policies.set(prefix, { prefix, signers, required: required || before?.required === true, needsRecording });
  }
  return {
    policies: [...policies.values()],
    disabled: spec?.disableOciArtifactSignatureVerification === true,
  };
}

/** An entry that the API server would not take names nobody. */
function signersOf({ key, identity, identityRegExp, issuer, issuerRegExp }: OciVerification): readonly Signer[] {
  if (key !== undefined) return [{ publicKey: key }];
  const [wanted, by] = [wantedOf(identity, identityRegExp), wantedOf(issuer, issuerRegExp)];
  return wanted === undefined || by === undefined ? [] : [{ identity: wanted, issuer: by }];
}

function wantedOf(exact: string | undefined, pattern: string | undefined): Wanted | undefined {
  if (exact !== undefined) return { exact };
  return pattern === undefined ? undefined : { pattern };
}

/** Whether one of the signers asked for is told by an identity, which a trusted root must prove. */
export function asksForIdentity(demand: Demand): boolean {
  return demand.signature !== 'none' && demand.signers.some((signer) => 'identity' in signer);
}

/**
 * Whether content may stay in force although a look at its reference has failed. A registry's list of signatures may be
 * empty or cut for a while, so content goes only where its signer was taken back: nobody of now is that signer.
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
  if (signer === undefined) return false;
  const identity = identityOfName(signer);
  return demand.signers.some((each) => {
    if ('publicKey' in each) return signerName(each.publicKey) === signer;
    return identity !== undefined && isIdentity(each, identity);
  });
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
    const { required, signers, needsRecording } = policy;
    return { signature: required ? 'required' : 'welcome', signers, needsRecording };
  }
  const advice = 'spec.ociVerification of the spod names no signer for it';
  throw new ArtifactError('SignatureValidationFailed', `${reference} is not pulled: ${advice}`);
}
