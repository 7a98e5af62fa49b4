// Generated from schemas/crd/profile-recording.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

import type { Condition } from './defs/condition.ts';
import type { LabelSelector } from './defs/label-selector.ts';
import type { ObjectMeta } from './defs/object-meta.ts';

/**
 * Recording while pods are recorded, else the reason why none is.
 */
export type RecordingState =
  | 'Recording'
  | 'NoMatch'
  | 'NamespaceNotLabelled'
  | 'RecorderNotEnabled'
  | 'RecorderNotReady'
  | 'KindNotSupported'
  | 'RecorderNotSupported'
  | 'NameNotDNSLabel';

/**
 * Records what the containers of matching pods do, and makes profiles from it when the pods end. The namespace must carry the label spo.x-k8s.io/enable-recording.
 */
export interface ProfileRecording {
  /**
   * Group and version of the kind.
   */
  readonly apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1';
  /**
   * Name of the kind.
   */
  readonly kind: 'ProfileRecording';
  /**
   * Name and other metadata of the object.
   */
  readonly metadata: ObjectMeta;
  readonly spec: ProfileRecordingSpec;
  readonly status?: ProfileRecordingStatus;
}
/**
 * What is recorded, and how.
 */
export interface ProfileRecordingSpec {
  /**
   * Kind of the profiles to record. It cannot be changed, because recorded parts of the former kind could then no longer be merged; make another recording instead.
   */
  readonly kind: 'SeccompProfile' | 'SelinuxProfile' | 'AppArmorProfile';
  /**
   * How the containers are watched: bpf uses eBPF in the kernel and takes kind SeccompProfile; logs reads the audit log through the log enricher and takes all kinds. The spod must have enableBpfRecorder or enableLogEnricher set.
   */
  readonly recorder: 'bpf' | 'logs';
  /**
   * What becomes of the recordings of several replicas: with none every container instance gives a profile of its own, with containers those of the same container are merged into one profile when the recording is deleted.
   */
  readonly mergeStrategy?: 'none' | 'containers';
  /**
   * Labels of the pods to record. An empty selector takes all pods of the namespace.
   */
  readonly podSelector: LabelSelector;
  /**
   * Names of the containers to record. Without a list all containers of the pods are recorded.
   */
  readonly containers?: readonly string[];
  /**
   * Makes the recorded profiles disabled, so that they exist as objects but are not installed on any node.
   */
  readonly disableProfileAfterRecording?: boolean;
  readonly stableAfter?: StableAfter;
}
/**
 * When the condition Stable becomes True: after so many runs, and so long a time, in which no container of the recording has made a call that was not known of it.
 */
export interface StableAfter {
  /**
   * Runs of each container that began after its last new call, and have ended or gone on for the time. A run of which something was lost does not count.
   */
  readonly runs?: number;
  /**
   * The time since the last new call.
   */
  readonly seconds?: number;
}
/**
 * Where the recording stands, as the operator sees it.
 */
export interface ProfileRecordingStatus {
  /**
   * The metadata.generation that this status is about. A number below the object's own generation means that the last change has not been answered yet.
   */
  readonly observedGeneration?: number;
  /**
   * Current observations about the object, at most one of each type. The condition Ready is True once the object is in effect everywhere it should be.
   *
   * Items: One observation about the object, in the form that kubectl wait and kubectl describe read.
   */
  readonly conditions?: readonly Condition[];
  /**
   * Pods that make use of this object now, each written as namespace/name, in order. At most 1000 are listed; activeWorkloadCount tells how many there are.
   */
  readonly activeWorkloads?: readonly string[];
  /**
   * How many pods make use of this object now, also beyond those that activeWorkloads lists.
   */
  readonly activeWorkloadCount?: number;
  readonly state?: RecordingState;
  /**
   * The state as a sentence.
   */
  readonly message?: string;
  /**
   * How many profiles it has made so far that are still there.
   */
  readonly profiles?: number;
  /**
   * How many different system calls these profiles allow together.
   */
  readonly syscalls?: number;
  /**
   * When a call was last seen that no run of the container had made before, as near as the profiles tell: never earlier than it was. The condition Stable says when nothing new has come for long enough.
   */
  readonly lastNewCall?: string;
}
