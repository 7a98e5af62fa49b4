// SPDX-License-Identifier: Apache-2.0
// The sources of the spod's handler besides the spod: the manager's own Deployment (its image is the daemon's, too),
// the secrets of the certificates, the CRD of ServiceMonitors, and the objects that it only writes, so that it restores
// them when they are deleted.
import { OBJECT, OPERATOR } from '../../core/names.ts';
import { APP_ARMOR_PROFILE, SECCOMP_PROFILE } from '../../gen/kinds.ts';
import type { Source } from '../../runtime/handler.ts';
import {
  CONFIG_MAP,
  CUSTOM_RESOURCE_DEFINITION,
  DEPLOYMENT,
  SECRET,
  SERVICE,
  SERVICE_MONITOR,
} from '../../runtime/kinds.ts';
import type { KubeObject, ObjectMeta, Resource } from '../../runtime/object.ts';

/** A Deployment, as far as it is read. */
export interface DeploymentObject extends KubeObject {
  readonly spec?: {
    readonly template?: {
      readonly spec?: {
        readonly containers?: readonly {
          readonly name: string;
          readonly image?: string;
          readonly imagePullPolicy?: string;
        }[];
      };
    };
  };
  readonly status?: { readonly readyReplicas?: number };
}

/** A secret, as far as it is read. */
export interface SecretObject extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** A type of secrets, and the key of the value that all of that type have. */
export interface SecretType {
  readonly type: string;
  readonly key: string;
}

/** The manager's Deployment. */
export function deploymentSource(namespace: string): Source<DeploymentObject> {
  return one(DEPLOYMENT, namespace, OPERATOR);
}

/** One secret of the operator's namespace. */
export function secretSource(namespace: string, name: string): Source<SecretObject> {
  return one(SECRET, namespace, name);
}

/** The secrets of the operator's namespace that are of one type, without other values than the one that it has. */
export function typedSecretSource(namespace: string, { type, key }: SecretType): Source<SecretObject> {
  return { resource: SECRET, selector: { namespace, fieldSelector: `type=${type}` }, transform: withOnly(key) };
}

/** One secret of the operator's namespace, of whatever type, without other values than that of one key. */
export function namedValueSource(namespace: string, name: string, key: string): Source<SecretObject> {
  return { ...secretSource(namespace, name), transform: withOnly(key) };
}

function withOnly(key: string): (object: SecretObject) => SecretObject {
  return (object) => {
    const value = object.data?.[key];
    return { ...versionOnly(object), ...(value === undefined ? {} : { data: { [key]: value } }) };
  };
}

/**
 * Objects that the handler writes and never reads, watched to restore them when they are deleted: each by its name, so
 * that RBAC can use resourceNames, and whole, because they are small and only our fields of them count. The token
 * belongs to Prometheus: it is not kept.
 */
export function madeSources(namespace: string): readonly Source[] {
  return [
    one(CONFIG_MAP, namespace, OBJECT.profilesConfigMap),
    one(SERVICE, namespace, OBJECT.metricsService),
    one(SERVICE, namespace, OBJECT.managerMetricsService),
    { ...one(SERVICE_MONITOR, namespace, OBJECT.serviceMonitor), optional: true },
    { ...one(SECRET, namespace, OBJECT.metricsToken), transform: versionOnly },
    one(SECCOMP_PROFILE, namespace, OBJECT.traceProfile),
    one(APP_ARMOR_PROFILE, namespace, OBJECT.traceProfile),
  ];
}

/** One object of the operator's namespace, by its name. */
export function one<T extends KubeObject>(resource: Resource, namespace: string, name: string): Source<T> {
  return { resource, selector: { namespace, fieldSelector: `metadata.name=${name}` } };
}

function versionOnly({ apiVersion, kind, metadata }: KubeObject): KubeObject {
  const { name, namespace, resourceVersion } = metadata;
  const kept: ObjectMeta = { name, namespace, ...(resourceVersion === undefined ? {} : { resourceVersion }) };
  return { apiVersion, kind, metadata: kept };
}

/** The CRD of ServiceMonitors, which tells that the Prometheus operator is there. */
export const MONITOR_CRD = crdSource('servicemonitors.monitoring.coreos.com');

/** A CRD of another project by its name, without its large schema. */
export function crdSource(name: string): Source {
  return {
    resource: CUSTOM_RESOURCE_DEFINITION,
    selector: { fieldSelector: `metadata.name=${name}` },
    transform: ({ apiVersion, kind, metadata }) => ({ apiVersion, kind, metadata }),
  };
}
