// SPDX-License-Identifier: Apache-2.0
// Profiles that say of a container of this node that it still runs, though it does not any more: the recorder was not
// there when it ended. Its run ends here, the profile says that the end was not seen, and is a part no longer unless it
// is to be merged.
import type { LearntProfile } from '../../core/recording/kinds/learner.ts';
import { evidenceOf } from '../../core/recording/merge-partials.ts';
import type { Captures } from '../../core/recording/captures.ts';
import { runKey } from '../../core/recording/evidence.ts';
import type { Recorder } from '../../core/recording/request.ts';
import { endingSteps, openRuns } from '../../core/recording/unfinished-part.ts';
import type { KnownRun } from '../../core/recording/unfinished-part.ts';
import { ANNOTATION } from '../../core/names.ts';
import type { Handler, PolicyRule, Reader, Source, Watch } from '../../runtime/handler.ts';
import { keyOf } from '../../runtime/object.ts';
import type { Resource } from '../../runtime/object.ts';
import type { Outcome } from '../../runtime/outcome.ts';
import type { RecordablePod } from '../sources/recordable-pods.ts';
import type { LearntReader } from '../sources/recorded-profiles.ts';

/** The surroundings of unfinished recordings. */
export interface UnfinishedRecordingsParts {
  readonly node: string;
  readonly recorder: Recorder;
  /** The recorder's. */
  readonly captures: Captures;
  readonly pods: { readonly source: Source<RecordablePod>; readonly reader: Reader<RecordablePod> };
  /** All profiles of the kind (sources/recorded-profiles.ts). */
  readonly profiles: LearntReader;
}

/** Until the next look at a run that its recorder still has in hand though it has ended. */
const IN_HAND_MS = 5_000;

/** Ends runs whose end was not seen. */
export class UnfinishedRecordings implements Handler<LearntProfile> {
  readonly kind: Resource;
  readonly name: string;
  readonly source: Source<LearntProfile>;
  readonly watches: readonly Watch[];
  readonly rules: readonly PolicyRule[];
  private readonly parts: UnfinishedRecordingsParts;
  private readonly podOf: (uid: string) => readonly RecordablePod[];

  constructor(parts: UnfinishedRecordingsParts) {
    this.parts = parts;
    this.kind = parts.profiles.resource;
    this.name = `unfinished-recordings-${this.kind.kind.toLowerCase()}`;
    this.rules = [{ apiGroups: [this.kind.group], resources: [this.kind.plural], verbs: ['patch'] }];
    this.source = parts.profiles.source;
    this.podOf = parts.pods.reader.index(({ metadata }) => [metadata.uid ?? '']);
    const profilesOf = parts.profiles.reader.index((profile) => openRuns(profile).map(([, { pod }]) => pod));
    const watch: Watch<RecordablePod> = {
      ...parts.pods.source,
      mapToKeys: ({ metadata }) => profilesOf(metadata.uid ?? '').map(keyOf),
      predicate: (before, after) => JSON.stringify(before.containers) !== JSON.stringify(after.containers),
    };
    this.watches = [watch];
  }

  predicate(before: LearntProfile, after: LearntProfile): boolean {
    const name = ANNOTATION.recordingEvidence;
    return before.metadata.annotations?.[name] !== after.metadata.annotations?.[name];
  }

  async apply(profile: LearntProfile): Promise<Outcome<LearntProfile>> {
    if (evidenceOf(profile)?.recorder !== this.parts.recorder) return {};
    const over = openRuns(profile).filter((run) => this.isOver(run));
    const isInHand = ([, { pod }]: KnownRun): boolean => this.parts.captures.of(pod).length > 0;
    const steps = endingSteps(profile, new Set(over.filter((run) => !isInHand(run)).map(([key]) => key)));
    return {
      ...(steps.length === 0 ? {} : { patches: [{ of: profile, steps }] }),
      ...(over.some(isInHand) ? { requeueAfterMs: IN_HAND_MS } : {}),
    };
  }

  /** Of a run in a pod that is there, the pod says so. */
  private isOver([key, run]: KnownRun): boolean {
    if (run.node !== this.parts.node) return false;
    const [pod] = this.podOf(run.pod);
    const [, container] = Object.entries(pod?.containers ?? {}).find(([id]) => runKey(id) === key) ?? [];
    return pod === undefined || container === undefined || container.ended !== undefined;
  }
}
