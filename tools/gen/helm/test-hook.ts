// SPDX-License-Identifier: Apache-2.0
// The test of a release, `helm test`: a pod in which spoc doctor looks at the cluster. Its rights are read off the
// questions that the doctor asks, but for those about Secrets: dates of certificates are not worth a way to keys.
import { imageOf } from '../../../src/core/deploy/image.ts';
import type { Manifest } from '../../../src/core/deploy/manifest.ts';
import { CONTROL_PLANE_TOLERATIONS } from '../../../src/core/deploy/manager.ts';
import { managerSecurity } from '../../../src/core/deploy/pod-security.ts';
import type { Question } from '../../../src/core/doctor/cluster-facts.ts';
import { questionsFor } from '../../../src/core/doctor/cluster-facts.ts';
import { OPERATOR } from '../../../src/core/names.ts';
import { WORD } from './templates.ts';

/** The name of the pod and of its account, role and binding. */
const NAME = `${OPERATOR}-test`;

/** Gone before the next test, and after one that has gone well. */
const PASSING = 'before-hook-creation,hook-succeeded';

/** A path of the API server: a group, perhaps a namespace, a resource and perhaps one name. */
const PATH = /^\/api(?:s\/(?<group>[^/]+))?\/v\d\w*\/(?:namespaces\/[^/]+\/)?(?<resource>[^/]+)(?:\/(?<name>.+))?$/;

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** The question for one object, or for a list; undefined for the server's version, which everybody may ask. */
function askedBy({ path }: Question) {
  const { group = '', resource, name } = PATH.exec(path)?.groups ?? {};
  return resource === undefined ? undefined : { group, resource, name };
}

/** A rule for each resource of which single objects are asked for, and one for the lists of each group. */
function rules(): readonly Rule[] {
  const { single, definitions, objects, webhooks } = questionsFor(WORD.namespace);
  const asked = [...Object.values(single), ...definitions, ...objects, ...webhooks].flatMap(
    (one) => askedBy(one) ?? [],
  );
  const lists = Map.groupBy(
    asked.filter(({ name }) => name === undefined),
    ({ group }) => group,
  );
  const gets = Map.groupBy(
    asked.flatMap(({ name, ...of }) => (name === undefined ? [] : [{ ...of, name }])),
    ({ group, resource }) => `${group}/${resource}`,
  );
  return [
    ...[...lists].map(([group, all]) => ({
      apiGroups: [group],
      resources: [...new Set(all.map(({ resource }) => resource))],
      verbs: ['list'],
    })),
    ...[...gets.values()].flatMap(([first, ...others]) =>
      first === undefined
        ? []
        : [
            {
              apiGroups: [first.group],
              resources: [first.resource],
              resourceNames: [first, ...others].map(({ name }) => name),
              verbs: ['get'],
            },
          ],
    ),
  ];
}

function metaOf(policy: string, weight: number, namespace?: string): Manifest['metadata'] {
  return {
    name: NAME,
    ...(namespace === undefined ? {} : { namespace }),
    annotations: {
      'helm.sh/hook': 'test',
      'helm.sh/hook-weight': String(weight),
      'helm.sh/hook-delete-policy': policy,
    },
  };
}

function pod(): Manifest {
  const container = {
    name: 'doctor',
    ...imageOf({ image: WORD.image, imagePullPolicy: WORD.pullPolicy }),
    args: ['spoc', 'doctor', '--no-node', '--namespace', WORD.namespace],
    resources: { requests: { memory: '50Mi', cpu: '50m' }, limits: { memory: '256Mi' } },
    securityContext: managerSecurity(),
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metaOf(PASSING, 0, WORD.namespace),
    spec: {
      serviceAccountName: NAME,
      restartPolicy: 'Never',
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      tolerations: CONTROL_PLANE_TOLERATIONS,
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      imagePullSecrets: WORD.pullSecrets,
      containers: [container],
    },
  };
}

/** The pod and what it needs, in the order in which Helm makes them. */
export function testObjects(): readonly Manifest[] {
  const roles = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: NAME };
  // The rights go also when the test has failed; the pod stays for its log.
  const rights = `${PASSING},hook-failed`;
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metaOf(rights, -1, WORD.namespace) },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: metaOf(rights, -1),
      rules: rules(),
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: metaOf(rights, -1),
      roleRef: roles,
      subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: WORD.namespace }],
    },
    pod(),
  ];
}
