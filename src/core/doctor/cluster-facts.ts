// SPDX-License-Identifier: Apache-2.0
// The answers of an API server on which findings about a cluster are made: what is asked, by a name for each question.
import type { Validity } from '../certificates.ts';
import { OBJECT, OPERATOR, SPOD } from '../names.ts';
import { KINDS, SECURITY_PROFILE_NODE_STATUS, SECURITY_PROFILES_OPERATOR_DAEMON } from '../../gen/kinds.ts';
import type { Kind } from '../../gen/kinds.ts';

/** The answer to one question. */
export type Answer =
  | { readonly type: 'found'; readonly body: unknown }
  | { readonly type: 'absent' }
  | { readonly type: 'refused'; readonly why: string };

/** The path of a question at the API server, with its query. */
export interface Question {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
}

/** The most objects of a kind that are looked at: findings name kinds and counts, and a cluster may have thousands. */
const PAGE = '500';

/** Secrets with certificates that the operator needs. */
export const CERTIFICATE_SECRETS = [
  OBJECT.authority,
  OBJECT.metricsCert,
  OBJECT.managerMetricsCert,
  OBJECT.webhookCert,
] as const;

/** Configurations of webhooks, with the resource of each. */
export const WEBHOOK_CONFIGURATIONS = [
  ['mutatingwebhookconfigurations', OBJECT.mutatingWebhooks],
  ['validatingwebhookconfigurations', OBJECT.validatingWebhooks],
] as const;

/** The path of all objects of a kind of ours. */
export function pathOfKind({ group, version, plural }: Kind): string {
  return `/apis/${group}/${version}/${plural}`;
}

/** The questions about one namespace's operator. */
export function questionsFor(namespace: string) {
  const core = `/api/v1/namespaces/${namespace}`;
  const apps = `/apis/apps/v1/namespaces/${namespace}`;
  const { group, version, plural } = SECURITY_PROFILE_NODE_STATUS;
  const admission = '/apis/admissionregistration.k8s.io/v1';
  const rbac = '/apis/rbac.authorization.k8s.io/v1';
  const page = { limit: PAGE };
  const own = { labelSelector: `app=${OPERATOR}` };
  return {
    single: {
      version: { path: '/version' },
      spods: { path: pathOfKind(SECURITY_PROFILES_OPERATOR_DAEMON) },
      deployment: { path: `${apps}/deployments/${OPERATOR}` },
      daemonSet: { path: `${apps}/daemonsets/${SPOD}` },
      pods: { path: `${core}/pods`, query: page },
      nodes: { path: '/api/v1/nodes', query: page },
      reports: { path: `/apis/${group}/${version}/namespaces/${namespace}/${plural}`, query: page },
      endpoints: {
        path: `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`,
        query: { labelSelector: `kubernetes.io/service-name=${OBJECT.webhookService}` },
      },
      policies: { path: `${admission}/validatingadmissionpolicies`, query: page },
      roles: { path: `${rbac}/clusterroles`, query: own },
      bindings: { path: `${rbac}/clusterrolebindings`, query: own },
      home: { path: core },
      account: { path: `${core}/serviceaccounts/${OPERATOR}` },
    },
    definitions: KINDS.map(({ group: of, plural: name }) => ({
      path: `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}.${of}`,
    })),
    objects: KINDS.map((kind) => ({ path: pathOfKind(kind), query: page })),
    webhooks: WEBHOOK_CONFIGURATIONS.map(([resource, name]) => ({ path: `${admission}/${resource}/${name}` })),
    secrets: CERTIFICATE_SECRETS.map((name) => ({ path: `${core}/secrets/${name}` })),
  } satisfies Readonly<Record<string, Readonly<Record<string, Question>> | readonly Question[]>>;
}

type SingleQuestion = keyof ReturnType<typeof questionsFor>['single'];

/** The cluster. */
export interface ClusterFacts {
  /** Where the operator is looked for. */
  readonly namespace: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly single: Readonly<Record<SingleQuestion, Answer>>;
  /** For each of KINDS, its definition. */
  readonly definitions: readonly Answer[];
  /** For each of KINDS, its objects in all namespaces. */
  readonly objects: readonly Answer[];
  /** For each of WEBHOOK_CONFIGURATIONS. */
  readonly webhooks: readonly Answer[];
  /** For each of CERTIFICATE_SECRETS. */
  readonly certificates: readonly (Exclude<Answer, { type: 'found' }> | CertificateFact)[];
  /** When the certificates of a PEM text are valid; undefined for what is none. */
  readonly validityOf: (pem: string) => Validity | undefined;
}

/** A Secret, without anything that is secret. */
export interface CertificateFact {
  readonly type: 'found';
  readonly validity: Validity | undefined;
}
