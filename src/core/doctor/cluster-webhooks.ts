// SPDX-License-Identifier: Apache-2.0
// Findings about the webhooks of a cluster: whether somebody answers, whom the API server trusts, and until when
// certificates are valid. A webhook that fails closed and does not answer lets no pod of its namespaces be created.
import { certificatesOf } from '../certificates.ts';
import type { Validity } from '../certificates.ts';
import { CERTIFICATE_SECRETS, WEBHOOK_CONFIGURATIONS } from './cluster-facts.ts';
import type { ClusterFacts } from './cluster-facts.ts';
import { findingsOf } from './finding.ts';
import type { Finding } from './finding.ts';
import { itemsOf, listAt, textAt, valueAt } from './reading.ts';

/** Certificates are renewed long before; one with less time left was not. Milliseconds. */
const SOON = 7 * 24 * 3600 * 1000;

const { ok, warn, fail, unknown } = findingsOf('cluster');

/** Configurations, endpoints and certificates. */
export function judgeWebhooks(facts: ClusterFacts): readonly Finding[] {
  const { webhooks } = facts;
  if (webhooks.every(({ type }) => type === 'absent')) {
    const advice =
      'without them no pod is bound and none is recorded; look at the log of the manager, which makes them';
    return [warn('webhooks', 'there are no webhook configurations', advice), ...judgeCertificates(facts)];
  }
  const found = WEBHOOK_CONFIGURATIONS.flatMap(([, name], index) => {
    const answer = webhooks[index];
    if (answer?.type === 'refused') return [unknown('webhooks', answer.why, 'ask with the rights of an administrator')];
    return answer?.type === 'found' ? [judgeConfiguration(name, answer.body, facts)] : [];
  });
  return [...found, ...judgeCertificates(facts)];
}

function judgeConfiguration(name: string, configuration: unknown, facts: ClusterFacts): Finding {
  const check = 'webhooks';
  const hooks = listAt(configuration, 'webhooks');
  const closed = hooks.filter((hook) => textAt(hook, 'failurePolicy') === 'Fail').map((hook) => textAt(hook, 'name'));
  const ready = readyEndpoints(facts);
  if (ready === 0) {
    const effect = closed.length === 0 ? '' : `, so the API server refuses the pods that ${closed.join(', ')} asks for`;
    const advice = `get the webhook's pods to run (-n ${facts.namespace}), or delete the configuration ${name}`;
    return fail(check, `${name}: nobody answers${effect}`, advice);
  }
  const bundles = hooks.map((hook) => trustOf(hook, facts));
  const bad = bundles.find((bundle) => bundle !== undefined);
  const advice = 'delete the configuration: the manager makes it again (with cert-manager: look at its injector)';
  if (bad !== undefined) return fail(check, `${name}: ${bad}`, advice);
  const policy =
    closed.length === 0 ? 'none refuses pods when it does not answer' : `fail closed: ${closed.join(', ')}`;
  const count = ready === undefined ? 'unknown' : String(ready);
  return ok(check, `${name}: ready endpoints ${count}; ${policy}`);
}

/** How many pods answer; undefined where that was not told. */
function readyEndpoints({ single: { endpoints } }: ClusterFacts): number | undefined {
  if (endpoints.type === 'refused') return undefined;
  const all = itemsOf(endpoints).flatMap((slice) => listAt(slice, 'endpoints'));
  return all.filter((endpoint) => valueAt(endpoint, 'conditions', 'ready') !== false).length;
}

/** The fault of the certificates that the API server trusts for a webhook. */
function trustOf(hook: unknown, { validityOf, now }: ClusterFacts): string | undefined {
  const bundle = decoded(textAt(hook, 'clientConfig', 'caBundle') ?? '');
  const validities = certificatesOf(bundle).map(validityOf);
  if (validities.length === 0) return `${textAt(hook, 'name') ?? ''} trusts no certificate (caBundle)`;
  const isValid = (validity: Validity | undefined): boolean =>
    validity !== undefined && validity.from <= now && now < validity.until;
  return validities.some(isValid) ? undefined : `${textAt(hook, 'name') ?? ''} trusts only certificates that are over`;
}

function decoded(text: string): string {
  try {
    return atob(text);
  } catch {
    return '';
  }
}

function judgeCertificates(facts: ClusterFacts): readonly Finding[] {
  return CERTIFICATE_SECRETS.map((name, index) => judgeCertificate(name, facts, facts.certificates[index]));
}

function judgeCertificate(
  name: string,
  { now, namespace }: ClusterFacts,
  fact: ClusterFacts['certificates'][number] | undefined,
): Finding {
  const check = 'certificates';
  if (fact?.type === 'refused')
    return unknown(check, `${name}: ${fact.why}`, 'ask with the rights of an administrator');
  const advice = `kubectl -n ${namespace} delete secret ${name}: whoever made it (the manager, or cert-manager) makes it anew`;
  if (fact?.type !== 'found') return warn(check, `there is no secret ${name}`, 'the manager makes it; look at its log');
  if (fact.validity === undefined) return fail(check, `${name} has no certificate that can be read`, advice);
  const { from, until } = fact.validity;
  if (from > now)
    return fail(check, `${name} is not valid before ${dateOf(from)}`, 'set the clock; then delete the secret');
  if (until <= now) return fail(check, `${name} was valid until ${dateOf(until)}`, advice);
  if (until - now < SOON) return warn(check, `${name} is valid until ${dateOf(until)} only`, advice);
  return ok(check, `${name} is valid until ${dateOf(until)}`);
}

function dateOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
