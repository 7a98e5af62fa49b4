// SPDX-License-Identifier: Apache-2.0
// The objects by which cert-manager, where a cluster has it, makes the webhooks' certificate and renews it.
import { OBJECT } from '../../names.ts';
import type { Manifest, OwnerReference } from '../manifest.ts';
import { ownedMeta } from '../manifest.ts';
import { webhookNames } from './service.ts';

const API = 'cert-manager.io/v1';

/** The issuer and the certificate, under the original's names. */
export function certManagerObjects(namespace: string, owner?: OwnerReference): readonly Manifest[] {
  return [
    {
      apiVersion: API,
      kind: 'Issuer',
      metadata: ownedMeta(OBJECT.webhookIssuer, namespace, owner),
      spec: { selfSigned: {} },
    },
    {
      apiVersion: API,
      kind: 'Certificate',
      metadata: ownedMeta(OBJECT.webhookCertificate, namespace, owner),
      spec: {
        dnsNames: webhookNames(namespace),
        issuerRef: { kind: 'Issuer', name: OBJECT.webhookIssuer },
        privateKey: { algorithm: 'ECDSA', size: 256 },
        secretName: OBJECT.webhookCert,
      },
    },
  ];
}
