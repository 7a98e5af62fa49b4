// SPDX-License-Identifier: Apache-2.0
// How far the profiles of a recording are, as their rules and their evidence say.
import { parseEvidence } from '../../core/recording/evidence-form.ts';
import type { RecordingProgress } from '../../core/recording/recording-status.ts';
import { ANNOTATION, LABEL } from '../../core/names.ts';
import type { ProfileRecording } from '../../gen/crd/profile-recording.ts';
import type { SeccompProfile } from '../../gen/crd/seccomp-profile.ts';
import type { Reader } from '../../runtime/handler.ts';
import { isDeleting, keyText } from '../../runtime/object.ts';

/** Follows the recorded profiles of a reader. */
export class ProgressOfRecordings {
  private readonly madeBy: (recording: string) => readonly SeccompProfile[];

  constructor(profiles: Reader<SeccompProfile>) {
    this.madeBy = profiles.index(({ metadata: { namespace, labels } }) => [
      keyText({ namespace, name: labels?.[LABEL.recordingId] ?? '' }),
    ]);
  }

  /** The progress of one. */
  of({ metadata }: ProfileRecording): RecordingProgress {
    const profiles = this.madeBy(keyText(metadata)).filter((profile) => !isDeleting(profile));
    const names = new Set(profiles.flatMap(({ spec }) => (spec.syscalls ?? []).flatMap((rule) => rule.names)));
    const times = profiles.flatMap(({ metadata: { annotations } }) => {
      return parseEvidence(annotations?.[ANNOTATION.recordingEvidence])?.lastNewCall ?? [];
    });
    return { profiles: profiles.length, syscalls: names.size, lastNewCall: times.sort().at(-1) };
  }
}
