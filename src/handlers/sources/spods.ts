// SPDX-License-Identifier: Apache-2.0
// The one spod object that counts, and the limit on system calls that it sets: what every process of ours reads of it.
import { ANNOTATION } from '../../core/names.ts';
import type { Limit } from '../../core/seccomp/allowed.ts';
import type { SeccompProfile } from '../../gen/crd/seccomp-profile.ts';
import type { SecurityProfilesOperatorDaemon } from '../../gen/crd/security-profiles-operator-daemon.ts';
import { SECURITY_PROFILES_OPERATOR_DAEMON } from '../../gen/kinds.ts';
import type { Reader, Source, Watch } from '../../runtime/handler.ts';
import { keyOf } from '../../runtime/object.ts';
import type { ObjectKey } from '../../runtime/object.ts';

/** The spod object of a name in the operator's namespace. */
export function spodSource(key: {
  readonly namespace: string;
  readonly name: string;
}): Source<SecurityProfilesOperatorDaemon> {
  const selector = { namespace: key.namespace, fieldSelector: `metadata.name=${key.name}` };
  return { resource: SECURITY_PROFILES_OPERATOR_DAEMON, selector };
}

/** Those of all namespaces: where there is more than one, there are several operators. */
export const ALL_SPODS: Source<SecurityProfilesOperatorDaemon> = { resource: SECURITY_PROFILES_OPERATOR_DAEMON };

/** A change of the limit concerns every profile. */
export function limitWatch(
  source: Source<SecurityProfilesOperatorDaemon>,
  profiles: Reader<SeccompProfile>,
): Watch<SecurityProfilesOperatorDaemon> {
  return {
    ...source,
    predicate: (before, after) => JSON.stringify(limitIn(before)) !== JSON.stringify(limitIn(after)),
    mapToKeys: () => profiles.list().map(keyOf),
  };
}

/**
 * The cluster's limit. While there is no spod object, or only the one that the manager made because there was none, the
 * last limit seen stands: a limit ends when an administrator takes it out of the object, not when the object is gone.
 */
export class CurrentLimit {
  private readonly spods: Reader<SecurityProfilesOperatorDaemon>;
  private readonly key: ObjectKey;
  private last: Limit;

  /** `before`: the limit that an earlier process saw last. */
  constructor(spods: Reader<SecurityProfilesOperatorDaemon>, key: ObjectKey, before: Limit = {}) {
    this.spods = spods;
    this.key = key;
    this.last = before;
  }

  /** The limit as it is now. */
  now(): Limit {
    const spod = this.spods.get(this.key);
    this.last = (spod === undefined ? undefined : limitIn(spod)) ?? this.last;
    return this.last;
  }
}

/** The limit that an object sets; undefined for one that the operator made and no user changed. */
function limitIn(spod: SecurityProfilesOperatorDaemon): Limit | undefined {
  const { annotations, generation } = spod.metadata;
  const untouched = annotations?.[ANNOTATION.madeByDefault] !== undefined && generation === 1;
  return untouched ? undefined : limitOf(spod);
}

function limitOf({ spec }: SecurityProfilesOperatorDaemon): Limit {
  return {
    ...(spec?.allowedSyscalls === undefined ? {} : { allowedSyscalls: spec.allowedSyscalls }),
  };
}
