// SPDX-License-Identifier: Apache-2.0
// The result of looking at the signatures of an artifact. One signature that fits suffices; where none does, the answer
// is the nearest miss: that of another signer tells more than that of an attestation, and both more than "unsigned".

/** The form in which a signature was found. */
export type SignatureForm = 'bundle' | 'classic';

/** Why there is no valid signature, the nearest miss first. */
export const MISSES = ['wrong-signer', 'untrusted', 'other-artifact', 'unreadable', 'attestation', 'unsigned'] as const;

/** One of them. */
export type Miss = (typeof MISSES)[number];

/** The outcome for one signature, or for all of an artifact. */
export type Verdict =
  | {
      readonly verified: true;
      readonly form: SignatureForm;
      /** The signer, in words for users: `the key SHA256:…` or `identity (issuer)`. */
      readonly signer: string;
      readonly annotations: Readonly<Record<string, string>>;
    }
  | { readonly verified: false; readonly miss: Miss; readonly reason: string };

/** An artifact without any signature. */
export const UNSIGNED: Verdict = { verified: false, miss: 'unsigned', reason: 'it has no signature' };

/** The outcome for an artifact from those of its signatures. */
export function bestOf(verdicts: readonly Verdict[]): Verdict {
  return verdicts.find(({ verified }) => verified) ?? nearestMiss(verdicts);
}

function nearestMiss(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce((best, verdict) => (rank(verdict) < rank(best) ? verdict : best), UNSIGNED);
}

function rank(verdict: Verdict): number {
  return verdict.verified ? -1 : MISSES.indexOf(verdict.miss);
}

/** The sentence about an artifact that is refused. */
export function refusal(reference: string, verdict: Verdict): string {
  if (verdict.verified) throw new TypeError('a verified artifact is not refused');
  if (verdict.miss === 'unsigned') return `${reference} is not signed: ${verdict.reason}`;
  if (verdict.miss === 'attestation') return `${reference} is not signed: only attestations found`;
  return `no signature of ${reference} is valid: ${verdict.reason}`;
}
