// SPDX-License-Identifier: Apache-2.0
// The webhooks of a spod object: where they run, by whose certificate they are known, and the configurations by which
// the API server calls them. These must never outlive what answers: an API server that cannot reach a webhook refuses
// pods.
import { tlsContent, tlsSecret } from '../../../core/deploy/secrets.ts';
import type { Manifest, OwnerReference } from '../../../core/deploy/manifest.ts';
import { certManagerObjects } from '../../../core/deploy/webhooks/cert-manager.ts';
import { webhookConfigurations } from '../../../core/deploy/webhooks/configurations.ts';
import type { CertificateAuthority } from '../../../core/deploy/webhooks/configurations.ts';
import { webhookDeployment } from '../../../core/deploy/webhooks/deployment.ts';
import { webhookNames, webhookService } from '../../../core/deploy/webhooks/service.ts';
import { OBJECT, OPERATOR } from '../../../core/names.ts';
import type { SecurityProfilesOperatorDaemon } from '../../../gen/crd/security-profiles-operator-daemon.ts';
import type { Reader } from '../../../runtime/handler.ts';
import {
  DEPLOYMENT,
  MUTATING_WEBHOOK_CONFIGURATION,
  VALIDATING_WEBHOOK_CONFIGURATION,
} from '../../../runtime/kinds.ts';
import { apiVersionOf, isDeleting } from '../../../runtime/object.ts';
import type { KubeObject, ObjectRef, Resource } from '../../../runtime/object.ts';
import type { DeploymentObject, SecretObject } from '../../sources/deployment.ts';
import { DAY_MS } from './authority.ts';
import type { CertificateMaker, Signing } from './authority.ts';
import { ServerCertificate } from './server-certificate.ts';

/** The inputs of the webhooks besides the spod object. */
export interface WebhookParts {
  readonly namespace: string;
  readonly restrictTo: readonly string[];
  readonly certificates: CertificateMaker;
  /** The manager's own Deployment, and the webhooks'. */
  readonly deployments: { readonly manager: Reader<DeploymentObject>; readonly webhook: Reader<DeploymentObject> };
  readonly secret: Reader<SecretObject>;
  /** The operator's Namespace, which owns the configurations. */
  readonly namespaces: Reader<KubeObject>;
  readonly configurations: Reader<KubeObject>;
  /** The CRDs of cert-manager's certificates and of OpenShift's service CA, where the cluster has them. */
  readonly certManagerCrds: Reader<KubeObject>;
  readonly serviceCaCrds: Reader<KubeObject>;
}

/** The objects of the webhooks. */
export interface WebhookObjects {
  readonly desired: readonly Manifest[];
  readonly toDelete: readonly ObjectRef[];
  readonly lookAgainMs: number;
}

/** The image of the webhooks' containers. */
export interface WebhookImage {
  readonly image: string;
  readonly imagePullPolicy: string;
}

type Spod = SecurityProfilesOperatorDaemon;

/** Keeps the webhooks. */
export class Webhooks {
  private readonly parts: WebhookParts;
  private readonly certificate: ServerCertificate;
  private hadDeployment = false;

  constructor(parts: WebhookParts) {
    this.parts = parts;
    this.certificate = new ServerCertificate(parts.certificates, webhookNames(parts.namespace));
  }

  /** The objects as they should be. */
  async desired(
    spod: Spod,
    owner: OwnerReference,
    image: WebhookImage,
    signing: Signing,
    now: number,
  ): Promise<WebhookObjects> {
    const { namespace, restrictTo } = this.parts;
    const spec = spod.spec ?? {};
    const inManager = spec.runWebhookInManager === true;
    const by = this.issuer();
    const own = by === 'operator' ? await this.certificate.desired(signing, this.found(), now) : undefined;
    const service = { namespace, owner, servedByOpenShift: by === 'openshift' };
    const objects = [
      ...(own === undefined ? [] : [tlsSecret(OBJECT.webhookCert, namespace, owner, own.content)]),
      ...(by === 'cert-manager' ? certManagerObjects(namespace, owner) : []),
      webhookService({ ...service, place: inManager ? 'manager' : 'deployment' }),
      ...(inManager ? [] : [webhookDeployment({ spec, namespace, restrictTo, owner, ...image })]),
    ];
    const configured = this.configurationsFor(spod, by === 'operator' ? { by, bundle: signing.bundle } : { by });
    return {
      desired: [...objects, ...configured],
      toDelete: inManager ? [{ ...DEPLOYMENT_REF, namespace }] : [],
      lookAgainMs: own?.lookAgainMs ?? DAY_MS,
    };
  }

  /** The configurations, to be deleted because nothing answers any more. */
  removed(spod: Spod | undefined): readonly ObjectRef[] {
    return spod?.spec?.staticWebhookConfig === true ? [] : CONFIGURATION_REFS;
  }

  /** Whether the operator is being uninstalled: its namespace goes, or the manager's Deployment, which was there. */
  isLeaving(): boolean {
    const { namespace, namespaces, deployments } = this.parts;
    const home = namespaces.get({ name: namespace });
    const manager = deployments.manager.get({ namespace, name: OPERATOR });
    if (manager !== undefined) this.hadDeployment = true;
    const isGone = manager === undefined ? this.hadDeployment : isDeleting(manager);
    return isGone || (home !== undefined && isDeleting(home));
  }

  private configurationsFor(spod: Spod, authority: CertificateAuthority): readonly Manifest[] {
    const { namespace, restrictTo, namespaces } = this.parts;
    const spec = spod.spec ?? {};
    if (spec.staticWebhookConfig === true || !this.answers(spod)) return [];
    const home = namespaces.get({ name: namespace });
    const owner = home?.metadata.uid === undefined ? {} : { owner: ownerFor(home, home.metadata.uid) };
    return webhookConfigurations({ spec, namespace, restrictTo, authority, ...owner });
  }

  /**
   * Whether the API server can reach the webhooks, or could before: at an installation no pod is refused because the
   * webhooks are not there yet, and later an outage is what `failurePolicy` is for.
   */
  private answers(spod: Spod): boolean {
    const { namespace, deployments, configurations } = this.parts;
    if (spod.spec?.runWebhookInManager === true || configurations.list().length > 0) return true;
    const ready = deployments.webhook.get({ namespace, name: OBJECT.webhook })?.status?.readyReplicas ?? 0;
    return ready > 0;
  }

  /** OpenShift's service CA first, because clusters that have it may have cert-manager as well. */
  private issuer(): 'openshift' | 'cert-manager' | 'operator' {
    const { serviceCaCrds, certManagerCrds } = this.parts;
    if (!serviceCaCrds.list().every(isDeleting)) return 'openshift';
    return certManagerCrds.list().every(isDeleting) ? 'operator' : 'cert-manager';
  }

  private found() {
    const { namespace, secret } = this.parts;
    return tlsContent(secret.get({ namespace, name: OBJECT.webhookCert })?.data);
  }
}

function ownerFor(home: KubeObject, uid: string): OwnerReference {
  return { apiVersion: 'v1', kind: 'Namespace', name: home.metadata.name, uid };
}

function refOf(resource: Resource, name: string): ObjectRef {
  return { apiVersion: apiVersionOf(resource), kind: resource.kind, name };
}

const DEPLOYMENT_REF = refOf(DEPLOYMENT, OBJECT.webhook);

const CONFIGURATION_REFS: readonly ObjectRef[] = [
  refOf(MUTATING_WEBHOOK_CONFIGURATION, OBJECT.mutatingWebhooks),
  refOf(VALIDATING_WEBHOOK_CONFIGURATION, OBJECT.validatingWebhooks),
];
