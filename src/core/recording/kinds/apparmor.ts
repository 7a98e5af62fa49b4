// SPDX-License-Identifier: Apache-2.0
// AppArmorProfiles of recordings: what the profile in complain mode has logged becomes an abstract profile. Such a
// container may need nothing beyond it, so one that has run makes a profile though nothing was logged of it.
import type { AppArmorProfile } from '../../../gen/crd/app-armor-profile.ts';
import { permissionsOf } from '../../apparmor/form.ts';
import { allowedOf, mergeAppArmorSpecs } from '../../apparmor/merge.ts';
import { learnAccess, profileOfRecord } from '../../apparmor/records.ts';
import type { AppArmorRecord } from '../../audit/record.ts';
import { ANNOTATION, OBJECT } from '../../names.ts';
import type { Capture } from '../capture-entry.ts';
import { hasRun, LOGGED_ONCE, timesOf } from './learner.ts';
import { foldedAnnotation, parseFolded } from '../folded-paths.ts';
import type { Learner, Learnt, Sighting } from './learner.ts';

/** An access of the recorded program, with the time at which it was seen first. */
interface OwnAccess {
  readonly record: AppArmorRecord;
  readonly at: number;
}

/** Those under the profile for recordings, and of the programs that ran within it. */
function ownAccesses({ accesses }: Capture): readonly OwnAccess[] {
  return accesses.flatMap(({ record, at }) =>
    record.type === 'apparmor' && profileOfRecord(record) === OBJECT.traceProfile ? [{ record, at }] : [],
  );
}

function sighting(capture: Capture): Sighting | undefined {
  const own = ownAccesses(capture);
  if (own.length === 0 && !hasRun(capture)) return undefined;
  const { leftOut } = learnAccess(own.map(({ record }) => record));
  const count = [...leftOut.values()].reduce((total, records) => total + records, 0);
  const lost = [['beyond-abstract', count], LOGGED_ONCE] as const;
  return { ...timesOf(own), lost: new Map(lost.filter(([, records]) => records > 0)) };
}

function learn(captures: readonly Capture[]): Learnt<AppArmorProfile> {
  const { abstract, folded } = learnAccess(captures.flatMap(ownAccesses).map(({ record }) => record));
  return { spec: { abstract }, annotations: foldedAnnotation(folded) };
}

/** The union, with the folders that had to be opened in one of its parts already. */
function merge(parts: readonly AppArmorProfile[]): Learnt<AppArmorProfile> {
  const { spec, folded } = mergeAppArmorSpecs(parts.map(named));
  const before = parts.flatMap(({ metadata }) => parseFolded(metadata.annotations?.[ANNOTATION.foldedPaths]));
  return { spec, annotations: foldedAnnotation([...before, ...folded]) };
}

function named({ metadata, spec }: AppArmorProfile) {
  return { subject: `AppArmorProfile ${metadata.name}`, spec };
}

/** AppArmorProfiles. A coverage names right and path, capability, or network. */
export const APPARMOR_LEARNER: Learner<AppArmorProfile> = {
  kind: 'AppArmorProfile',
  apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
  coverage: { annotation: ANNOTATION.accessCoverage, member: 'accesses', name: /^[a-z]{1,16} .{1,4096}$/s },
  sighting,
  learn,
  merge,
  seenIn: (part) => permissionsOf(allowedOf(named(part))),
};
