// SPDX-License-Identifier: Apache-2.0
// The manager's watches for the webhooks: the objects that it makes, so that it restores them, and the facts that
// decide how they are made.
import { OBJECT } from '../../core/names.ts';
import type { Source } from '../../runtime/handler.ts';
import {
  CERTIFICATE,
  DEPLOYMENT,
  ISSUER,
  MUTATING_WEBHOOK_CONFIGURATION,
  NAMESPACE,
  SERVICE,
  VALIDATING_WEBHOOK_CONFIGURATION,
} from '../../runtime/kinds.ts';
import type { KubeObject } from '../../runtime/object.ts';
import { crdSource, one, secretSource } from './deployment.ts';
import type { DeploymentObject, SecretObject } from './deployment.ts';

/** A webhook configuration, as far as it is read. */
export interface ConfigurationObject extends KubeObject {
  readonly webhooks?: readonly { readonly clientConfig?: { readonly caBundle?: string } }[];
}

/** The sources that decide something, each by the name of its reader. */
export interface WebhookSources {
  readonly deployment: Source<DeploymentObject>;
  readonly secret: Source<SecretObject>;
  readonly namespace: Source;
  readonly configuration: Source<ConfigurationObject>;
  readonly certManagerCrd: Source;
  readonly serviceCaCrd: Source;
}

/** CRDs whose presence tells who makes certificates for Services: cert-manager, or OpenShift's service-ca operator. */
const CERT_MANAGER_CRD = crdSource('certificates.cert-manager.io');
const SERVICE_CA_CRD = crdSource('servicecas.operator.openshift.io');

/** The sources of an operator's namespace. */
export function webhookSources(namespace: string): WebhookSources {
  return {
    deployment: one(DEPLOYMENT, namespace, OBJECT.webhook),
    secret: secretSource(namespace, OBJECT.webhookCert),
    namespace: { resource: NAMESPACE, selector: { fieldSelector: `metadata.name=${namespace}` } },
    configuration: {
      resource: MUTATING_WEBHOOK_CONFIGURATION,
      selector: { fieldSelector: `metadata.name=${OBJECT.mutatingWebhooks}` },
    },
    certManagerCrd: CERT_MANAGER_CRD,
    serviceCaCrd: SERVICE_CA_CRD,
  };
}

/** Objects that are written and not read. Those of cert-manager exist only where it does. */
export function madeWebhookSources(namespace: string): readonly Source[] {
  return [
    one(SERVICE, namespace, OBJECT.webhookService),
    {
      resource: VALIDATING_WEBHOOK_CONFIGURATION,
      selector: { fieldSelector: `metadata.name=${OBJECT.validatingWebhooks}` },
    },
    { ...one(ISSUER, namespace, OBJECT.webhookIssuer), optional: true },
    { ...one(CERTIFICATE, namespace, OBJECT.webhookCertificate), optional: true },
  ];
}
