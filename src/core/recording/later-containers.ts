// SPDX-License-Identifier: Apache-2.0
// Ephemeral containers come to a pod that runs, when nothing can be noted on it any more. So a recording that has
// marked a pod wants those, too, that come to it later.
import { OBJECT, SELINUX_RECORDING_TYPE } from '../names.ts';
import { ourLocalhostProfile } from '../seccomp/files.ts';
import { MAX_REQUESTS, recordedContainers } from './request.ts';
import type { RecordedContainer, RecordedKind } from './request.ts';
import { MOST_REQUESTS } from './room.ts';
import type { SecurityContext } from '../status/workload.ts';

/** An ephemeral container in the spec of a pod, as far as it is read. */
export interface EphemeralContainer {
  readonly name?: string;
  readonly securityContext?: SecurityContext;
}

/** One as it is kept. */
export interface LaterContainer {
  readonly name: string;
  /** The kinds whose profile for recordings it runs under, without which the audit log tells nothing of it. */
  readonly logged: readonly RecordedKind[];
}

/** Ephemeral containers of a pod that are read: people start each by hand. */
const MOST_LATER = 256;

/** The ephemeral containers of a pod's spec. */
export function laterContainers(list: readonly EphemeralContainer[] | undefined): readonly LaterContainer[] {
  return (list ?? []).slice(0, MOST_LATER).map(({ name = '', securityContext }) => ({
    name,
    logged: loggedKinds(securityContext ?? {}),
  }));
}

function loggedKinds({ seccompProfile, seLinuxOptions, appArmorProfile }: SecurityContext): readonly RecordedKind[] {
  return [
    ...(isLogProfile(seccompProfile?.localhostProfile) ? ['SeccompProfile' as const] : []),
    ...(seLinuxOptions?.type === SELINUX_RECORDING_TYPE ? ['SelinuxProfile' as const] : []),
    ...(appArmorProfile?.localhostProfile === OBJECT.traceProfile ? ['AppArmorProfile' as const] : []),
  ];
}

function isLogProfile(localhostProfile: string | undefined): boolean {
  return ourLocalhostProfile(localhostProfile ?? '')?.endsWith(`/${OBJECT.traceProfile}.json`) === true;
}

/** The requests in a pod's annotations, and the same of each of their recordings for the containers that came later. */
export function requestsOf(
  annotations: Readonly<Record<string, string>> | undefined,
  later: readonly LaterContainer[],
): readonly RecordedContainer[] {
  const noted = recordedContainers(annotations).slice(0, MOST_REQUESTS);
  if (later.length === 0) return noted;
  const byRecording = new Map(noted.map((one) => [`${one.kind} ${one.recorder} ${one.recording}`, one]));
  const implied = [...byRecording.values()]
    .slice(0, MAX_REQUESTS)
    .flatMap((request) =>
      later
        .filter(({ logged }) => request.recorder !== 'logs' || logged.includes(request.kind))
        .map(({ name: container }) => ({ ...request, container })),
    );
  return [...noted, ...implied].slice(0, MOST_REQUESTS);
}
