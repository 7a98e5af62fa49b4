// SPDX-License-Identifier: Apache-2.0
// Our certificate authority: kept while it is good, made anew when two thirds of its life are over or when it was
// spoilt. A new one is published before anything is signed by it, and the one before stays in the bundle for a day, so
// that no client meets a certificate that it does not trust yet, or no longer.
import { bundleOf, certificatesOf } from '../../../core/certificates.ts';
import type { KeyPair, Validity } from '../../../core/certificates.ts';
import type { TlsContent } from '../../../core/deploy/secrets.ts';

/** Makes and reads certificates. */
export interface CertificateMaker {
  makeAuthority(name: string, validity: Validity): Promise<KeyPair>;
  issueServer(authority: KeyPair, names: readonly string[], validity: Validity): Promise<KeyPair>;
  /** Undefined for a pair that cannot be used for the names, or that the authority did not sign. */
  validityOf(pair: KeyPair, names: readonly string[], authority: string): Validity | undefined;
  /** How long an authority's certificate is valid; undefined for a text that is none. */
  authorityValidity(certificate: string): Validity | undefined;
}

/** An authority as servers are to use it. */
export interface Signing {
  readonly pair: KeyPair;
  /** Certificates to trust: its own first, then those of authorities before it. */
  readonly bundle: string;
  /** From when on no server should show a certificate of an authority before it, in milliseconds since 1970. */
  readonly takesOverAt: number;
  /** When the bundle changes next though nothing else does; undefined for one without older certificates. */
  readonly changesAt: number | undefined;
}

/** A day in milliseconds. */
export const DAY_MS = 86_400_000;

const LIFE_MS = 730 * DAY_MS;

/** Clocks of nodes differ: a certificate is valid from a little before it is made, in milliseconds. */
export const CLOCK_SKEW_MS = 600_000;

/**
 * So long a new authority is known before it signs. API servers use a changed bundle within a second; the rest is for
 * Prometheus, which reads its own from a secret.
 */
const ANNOUNCED_MS = 120_000;

const NAME = 'security-profiles-operator';

/** Keeps the authority. */
export class Authority {
  private readonly maker: CertificateMaker;
  private last: TlsContent | undefined;

  constructor(maker: CertificateMaker) {
    this.maker = maker;
  }

  /** The authority as it should be; `found` is the one that the cluster has. */
  async desired(found: TlsContent | undefined, now: number): Promise<Signing> {
    const known = found ?? this.last;
    const good = known !== undefined && isFresh(this.maker.validityOf(known, [], known.certificate), now);
    const pair = good
      ? known
      : await this.maker.makeAuthority(NAME, { from: now - CLOCK_SKEW_MS, until: now + LIFE_MS });
    const madeAt = (this.maker.authorityValidity(pair.certificate)?.from ?? now) + CLOCK_SKEW_MS;
    const before = known === undefined ? [] : this.before(known, pair.certificate, now < madeAt + DAY_MS, now);
    const bundle = bundleOf([pair.certificate, ...before]);
    this.last = { certificate: pair.certificate, key: pair.key, authority: bundle };
    const changesAt = before.length === 0 ? undefined : madeAt + DAY_MS;
    return { pair, bundle, takesOverAt: madeAt + ANNOUNCED_MS, changesAt };
  }

  /** Certificates before this one that are still to be trusted. An unreadable text does not come into a bundle. */
  private before(known: TlsContent, certificate: string, overlaps: boolean, now: number): readonly string[] {
    const others = [known.certificate, ...certificatesOf(known.authority)].map((text) => text.trimEnd());
    const older = [...new Set(others)].filter((text) => text !== certificate.trimEnd());
    return overlaps ? older.filter((text) => now < (this.maker.authorityValidity(text)?.until ?? 0)) : [];
  }
}

/** Whether a certificate is valid, and the last third of its life has not begun. */
export function isFresh(valid: Validity | undefined, now: number): boolean {
  return valid !== undefined && now >= valid.from && now < valid.until - (valid.until - valid.from) / 3;
}
