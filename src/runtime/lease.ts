// SPDX-License-Identifier: Apache-2.0
// Decides who leads from a Lease object and our own clock. The other process's clock is never trusted: its lease is
// over when we have seen it unchanged for its whole length, as client-go does it.
import { isJsonObject } from '../core/json.ts';
import type { KubeObject } from './object.ts';

/** The part of a Lease that matters. */
export interface LeaseRecord {
  readonly holder: string;
  readonly durationMs: number;
  readonly transitions: number;
  readonly acquireTime: string | undefined;
  /** Changes whenever the holder renews. */
  readonly mark: string;
}

/** A record, and since when (monotonic milliseconds) we have known it as it is. */
export interface Observed {
  readonly record: LeaseRecord;
  readonly since: number;
}

/** The next step for the lease. */
export type LeaseStep =
  { readonly type: 'take'; readonly transitions: number } | { readonly type: 'renew' } | { readonly type: 'wait' };

/** Reads a Lease; a missing holder means that it is free. */
export function parseLease(lease: KubeObject): LeaseRecord {
  const spec = 'spec' in lease && isJsonObject(lease.spec) ? lease.spec : {};
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const number = (value: unknown) => (typeof value === 'number' ? value : 0);
  return {
    holder: text(spec['holderIdentity']),
    durationMs: number(spec['leaseDurationSeconds']) * 1000,
    transitions: number(spec['leaseTransitions']),
    acquireTime: typeof spec['acquireTime'] === 'string' ? spec['acquireTime'] : undefined,
    mark: `${text(spec['holderIdentity'])} ${text(spec['renewTime'])}`,
  };
}

/** Notes a newly read record; an unchanged one keeps its time. */
export function observe(before: Observed | undefined, record: LeaseRecord, now: number): Observed {
  return before?.record.mark === record.mark ? { record, since: before.since } : { record, since: now };
}

/** The next step of the process with this identity. */
export function leaseStep(observed: Observed, identity: string, now: number): LeaseStep {
  const { record, since } = observed;
  if (record.holder === identity) return { type: 'renew' };
  const over = record.holder === '' || now - since >= record.durationMs;
  return over ? { type: 'take', transitions: record.transitions + 1 } : { type: 'wait' };
}

/** The Lease as a holder writes it; `holder` '' releases it, and then it lasts a second, as client-go leaves it. */
export function leaseSpec(record: {
  readonly holder: string;
  readonly leaseMs: number;
  readonly acquireTime: string;
  readonly renewTime: string;
  readonly transitions: number;
}): object {
  return {
    holderIdentity: record.holder,
    leaseDurationSeconds: record.holder === '' ? 1 : Math.ceil(record.leaseMs / 1000),
    acquireTime: record.acquireTime,
    renewTime: record.renewTime,
    leaseTransitions: record.transitions,
  };
}
