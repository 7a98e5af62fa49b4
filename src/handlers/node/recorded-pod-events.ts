// SPDX-License-Identifier: Apache-2.0
// Events of a recorded pod about the profiles of its containers.
import type { Reason } from '../../core/errors.ts';
import { summaryOf } from '../../core/recording/evidence.ts';
import type { KubeObject } from '../../runtime/object.ts';
import type { ObjectEvent } from '../../runtime/outcome.ts';
import type { ContainerRun } from '../sources/recordable-pods.ts';
import type { FollowedPod, RecordedGroup } from './followed-pod.ts';
import type { ProfileStep } from './recorded-profile-writes.ts';

/** A profile, and what is to be done for it. */
export interface Decided {
  readonly group: RecordedGroup;
  readonly step: ProfileStep;
}

/** The events of all profiles of some pods. */
export function decidedEvents(decided: readonly Decided[], pods: readonly FollowedPod[]): readonly ObjectEvent[] {
  return decided.flatMap(({ group, step }) => {
    const uids = new Set(group.runs.map(({ pod }) => pod));
    const about = pods.find(({ uid }) => uids.has(uid));
    return about === undefined ? [] : stepEvents(group, step, about.pod);
  });
}

/** The events that a step for a profile is worth; each is written once. */
function stepEvents({ key, isShortened, runs, origin }: RecordedGroup, step: ProfileStep, pod: KubeObject) {
  const { kind, container, recording } = origin;
  const events: ObjectEvent[] = [];
  if (step.type === 'write' && isShortened) {
    const whole = `the name of container ${container} of recording ${recording} in this pod is longer than a name may be`;
    events.push(event('Normal', 'ProfileNameShortened', `${kind} ${key.name}: ${whole}`, pod));
  }
  if (step.type === 'stands' && runs.every(({ isSettled }) => isSettled)) {
    const { lost } = summaryOf(step.evidence);
    const loss = lost.total === 0 ? 'nothing was lost' : 'its annotations say what is missing';
    const message = `${kind} ${key.name} is recorded from container ${container}; ${loss}`;
    events.push(event('Normal', 'ProfileCreated', message, pod));
  }
  if (step.type === 'stuck') events.push(event('Warning', step.reason, step.message, pod));
  return events;
}

/** Of containers of a pod that is gone nothing could be written. */
export function lostEvent({ pod }: FollowedPod, containers: number): ObjectEvent {
  const message = `What ${containers} containers of the pod called could not be written to a profile`;
  return event('Warning', 'NothingRecorded', message, pod);
}

/** Nothing was seen of a run, and there is no profile that could tell of it. */
export function missedEvent({ pod }: FollowedPod, { name, started = '', ended = '' }: ContainerRun): ObjectEvent {
  const when = started === '' ? `until ${ended}` : `from ${started} to ${ended}`;
  const message = `No profile tells of container ${name}, which ran ${when}, and the recorder that runs now did not see it`;
  return event('Warning', 'NothingRecorded', message, pod);
}

function event(type: ObjectEvent['type'], reason: Reason, message: string, regarding: KubeObject): ObjectEvent {
  return { type, reason, message, regarding, once: true };
}
