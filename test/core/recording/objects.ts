// SPDX-License-Identifier: Apache-2.0
// Recordings for tests of what is recorded.
import type { ProfileRecording, ProfileRecordingSpec } from '../../../src/gen/crd/profile-recording.ts';

/** A recording of SeccompProfiles of all pods in the namespace `shop`, by eBPF; `spec` goes beside. */
export function recording(name = 'rec', spec: Partial<ProfileRecordingSpec> = {}): ProfileRecording {
  return {
    apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
    kind: 'ProfileRecording',
    metadata: { name, namespace: 'shop', uid: `uid-${name}`, resourceVersion: '1', generation: 1 },
    spec: { kind: 'SeccompProfile', recorder: 'bpf', podSelector: {}, ...spec },
  };
}
