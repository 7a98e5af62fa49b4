// SPDX-License-Identifier: Apache-2.0
// Folds what every node reports of one profile into the profile's own status: the worst state, how many nodes stand
// where, the first failures in their own words. A pure function of the reports, so a manager that restarts comes to the
// same status and writes nothing.
import type { Observation, ProfileState } from './state.ts';
import { READY, readyOf, worstState } from './state.ts';

/** What one node says of one profile. */
export interface NodeEntry {
  readonly state: ProfileState;
  readonly uid?: string;
  readonly generation?: number;
  readonly reason?: string;
  readonly message?: string;
}

/** A node that counts for a profile, with what it says of it; `entry` is absent while it has said nothing. */
export interface NodeReport {
  readonly nodeName: string;
  readonly entry?: NodeEntry | undefined;
}

/** What is folded. */
export interface FoldInput {
  /** uid and generation of the profile as it is now: what a node said of another one says nothing. */
  readonly uid: string | undefined;
  readonly generation: number;
  /** Someone asked for the deletion. */
  readonly deleting: boolean;
  /** The profile was Installed on all nodes at this generation: a node that has just joined does not take that back. */
  readonly wasInstalled: boolean;
  readonly reports: readonly NodeReport[];
}

/** How many nodes stand where. */
export interface NodeCounts {
  readonly desired: number;
  readonly installed: number;
  readonly pending: number;
  readonly failed: number;
}

/** Why one node failed. */
export interface NodeFailure {
  readonly nodeName: string;
  readonly reason?: string;
  readonly message: string;
}

/** The profile as seen over all nodes. */
export interface Folded {
  readonly state: ProfileState;
  readonly nodes: NodeCounts;
  readonly failures: readonly NodeFailure[];
  readonly ready: Observation;
}

/** How many failures a profile's status lists; the rest is counted. The limit of schemas/defs/node-failures.json. */
const FAILURES_LISTED = 10;

/** Longest message of a listed failure, schemas/defs/node-failure.json. */
const MESSAGE_MAX = 1024;

/** One state, count and condition from the reports of all nodes. */
export function foldReports(input: FoldInput): Folded {
  const answers = input.reports.map((report) => ({ nodeName: report.nodeName, ...answerOf(report, input) }));
  const nodes = {
    desired: answers.length,
    installed: count(answers, ['Installed']),
    pending: count(answers, ['Pending', 'InProgress', 'Terminating']),
    failed: count(answers, ['Error']),
  };
  const failures = answers.filter((answer) => answer.state === 'Error').map(failureOf);
  failures.sort((a, b) => (a.nodeName < b.nodeName ? -1 : 1));
  const state = stateOf(answers, input);
  return {
    state,
    nodes,
    failures: failures.slice(0, FAILURES_LISTED),
    ready: {
      type: READY,
      ...readyOf(state),
      message: messageOf(state, nodes, failures, answers),
      observedGeneration: input.generation,
    },
  };
}

interface Answer {
  readonly nodeName: string;
  readonly state: ProfileState;
  /** The node has not said anything of this profile since it was made. */
  readonly silent: boolean;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
}

function answerOf(report: NodeReport, input: FoldInput): Omit<Answer, 'nodeName'> {
  const { entry } = report;
  if (entry === undefined || (entry.uid !== undefined && entry.uid !== input.uid)) {
    return { state: 'Pending', silent: true };
  }
  if (!input.deleting && entry.generation !== undefined && entry.generation < input.generation) {
    return { state: 'InProgress', silent: false };
  }
  return { state: entry.state, silent: false, reason: entry.reason, message: entry.message };
}

function stateOf(answers: readonly Answer[], input: FoldInput): ProfileState {
  if (input.deleting) return 'Terminating';
  const heard = input.wasInstalled ? answers.filter((answer) => !answer.silent) : answers;
  return worstState(heard.map((answer) => answer.state)) ?? (input.wasInstalled ? 'Installed' : 'Pending');
}

function count(answers: readonly Answer[], states: readonly ProfileState[]): number {
  return answers.filter((answer) => states.includes(answer.state)).length;
}

function failureOf(answer: Answer): NodeFailure {
  const message = (answer.message ?? 'the node gave no reason').slice(0, MESSAGE_MAX);
  return { nodeName: answer.nodeName, ...(answer.reason === undefined ? {} : { reason: answer.reason }), message };
}

function messageOf(
  state: ProfileState,
  nodes: NodeCounts,
  failures: readonly NodeFailure[],
  answers: readonly Answer[],
): string {
  const of = `of ${nodes.desired} ${nodes.desired === 1 ? 'node' : 'nodes'}`;
  const word = answers.find((answer) => answer.state === state && answer.message !== undefined)?.message;
  switch (state) {
    case 'Installed':
      return `the profile is installed on all nodes${word === undefined ? '' : `; ${word}`}`;
    case 'Error':
      return `${nodes.failed} ${of} failed; ${failures[0]?.nodeName ?? ''}: ${failures[0]?.message ?? ''}`;
    case 'Terminating':
      return terminatingText(failures, answers);
    case 'Disabled':
      return word ?? 'the profile is disabled, no node installs it';
    case 'Partial':
      return word ?? 'the profile is one part of a recording that waits to be merged, no node installs it';
    case 'Pending':
    case 'InProgress':
      if (nodes.desired === 0) return 'no node runs the daemon';
      return word ?? `installed on ${nodes.installed} ${of} so far`;
    default: {
      const never: never = state;
      return never;
    }
  }
}

function terminatingText(failures: readonly NodeFailure[], answers: readonly Answer[]): string {
  const [failure] = failures;
  if (failure !== undefined) return `the profile is being deleted; ${failure.nodeName}: ${failure.message}`;
  const held = answers.find((answer) => !answer.silent && answer.message !== undefined);
  return held === undefined
    ? 'the profile is being deleted'
    : `the profile is being deleted; ${held.nodeName}: ${held.message ?? ''}`;
}
