// SPDX-License-Identifier: Apache-2.0
// How recorded profiles were learnt, as the predicate of an in-toto statement that is signed beside their artifact:
// what their annotations say, in numbers, without the names of nodes and pods, which are nobody's business elsewhere.
import { plainText } from '../plain-text.ts';
import { isJsonObject } from '../json.ts';
import type { LearntProfile } from '../recording/kinds/learner.ts';
import { isRecorded } from '../recording/merge-partials.ts';
import { accountOf } from './account.ts';
import type { EvidenceAccount } from './account.ts';
import { chanceText } from './text.ts';
import type { Chance } from './chance.ts';
import type { Wholeness } from './wholeness.ts';

/** Predicate type of the statement. */
export const RECORDING_PREDICATE = 'https://security-profiles-operator.x-k8s.io/attestation/recording/v1';

/** How one profile was learnt. Lists are sorted; what is not known is left out. */
export interface RecordingAccount {
  readonly kind: string;
  readonly name: string;
  /** `linux/amd64`. */
  readonly platform: string;
  /** Of the profile's bytes in the artifact: a statement is about no other profile, whatever that is called. */
  readonly digest: string;
  readonly whole: Wholeness['answer'];
  /** Why it is not whole, a sentence each. */
  readonly gaps: readonly string[];
  readonly recordings: number;
  /** System calls or accesses that were seen. */
  readonly seen: number;
  /** Names of calls that are allowed without having been seen. */
  readonly added: readonly string[];
  /** That the next recording shows something new. */
  readonly chance?: Chance;
  readonly runs?: number;
  readonly pods?: number;
  readonly seconds?: number;
  readonly nodes?: number;
  /** How much was lost, by reason. */
  readonly lost?: Readonly<Record<string, number>>;
  readonly recorder?: string;
  /** By digest. */
  readonly images?: readonly string[];
  /** Releases. */
  readonly kernels?: readonly string[];
  /** Container runtimes with their versions. */
  readonly runtimes?: readonly string[];
  /** RFC 3339. */
  readonly firstCall?: string;
  readonly lastNewCall?: string;
}

/** The predicate. */
export interface RecordingPredicate {
  /** The program that has made the statement. */
  readonly tool: { readonly name: string; readonly version: string };
  readonly profiles: readonly RecordingAccount[];
}

/** A profile of an artifact. */
export interface PlacedProfile {
  readonly platform: string;
  /** Of its bytes. */
  readonly digest: string;
  readonly profile: LearntProfile;
}

/** The predicate about the profiles that were recorded; undefined where none says that it was. */
export function recordingPredicate(all: readonly PlacedProfile[], version: string): RecordingPredicate | undefined {
  const profiles = all.filter(({ profile }) => isRecorded(profile)).map(accountIn);
  return profiles.length === 0 ? undefined : { tool: { name: 'spoc', version }, profiles };
}

function accountIn({ platform, digest, profile }: PlacedProfile): RecordingAccount {
  const account = accountOf([profile]);
  const { whole, recordings, seen, added, chance } = account;
  return {
    kind: profile.kind,
    name: profile.metadata.name,
    platform,
    digest,
    whole: whole.answer,
    gaps: whole.reasons,
    recordings,
    seen: seen.length,
    added,
    ...(chance === undefined ? {} : { chance }),
    ...runsIn(account),
  };
}

function runsIn({ runs, provenance }: EvidenceAccount): Partial<RecordingAccount> {
  if (runs === undefined || provenance === undefined) return {};
  const { nodes, ...rest } = provenance;
  const lost = Object.fromEntries(Object.entries(runs.lost).filter(([reason]) => reason !== 'total'));
  return { runs: runs.runs, pods: runs.pods, seconds: runs.seconds, nodes: nodes.length, lost, ...rest };
}

/**
 * The lines of a predicate that was signed, for people: about the profile whose bytes have the digest. None where the
 * predicate does not tell of that, or has another form.
 */
export function recordingLines(predicate: unknown, digest: string): readonly string[] {
  const profiles: unknown = isJsonObject(predicate) ? predicate['profiles'] : undefined;
  const list: readonly unknown[] = Array.isArray(profiles) ? profiles : [];
  const told = list.slice(0, MOST_PROFILES).filter(isJsonObject);
  return told.filter((one) => one['digest'] === digest).flatMap(lineOf);
}

/** More than an artifact has platforms. */
const MOST_PROFILES = 32;

function lineOf(fields: Readonly<Record<string, unknown>>): readonly string[] {
  const { kind, name, platform, whole, recordings, runs, pods, kernels, images, chance } = fields;
  const isWhole = ['yes', 'no', 'unknown'].some((word) => word === whole);
  if (typeof kind !== 'string' || typeof name !== 'string' || typeof platform !== 'string') return [];
  if (!isWhole || typeof recordings !== 'number') return [];
  const words = [
    `${kind} ${name} for ${platform}`,
    `whole: ${String(whole)}`,
    `recordings: ${String(recordings)}`,
    ...(typeof runs === 'number' && typeof pods === 'number' ? [`runs: ${String(runs)} in ${String(pods)} pods`] : []),
    ...listText('images', images),
    ...listText('kernels', kernels),
    ...(isChance(chance) ? [`chance of something new: ${chanceText(chance)}`] : []),
  ];
  return [plainText(words.join('; ').replaceAll(/\s+/g, ' '))];
}

function listText(name: string, value: unknown): readonly string[] {
  const texts = Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
  return texts.length === 0 ? [] : [`${name}: ${texts.slice(0, 4).join(', ')}`];
}

function isChance(value: unknown): value is Chance {
  return isJsonObject(value) && ['estimate', 'low', 'high'].every((name) => typeof value[name] === 'number');
}
