// SPDX-License-Identifier: Apache-2.0
// The status of a ProfileRecording: whether it records, or why it does not, and how far its profiles are. A pure
// function of facts, so a manager that restarts writes nothing.
import type { ProfileRecording, ProfileRecordingStatus, RecordingState } from '../../gen/crd/profile-recording.ts';
import type { KindOption } from '../deploy/kinds.ts';
import type { Stability } from '../evidence/stability.ts';
import type { Wholeness } from '../evidence/wholeness.ts';
import { withObservation } from '../status/conditions.ts';
import { READY } from '../status/state.ts';
import type { Observation } from '../status/state.ts';
import { rfc3339 } from '../status/time.ts';
import { isRecordable, recordingPrefix } from './request.ts';

/** Type of the condition that is True while pods are recorded. */
export const RECORDING = 'Recording';

/** Type of the condition that is True while nothing of what was recorded is known to be missing. */
export const COMPLETE = 'Complete';

/** Type of the condition that is True when nothing new has come for as long as `stableAfter` says. */
export const STABLE = 'Stable';

/** Why pods of the selector are not recorded. */
export type Idleness =
  | { readonly type: 'no pods' }
  /** None of the containers that will be recorded has started; as `namespace/name`. */
  | { readonly type: 'not started'; readonly pods: readonly string[] }
  /** The webhook left a container alone, and said why. */
  | { readonly type: 'skipped'; readonly pod: string; readonly why: string }
  /** They were created without a mark; as `namespace/name`. */
  | { readonly type: 'older pods'; readonly pods: readonly string[] };

/** How far the profiles of a recording are. */
export interface RecordingProgress {
  readonly profiles: number;
  /** Different system calls in all of them. */
  readonly syscalls: number;
  /** RFC 3339; undefined where no profile tells. */
  readonly lastNewCall: string | undefined;
  readonly whole: Wholeness;
  readonly stability: Stability;
}

/** The facts about a recording. */
export interface RecordingFacts {
  readonly recording: ProfileRecording;
  /** Whether the webhook is called for pods of the namespace. */
  readonly isSelected: boolean;
  /** Whether the spod has the recorder run, on all nodes already. */
  readonly recorder: 'off' | 'starting' | 'running';
  /** The option of the spod without which no node has profiles of the kind; undefined where it is set. */
  readonly missing: KindOption | undefined;
  /** Whether Pod Security lets no pod of the namespace run under the type for recordings. */
  readonly isForbidden: boolean;
  /** Nodes of the daemon on which it does not run, or is not ready; sorted. */
  readonly lacking: readonly string[];
  /** Of `pods`, those on such a node. */
  readonly exposed: readonly string[];
  /** Pods that are recorded now: a container of theirs that is has started. As `namespace/name`, sorted. */
  readonly pods: readonly string[];
  readonly idleness: Idleness;
  readonly progress: RecordingProgress;
}

/** Most pods that a status lists, schemas/defs/active-workloads.json. */
export const PODS_LISTED = 1000;

/** Longest message, schemas/crd/profile-recording.json. */
const LONGEST_MESSAGE = 1024;

/** Pods or nodes that a message names. */
const MOST_NAMED = 3;

interface Verdict {
  readonly state: RecordingState;
  readonly message: string;
}

/** The whole status. `now` is in milliseconds since 1970. */
export function recordingStatus(facts: RecordingFacts, now: number): ProfileRecordingStatus {
  const { recording, pods, progress } = facts;
  const observedGeneration = recording.metadata.generation ?? 0;
  const { state, message } = shortened(obstacleOf(facts) ?? effectOf(facts));
  const seen = { reason: state, message, observedGeneration };
  const isReady = state === 'Recording' || state === 'NoMatch';
  const ready = { type: READY, status: truth(isReady), ...seen };
  const records = { type: RECORDING, status: truth(state === 'Recording'), ...seen };
  const time = rfc3339(now);
  const learnt = learntObservations(progress).map((one) => ({ ...one, observedGeneration }));
  return {
    observedGeneration,
    conditions: [ready, records, ...learnt].reduce(
      (conditions, one) => withObservation(conditions, one, time),
      recording.status?.conditions ?? [],
    ),
    state,
    message,
    activeWorkloadCount: pods.length,
    ...(pods.length === 0 ? {} : { activeWorkloads: pods.slice(0, PODS_LISTED) }),
    profiles: progress.profiles,
    syscalls: progress.syscalls,
    ...(progress.lastNewCall === undefined ? {} : { lastNewCall: progress.lastNewCall }),
  };
}

/** The conditions on what was learnt so far. */
function learntObservations({ whole, stability }: RecordingProgress): readonly LearntObservation[] {
  const { answer, reasons } = whole;
  const { status, message } = stability;
  const text = reasons.length === 0 ? WHOLE : reasons.join('; ');
  return [
    { type: COMPLETE, status: WHOLE_TRUTH[answer], reason: WHOLE_REASON[answer], message: cut(text) },
    { type: STABLE, status, reason: stability.reason, message: cut(message) },
  ];
}

type LearntObservation = Omit<Observation, 'observedGeneration'>;

const WHOLE = 'nothing of what was recorded is known to be missing';

const WHOLE_TRUTH = { yes: 'True', no: 'False', unknown: 'Unknown' } as const;

const WHOLE_REASON = { yes: 'NothingLost', no: 'Incomplete', unknown: 'NothingTold' } as const;

function truth(is: boolean): 'True' | 'False' {
  return is ? 'True' : 'False';
}

function shortened({ state, message }: Verdict): Verdict {
  return { state, message: cut(message) };
}

function cut(message: string): string {
  return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE - 1)}…`;
}

/** The obstacle before any pod; undefined where pods are recorded, or could be. Pods that are marked were selected. */
function obstacleOf(facts: RecordingFacts): Verdict | undefined {
  const { recording, isSelected, recorder: state, pods, idleness } = facts;
  const { kind, recorder } = recording.spec;
  if (!isRecordable(recording.metadata.name)) return { state: 'NameNotDNSLabel', message: LONG_NAME };
  if (recordingPrefix(kind, recorder) === undefined) {
    return {
      state: 'RecorderNotSupported',
      message: `the recorder ${recorder} cannot record profiles of kind ${kind}`,
    };
  }
  if (facts.missing !== undefined) {
    const message = `nodes have profiles of the kind ${kind} only with ${facts.missing} of the spod`;
    return { state: 'RecorderNotEnabled', message };
  }
  if (facts.isForbidden) return { state: 'KindNotSupported', message: FORBIDDEN };
  if (state === 'off') {
    const field = recorder === 'bpf' ? 'enableBpfRecorder' : 'enableLogEnricher';
    return { state: 'RecorderNotEnabled', message: `the recorder ${recorder} does not run: set ${field} in the spod` };
  }
  const isMarked = pods.length > 0 || idleness.type === 'not started';
  if (!isMarked && !isSelected) return { state: 'NamespaceNotLabelled', message: UNSELECTED };
  return notReady(facts);
}

/** Pods that are recorded elsewhere do not suffer from a node whose recorder is not ready. */
function notReady({ recorder, lacking, exposed, pods }: RecordingFacts): Verdict | undefined {
  const state = 'RecorderNotReady';
  if (lacking.length > 0) {
    if (exposed.length === 0 && pods.length > 0) return undefined;
    const message = `the recorder does not run on ${named(lacking)} yet`;
    return { state, message: exposed.length === 0 ? message : `${message}; ${doubtful(exposed)}` };
  }
  if (recorder === 'running') return undefined;
  return { state, message: pods.length === 0 ? STARTING : `${STARTING}; ${doubtful(pods)}` };
}

const LONG_NAME =
  'the name of the recording is no DNS label (63 of a-z, 0-9 and -), so no pod can be marked with it: make another one';

const FORBIDDEN =
  'the Pod Security level of the namespace refuses the SELinux type under which containers are recorded: it takes the ' +
  'label pod-security.kubernetes.io/enforce: privileged';

const UNSELECTED =
  'the webhook recording.spo.io is not called for pods of this namespace: label it spo.x-k8s.io/enable-recording, or ' +
  'as webhookOptions of the spod say';

const STARTING = 'the recorder does not run on all nodes yet: see the state of the spod';

function doubtful(pods: readonly string[]): string {
  return `until then these may run without it: ${named(pods)}`;
}

function effectOf({ recording, lacking, pods, idleness }: RecordingFacts): Verdict {
  if (pods.length > 0) {
    const who = pods.length === 1 ? '1 pod is' : `${String(pods.length)} pods are`;
    const but = lacking.length === 0 ? '' : `; it does not run on ${named(lacking)}`;
    return { state: 'Recording', message: `${who} recorded by the recorder ${recording.spec.recorder}${but}` };
  }
  return { state: 'NoMatch', message: idleText(idleness) };
}

function idleText(idleness: Idleness): string {
  switch (idleness.type) {
    case 'no pods':
      return 'no pod of the selector runs';
    case 'not started':
      return `no container that will be recorded has started yet, of ${named(idleness.pods)}`;
    case 'skipped':
      return `${idleness.pod} is not recorded: ${idleness.why}`;
    case 'older pods':
      return `pods are recorded from their creation on, and these were created without it: ${named(idleness.pods)}`;
    default:
      return idleness satisfies never;
  }
}

/** The first of some pods or nodes, and how many more there are. */
export function named(names: readonly string[]): string {
  const more = names.length > MOST_NAMED ? ` and ${String(names.length - MOST_NAMED)} more` : '';
  return `${names.slice(0, MOST_NAMED).join(', ')}${more}`;
}

/** How soon `after` must be written where `before` stands: the begin of a recording at once, progress in a while. */
export function recordingUrgency(
  before: ProfileRecordingStatus | undefined,
  after: ProfileRecordingStatus,
): 'now' | 'soon' | 'never' {
  if (before !== undefined && textOf(before) === textOf(after)) return 'never';
  return after.state === 'Recording' && before?.state !== 'Recording' ? 'now' : 'soon';
}

/** A text that is equal for equal statuses, in whatever order the API server keeps the fields. */
function textOf(status: ProfileRecordingStatus): string {
  const { conditions = [], activeWorkloads = [], activeWorkloadCount = 0 } = status;
  const seen = conditions.map(({ type, status: is, reason, message = '', observedGeneration = 0 }) =>
    [type, is, reason, message, observedGeneration].join('\n'),
  );
  return JSON.stringify([
    [status.state, status.message, status.observedGeneration, activeWorkloadCount, activeWorkloads],
    [status.profiles, status.syscalls, status.lastNewCall],
    seen.sort(),
  ]);
}
