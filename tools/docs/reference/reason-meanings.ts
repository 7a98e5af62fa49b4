// SPDX-License-Identifier: Apache-2.0
// The meaning of every reason, and what to do about it, for the reference. The compiler demands a line for a new one.
import type { Reason } from '../../../src/core/errors.ts';

/** One sentence on what happened, and where there is something to do, one on that. */
export const REASON_MEANINGS: Readonly<Record<Reason, string>> = {
  SavedSeccompProfile: 'The seccomp profile is on all nodes.',
  SeccompNotSupportedOnNode: 'The kernel of a node has no seccomp filters, so the profile is not installed there.',
  InvalidSeccompProfile: 'No kernel or container runtime would take the profile. The message names field and fault.',
  InvalidSelinuxProfile: 'The policy cannot be compiled, or would end the protection of the node. See the message.',
  ProfileNotAllowed: 'The profile permits more than `allowedSyscalls` or `selinuxOptions` of the spod allow.',
  NamespaceBudgetExceeded:
    'The namespace holds too many profiles, or too large ones. Delete some; the oldest are kept.',
  CannotPullSeccompProfile: 'A base profile could not be pulled from its registry, or nobody trusted has signed it.',
  CannotSaveSeccompProfile: 'The file could not be written on a node; tried again. See disk and folder of the node.',
  CannotRemoveSeccompProfile: 'The file could not be removed from a node; tried again.',
  CannotUpdateSeccompProfile: 'The API server refused a status or a label of the profile; tried again.',
  CannotUpdateNodeStatus: 'The API server refused the report of a node; tried again.',
  BaseProfileNotFound: 'The profile names a base that is not there. It is installed once the base comes.',
  ProfileInUse:
    'A pod uses the profile, or another SELinux profile of a node needs it, so it is not removed. `status.activeWorkloads` lists the pods, the message names the profile.',
  DisabledOnNode: 'The profile is not for this node, by its own fields.',
  WaitingForProfile: 'The pod waits at its scheduling gate until the profile is on the nodes.',
  ProfileWaitTimedOut: 'The pod waited as long as `profileNotReady` allows, and goes on.',
  ProfilesInstalled: 'The node has every profile; its start-up taint was taken away.',
  ProfileBindingConflict: 'Another binding of the namespace is for the same image and goes before.',
  PodUnbound: 'A binding is for the pod, and did not bind it. The message says why.',
  ProfilesMerged: 'The parts of a recording became one profile.',
  NoPartialProfiles: 'A recording with `mergeStrategy` ended without having recorded anything.',
  MergedEmptyProfile: 'No part of the merged profile has seen a call. A pod under it could not start.',
  CannotCreateUpdateMergedProfile: 'The merged profile could not be written; tried again, and the parts stay.',
  ProfileRecording: 'Pods are recorded by the recording.',
  RecordingStarted: 'The container is recorded from its first instruction on.',
  RecordingEnded: 'No pod is recorded by the recording any more.',
  ProfileCreated: 'The profile of a recorded container was written.',
  ProfileNotOurs: 'There is a profile or a file of that name already which is not ours; it is left alone.',
  ProfileNameShortened: 'The name of a recorded profile was too long and was shortened; the message has both.',
  CannotCreateProfile: 'The profile of a recorded container could not be written; tried again.',
  NothingRecorded: 'The container was to be recorded and was not: it ran while no recorder was there.',
  CannotCreateSPOD: 'The spod object could not be made; tried again.',
  CannotUpdateSPOD: 'Objects of the daemon could not be changed as the spod says; tried again.',
  InvalidKubeletDirectory:
    'The label `kubelet.kubernetes.io/directory-location` of a node names no directory, so its daemon does not start.',
  OperatorConflict:
    'Two namespaces have an operator. The one that was there first goes on, the other one does nothing. Remove one of them.',
  PermissionsLost:
    'The API server does not let the operator watch its objects any more. Apply its manifest again, and see what took its roles.',
  InvalidSPOD: 'The spod asks for something that cannot be. What ran before goes on. The message names the field.',
  InvalidAppArmorProfile: 'The policy cannot be compiled, or its name is another one. The message has the line.',
  AppArmorNotSupportedOnNode: 'The kernel of a node has AppArmor off, so the profile is not loaded there.',
  LoadedAppArmorProfile: 'The AppArmor profile is loaded on all nodes that have AppArmor.',
  CannotLoadAppArmorProfile: 'A node could not load the profile; tried again.',
  CannotUnloadAppArmorProfile: 'A node could not unload the profile; tried again.',
  CannotUpdateAppArmorProfile: 'The API server refused a status or a label of the profile; tried again.',
  ProfileNameTaken:
    'The kernel of a node has a profile of that name which is not ours; it is left alone. Rename yours.',
  SelinuxNotSupportedOnNode: 'The kernel of a node has SELinux off, so the policy is not installed there.',
  SelinuxNotEnabled: 'The profile waits for `enableSelinux` of the spod.',
  SavedSelinuxPolicy: 'The SELinux policy is on all nodes that have SELinux.',
  CannotSaveSelinuxPolicy: 'The policy could not be installed on a node; tried again.',
  CannotRemoveSelinuxPolicy: 'The policy could not be removed from a node; tried again.',
  CannotContactSelinuxd: 'selinuxd of a node does not answer; tried again. See its log.',
  CannotWritePolicyFile: 'The policy could not be handed to selinuxd of a node; tried again.',
  CannotGetPolicyStatus: 'selinuxd of a node gave an answer that means nothing; tried again.',
  CannotUpdatePolicyStatus: 'The API server refused a status or a label of the policy; tried again.',
  InstallingSelinuxPolicy: 'selinuxd is compiling the policy.',
  RemovingSelinuxPolicy: 'selinuxd is taking the policy out.',
  DenialsObserved:
    'A profile has denied calls of a container. The message names them, the condition of that name, too.',
  PromotionProposed:
    'The profile of a binding with `enforcement` only logs, and has logged nothing for long enough. The message names the change.',
  RollbackProposed:
    'The profile of a binding with `enforcement` has denied calls. The message names the change that lets it log instead.',
  TrialBegun: 'New pods of a binding run under a twin of the profile that only logs.',
  Promoted: 'New pods of a binding run under the profile itself: nothing was logged for long enough.',
  FileDiffered:
    'A profile on a node (its file, its AppArmor profile in the kernel, its SELinux policy) was not as the operator had put it there, since somebody had changed or removed it; it was put there again.',
  RolledBack:
    'New pods of a binding run under the twin again that only logs: the profile has denied the calls that the message names.',
};
