// SPDX-License-Identifier: Apache-2.0
// A cluster on which nothing is amiss, for tests that change one answer.
import { CERTIFICATE_SECRETS, WEBHOOK_CONFIGURATIONS } from '../../../src/core/doctor/cluster-facts.ts';
import type { Answer, ClusterFacts } from '../../../src/core/doctor/cluster-facts.ts';
import { KINDS } from '../../../src/gen/kinds.ts';

/** The time of the tests, in milliseconds since 1970. */
export const NOW = Date.parse('2026-11-29T12:00:00Z');

/** Milliseconds. */
export const DAY = 24 * 3600 * 1000;

/** An answer. */
export function found(body: unknown): Answer {
  return { type: 'found', body };
}

/** A list. */
export function list(...items: readonly unknown[]): Answer {
  return found({ items });
}

/** A certificate that validityOf below takes for one that ends at a day. */
export function certificateUntil(time: number): string {
  return `-----BEGIN CERTIFICATE-----\n${String(time)}\n-----END CERTIFICATE-----\n`;
}

/** A definition of a kind, as the API server gives it. */
export function definition(version: string, more: object = {}) {
  return {
    spec: { versions: [{ name: version, served: true }] },
    status: { storedVersions: [version], conditions: [{ type: 'Established', status: 'True' }] },
    ...more,
  };
}

/** The answer to one who may not ask. */
export const REFUSED = { type: 'refused', why: 'is forbidden' } as const;

/** The answer about something that is not there. */
export const ABSENT = { type: 'absent' } as const;

/** A webhook configuration whose certificate ends at a time. */
export function configuration(until: number, failurePolicy = 'Fail'): Answer {
  const caBundle = btoa(certificateUntil(until));
  return found({ webhooks: [{ name: 'binding.spo.io', failurePolicy, clientConfig: { caBundle } }] });
}

const NAMESPACE = 'security-profiles-operator';
const POLICIES = ['node-reports', 'recorded-profiles', 'pods', 'log-profile', 'manager-pods', 'manager-nodes']
  .concat('manager-profiles', 'manager-deletions', 'manager-secrets', 'manager-workloads', 'manager-roles')
  .concat('manager-role-bindings', 'manager-account', 'daemon-events', 'trials');

/** The cluster. */
export const SOUND: ClusterFacts = {
  namespace: NAMESPACE,
  now: NOW,
  single: {
    version: found({ gitVersion: 'v1.34.5' }),
    spods: list({
      metadata: { name: 'spod', namespace: NAMESPACE, generation: 2 },
      status: { state: 'RUNNING', observedGeneration: 2, conditions: [] },
    }),
    deployment: found({
      spec: { template: { spec: { containers: [{ image: 'spo:1' }] } } },
      status: { availableReplicas: 1 },
    }),
    daemonSet: found({ status: { desiredNumberScheduled: 1, numberReady: 1, updatedNumberScheduled: 1 } }),
    pods: list({
      metadata: { name: 'spod-x', namespace: NAMESPACE, labels: { name: 'spod', app: NAMESPACE } },
      spec: { nodeName: 'a' },
      status: { containerStatuses: [{ name: 'd', state: { running: {} } }] },
    }),
    nodes: list({ metadata: { name: 'a' } }),
    reports: list({ nodeName: 'a', status: { failed: 0, conditions: [{ type: 'Ready', status: 'True' }] } }),
    endpoints: list({ endpoints: [{ conditions: { ready: true } }] }),
    roles: list({ metadata: { name: 'spod' } }),
    bindings: list({ metadata: { name: 'spod' } }),
    home: found({ metadata: { name: NAMESPACE } }),
    account: found({ metadata: { name: NAMESPACE, namespace: NAMESPACE } }),
    policies: list(...POLICIES.map((name) => ({ metadata: { name: `${NAMESPACE}-${name}` } }))),
  },
  definitions: KINDS.map(({ version }) => found(definition(version))),
  objects: KINDS.map(() => list()),
  webhooks: WEBHOOK_CONFIGURATIONS.map(() => configuration(NOW + 90 * DAY)),
  certificates: CERTIFICATE_SECRETS.map(() => ({
    type: 'found',
    validity: { from: NOW - DAY, until: NOW + 90 * DAY },
  })),
  validityOf: (pem) => {
    const until = Number(/^\d+$/m.exec(pem)?.[0]);
    return Number.isNaN(until) ? undefined : { from: NOW - DAY, until };
  },
};
