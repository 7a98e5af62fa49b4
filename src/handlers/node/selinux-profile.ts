// SPDX-License-Identifier: Apache-2.0
// SelinuxProfiles and RawSelinuxProfiles on a node: each becomes a module of the node's policy, with a mark by which it
// is known as ours when its object is gone.
import { Rejected } from '../../core/errors.ts';
import { explainCompilerMessage } from '../../core/selinux/compiler-message.ts';
import type { SelinuxLimit } from '../../core/selinux/limits.ts';
import { usageOfBlock } from '../../core/selinux/names.ts';
import { renderRawCil } from '../../core/selinux/raw.ts';
import { renderCil } from '../../core/selinux/render.ts';
import type { RenderedCil } from '../../core/selinux/render.ts';
import { marked, profileOfModule } from '../../core/selinux/store/mark.ts';
import type { MarkedProfile } from '../../core/selinux/store/mark.ts';
import type { RawSelinuxProfile } from '../../gen/crd/raw-selinux-profile.ts';
import type { SelinuxProfile } from '../../gen/crd/selinux-profile.ts';
import type { Reader, Watch } from '../../runtime/handler.ts';
import { keyOf } from '../../runtime/object.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import type { Profile, ProfileKind } from '../sources/profiles.ts';
import { RAW_SELINUX, SELINUX } from '../sources/selinux-profiles.ts';
import type { Leftover } from './orphaned-files.ts';
import type { NodeProfileKind, ProfileCounters } from './profile-kind.ts';
import { SelinuxPolicies } from './selinux-policies.ts';
import type { SelinuxForm, SelinuxPoliciesParts } from './selinux-policies.ts';

/** The node as SELinux profiles of both kinds need it. */
export interface SelinuxNodeParts extends Omit<SelinuxPoliciesParts, 'failed'> {
  readonly profiles: Reader<SelinuxProfile>;
  readonly counters: ProfileCounters;
  /** Changes of the limit, and for raw profiles of their namesakes. */
  readonly watches: readonly Watch[];
  /** The profiles that selinuxd has installed, by module, once it knows them. Never rejects. */
  installed(): Promise<ReadonlyMap<string, MarkedProfile>>;
  limit(): SelinuxLimit;
  /** SHA-256 of a text, in hexadecimal digits. */
  digest(text: string): string;
}

/** Digits of a hash that identify a text in the node's status. */
const HASH_DIGITS = 16;

/** SelinuxProfiles of a node. */
export function selinuxOnNode(parts: SelinuxNodeParts): NodeProfileKind<SelinuxProfile, SelinuxForm> {
  const { profiles } = parts;
  return {
    ...onNode(SELINUX, parts),
    prepare: (profile) => {
      const { namespace } = profile.metadata;
      const find = (name: string): SelinuxProfile | undefined => found(profiles, { namespace, name });
      return formOf(SELINUX, profile, renderCil(profile, { limit: parts.limit(), find }), parts);
    },
  };
}

/** RawSelinuxProfiles of a node. */
export function rawSelinuxOnNode(parts: SelinuxNodeParts): NodeProfileKind<RawSelinuxProfile, SelinuxForm> {
  const common = onNode(RAW_SELINUX, parts);
  const isTaken = (key: ObjectKey): boolean => parts.profiles.get(key) !== undefined;
  return {
    ...common,
    prepare: (profile) => {
      if (isTaken(keyOf(profile))) {
        const why = 'the SelinuxProfile of the same name has the policy of this name; choose another name';
        throw new Rejected('InvalidSelinuxProfile', `metadata.name: ${why}`);
      }
      return formOf(RAW_SELINUX, profile, renderRawCil(profile, { limit: parts.limit() }), parts);
    },
    remove: async (key) => !isTaken(key) && common.remove(key),
  };
}

/** A profile beyond the budget of its namespace has no rules here. */
function found(profiles: Reader<SelinuxProfile>, key: ObjectKey): SelinuxProfile | undefined {
  if (!profiles.isWithheld(key)) return profiles.get(key);
  throw new Rejected('NamespaceBudgetExceeded', `needs the profile ${key.name}, which is beyond the budget`);
}

function onNode<P extends Profile>(
  kind: ProfileKind<P>,
  { counters, ...parts }: SelinuxNodeParts,
): Omit<NodeProfileKind<P, SelinuxForm>, 'prepare'> {
  const policies = new SelinuxPolicies({ ...parts, failed: (reason) => counters.failed(reason) });
  return {
    ...kind,
    reasons: { notSaved: 'CannotWritePolicyFile', notRemoved: 'CannotRemoveSelinuxPolicy' },
    counters,
    words: { written: 'installed policy on the node', removed: 'removed policy from the node' },
    watches: parts.watches,
    leftovers: async () => leftoversOf(kind, await installedOrFiled(parts), policies),
    write: (key, form) => policies.write(key, form),
    remove: (key) => policies.remove(key),
    holds: (key) => policies.holds(key),
    follow: (wake) => policies.follow(wake),
  };
}

/**
 * The profiles of the policies on the node. A selinuxd of the node's own does not tell of profiles, and its folder
 * outlives the pod; where that cannot be read, each write says so.
 */
async function installedOrFiled({
  files,
  installed,
}: Pick<SelinuxNodeParts, 'files' | 'installed'>): Promise<ReadonlyMap<string, MarkedProfile>> {
  const texts = await files.files().catch(() => []);
  const filed = texts.flatMap(({ name, text }) => {
    const profile = profileOfModule(text);
    return profile === undefined ? [] : [[name, profile] as const];
  });
  return new Map([...filed, ...(await installed())]);
}

function leftoversOf(
  { resource }: Pick<ProfileKind, 'resource'>,
  installed: ReadonlyMap<string, MarkedProfile>,
  policies: SelinuxPolicies,
): readonly Leftover[] {
  const own = [...installed].filter(([, profile]) => profile.kind === resource.kind);
  return own.map(([block, { namespace, name }]) => ({
    key: { namespace, name },
    useName: usageOfBlock(block),
    remove: () => policies.remove({ namespace, name }),
  }));
}

function formOf(
  { resource: { kind } }: Pick<ProfileKind, 'resource'>,
  { metadata: { name, namespace = '' } }: Profile,
  { block, cil, warnings }: RenderedCil,
  { digest }: Pick<SelinuxNodeParts, 'digest'>,
): SelinuxForm {
  const text = marked(cil, { kind, namespace, name });
  const checksum = digest(text);
  const explain = (message: string): string =>
    explainCompilerMessage(message, { block, cil, isRaw: kind === RAW_SELINUX.resource.kind });
  return { text, checksum, hash: checksum.slice(0, HASH_DIGITS), warnings, explain };
}
