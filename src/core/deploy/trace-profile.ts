// SPDX-License-Identifier: Apache-2.0
// The profiles that log and refuse nothing: they are there while the log enricher is on, in the operator's namespace,
// for workloads that are recorded or looked at. That for SELinux is no object: its nodes have it by themselves.
import type { SecurityProfilesOperatorDaemonSpec } from '../../gen/crd/security-profiles-operator-daemon.ts';
import { APP_ARMOR_PROFILE, SECCOMP_PROFILE } from '../../gen/kinds.ts';
import { tracePolicy } from '../apparmor/trace.ts';
import { OBJECT } from '../names.ts';
import { hasLogEnricher } from './containers/log-enricher.ts';
import type { Manifest, OwnerReference } from './manifest.ts';
import { ownedMeta } from './manifest.ts';

type Spec = SecurityProfilesOperatorDaemonSpec;

/** A kind of which there is such a profile. */
interface Traced {
  readonly resource: { readonly group: string; readonly version: string; readonly kind: string };
  readonly isWanted: (spec: Spec) => boolean;
  readonly spec: object;
}

const TRACED: readonly Traced[] = [
  { resource: SECCOMP_PROFILE, isWanted: () => true, spec: { defaultAction: 'SCMP_ACT_LOG' } },
  {
    resource: APP_ARMOR_PROFILE,
    isWanted: ({ enableAppArmor }) => enableAppArmor === true,
    spec: { complainMode: true, policy: tracePolicy(OBJECT.traceProfile) },
  },
];

function identityOf({ resource: { group, version, kind } }: Traced) {
  return { apiVersion: `${group}/${version}`, kind };
}

function wanted(spec: Spec): (traced: Traced) => boolean {
  return (traced) => hasLogEnricher(spec) && traced.isWanted(spec);
}

/** The profiles that are wanted. */
export function traceProfiles(namespace: string, owner: OwnerReference, spec: Spec): readonly Manifest[] {
  return TRACED.filter(wanted(spec)).map((traced) => ({
    ...identityOf(traced),
    metadata: ownedMeta(OBJECT.traceProfile, namespace, owner),
    spec: traced.spec,
  }));
}

/** Which objects are not wanted, or not any more. */
export function unwantedTraceProfiles(namespace: string, spec: Spec) {
  const isWanted = wanted(spec);
  return TRACED.filter((traced) => !isWanted(traced)).map((traced) => ({
    ...identityOf(traced),
    namespace,
    name: OBJECT.traceProfile,
  }));
}
