// SPDX-License-Identifier: Apache-2.0
// The fields that every object we deploy has in common. The functions of this folder print the YAML files of manifests/
// and are what the manager applies at run time, so the two cannot drift apart.
import { OPERATOR } from '../names.ts';

/** Metadata of an object that we deploy. */
export interface ManifestMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
}

/** The object whose deletion takes the deployed one along. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

/** An object to apply, in the API server's own form. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ManifestMeta;
  readonly [field: string]: unknown;
}

/** The label that all our objects carry. */
export const APP_LABEL: Readonly<Record<string, string>> = { app: OPERATOR };

/**
 * The annotation by which a pod asks OpenShift for a SecurityContextConstraints, so that it does not get another one
 * that it may use. `openshift.io/scc` is what the admission answers.
 */
export const REQUIRED_SCC = 'openshift.io/required-scc';

/** Metadata with our label, in a namespace. */
export function ownedMeta(name: string, namespace: string, owner?: OwnerReference): ManifestMeta {
  return { name, namespace, labels: APP_LABEL, ...(owner === undefined ? {} : { ownerReferences: [owner] }) };
}
