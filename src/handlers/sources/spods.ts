// SPDX-License-Identifier: Apache-2.0
// The one spod object that counts, and the limit on system calls that it sets: what every process of ours reads of it.
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

/** A change of the limit concerns every profile. */
export function limitWatch(
  source: Source<SecurityProfilesOperatorDaemon>,
  profiles: Reader<SeccompProfile>,
): Watch<SecurityProfilesOperatorDaemon> {
  return {
    ...source,
    predicate: (before, after) => JSON.stringify(limitOf(before)) !== JSON.stringify(limitOf(after)),
    mapToKeys: () => profiles.list().map(keyOf),
  };
}

/** The limit that a spod object sets; none where there is no object. */
export function limitFrom(spods: Reader<SecurityProfilesOperatorDaemon>, key: ObjectKey): Limit {
  const spod = spods.get(key);
  return spod === undefined ? {} : limitOf(spod);
}

function limitOf({ spec }: SecurityProfilesOperatorDaemon): Limit {
  return {
    ...(spec?.allowedSyscalls === undefined ? {} : { allowedSyscalls: spec.allowedSyscalls }),
  };
}
