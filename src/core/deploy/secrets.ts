// SPDX-License-Identifier: Apache-2.0
// The secrets of our certificates: the authority's, which only the manager reads, and a server's, which carries the
// authority's certificate along so that clients can trust it.
import type { Manifest, OwnerReference } from './manifest.ts';
import { ownedMeta } from './manifest.ts';

/** The content of a secret of type kubernetes.io/tls, in PEM. */
export interface TlsContent {
  readonly certificate: string;
  readonly key: string;
  /** The certificate of the authority that signed. */
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

/** The content of a secret; undefined when a key is missing or is not base64. */
export function tlsContent(data: Readonly<Record<string, string>> | undefined): TlsContent | undefined {
  const certificate = decoded(data?.['tls.crt']);
  const key = decoded(data?.['tls.key']);
  const authority = decoded(data?.['ca.crt']);
  if (certificate === undefined || key === undefined || authority === undefined) return undefined;
  return { certificate, key, authority };
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined || text === '' ? undefined : atob(text);
  } catch {
    return undefined;
  }
}
