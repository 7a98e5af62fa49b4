// SPDX-License-Identifier: Apache-2.0
// The secrets of our certificates: the authority's, which only the manager reads, and a server's, which carries the
// authority's certificate along so that clients can trust it.
import type { KeyPair } from '../certificates.ts';
import type { Manifest, OwnerReference } from './manifest.ts';
import { ownedMeta } from './manifest.ts';

/** The content of a secret of type kubernetes.io/tls, in PEM. */
export interface TlsContent extends KeyPair {
  /** The certificates to trust, of the authority that signed among them. */
  readonly authority: string;
}

/** A secret with a certificate and its key. */
export function tlsSecret(name: string, namespace: string, owner: OwnerReference, content: TlsContent): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: ownedMeta(name, namespace, owner),
    type: 'kubernetes.io/tls',
    data: {
      'ca.crt': btoa(content.authority),
      'tls.crt': btoa(content.certificate),
      'tls.key': btoa(content.key),
    },
  };
}

/** Certificate and key of a secret, whoever made it; undefined when one is missing or is not base64. */
export function keyPairOf(data: Readonly<Record<string, string>> | undefined): KeyPair | undefined {
  const certificate = decoded(data?.['tls.crt']);
  const key = decoded(data?.['tls.key']);
  return certificate === undefined || key === undefined ? undefined : { certificate, key };
}

/** The content of a secret; undefined when a key is missing or is not base64. */
export function tlsContent(data: Readonly<Record<string, string>> | undefined): TlsContent | undefined {
  const pair = keyPairOf(data);
  const authority = decoded(data?.['ca.crt']);
  return pair === undefined || authority === undefined ? undefined : { ...pair, authority };
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined || text === '' ? undefined : atob(text);
  } catch {
    return undefined;
  }
}
