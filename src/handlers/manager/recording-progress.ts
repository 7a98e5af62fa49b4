// SPDX-License-Identifier: Apache-2.0
// How far the profiles of a recording are, as their rules and their evidence say.
import { DEFAULT_BAR, stabilityOf } from '../../core/evidence/stability.ts';
import { wholenessOf } from '../../core/evidence/wholeness.ts';
import type { LearntProfile } from '../../core/recording/kinds/learner.ts';
import type { RecordingProgress } from '../../core/recording/recording-status.ts';
import { LABEL } from '../../core/names.ts';
import type { ProfileRecording } from '../../gen/crd/profile-recording.ts';
import type { Reader } from '../../runtime/handler.ts';
import { isDeleting, keyText } from '../../runtime/object.ts';

/** Follows the recorded profiles of a reader. */
export class ProgressOfRecordings {
  private readonly madeBy: readonly ((recording: string) => readonly LearntProfile[])[];

  /** The profiles of recordings, a reader for each kind. */
  constructor(profiles: readonly Reader<LearntProfile>[]) {
    this.madeBy = profiles.map((reader) =>
      reader.index(({ metadata: { namespace, labels } }) => [
        keyText({ namespace, name: labels?.[LABEL.recordingId] ?? '' }),
      ]),
    );
  }

  /** The progress of one; `now` in milliseconds since 1970. */
  of({ metadata, spec }: ProfileRecording, now: number): RecordingProgress {
    const all = this.madeBy.flatMap((made) => made(keyText(metadata)));
    const profiles = all.filter((profile) => !isDeleting(profile));
    const names = new Set(profiles.flatMap(syscallsOf));
    const stability = stabilityOf(profiles, { ...DEFAULT_BAR, ...spec.stableAfter }, now);
    return {
      profiles: profiles.length,
      syscalls: names.size,
      lastNewCall: stability.lastNew,
      whole: wholenessOf(profiles),
      stability,
    };
  }
}

function syscallsOf(profile: LearntProfile): readonly string[] {
  return profile.kind === 'SeccompProfile' ? (profile.spec.syscalls ?? []).flatMap((rule) => rule.names) : [];
}
