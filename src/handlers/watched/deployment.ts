// SPDX-License-Identifier: Apache-2.0
// What the spod object's handler looks at besides the spod: the manager's own Deployment (its image is the daemon's, too),
// the secrets of the certificates, and whether the cluster knows ServiceMonitors.
import { OPERATOR } from '../../core/names.ts';
import type { Source } from '../../runtime/handler.ts';
import { CUSTOM_RESOURCE_DEFINITION, DEPLOYMENT, SECRET } from '../../runtime/kinds.ts';
import type { KubeObject } from '../../runtime/object.ts';

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
}

/** The manager's Deployment. */
export function deploymentSource(namespace: string): Source<DeploymentObject> {
  return { resource: DEPLOYMENT, selector: { namespace, fieldSelector: `metadata.name=${OPERATOR}` } };
}

/** One secret of the operator's namespace. */
export function secretSource<T extends KubeObject>(namespace: string, name: string): Source<T> {
  return { resource: SECRET, selector: { namespace, fieldSelector: `metadata.name=${name}` } };
}

/** The CRD of ServiceMonitors, without its large schema. */
export const MONITOR_CRD: Source = {
  resource: CUSTOM_RESOURCE_DEFINITION,
  selector: { fieldSelector: 'metadata.name=servicemonitors.monitoring.coreos.com' },
  keep: ({ apiVersion, kind, metadata }) => ({ apiVersion, kind, metadata }),
};
