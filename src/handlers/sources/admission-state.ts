// SPDX-License-Identifier: Apache-2.0
// The part of the cluster that the webhooks know, cut down to what they ask: bindings and recordings without their
// status, and of profiles only whether they are on the nodes. A pod waits for the answer, so all of it is in memory.
import type { ProfileIdentity } from '../../core/binding/twin.ts';
import { OBJECT } from '../../core/names.ts';
import type { RecordedKind } from '../../core/recording/request.ts';
import { isInstalled } from '../../core/status/profile-status.ts';
import type { ProfileStatus } from '../../core/status/profile-status.ts';
import type { ProfileBinding } from '../../gen/crd/profile-binding.ts';
import type { ProfileRecording } from '../../gen/crd/profile-recording.ts';
import type { SecurityProfilesOperatorDaemon } from '../../gen/crd/security-profiles-operator-daemon.ts';
import { PROFILE_BINDING, PROFILE_RECORDING } from '../../gen/kinds.ts';
import type { Reader, Source } from '../../runtime/handler.ts';
import { isDeleting } from '../../runtime/object.ts';
import type { KubeObject, ObjectMeta, Resource } from '../../runtime/object.ts';
import { BINDING_BUDGET, RECORDING_BUDGET } from './choice-budgets.ts';
import { ownOwners } from './identity-metadata.ts';
import { bindingOwner } from './twins.ts';

/** A profile as the webhooks keep it. */
export interface ProfileState extends KubeObject {
  readonly status?: ProfileStatus;
}

/** The bindings of all namespaces; of their status only how far the trial of the profile is. */
export const BINDINGS: Source<ProfileBinding> = {
  resource: PROFILE_BINDING,
  transform: ({ apiVersion, kind, metadata, spec, status }) => ({
    apiVersion,
    kind,
    metadata: withoutNotes(metadata),
    spec,
    ...(status?.trial === undefined ? {} : { status: { trial: status.trial } }),
  }),
  budget: BINDING_BUDGET,
};

/** The recordings of all namespaces. */
export const RECORDINGS: Source<ProfileRecording> = {
  resource: PROFILE_RECORDING,
  transform: ({ apiVersion, kind, metadata, spec }) => ({ apiVersion, kind, metadata: withoutNotes(metadata), spec }),
  budget: RECORDING_BUDGET,
};

/** Objects of a page: profiles may have 1.5 MB each until they are cut. */
const PAGE_SIZE = 25;

/** The profiles of a kind, as their state. */
export function profileStateSource(resource: Resource): Source<ProfileState> {
  return { resource, pageSize: PAGE_SIZE, transform: transformProfile, specless: true };
}

/** How far a profile is, by the reader of its kind's source. */
export function profileStateOf(
  profiles: Reader<ProfileState>,
  namespace: string,
  name: string,
): 'installed' | 'pending' | 'missing' | 'ending' {
  const profile = profiles.get({ namespace, name });
  if (profile === undefined) return 'missing';
  if (isDeleting(profile)) return 'ending';
  return isInstalled(profile.status, profile.metadata.generation ?? 0) ? 'installed' : 'pending';
}

/** Which profile has a name, by the reader of its kind's source; undefined for none. */
export function profileIdentityOf(
  profiles: Reader<ProfileState> | undefined,
  namespace: string,
  name: string,
): ProfileIdentity | undefined {
  const profile = profiles?.get({ namespace, name });
  if (profile === undefined) return undefined;
  const { uid = '', generation = 0 } = profile.metadata;
  return { uid, generation, owner: bindingOwner(profile)?.uid };
}

/** The cached facts that tell how far the profiles for recordings from the log are. */
export interface LogProfileFacts {
  readonly spod: SecurityProfilesOperatorDaemon['spec'];
  readonly namespace: string;
  readonly seccomp: Reader<ProfileState>;
  readonly appArmor: Reader<ProfileState>;
}

/** How far that of a kind is. For SELinux it is no object: nodes have it while both are enabled. */
export function logProfileStateOf(
  kind: RecordedKind,
  { spod = {}, namespace, seccomp, appArmor }: LogProfileFacts,
): ReturnType<typeof profileStateOf> {
  switch (kind) {
    case 'SeccompProfile':
      return profileStateOf(seccomp, namespace, OBJECT.traceProfile);
    case 'AppArmorProfile':
      return profileStateOf(appArmor, namespace, OBJECT.traceProfile);
    case 'SelinuxProfile':
      return spod.enableLogEnricher === true && spod.enableSelinux === true ? 'installed' : 'missing';
    default:
      return kind satisfies never;
  }
}

// One function for all kinds, because a source is known by it.
function transformProfile({ apiVersion, kind, metadata, status }: ProfileState): ProfileState {
  const { status: state, observedGeneration } = status ?? {};
  return {
    apiVersion,
    kind,
    metadata: identity(metadata),
    status: {
      ...(state === undefined ? {} : { status: state }),
      ...(observedGeneration === undefined ? {} : { observedGeneration }),
    },
  };
}

const NONE = { labels: {}, annotations: {} };

/** The metadata without the long parts that no budget counts: all processes count the same. */
function withoutNotes<M extends ObjectMeta>(metadata: M): M {
  return { ...metadata, ...NONE };
}

/** The metadata of an object of which there is no budget, without all their long parts. */
function identity(metadata: ObjectMeta): ObjectMeta {
  return { ...metadata, ...NONE, finalizers: [], ownerReferences: ownOwners(metadata.ownerReferences ?? []) };
}
