// SPDX-License-Identifier: Apache-2.0
// Everything that recorded profiles of one workload say about how they were learnt, in one account.
import { ANNOTATION } from '../names.ts';
import { parseAddedCalls } from '../recording/added-calls.ts';
import { sumCoverages } from '../recording/coverage.ts';
import { summaryOf, uniteEvidence } from '../recording/evidence.ts';
import type { Evidence, EvidenceSummary } from '../recording/evidence.ts';
import type { LearntProfile } from '../recording/kinds/learner.ts';
import { evidenceOf, partCoverage } from '../recording/merge-partials.ts';
import { chanceOfNews } from './chance.ts';
import type { Chance } from './chance.ts';
import { growthOf } from './growth.ts';
import type { GrowthPoint } from './growth.ts';
import { noveltyOf } from './novelty.ts';
import type { Novelty } from './novelty.ts';
import { wholenessOf } from './wholeness.ts';
import type { Wholeness } from './wholeness.ts';

/** In how many recordings something was seen. */
export interface SeenName {
  readonly name: string;
  readonly recordings: number;
}

/** Where and how the recordings were made; lists are sorted. */
export type Provenance = Pick<Evidence, 'recorder' | 'nodes' | 'images' | 'kernels' | 'runtimes'> &
  Pick<Evidence, 'firstCall' | 'lastNewCall'>;

/** Everything that is known of how a profile was learnt. */
export interface EvidenceAccount {
  readonly recordings: number;
  readonly whole: Wholeness;
  /** Calls, or accesses, that recordings have shown: the rarest first, then by name. */
  readonly seen: readonly SeenName[];
  /** Calls of the profile that no recording has shown, sorted. */
  readonly added: readonly string[];
  readonly novelty: Novelty;
  /** That the next recording shows something new; undefined where too few recordings were made. */
  readonly chance: Chance | undefined;
  readonly growth: readonly GrowthPoint[];
  /** Undefined where no profile tells. */
  readonly runs: EvidenceSummary | undefined;
  readonly provenance: Provenance | undefined;
}

/** The account of profiles of one kind that were learnt of the same workload; a merged one stands for its parts. */
export function accountOf(profiles: readonly LearntProfile[]): EvidenceAccount {
  const coverages = profiles.map(partCoverage);
  const sum = sumCoverages(coverages);
  const novelty = noveltyOf(coverages);
  const evidence = unitedEvidence(profiles);
  return {
    recordings: sum.total,
    whole: wholenessOf(profiles),
    seen: Array.from(sum.names, ([name, recordings]) => ({ name, recordings })).sort(byRarity),
    added: addedTo(profiles, sum.names),
    novelty,
    chance: chanceOfNews(novelty),
    growth: growthOf(sum),
    runs: evidence === undefined ? undefined : summaryOf(evidence),
    provenance: evidence === undefined ? undefined : provenanceOf(evidence),
  };
}

function byRarity(one: SeenName, other: SeenName): number {
  return one.recordings - other.recordings || (one.name < other.name ? -1 : 1);
}

function addedTo(profiles: readonly LearntProfile[], seen: ReadonlyMap<string, number>): readonly string[] {
  const added = profiles.flatMap(({ metadata }) =>
    parseAddedCalls(metadata.annotations?.[ANNOTATION.addedSyscalls] ?? ''),
  );
  const names = new Set(added.map(({ name }) => name).filter((name) => !seen.has(name)));
  return [...names].sort();
}

function unitedEvidence(profiles: readonly LearntProfile[]): Evidence | undefined {
  const [first, ...others] = profiles.flatMap((profile) => evidenceOf(profile) ?? []);
  return first === undefined ? undefined : uniteEvidence(first, others);
}

function provenanceOf(evidence: Evidence): Provenance {
  const { recorder, nodes, images, kernels, runtimes, firstCall, lastNewCall } = evidence;
  return {
    recorder,
    nodes,
    images,
    kernels,
    runtimes,
    ...(firstCall === undefined ? {} : { firstCall }),
    ...(lastNewCall === undefined ? {} : { lastNewCall }),
  };
}
