// SPDX-License-Identifier: Apache-2.0
// Which containers a recording is for. The webhook asks it about new pods, and the nodes again before they believe an
// annotation.
import type { ProfileRecording } from '../../gen/crd/profile-recording.ts';
import { selects } from '../label-selector.ts';
import type { Labels } from '../label-selector.ts';
import type { RecordedContainer } from './request.ts';

/** Whether a recording is for pods with those labels in its namespace. */
export function wantsPod({ spec }: Pick<ProfileRecording, 'spec'>, labels: Labels | undefined): boolean {
  return selects(spec.podSelector, labels);
}

/** Whether a recording is for a container of that name, in pods that it is for. No list and an empty one name all. */
export function wantsContainer({ spec }: Pick<ProfileRecording, 'spec'>, container: string): boolean {
  const { containers = [] } = spec;
  return containers.length === 0 || containers.includes(container);
}

/** Whether a recording asks for what an annotation of a pod with those labels says that it does. */
export function asksFor(
  recording: Pick<ProfileRecording, 'spec'>,
  request: RecordedContainer,
  labels: Labels | undefined,
): boolean {
  const { kind, recorder } = recording.spec;
  const isSame = kind === request.kind && recorder === request.recorder;
  return isSame && wantsPod(recording, labels) && wantsContainer(recording, request.container);
}
