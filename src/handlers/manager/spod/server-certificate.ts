// SPDX-License-Identifier: Apache-2.0
// The certificate of one of our servers: kept while it is good, renewed when two thirds of its life are over, when its
// authority has been replaced, and when it was deleted or changed.
import { certificatesOf } from '../../../core/certificates.ts';
import type { KeyPair, Validity } from '../../../core/certificates.ts';
import type { TlsContent } from '../../../core/deploy/secrets.ts';
import { CLOCK_SKEW_MS, DAY_MS, isFresh } from './authority.ts';
import type { CertificateMaker, Signing } from './authority.ts';

/** The wanted certificate, and when to look at it again. */
export interface WantedCertificate {
  readonly content: TlsContent;
  readonly lookAgainMs: number;
}

/** An authority, and the time for which something that it signed is valid. */
interface Signer {
  readonly certificate: string;
  readonly valid: Validity;
}

const LIFE_MS = 365 * DAY_MS;

/** Keeps the certificate of a server. */
export class ServerCertificate {
  private readonly maker: CertificateMaker;
  private readonly names: readonly string[];
  private readonly onServer: (pair: KeyPair) => void;
  private last: TlsContent | undefined;
  private announced: string | undefined;

  /**
   * @param names - DNS names under which clients reach the server
   * @param onServer - called with the certificate when it is known and when it changes
   */
  constructor(maker: CertificateMaker, names: readonly string[], onServer: (pair: KeyPair) => void = () => undefined) {
    this.maker = maker;
    this.names = names;
    this.onServer = onServer;
  }

  /** The certificate as it should be; `found` is the one that the cluster has. */
  async desired(signing: Signing, found: TlsContent | undefined, now: number): Promise<WantedCertificate> {
    const known = found ?? this.last;
    const signer = known === undefined ? undefined : this.signerOf(known, signing.bundle, now);
    const isDue = signer?.certificate !== signing.pair.certificate.trimEnd() || !isFresh(signer.valid, now);
    // A new authority signs when clients have had time to learn of it, unless there is nothing good to show meanwhile.
    const isKept = known !== undefined && signer !== undefined && (!isDue || now < signing.takesOverAt);
    const pair = isKept ? known : await this.issue(signing.pair, now);
    const content = { certificate: pair.certificate, key: pair.key, authority: signing.bundle };
    this.last = content;
    if (this.announced !== content.certificate) this.onServer(content);
    this.announced = content.certificate;
    const next = isKept && isDue ? signing.takesOverAt : signing.changesAt;
    return { content, lookAgainMs: next === undefined ? DAY_MS : Math.max(1000, Math.min(DAY_MS, next - now)) };
  }

  /** The authority of a bundle that signed the certificate, and how long that is valid; undefined for none. */
  private signerOf(known: TlsContent, bundle: string, now: number): Signer | undefined {
    const all = certificatesOf(bundle).flatMap((text) => {
      const certificate = text.trimEnd();
      const valid = this.maker.validityOf(known, this.names, certificate);
      return valid !== undefined && now >= valid.from && now < valid.until ? [{ certificate, valid }] : [];
    });
    return all[0];
  }

  private issue(authority: KeyPair, now: number): Promise<KeyPair> {
    return this.maker.issueServer(authority, this.names, { from: now - CLOCK_SKEW_MS, until: now + LIFE_MS });
  }
}
