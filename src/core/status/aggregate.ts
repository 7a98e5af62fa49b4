// SPDX-License-Identifier: Apache-2.0
// Aggregates the states that all nodes report for one profile into the profile's own status: the worst state, how many
// nodes stand where, the first failures in their own words. A pure function of the node statuses, so a manager that
// restarts comes to the same status and writes nothing.
import type { Observation, ProfileState } from './state.ts';
import { READY, readyOf, worstState } from './state.ts';
import type { Lack } from './support.ts';

/** The state of one profile on one node. */
export interface NodeEntry {
  readonly state: ProfileState;
  readonly uid?: string;
  readonly generation?: number;
  readonly reason?: string;
  readonly message?: string;
}

/** A node that counts for a profile, with what it says of it; `entry` is absent while it has said nothing. */
export interface NodeState {
  readonly nodeName: string;
  readonly entry?: NodeEntry | undefined;
  /** The node has more profiles than it can tell of: a missing entry may be one that had no room. */
  readonly incomplete?: boolean;
}

/** The input of the aggregation. */
export interface AggregateInput {
  /** uid and generation of the profile as it is now: what a node said of another one says nothing. */
  readonly uid: string | undefined;
  readonly generation: number;
  /** Someone asked for the deletion. */
  readonly deleting: boolean;
  /** The profile was Installed on all nodes at this generation: a node that has just joined does not take that back. */
  readonly wasInstalled: boolean;
  readonly nodeStates: readonly NodeState[];
  /** The nodes that cannot have profiles of the kind, which do not count. */
  readonly lacks?: readonly Lack[];
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
export interface ProfileAggregate {
  readonly state: ProfileState;
  readonly nodes: NodeCounts;
  readonly failures: readonly NodeFailure[];
  readonly ready: Observation;
}

/** How many failures a profile's status lists; the rest is counted. The limit of schemas/defs/node-failures.json. */
const FAILURES_LISTED = 10;

/** Longest message of a listed failure, schemas/defs/node-failure.json. */
const MESSAGE_MAX = 1024;

/** One state, count and condition from the node statuses of all nodes. */
export function aggregateNodes(input: AggregateInput): ProfileAggregate {
  const answers = input.nodeStates.map((nodeState) => answerOf(nodeState, input));
  const nodes = {
    desired: answers.length,
    installed: count(answers, ['Installed']),
    pending: count(answers, ['Pending', 'InProgress', 'Terminating']),
    failed: count(answers, ['Error']),
  };
  const failures = byName(answers.filter((answer) => answer.state === 'Error')).map(nodeFailureOf);
  const state = stateOf(answers, input);
  return {
    state,
    nodes,
    failures: failures.slice(0, FAILURES_LISTED),
    ready: {
      type: READY,
      ...readyOf(state),
      ...reasonWithoutNodes(answers, input),
      message: messageOf(state, nodes, failures, answers, input.lacks),
      observedGeneration: input.generation,
    },
  };
}

/**
 * The same for a profile that the manager refuses by itself: whatever nodes have of it is what was there before.
 * @param why - reason and message of the condition
 */
export function refusedAggregate(
  aggregate: ProfileAggregate,
  why: { readonly reason: string; readonly message: string },
): ProfileAggregate {
  const { nodes } = aggregate;
  return {
    ...aggregate,
    state: 'Error',
    nodes: { ...nodes, pending: 0, failed: nodes.desired - nodes.installed },
    ready: { ...aggregate.ready, ...readyOf('Error'), ...why },
  };
}

interface Answer {
  readonly nodeName: string;
  readonly state: ProfileState;
  /** The node has not said anything of this profile since it was made. */
  readonly silent: boolean;
  /** It may be silent because its node status had no room. */
  readonly incomplete: boolean;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
}

function answerOf({ nodeName, entry, incomplete = false }: NodeState, input: AggregateInput): Answer {
  if (entry === undefined || (entry.uid !== undefined && entry.uid !== input.uid)) {
    return { nodeName, state: 'Pending', silent: true, incomplete };
  }
  const heard = { nodeName, silent: false, incomplete: false };
  if (!input.deleting && entry.generation !== undefined && entry.generation < input.generation) {
    return { ...heard, state: 'InProgress' };
  }
  return { ...heard, state: entry.state, reason: entry.reason, message: entry.message };
}

/**
 * Where no node counts, or none has said anything yet, nothing is installed anywhere as far as is known, whatever was
 * so before: the nodes of then may have been exchanged.
 */
function stateOf(answers: readonly Answer[], input: AggregateInput): ProfileState {
  if (input.deleting) return 'Terminating';
  if (answers.length === 0) return 'Pending';
  const heard = input.wasInstalled ? answers.filter((answer) => !answer.silent) : answers;
  return worstState(heard.map((answer) => answer.state)) ?? 'Pending';
}

/** A profile that no node can have says so in the words of its nodes. */
function reasonWithoutNodes(
  answers: readonly Answer[],
  { deleting, lacks: [lack] = [] }: AggregateInput,
): Partial<Observation> {
  return answers.length > 0 || deleting || lack === undefined ? {} : { reason: lack.reason };
}

function count(answers: readonly Answer[], states: readonly ProfileState[]): number {
  return answers.filter((answer) => states.includes(answer.state)).length;
}

function nodeFailureOf(answer: Answer): NodeFailure {
  const message = (answer.message ?? 'the node gave no reason').slice(0, MESSAGE_MAX);
  return { nodeName: answer.nodeName, ...(answer.reason === undefined ? {} : { reason: answer.reason }), message };
}

function messageOf(
  state: ProfileState,
  nodes: NodeCounts,
  failures: readonly NodeFailure[],
  answers: readonly Answer[],
  lacks: readonly Lack[] = [],
): string {
  const of = `of ${nodes.desired} ${nodes.desired === 1 ? 'node' : 'nodes'}`;
  const word = answers.find((answer) => answer.state === state && answer.message !== undefined)?.message;
  switch (state) {
    case 'Installed':
      return `the profile is installed on all nodes${exceptText(lacks)}${word === undefined ? '' : `; ${word}`}`;
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
      if (nodes.desired === 0) return nowhereText(lacks);
      return word ?? `installed on ${nodes.installed} ${of} so far; ${waitingText(answers)}`;
    default: {
      const never: never = state;
      return never;
    }
  }
}

/** The nodes that do not count. */
function exceptText(lacks: readonly Lack[]): string {
  return lacks.length === 0 ? '' : ` that can have it, which ${someNames(lacks)} cannot`;
}

function nowhereText(lacks: readonly Lack[]): string {
  const [first, ...others] = byName(lacks);
  if (first === undefined) return 'no node runs the daemon';
  const more = others.length === 0 ? '' : `, and ${others.length} more`;
  return `no node can have the profile; ${first.nodeName}${more}: ${first.message}`;
}

/** For whom an installation waits. */
function waitingText(answers: readonly Answer[]): string {
  const full = answers.filter((answer) => answer.incomplete);
  if (full.length > 0) {
    return `the report of ${someNames(full)} has no room for all profiles and does not tell of this one`;
  }
  const waiting = answers.filter(({ state }) => state === 'Pending' || state === 'InProgress');
  return `waiting for ${someNames(waiting)}`;
}

/** For whom a deletion waits: first who says why, then who only holds the file. */
function terminatingText(failures: readonly NodeFailure[], answers: readonly Answer[]): string {
  const holding = byName(answers.filter((answer) => !answer.silent));
  const speaker = failures[0] ?? holding.find((answer) => answer.message !== undefined);
  const silent = holding.filter(({ nodeName }) => nodeName !== speaker?.nodeName);
  return [
    'the profile is being deleted',
    ...(speaker === undefined ? [] : [`${speaker.nodeName}: ${speaker.message ?? ''}`]),
    ...(silent.length === 0 ? [] : [`waiting for ${someNames(silent)}`]),
  ].join('; ');
}

/** How many nodes a message names. */
const NODES_NAMED = 3;

/** The first nodes by name, the others counted: `a, b, c and 997 more`. */
function someNames(nodes: readonly Named[]): string {
  const names = byName(nodes)
    .slice(0, NODES_NAMED)
    .map(({ nodeName }) => nodeName);
  const more = nodes.length - names.length;
  return names.join(', ') + (more === 0 ? '' : ` and ${more} more`);
}

interface Named {
  readonly nodeName: string;
}

function byName<T extends Named>(nodes: readonly T[]): readonly T[] {
  return nodes.toSorted((a, b) => (a.nodeName < b.nodeName ? -1 : 1));
}
