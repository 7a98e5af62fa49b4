// SPDX-License-Identifier: Apache-2.0
// Kubeconfig files, for the components of a cluster and for its users.
import { stringify } from 'yaml';
import type { KeyPair } from './certificates.ts';

/** The credentials of a client for the API server: a certificate or a token. */
export type Credentials = KeyPair | { readonly token: string };

/**
 * The text of a kubeconfig with a single context.
 * @param server - URL of the API server
 * @param authority - PEM of the certificate that signed the server's
 */
export function renderKubeconfig(server: string, authority: string, credentials: Credentials): string {
  const user =
    'token' in credentials
      ? { token: credentials.token }
      : { 'client-certificate-data': base64(credentials.certificate), 'client-key-data': base64(credentials.key) };
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'lab', cluster: { server, 'certificate-authority-data': base64(authority) } }],
    users: [{ name: 'lab', user }],
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'lab' } }],
    'current-context': 'lab',
  });
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
