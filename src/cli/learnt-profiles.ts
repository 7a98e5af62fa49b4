// SPDX-License-Identifier: Apache-2.0
// Recorded profiles in files, of all kinds that recordings make, grouped by the workload that they were learnt of.
import { InvalidProfile } from '../core/faults.ts';
import { isJsonObject } from '../core/json.ts';
import { LABEL } from '../core/names.ts';
import type { LearntProfile } from '../core/recording/kinds/learner.ts';
import { LEARNT_KINDS, learnerOf } from '../core/recording/kinds/learners.ts';
import { validate } from '../core/validation/validate.ts';
import { SHAPES } from '../gen/shape/all.ts';
import type { Document } from './documents.ts';
import { readFile, subjectIn } from './profile-document.ts';
import { concernsProfile } from './profile-facts.ts';
import { UserError } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/** Profiles of one kind that were learnt of the same workload. */
export interface Workload {
  /** For messages: the kind with the recording and the container, or with the name of the first profile. */
  readonly title: string;
  readonly kind: LearntProfile['kind'];
  /** At least one. */
  readonly profiles: readonly LearntProfile[];
}

/**
 * The profiles of files. Those of one recording and container are of one workload, and all that do not say of which
 * recording they are, kind by kind.
 *
 * @throws UserError for what is no object of a kind that is recorded, InvalidProfile with every fault of one
 */
export async function readWorkloads(paths: readonly string[], terminal: Terminal): Promise<readonly Workload[]> {
  const profiles: LearntProfile[] = [];
  for (const path of paths) profiles.push(...(await readLearnt(path, terminal)));
  const groups = Map.groupBy(profiles, (profile) => `${profile.kind} ${originOf(profile)}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const origin = originOf(first);
    const title = `${first.kind} ${origin === '' ? first.metadata.name : `of ${origin}`}`;
    return [{ title, kind: first.kind, profiles: group }];
  });
}

async function readLearnt(path: string, terminal: Terminal): Promise<readonly LearntProfile[]> {
  const { documents } = await readFile(path, terminal);
  if (documents.length === 0) throw new UserError(`${path}: holds no object`);
  return Promise.all(documents.map((document) => learntIn(document, subjectIn(path, document, documents.length))));
}

/**
 * The recorded profile of a document.
 * @throws as readWorkloads
 */
export async function learntIn({ value }: Document, subject: string): Promise<LearntProfile> {
  const kind = isJsonObject(value) ? LEARNT_KINDS.find((known) => known === value['kind']) : undefined;
  const shape = kind === undefined ? undefined : await SHAPES[kind]?.();
  if (kind === undefined || shape === undefined || !isJsonObject(value)) {
    throw new UserError(`${subject}: kind: is none of ${LEARNT_KINDS.join(', ')}, so it says nothing of a recording`);
  }
  const whole = { apiVersion: learnerOf(kind).apiVersion, ...value };
  const faults = validate(whole, shape).filter(({ path }) => concernsProfile(path));
  if (faults.length > 0) {
    throw new InvalidProfile(
      subject,
      faults.map(({ path, message }) => ({ field: path, reason: message })),
    );
  }
  // It was held against the schema of the kind.
  return whole as unknown as LearntProfile;
}

function originOf({ metadata }: LearntProfile): string {
  const { [LABEL.recordingId]: recording, [LABEL.containerId]: container } = metadata.labels ?? {};
  if (recording === undefined || container === undefined) return '';
  const { namespace } = metadata;
  return `ProfileRecording ${namespace === undefined ? '' : `${namespace}/`}${recording}, container ${container}`;
}
