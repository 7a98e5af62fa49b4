// SPDX-License-Identifier: Apache-2.0
// The ClusterServiceVersion: this version of the operator as OLM installs it. The webhooks are not in it: OLM knows no
// selector of namespaces, so that each pod of the cluster would wait for them; the manager makes them from the spod, as
// everywhere else, unless `staticWebhookConfig` leaves them to an administrator.
// Source: github.com/operator-framework/api, pkg/operators/v1alpha1/clusterserviceversion_types.go.
import { ENV } from '../../../src/core/env.ts';
import { IMAGE } from '../../../src/core/deploy/image.ts';
import { OPERATOR } from '../../../src/core/names.ts';
import { VERSION } from '../../../src/core/version.ts';
import type { Resource } from '../schema.ts';
import { descriptorsOf } from './descriptors.ts';
import { examples } from './examples.ts';
import { BUNDLE_NAME, olmParts } from './parts.ts';

/** Kubernetes with rules in the Common Expression Language, which the CRDs have. */
const MIN_KUBERNETES = '1.25.0';

const DISPLAY_NAME = 'Security Profiles Operator';

const PROJECT = 'https://github.com/kubernetes-sigs/security-profiles-operator';

/** A shield with a keyhole. */
const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><path fill="#326ce5" d="M32 3 8 12v18c0 15 10 26 24 31 ' +
  '14-5 24-16 24-31V12z"/><path fill="#fff" d="M32 21a7 7 0 0 0-3 13v10h6V34a7 7 0 0 0-3-13z"/></svg>';

const DESCRIPTION = `Seccomp, SELinux and AppArmor profiles as Kubernetes objects: installed on the nodes, bound to workloads,
recorded from them, merged, and shared through registries.

Install it into the namespace \`${OPERATOR}\`, which has to be privileged by Pod Security, because the daemon mounts
directories of the nodes. By an OperatorGroup it can be restricted to some namespaces. The objects that OLM does not make, policies
of admission and of the network, are in \`olm/policies.yaml\` of the project: apply them with kubectl; \`spoc doctor\` says whether
they are there.
`;

/** Icon of the package. */
export const ICON_DATA = { base64data: Buffer.from(ICON).toString('base64'), mediatype: 'image/svg+xml' } as const;

/** The objects that belong to one of a kind, for the console. */
function resourcesOf(kind: string): readonly object[] {
  if (kind === 'SecurityProfilesOperatorDaemon') {
    return ['DaemonSet', 'Deployment', 'Service', 'ConfigMap', 'Secret'].map((name) => ({
      kind: name,
      name: '',
      version: ['DaemonSet', 'Deployment'].includes(name) ? 'apps/v1' : 'v1',
    }));
  }
  return [{ kind: 'SecurityProfileNodeStatus', name: '', version: 'v1alpha1' }];
}

function owned(resource: Resource): object {
  const { plural, group, version, kind } = resource.names;
  return {
    name: `${plural}.${group}`,
    version,
    kind,
    displayName: kind.replace(/([a-z])([A-Z])/g, '$1 $2'),
    description: (resource.schema.description ?? '').split('\n')[0],
    resources: resourcesOf(kind),
    ...descriptorsOf(resource),
  };
}

/** OLM writes the namespaces of the OperatorGroup into this annotation of the pod; it is empty for all. */
const WATCH_VARIABLE = {
  name: ENV.watchNamespace,
  valueFrom: { fieldRef: { fieldPath: "metadata.annotations['olm.targetNamespaces']" } },
};

interface PodTemplate {
  readonly spec: { readonly containers: readonly { readonly env: readonly object[] }[] };
}

/** The Deployment's spec with the variable in its containers. */
function deploymentSpec(spec: { readonly template: PodTemplate }): object {
  const containers = spec.template.spec.containers.map((container) => ({
    ...container,
    env: [...container.env, WATCH_VARIABLE],
  }));
  return { ...spec, template: { ...spec.template, spec: { ...spec.template.spec, containers } } };
}

function annotations(resources: readonly Resource[]): object {
  const { namespace } = olmParts();
  const internal = resources.filter(({ names }) => names.kind === 'SecurityProfileNodeStatus');
  return {
    'alm-examples': JSON.stringify(examples(), undefined, 2),
    capabilities: 'Seamless Upgrades',
    categories: 'Security',
    containerImage: IMAGE,
    description: 'Seccomp, SELinux and AppArmor profiles as Kubernetes objects',
    'operatorframework.io/suggested-namespace': OPERATOR,
    'operatorframework.io/suggested-namespace-template': JSON.stringify(namespace),
    'operators.operatorframework.io/internal-objects': JSON.stringify(
      internal.map(({ names }) => `${names.plural}.${names.group}`),
    ),
    repository: PROJECT,
    support: 'Kubernetes SIG Node',
  };
}

/** The object. */
export function clusterServiceVersion(resources: readonly Resource[]) {
  const { deployment, clusterPermissions, permissions } = olmParts();
  const spec = deployment['spec'] as { readonly template: PodTemplate };
  return {
    apiVersion: 'operators.coreos.com/v1alpha1',
    kind: 'ClusterServiceVersion',
    metadata: {
      name: BUNDLE_NAME,
      annotations: annotations(resources),
      labels: { 'operatorframework.io/arch.amd64': 'supported', 'operatorframework.io/arch.arm64': 'supported' },
    },
    spec: {
      displayName: DISPLAY_NAME,
      description: DESCRIPTION,
      version: VERSION,
      minKubeVersion: MIN_KUBERNETES,
      maturity: 'alpha',
      keywords: ['security', 'seccomp', 'apparmor', 'selinux', 'ebpf'],
      provider: { name: 'Kubernetes SIGs', url: PROJECT },
      maintainers: [{ name: 'Kubernetes SIG Node', email: 'kubernetes-sig-node@googlegroups.com' }],
      links: [{ name: DISPLAY_NAME, url: PROJECT }],
      icon: [ICON_DATA],
      installModes: ['OwnNamespace', 'SingleNamespace', 'MultiNamespace', 'AllNamespaces'].map((type) => ({
        type,
        supported: true,
      })),
      customresourcedefinitions: { owned: resources.map(owned) },
      install: {
        strategy: 'deployment',
        spec: {
          clusterPermissions,
          permissions,
          deployments: [{ name: deployment.metadata.name, label: deployment.metadata.labels, spec: deploymentSpec(spec) }],
        },
      },
      relatedImages: [{ name: OPERATOR, image: IMAGE }],
    },
  };
}
