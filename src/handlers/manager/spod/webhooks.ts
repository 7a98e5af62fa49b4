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
import type { WebhookPlace } from '../../../core/deploy/webhooks/service.ts';
import { OBJECT } from '../../../core/names.ts';
import type {
  SecurityProfilesOperatorDaemon,
  SecurityProfilesOperatorDaemonSpec,
} from '../../../gen/crd/security-profiles-operator-daemon.ts';
import type { Reader } from '../../../runtime/handler.ts';
import {
  DEPLOYMENT,
  MUTATING_WEBHOOK_CONFIGURATION,
  VALIDATING_WEBHOOK_CONFIGURATION,
} from '../../../runtime/kinds.ts';
import { apiVersionOf, isDeleting } from '../../../runtime/object.ts';
import type { KubeObject, ObjectRef, Resource } from '../../../runtime/object.ts';
import type { DeploymentObject, SecretObject } from '../../sources/deployment.ts';
import type { ConfigurationObject } from '../../sources/webhooks.ts';
import { Departure } from '../departure.ts';
import { DAY_MS } from './authority.ts';
import type { CertificateMaker, Signing } from './authority.ts';
import { ServerCertificate } from './server-certificate.ts';

/** The inputs of the webhooks besides the spod object. */
export interface WebhookParts {
  readonly namespace: string;
  readonly restrictTo: readonly string[];
  readonly certificates: CertificateMaker;
  /** Whether this process serves them. */
  servesHere(): boolean;
  /** The manager's own Deployment, and the webhooks'. */
  readonly deployments: { readonly manager: Reader<DeploymentObject>; readonly webhook: Reader<DeploymentObject> };
  readonly secret: Reader<SecretObject>;
  /** The operator's Namespace, which owns the configurations. */
  readonly namespaces: Reader<KubeObject>;
  readonly configurations: Reader<ConfigurationObject>;
  /** The CRDs of cert-manager's certificates and of OpenShift's service CA, where the cluster has them. */
  readonly certManagerCrds: Reader<KubeObject>;
  readonly serviceCaCrds: Reader<KubeObject>;
}

/** The objects of the webhooks. */
export interface WebhookObjects {
  readonly desired: readonly Manifest[];
  readonly toDelete: readonly ObjectRef[];
  /** The reason why new pods may not meet the webhooks yet, in words; undefined where they do. */
  readonly missing?: string;
  readonly lookAgainMs: number;
}

/** The image of the webhooks' containers. */
export interface WebhookImage {
  readonly image: string;
  readonly imagePullPolicy: string;
}

type Spod = SecurityProfilesOperatorDaemon;
type SpodSpec = SecurityProfilesOperatorDaemonSpec;

/**
 * So long after a configuration was made API servers may not know it yet, in milliseconds: 200 to 500 were seen with
 * Kubernetes 1.37.
 */
const KNOWN_MS = 1000;

/** Keeps the webhooks. */
export class Webhooks {
  private readonly parts: WebhookParts;
  private readonly certificate: ServerCertificate;
  private readonly departure: Departure;
  /** When the configurations are known to API servers, in milliseconds since 1970; undefined while there are none. */
  private knownAt: number | undefined = 0;

  constructor(parts: WebhookParts) {
    this.parts = parts;
    this.certificate = new ServerCertificate(parts.certificates, webhookNames(parts.namespace));
    this.departure = new Departure({ ...parts, managers: parts.deployments.manager });
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
    const wanted = placeOf(spec);
    const place = this.placeNow(wanted);
    const by = this.issuer();
    const own = by === 'operator' ? await this.certificate.desired(signing, this.found(), now) : undefined;
    const hasDeployment = wanted === 'deployment' || place === 'deployment';
    const service = { namespace, owner, servedByOpenShift: by === 'openshift' };
    const objects = [
      ...(own === undefined ? [] : [tlsSecret(OBJECT.webhookCert, namespace, owner, own.content)]),
      ...(by === 'cert-manager' ? certManagerObjects(namespace, owner) : []),
      webhookService({ ...service, place }),
      ...(hasDeployment ? [webhookDeployment({ spec, namespace, restrictTo, owner, ...image })] : []),
    ];
    const configured = this.configurationsFor(spod, by === 'operator' ? { by, bundle: signing.bundle } : { by });
    const { missing, lookAgainMs = DAY_MS } = this.lack(spod, now);
    return {
      desired: [...objects, ...configured],
      toDelete: hasDeployment ? [] : [{ ...DEPLOYMENT_REF, namespace }],
      ...(missing === undefined ? {} : { missing }),
      lookAgainMs: Math.min(own?.lookAgainMs ?? DAY_MS, lookAgainMs),
    };
  }

  /**
   * The configurations, to be deleted because nothing answers any more. Those that others keep are theirs to delete,
   * unless the Service that they name goes with the operator's namespace.
   */
  removed(spod: Spod | undefined): readonly ObjectRef[] {
    const home = this.parts.namespaces.get({ name: this.parts.namespace });
    const isHomeGoing = home !== undefined && isDeleting(home);
    return spod?.spec?.staticWebhookConfig === true && !isHomeGoing ? [] : CONFIGURATION_REFS;
  }

  /** Whether none of those configurations is there any more. */
  areRemoved(spod: Spod): boolean {
    return this.removed(spod).length === 0 || this.parts.configurations.list().length === 0;
  }

  /** Whether the operator is being uninstalled. */
  isLeaving(): boolean {
    return this.departure.isNear();
  }

  private configurationsFor(spod: Spod, authority: CertificateAuthority): readonly Manifest[] {
    const { namespace, restrictTo, namespaces } = this.parts;
    const spec = spod.spec ?? {};
    if (spec.staticWebhookConfig === true || !this.answers()) return [];
    const home = namespaces.get({ name: namespace });
    const owner = home?.metadata.uid === undefined ? {} : { owner: ownerFor(home, home.metadata.uid) };
    const isUntrusted = authority.by !== 'operator' && !this.hasBundle();
    return webhookConfigurations({ spec, namespace, restrictTo, authority, isUntrusted, ...owner });
  }

  /** The reason why new pods may not meet the webhooks. Configurations that others keep are theirs to wait for. */
  private lack({ spec = {} }: Spod, now: number): { readonly missing?: string; readonly lookAgainMs?: number } {
    const isConfigured = spec.staticWebhookConfig === true || this.hasBundle();
    // Those that were there when this process began are known already.
    this.knownAt = isConfigured ? (this.knownAt ?? now + KNOWN_MS) : undefined;
    if (!this.serves(placeOf(spec))) return { missing: 'the webhooks are not ready' };
    if (this.knownAt === undefined) return { missing: 'the webhooks have not been configured yet' };
    if (now >= this.knownAt) return {};
    return { missing: 'the webhooks have just been configured', lookAgainMs: this.knownAt - now };
  }

  /**
   * Whether the API server can reach the webhooks, or could before: at an installation no pod is refused because the
   * webhooks are not there yet, and later an outage is what `failurePolicy` is for.
   */
  private answers(): boolean {
    return this.parts.configurations.list().length > 0 || PLACES.some((place) => this.serves(place));
  }

  /** The one configuration stands for both: cert-manager and OpenShift write into them at about the same time. */
  private hasBundle(): boolean {
    const hooks = this.parts.configurations.list().flatMap(({ webhooks = [] }) => webhooks);
    return hooks.length > 0 && hooks.every(({ clientConfig }) => (clientConfig?.caBundle ?? '') !== '');
  }

  /** Where the Service leads: where the webhooks are wanted as soon as they answer there, and until then as before. */
  private placeNow(wanted: WebhookPlace): WebhookPlace {
    return this.serves(wanted) ? wanted : (PLACES.find((place) => this.serves(place)) ?? wanted);
  }

  private serves(place: WebhookPlace): boolean {
    const { namespace, deployments } = this.parts;
    if (place === 'manager') return this.parts.servesHere();
    return (deployments.webhook.get({ namespace, name: OBJECT.webhook })?.status?.readyReplicas ?? 0) > 0;
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

const PLACES: readonly WebhookPlace[] = ['deployment', 'manager'];

function placeOf(spec: SpodSpec): WebhookPlace {
  return spec.runWebhookInManager === true ? 'manager' : 'deployment';
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
