// SPDX-License-Identifier: Apache-2.0
// The profiles that artifacts hold: one object of a kind of profile, as the API server would take it, or a runtime's
// JSON, as runtimes would. Looked at before it is sent and after it has come.
import { isJsonObject } from '../core/json.ts';
import { MAX_PROFILE_BYTES } from '../core/oci/artifact.ts';
import { InvalidProfile } from '../core/faults.ts';
import { parseProfile } from '../core/seccomp/parse.ts';
import { runtimeArtifactFaults } from '../core/seccomp/runtime-artifact/check.ts';
import type { LearntProfile } from '../core/recording/kinds/learner.ts';
import { LEARNT_KINDS } from '../core/recording/kinds/learners.ts';
import { validate } from '../core/validation/validate.ts';
import { APP_ARMOR_PROFILE, RAW_SELINUX_PROFILE, SECCOMP_PROFILE, SELINUX_PROFILE } from '../gen/kinds.ts';
import type { Kind } from '../gen/kinds.ts';
import { SHAPES } from '../gen/shape/all.ts';
import { parseDocuments, titleOf } from './documents.ts';
import { objectIn } from './object-kind.ts';
import { objectKindOf } from './object-kinds.ts';
import { concernsProfile } from './profile-facts.ts';
import { UserError } from './terminal.ts';
import type { Terminal } from './terminal.ts';

const PROFILE_KINDS: readonly Kind[] = [SECCOMP_PROFILE, SELINUX_PROFILE, RAW_SELINUX_PROFILE, APP_ARMOR_PROFILE];

type Fields = Readonly<Record<string, unknown>>;

function kindOf(value: unknown, subject: string): Kind {
  const { kind, apiVersion } = isJsonObject(value) ? value : {};
  const known = PROFILE_KINDS.find((one) => one.kind === kind);
  if (known === undefined) {
    const kinds = PROFILE_KINDS.map((one) => one.kind).join(', ');
    throw new UserError(`${subject}: holds ${titleOf(value)}, not one of ${kinds}`);
  }
  if (typeof apiVersion === 'string' && apiVersion.startsWith(`${known.group}/`)) return known;
  throw new UserError(`${subject}: apiVersion: is not of ${known.group}`);
}

async function requireValid(value: Fields, { kind }: Kind, subject: string): Promise<void> {
  const shape = await SHAPES[kind]?.();
  if (shape === undefined) throw new RangeError(`${kind} has no shape`);
  const faults = validate(value, shape).filter(({ path }) => concernsProfile(path));
  if (faults.length > 0) {
    throw new InvalidProfile(
      subject,
      faults.map(({ path, message }) => ({ field: path, reason: message })),
    );
  }
  if (kind === SECCOMP_PROFILE.kind) parseProfile(value['spec'], subject);
  else await requireInstallable(value, subject);
}

/** As the operator would install it, where the schema does not tell. */
async function requireInstallable(value: Fields, subject: string): Promise<void> {
  const kind = await objectKindOf(value);
  const faults = kind?.faults(objectIn(value, subject)) ?? [];
  if (faults.length > 0) throw new InvalidProfile(subject, faults);
}

/** A profile that may be in an artifact. */
export interface CheckedProfile {
  /** An object of the cluster, or the JSON that runtimes pull by themselves. */
  readonly form: 'object' | 'runtime';
  /** Kind and name, for messages. */
  readonly title: string;
  /** The profile, where it is of a kind that recordings make. */
  readonly learnt?: LearntProfile;
}

function isRuntimeProfile(value: unknown): boolean {
  return isJsonObject(value) && !('kind' in value) && 'defaultAction' in value;
}

/**
 * Holds the text of a profile against the schema of its kind, or against what runtimes take.
 *
 * @param subject - the file or the artifact, for messages
 * @throws UserError for another content, InvalidProfile with every fault of a profile
 */
export async function checkArtifactText(text: string, subject: string, terminal: Terminal): Promise<CheckedProfile> {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > MAX_PROFILE_BYTES) {
    throw new UserError(`${subject}: has ${String(bytes)} bytes, a profile has ${String(MAX_PROFILE_BYTES)} at most`);
  }
  const documents = await parseDocuments(text, subject, terminal);
  const [first] = documents;
  if (first === undefined || documents.length > 1) {
    throw new UserError(`${subject}: holds ${String(documents.length)} documents, one is needed`);
  }
  const { value } = first;
  if (isRuntimeProfile(value)) {
    const faults = runtimeArtifactFaults(text);
    if (faults.length > 0) throw new InvalidProfile(subject, faults);
    return { form: 'runtime', title: 'a seccomp profile of runtimes' };
  }
  const kind = kindOf(value, subject);
  if (isJsonObject(value)) await requireValid(value, kind, subject);
  const isLearnt = LEARNT_KINDS.some((one) => one === kind.kind);
  return { form: 'object', title: titleOf(value), ...(isLearnt ? { learnt: value as LearntProfile } : {}) };
}
