// SPDX-License-Identifier: Apache-2.0
// The next step of a reflector, as a pure function of how the last list or watch ended. Every
// error names the state to fall back to; none ends the reflector.
import { ApiError } from './api.ts';

/** The current step of a reflector: read a page of a list, or watch from a version on. */
export type State =
  | { readonly type: 'list'; readonly next: string; readonly paged: boolean }
  | { readonly type: 'watch'; readonly resourceVersion: string };

/** How that ended. */
export type StepEnd =
  | { readonly type: 'page'; readonly next: string; readonly resourceVersion: string }
  | { readonly type: 'watched'; readonly resourceVersion: string }
  /** The answer was too long to be read; the next page will be smaller. */
  | { readonly type: 'too-long' }
  | { readonly type: 'failed'; readonly resourceVersion?: string; readonly error: unknown };

/** The state to begin with, and to fall back to when nothing else is sure. */
export const START = { type: 'list', next: '', paged: true } as const satisfies State;

/** A watch that does not go on from what we have seen: only a new list tells what is true. */
export class OutOfStep extends Error {
  override readonly name = 'OutOfStep';
}

function needsList(error: unknown): boolean {
  return error instanceof TypeError || error instanceof SyntaxError || error instanceof OutOfStep;
}

/** Server errors and lost connections pass; garbled data, gaps and refusals need a new list. */
function isPassing(error: unknown): boolean {
  return error instanceof ApiError ? error.code >= 500 || error.code === 429 : !needsList(error);
}

function afterFailure(state: State, resourceVersion: string | undefined, error: unknown): State {
  if (!isPassing(error)) {
    // 410 between pages: the snapshot was compacted away before it was read. One large list cannot be.
    const expired = error instanceof ApiError && error.code === 410;
    return state.type === 'list' && expired ? { ...START, paged: false } : START;
  }
  return state.type === 'list' ? state : { type: 'watch', resourceVersion: resourceVersion ?? state.resourceVersion };
}

/**
 * The API server's words, with 429 and a Retry-After of a second, while it fills the cache of a kind, such as one that
 * has just been defined: all but the first request meet them. 100 to 300 ms were seen with Kubernetes 1.37.
 */
const FILLING = 'storage is (re)initializing';

/** So many tries in a row do not wait as long as that; where it is the cache of a large cluster, it takes longer. */
const EARLY_TRIES = 2;

/** For how long the server wants to be left alone after so many failures in a row, in milliseconds. */
export function askedPauseMs(error: unknown, failures: number): number {
  if (!(error instanceof ApiError)) return 0;
  const isFilling = error.code === 429 && error.message.includes(FILLING);
  return isFilling && failures <= EARLY_TRIES ? 0 : (error.retryAfterMs ?? 0);
}

/** The state after a step. */
export function nextState(state: State, end: StepEnd): State {
  switch (end.type) {
    case 'page':
      return end.next === ''
        ? { type: 'watch', resourceVersion: end.resourceVersion }
        : { type: 'list', next: end.next, paged: true };
    case 'watched':
      return { type: 'watch', resourceVersion: end.resourceVersion };
    case 'too-long':
      return state.type === 'list' && state.paged ? state : START;
    case 'failed':
      return afterFailure(state, end.resourceVersion, end.error);
    default:
      return end satisfies never;
  }
}
