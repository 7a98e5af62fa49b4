// SPDX-License-Identifier: Apache-2.0
// Pulls base profiles from registries, once for the cluster. Each reference that a profile names has a ConfigMap; its
// key is there before the object is, because the name is a hash of the reference. A tag is looked at again after a
// while; what was pulled stays in force when the registry is away, or when a tag has moved to what is refused.
import { contentSize, printBaseArtifact, profilesSize, readBaseArtifact } from '../../core/base-artifacts/content.ts';
import type { BaseArtifact, Data, PulledBase } from '../../core/base-artifacts/content.ts';
import type { PullOutcome } from '../../core/base-artifacts/pull.ts';
import { demandOn, staysInForce } from '../../core/base-artifacts/trust.ts';
import type { Demand, Trust } from '../../core/base-artifacts/trust.ts';
import type { Log } from '../../core/log.ts';
import { LABEL } from '../../core/names.ts';
import { ArtifactError } from '../../core/oci/artifact-error.ts';
import type { Cryptography } from '../../core/signature/judge.ts';
import { parseReference } from '../../core/oci/reference.ts';
import type { Handler, PolicyRule, Reader, Source, Watch } from '../../runtime/handler.ts';
import { CONFIG_MAP } from '../../runtime/kinds.ts';
import { keyOf, refOf } from '../../runtime/object.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import type { Outcome } from '../../runtime/outcome.ts';
import { basesOfArtifact } from '../sources/base-artifacts.ts';
import type { BaseArtifactObject } from '../sources/base-artifacts.ts';
import type { Profile, ProfileKind } from '../sources/profiles.ts';
import { ARTIFACT_ROOM, BaseArtifactRoom, PULLS_AT_ONCE } from './base-artifact-room.ts';
import type { Sizes } from './base-artifact-room.ts';
import { BaseArtifactUsers } from './base-artifact-users.ts';

/** The settings by which artifacts are pulled now. */
export interface ArtifactSettings {
  readonly trust: Trust;
  /** Milliseconds after which a tag is looked at again. */
  readonly refreshMs: number;
  /** Changes when anything changes that a pull depends on, such as credentials. */
  readonly fingerprint: string;
}

/** The dependencies of the handler. */
export interface BaseArtifactParts {
  readonly namespace: string;
  readonly kind: ProfileKind;
  readonly profiles: Reader<Profile>;
  readonly source: Source<BaseArtifactObject>;
  readonly objects: Reader<BaseArtifactObject>;
  /** Objects that settings are read from: their changes concern every artifact. */
  readonly settingSources: readonly Source[];
  readonly log: Log;
  readonly cryptography: Pick<Cryptography, 'signerName'>;
  settings(): ArtifactSettings;
  /** Asks the registry, and ends by itself in the time of a reconcile. */
  pull(reference: string, demand: Demand, known: PulledBase | undefined, signal: AbortSignal): Promise<PullOutcome>;
  /** Milliseconds, monotonic. */
  now(): number;
}

/** The first and the longest wait after a failure, in milliseconds; it doubles. */
const RETRY_MS = { first: 5000, longest: 300_000 } as const;

/** Characters of a reason: parts of it come from registries. */
const MOST_MESSAGE = 1000;

/**
 * An object that somebody deletes is made again after so many milliseconds: the runtime believes ten minutes that an
 * application stands where no watch of that one name says otherwise.
 */
const RESTORE_MS = 610_000;

/** Until a pull is tried whose namespace has enough slow ones under way, in milliseconds. */
const BUSY_MS = 1000;

interface Check {
  readonly fingerprint: string;
  /** The values that followed, as they should stand in the ConfigMap. */
  readonly data: Data;
  /** Monotonic milliseconds at which the registry is to be asked again; undefined for never. */
  readonly due: number | undefined;
  readonly failures: number;
}

/** Keeps the ConfigMaps of base profiles. */
export class BaseArtifactHandler implements Handler<BaseArtifactObject> {
  readonly kind = CONFIG_MAP;
  readonly name = 'base-artifact';
  readonly concurrency = PULLS_AT_ONCE;
  readonly source: Source<BaseArtifactObject>;
  readonly rules: readonly PolicyRule[] = [
    { apiGroups: [''], resources: ['configmaps'], verbs: ['create', 'patch', 'delete'], where: 'operator' },
  ];
  readonly watches: readonly Watch[];
  private readonly parts: BaseArtifactParts;
  private readonly users: BaseArtifactUsers;
  private readonly room: BaseArtifactRoom;
  private readonly checks = new Map<string, Check>();

  constructor(parts: BaseArtifactParts) {
    this.parts = parts;
    this.source = parts.source;
    this.users = new BaseArtifactUsers(parts.namespace, parts.kind, parts.profiles, parts.objects);
    this.room = new BaseArtifactRoom((name) => this.users.namespacesOf(name));
    const keys = (names: readonly string[]): readonly ObjectKey[] =>
      names.map((name) => ({ namespace: parts.namespace, name }));
    const below = (profile: Profile): readonly string[] => this.users.namesBelow(profile);
    const users: Watch<Profile> = { ...parts.kind.source, mapToKeys: (profile) => keys(below(profile)) };
    const stacked: Watch<BaseArtifactObject> = {
      ...parts.source,
      mapToKeys: (object) => keys(basesOfArtifact(object)),
    };
    const all = (): readonly ObjectKey[] => keys([...new Set(parts.profiles.list().flatMap(below))]);
    const settings = parts.settingSources.map((source): Watch => ({
      ...source,
      mapToKeys: () => [...all(), ...parts.objects.list().map(keyOf)],
    }));
    this.watches = [users, stacked, ...settings];
  }

  /** Another process may have had the lead: its answers are newer than ours. */
  begin(): void {
    this.checks.clear();
  }

  async apply(object: BaseArtifactObject, signal: AbortSignal): Promise<Outcome<BaseArtifactObject>> {
    return this.keep(keyOf(object), object, signal);
  }

  /** Also for a key that never had an object: a profile has named its reference. */
  async gone(key: ObjectKey, signal: AbortSignal): Promise<Outcome<BaseArtifactObject>> {
    return this.keep(key, undefined, signal);
  }

  private async keep(
    key: ObjectKey,
    object: BaseArtifactObject | undefined,
    signal: AbortSignal,
  ): Promise<Outcome<BaseArtifactObject>> {
    const reference = this.users.referenceOf(key.name);
    if (reference === undefined) {
      this.checks.delete(key.name);
      return object === undefined ? {} : { toDelete: [refOf(object)] };
    }
    const check = this.checks.get(key.name);
    // Daemons tell the profile's author.
    if (object === undefined && check === undefined && !this.room.has(key.name, 0, this.sizes())) {
      const { references: most } = ARTIFACT_ROOM;
      this.parts.log.warn('a base profile is not pulled: there are too many', { reference, most });
      return { requeueAfterMs: RETRY_MS.longest };
    }
    const waitMs = this.waitMs(check);
    if (check !== undefined && waitMs > 0) return written(key, object, check.data, waitMs);
    if (this.room.isBusy(key.name, this.parts.now())) return { requeueAfterMs: BUSY_MS };
    const known = object === undefined ? undefined : readBaseArtifact(object.data);
    // Content that we have not written ourselves since we began is read again.
    const isOurs = check !== undefined && object !== undefined && sameTexts(object.data ?? {}, check.data);
    const next = await this.room.during(
      key.name,
      () => this.parts.now(),
      () => this.look(key.name, reference, known, isOurs, signal),
    );
    return written(key, object, printBaseArtifact(next), this.noteCheck(key.name, next));
  }

  /** Milliseconds until the registry is asked again; infinite for never. */
  private waitMs(check: Check | undefined): number {
    if (check?.fingerprint !== this.parts.settings().fingerprint) return 0;
    return check.due === undefined ? Number.POSITIVE_INFINITY : Math.max(0, check.due - this.parts.now());
  }

  /** Asks the registry, unless nothing that it could answer would be trusted. */
  private async look(
    name: string,
    reference: string,
    known: BaseArtifact | undefined,
    isOurs: boolean,
    signal: AbortSignal,
  ): Promise<BaseArtifact> {
    const outcome = this.held(name, reference, await this.pull(reference, isOurs ? known?.pulled : undefined, signal));
    if (outcome.type === 'pulled') {
      const { digest, signer } = outcome.base;
      if (known?.pulled?.digest !== digest) this.parts.log.info('pulled a base profile', { reference, digest, signer });
      return { reference, pulled: outcome.base };
    }
    const { reason } = outcome.error;
    const message = outcome.error.message.slice(0, MOST_MESSAGE);
    this.parts.log.warn('a base profile cannot be pulled', { reference, why: message });
    const kept = this.keptAfter(reference, known?.pulled, outcome.error);
    return { reference, failure: { reason, message }, ...(kept === undefined ? {} : { pulled: kept }) };
  }

  private async pull(reference: string, known: PulledBase | undefined, signal: AbortSignal): Promise<PullOutcome> {
    try {
      const demand = demandOn(reference, this.parts.settings().trust);
      return await this.parts.pull(reference, demand, known, signal);
    } catch (error) {
      if (error instanceof ArtifactError) return { type: 'failed', error };
      throw error;
    }
  }

  /** The outcome, a failure where there is no room for its content. */
  private held(name: string, reference: string, outcome: PullOutcome): PullOutcome {
    if (outcome.type === 'failed') return outcome;
    const size = contentSize(outcome.base.profiles);
    if (this.room.has(name, size, this.sizes())) return outcome;
    const room = `the base profiles of the cluster, or of the namespaces that name it, have no room for`;
    const error = new ArtifactError('RegistryUnavailable', `${reference}: ${room} its ${String(size)} characters`);
    return { type: 'failed', error };
  }

  /** Characters of all that is kept, with that which was written just now and is not in the cache yet. */
  private sizes(): Sizes {
    const objects = this.parts.objects
      .list()
      .map(({ metadata: { name }, data }) => [name, profilesSize(data)] as const);
    const checks = Array.from(this.checks, ([name, { data }]) => [name, profilesSize(data)] as const);
    return new Map([...objects, ...checks]);
  }

  /** The content that stays: what was pulled, unless its signer is trusted no longer. */
  private keptAfter(reference: string, pulled: PulledBase | undefined, error: ArtifactError): PulledBase | undefined {
    if (pulled === undefined) return undefined;
    const demand = this.demandOn(reference);
    const stays = demand !== undefined && staysInForce(pulled.signer, error, demand, this.parts.cryptography);
    return stays ? pulled : undefined;
  }

  /** Undefined where nobody may have signed the artifact. */
  private demandOn(reference: string): Demand | undefined {
    try {
      return demandOn(reference, this.parts.settings().trust);
    } catch (error) {
      if (error instanceof ArtifactError) return undefined;
      throw error;
    }
  }

  /** Milliseconds until to ask again; infinite for a digest that is here, and for what will always be wrong. */
  private noteCheck(name: string, next: BaseArtifact): number {
    const { reference, failure } = next;
    const { fingerprint, refreshMs } = this.parts.settings();
    const failures = failure === undefined ? 0 : (this.checks.get(name)?.failures ?? 0) + 1;
    const isPinned = parseReference(reference).digest !== undefined;
    const isFinal = isPinned && (failure === undefined || failure.reason === 'InvalidArtifact');
    const retryMs = Math.min(RETRY_MS.longest, RETRY_MS.first * 2 ** Math.min(failures - 1, 10), refreshMs);
    const waitMs = failures === 0 ? refreshMs : retryMs;
    const due = isFinal ? undefined : this.parts.now() + waitMs;
    this.checks.set(name, { fingerprint, failures, due, data: printBaseArtifact(next) });
    return isFinal ? Number.POSITIVE_INFINITY : waitMs;
  }
}

/** The outcome: the values, where they do not stand there already. */
function written(
  key: ObjectKey,
  object: BaseArtifactObject | undefined,
  data: Data,
  waitMs: number,
): Outcome<BaseArtifactObject> {
  const requeueAfterMs = object === undefined ? Math.min(waitMs, RESTORE_MS) : waitMs;
  const wait = Number.isFinite(requeueAfterMs) ? { requeueAfterMs } : {};
  const isSame = object !== undefined && sameTexts(object.data ?? {}, data);
  return isSame ? wait : { ...wait, desired: [configMap(key, data)] };
}

function sameTexts(a: Data, b: Data): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => a[key] === b[key]);
}

function configMap({ namespace, name }: ObjectKey, data: Data): BaseArtifactObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), labels: { [LABEL.baseArtifact]: 'true' } },
    data,
  };
}
