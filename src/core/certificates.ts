// SPDX-License-Identifier: Apache-2.0
// Certificates as every layer hands them on: PEM texts, and times.

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** From when to when a certificate is valid, in milliseconds since 1970. */
export interface Validity {
  readonly from: number;
  readonly until: number;
}

const PEM = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** The certificates of a bundle, each as a PEM text of its own that ends with a line break. */
export function certificatesOf(bundle: string): readonly string[] {
  return (bundle.match(PEM) ?? []).map((certificate) => `${certificate}\n`);
}

/**
 * Certificates as one bundle, each ended by a line break: API servers take one that runs into the next for no bundle at
 * all, accept it, and then call nothing.
 */
export function bundleOf(certificates: readonly string[]): string {
  return certificates.map((certificate) => `${certificate.trimEnd()}\n`).join('');
}
