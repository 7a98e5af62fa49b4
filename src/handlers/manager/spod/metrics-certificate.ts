// SPDX-License-Identifier: Apache-2.0
// The certificate of the metrics endpoints and the authority that signs it: kept while they are good, renewed when two
// thirds of their life are over, made anew when they were deleted or changed.
import { metricsNames } from '../../../core/deploy/metrics-objects.ts';
import type { Manifest, OwnerReference } from '../../../core/deploy/manifest.ts';
import { tlsContent, tlsSecret } from '../../../core/deploy/secrets.ts';
import type { TlsContent } from '../../../core/deploy/secrets.ts';
import { OBJECT } from '../../../core/names.ts';
import type { KubeObject } from '../../../runtime/object.ts';

/** A certificate and its private key, both PEM. */
export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

/** From when to when, in milliseconds since 1970. */
export interface Validity {
  readonly from: number;
  readonly until: number;
}

/** Makes and reads certificates. */
export interface CertificateMaker {
  makeAuthority(name: string, validity: Validity): Promise<Pair>;
  issueServer(authority: Pair, names: readonly string[], validity: Validity): Promise<Pair>;
  validityOf(pair: Pair, names: readonly string[], authority: string): Validity | undefined;
}

/** A secret, as far as it is read. */
export interface SecretObject extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** The wanted certificates, and the time until the next check. */
export interface Certificates {
  readonly secrets: readonly Manifest[];
  readonly lookAgainMs: number;
}

const DAY_MS = 86_400_000;
const AUTHORITY_LIFE_MS = 730 * DAY_MS;
const SERVER_LIFE_MS = 365 * DAY_MS;

/** Clocks of nodes differ: a certificate is valid from a little before it is made. */
const CLOCK_SKEW_MS = 600_000;

const AUTHORITY_NAME = 'security-profiles-operator';

/** Keeps the certificate of the metrics endpoints. */
export class MetricsCertificate {
  private readonly maker: CertificateMaker;
  private readonly namespace: string;
  private readonly names: readonly string[];
  private readonly onServer: (pair: Pair) => void;
  private authority: TlsContent | undefined;
  private server: TlsContent | undefined;
  private announced: string | undefined;

  /** `onServer` is called with the certificate of the endpoints when it is known and when it changes. */
  constructor(maker: CertificateMaker, namespace: string, onServer: (pair: Pair) => void) {
    this.maker = maker;
    this.namespace = namespace;
    this.onServer = onServer;
    this.names = metricsNames(namespace);
  }

  /** Both secrets as they should be; `found` are those that the cluster has. */
  async desired(
    owner: OwnerReference,
    found: { readonly authority: SecretObject | undefined; readonly server: SecretObject | undefined },
    now: number,
  ): Promise<Certificates> {
    this.authority = tlsContent(found.authority?.data) ?? this.authority;
    this.server = tlsContent(found.server?.data) ?? this.server;
    const authority = await this.goodAuthority(now);
    const server = await this.goodServer(authority, now);
    if (this.announced !== server.certificate) this.onServer(server);
    this.announced = server.certificate;
    return {
      secrets: [
        tlsSecret(OBJECT.authority, this.namespace, owner, authority),
        tlsSecret(OBJECT.metricsCert, this.namespace, owner, server),
      ],
      lookAgainMs: DAY_MS,
    };
  }

  private async goodAuthority(now: number): Promise<TlsContent> {
    const known = this.authority;
    if (known !== undefined && this.isGood(known, [], now)) return known;
    const made = await this.maker.makeAuthority(AUTHORITY_NAME, validity(now, AUTHORITY_LIFE_MS));
    this.authority = { ...made, authority: made.certificate };
    return this.authority;
  }

  private async goodServer(authority: TlsContent, now: number): Promise<TlsContent> {
    const known = this.server;
    if (known?.authority === authority.certificate && this.isGood(known, this.names, now)) return known;
    const made = await this.maker.issueServer(authority, this.names, validity(now, SERVER_LIFE_MS));
    this.server = { ...made, authority: authority.certificate };
    return this.server;
  }

  private isGood(content: TlsContent, names: readonly string[], now: number): boolean {
    const valid = this.maker.validityOf(content, names, content.authority);
    return valid !== undefined && now >= valid.from && now < valid.until - (valid.until - valid.from) / 3;
  }
}

function validity(now: number, life: number): Validity {
  return { from: now - CLOCK_SKEW_MS, until: now + life };
}
