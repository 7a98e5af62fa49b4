// SPDX-License-Identifier: Apache-2.0
// SelinuxProfiles of recordings: the accesses of a permissive type become rules beside what `container` permits. Such a
// container may need none, so one that has run makes a profile though nothing was logged of it.
import type { SelinuxProfile } from '../../../gen/crd/selinux-profile.ts';
import type { SelinuxRecord } from '../../audit/record.ts';
import { ANNOTATION, SELINUX_RECORDING_TYPE } from '../../names.ts';
import { parseContext } from '../../selinux/contexts.ts';
import { CONTAINER } from '../../selinux/inheritance.ts';
import { mergeSelinuxSpecs } from '../../selinux/merge.ts';
import { recordedAccess } from '../../selinux/records.ts';
import type { Counted } from '../../selinux/records.ts';
import { permissionKeys } from '../../selinux/rules.ts';
import type { Capture } from '../capture-entry.ts';
import { hasRun, LOGGED_ONCE, timesOf } from './learner.ts';
import type { Learner, Learnt, Sighting } from './learner.ts';

/** An access of the recorded program, with the time at which it was seen first. */
interface OwnAccess {
  readonly record: SelinuxRecord;
  readonly at: number;
}

/** Those of processes under the type for recordings; the runtime, before it becomes the program, has another one. */
function ownAccesses({ accesses }: Capture): readonly OwnAccess[] {
  return accesses.flatMap(({ record, at }) =>
    record.type === 'selinux' && parseContext(record.scontext)?.type === SELINUX_RECORDING_TYPE ? [{ record, at }] : [],
  );
}

function sighting(capture: Capture): Sighting | undefined {
  const own = ownAccesses(capture);
  if (own.length === 0 && !hasRun(capture)) return undefined;
  const { unnamed, levels } = recordedAccess(own.map(({ record }) => record));
  const lost = [['unnamed-access', sumOf(unnamed)], ['levels', sumOf(levels)], LOGGED_ONCE] as const;
  return { ...timesOf(own), lost: new Map(lost.filter(([, count]) => count > 0)) };
}

function sumOf(counted: readonly Counted[]): number {
  return counted.reduce((total, { count }) => total + count, 0);
}

function learn(captures: readonly Capture[]): Learnt<SelinuxProfile> {
  const records = captures.flatMap(ownAccesses).map(({ record }) => record);
  const { allow } = recordedAccess(records);
  return { spec: { allow, inherit: [{ kind: 'System', name: CONTAINER }] }, annotations: {} };
}

/** SelinuxProfiles. A coverage names type, class and permission. */
export const SELINUX_LEARNER: Learner<SelinuxProfile> = {
  kind: 'SelinuxProfile',
  apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha2',
  coverage: {
    annotation: ANNOTATION.accessCoverage,
    member: 'accesses',
    name: /^[\w.@-]{1,256} [\w-]{1,64} [\w-]{1,64}$/,
  },
  sighting,
  learn,
  merge: (parts) => ({ spec: mergeSelinuxSpecs(parts.map(({ spec }) => spec)), annotations: {} }),
  seenIn: ({ spec }) => permissionKeys(spec.allow ?? {}),
};
