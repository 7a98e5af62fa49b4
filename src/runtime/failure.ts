// SPDX-License-Identifier: Apache-2.0
// Classifies the errors of reconciles: this one place decides over retry, log and metric.
import { NotYet } from '../core/errors.ts';
import { isStatus } from './api.ts';

/** The failures of a reconcile; `Rejected` is an answer and not among them. */
export type Failure =
  /** The object changed while we worked: another reconcile with the newer one. */
  | { readonly type: 'conflict'; readonly error: unknown }
  /** Something else must happen first. */
  | { readonly type: 'not-yet'; readonly message: string; readonly requeueAfterMs: number | undefined }
  /** The reconcile was broken off because it took too long. */
  | { readonly type: 'timeout' }
  /** We are being stopped, which is no failure. */
  | { readonly type: 'stopped' }
  /** Ours. `bug` where the program itself is wrong, and not its surroundings. */
  | { readonly type: 'ours'; readonly error: unknown; readonly bug: boolean; readonly retryAfterMs: number };

function isBug(error: unknown): boolean {
  const wrong = error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
  return wrong && error.cause === undefined;
}

/** Classifies an error. `stopping`: the controller is being stopped; `overtime`: the reconcile's time was up. */
export function classifyFailure(error: unknown, stopping: boolean, overtime: boolean): Failure {
  if (error instanceof NotYet) return { type: 'not-yet', message: error.message, requeueAfterMs: error.requeueAfterMs };
  if (isStatus(error, 409)) return { type: 'conflict', error };
  if (stopping) return { type: 'stopped' };
  if (overtime) return { type: 'timeout' };
  const asked = isStatus(error, 429) || isStatus(error, 503) ? (error.retryAfterMs ?? 0) : 0;
  return { type: 'ours', error, bug: isBug(error), retryAfterMs: asked };
}
