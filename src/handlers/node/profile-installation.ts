// SPDX-License-Identifier: Apache-2.0
// The daemon's part of a profile of any kind: installs it on this node, keeps it while a pod needs it, and removes it.
// Only `NodeProfileKind` knows what a profile is on the node. The outcome goes into the node's status, not to the API
// server; a change of a base profile or of a pod on this node comes here again by itself.
import { errorText, Failed, NotYet, Rejected } from '../../core/errors.ts';
import type { Reason } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Operation } from '../../core/metrics.ts';
import { FINALIZER } from '../../core/names.ts';
import { inactiveStateOf } from '../../core/status/inactive.ts';
import type { InactiveState } from '../../core/status/inactive.ts';
import type { Handler, Reader, Source, Watch } from '../../runtime/handler.ts';
import { keyOf, keyText } from '../../runtime/object.ts';
import type { ObjectKey, Resource } from '../../runtime/object.ts';
import type { Outcome } from '../../runtime/outcome.ts';
import { relativesOf } from '../sources/base-profiles.ts';
import type { Relatives } from '../sources/base-profiles.ts';
import { podWatch } from '../sources/pods.ts';
import type { Use, WorkloadPod } from '../sources/pods.ts';
import { kindName } from '../sources/profiles.ts';
import type { Profile, ProfileKind } from '../sources/profiles.ts';
import { NodeStatusRecorder } from './node-status-recorder.ts';
import type { FailureCounter, NodeStatusWriter } from './node-status-recorder.ts';
import { removeOrphans } from './orphaned-files.ts';
import type { Leftover } from './orphaned-files.ts';

/** The form of a profile on this node. */
export interface Prepared {
  readonly text: string;
  /** Identifies the text in the node's status. */
  readonly hash: string;
  /** Sentences that users should know, though the profile can be installed. */
  readonly warnings: readonly string[];
}

/** Counters of one kind. */
export interface ProfileCounters extends FailureCounter {
  done(operation: Operation): void;
}

/** A kind of profile, as a node has it. Errors of the asynchronous methods name the path and the reason. */
export interface NodeProfileKind<P extends Profile = Profile> extends ProfileKind<P> {
  /** Under which reasons it is reported and counted that a profile can't be put on the node or taken from it. */
  readonly reasons: { readonly notSaved: Reason; readonly notRemoved: Reason };
  readonly counters: ProfileCounters;
  /** Other objects whose changes concern profiles of this kind. */
  readonly watches: readonly Watch[];
  /** The files on the node when the daemon started. */
  leftovers(): readonly Leftover[];
  /** The form to install. Throws Rejected for the user's mistakes, NotYet for what must come first. */
  prepare(profile: P): Prepared;
  /** Puts it on the node; false when it is there already. */
  write(key: ObjectKey, text: string): Promise<boolean>;
  /** Takes it from the node; false when there is nothing. */
  remove(key: ObjectKey): Promise<boolean>;
  /** Whether something of it is on the node. */
  holds(key: ObjectKey): Promise<boolean>;
  /** Whether the installed version must go although the current one cannot replace it. Default: it stays. */
  isForbidden?(key: ObjectKey): Promise<boolean>;
}

/** The dependencies of the installation of a kind. */
export interface InstallationParts {
  readonly profiles: Reader<Profile>;
  /** The pods of this node. */
  readonly podSource: Source<WorkloadPod>;
  readonly cache: NodeStatusWriter;
  readonly log: Log;
  /** Pods of this node that use a profile, as `namespace/name`. */
  usersOf(use: Use): readonly string[];
  /** Whether `usersOf` knows every pod of this node; with memory optimization it knows a few. */
  seesAllPods(): boolean;
  /** RFC 3339. */
  now(): string;
}

/** Brings profiles of one kind to this node and takes them away. */
export class ProfileInstallation implements Handler<Profile> {
  readonly kind: Resource;
  readonly name: string;
  readonly rules = [];
  readonly watches: readonly Watch[];
  readonly source: Source<Profile>;
  private readonly profileKind: NodeProfileKind;
  private readonly parts: InstallationParts;
  private readonly relatives: Relatives;
  private readonly recorder: NodeStatusRecorder;
  /** Profiles that are gone while a pod still uses what is left of them, by that name: the pod's end concerns them. */
  private readonly orphans = new Map<string, ObjectKey>();

  constructor(kind: NodeProfileKind, parts: InstallationParts) {
    this.kind = kind.resource;
    this.name = `${kindName(kind)}-installation`;
    this.source = kind.source;
    this.profileKind = kind;
    this.parts = parts;
    this.relatives = relativesOf(kind, parts.profiles);
    this.recorder = new NodeStatusRecorder(kind, parts);
    const users = podWatch(parts.podSource, kind, (name) => this.profilesUsedAs(name));
    this.watches = [this.changesOfOthers(), users, ...kind.watches];
  }

  /** Only changes of what is installed and of the need to keep it; statuses and labels of others don't count. */
  predicate(before: Profile, after: Profile): boolean {
    return installInputsOf(before) !== installInputsOf(after);
  }

  async apply(profile: Profile): Promise<Outcome<Profile>> {
    const inactive = inactiveStateOf(profile);
    if (inactive === undefined) await this.install(profile);
    else await this.deactivate(profile, inactive);
    return {};
  }

  /** A profile beyond its namespace's budget keeps what could be installed of it, as one that is rejected does. */
  async withheld(profile: Profile, why: Rejected): Promise<Outcome<Profile>> {
    const key = keyOf(profile);
    const need = await this.withdraw(profile);
    if (await this.holds(profile)) {
      const kept = need === undefined ? 'the file of before stays' : `the file is kept: ${need}`;
      this.recorder.fail(key, profile, why.reason, `${why.message}; ${kept}`);
    } else {
      // The manager says it of all nodes: thousands of them would fill the node's status.
      this.recorder.forget(key);
    }
    return {};
  }

  /** A deleted profile leaves the node as soon as no pod needs it. */
  async cleanup(profile: Profile): Promise<Outcome<Profile>> {
    const need = this.needOf(profile);
    if (need === undefined) await this.removeAndForget(profile);
    else this.recorder.record(profile, { state: 'Terminating', reason: 'ProfileInUse', message: need });
    return {};
  }

  /** The profile is gone, possibly unseen. A pod that runs under it keeps it on the node, or it could not restart. */
  async gone(key: ObjectKey): Promise<Outcome<Profile>> {
    const name = this.profileKind.useName(key);
    const orphaned = this.usersOf(key).length > 0 && !this.isShared(key);
    if (orphaned) this.orphans.set(name, { namespace: key.namespace, name: key.name });
    else this.orphans.delete(name);
    if (!orphaned) await this.remove(key, undefined);
    this.recorder.forget(key);
    return {};
  }

  /** Removes what belongs to no profile of the given namespaces (none: of all); the keys that must be tried again. */
  async removeOrphans(namespaces: readonly string[]): Promise<readonly ObjectKey[]> {
    const ours = this.profileKind
      .leftovers()
      .filter(({ key }) => namespaces.length === 0 || namespaces.includes(key.namespace ?? ''));
    return removeOrphans(ours, {
      orphans: this.orphans,
      log: this.parts.log,
      isOwned: (name) => this.relatives.ownersOf(name).length > 0,
      isUsed: (name) => this.parts.usersOf({ kind: this.kind.kind, name }).length > 0,
      seesAllPods: () => this.parts.seesAllPods(),
    });
  }

  private async install(profile: Profile): Promise<void> {
    try {
      const { text, hash, warnings } = this.profileKind.prepare(profile);
      const changed = await this.write(profile, text);
      const message = warnings.length === 0 ? {} : { message: warnings.join('; ') };
      this.recorder.record(profile, { state: 'Installed', hash, ...message });
      if (!changed) return;
      this.profileKind.counters.done('update');
      this.parts.log.info('saved profile to disk', { profile: keyText(keyOf(profile)), hash });
    } catch (error) {
      await this.explain(profile, error);
    }
  }

  /** Records the user's mistakes and missing conditions, and retries on a change; any other error is thrown again. */
  private async explain(profile: Profile, error: unknown): Promise<void> {
    if (!(error instanceof NotYet || error instanceof Rejected)) throw error;
    const kept = await this.withdraw(profile);
    const message = kept === undefined ? error.message : `${error.message}; the file is kept: ${kept}`;
    if (error instanceof NotYet) {
      this.recorder.record(profile, { state: 'Pending', reason: error.reason ?? 'BaseProfileNotFound', message });
    } else {
      this.recorder.fail(keyOf(profile), profile, error.reason, message);
    }
  }

  /**
   * A profile that can't be installed keeps what could be, unless that is forbidden now. Returns why it must stay
   * nevertheless; the end of the pod that needs it comes here again.
   */
  private async withdraw(profile: Profile): Promise<string | undefined> {
    const key = keyOf(profile);
    if (this.isShared(key) || !(await this.isForbidden(profile))) return undefined;
    const need = this.needOf(profile);
    if (need === undefined) await this.remove(key, profile);
    return need;
  }

  private async isForbidden(profile: Profile): Promise<boolean> {
    const key = keyOf(profile);
    const { notRemoved } = this.profileKind.reasons;
    const message = `profile ${keyText(key)} may be beyond the limit, and cannot be read`;
    const check = async (): Promise<boolean> => (await this.profileKind.isForbidden?.(key)) === true;
    return this.reporting(notRemoved, message, key, profile, check);
  }

  private async holds(profile: Profile): Promise<boolean> {
    const key = keyOf(profile);
    const { notSaved } = this.profileKind.reasons;
    const message = `it is not known whether profile ${keyText(key)} is on the node`;
    return this.reporting(notSaved, message, key, profile, () => this.profileKind.holds(key));
  }

  private async write(profile: Profile, text: string): Promise<boolean> {
    const key = keyOf(profile);
    const message = `profile ${keyText(key)} cannot be saved`;
    const write = (): Promise<boolean> => this.profileKind.write(key, text);
    return this.reporting(this.profileKind.reasons.notSaved, message, key, profile, write);
  }

  private async deactivate(profile: Profile, state: InactiveState): Promise<void> {
    const need = this.needOf(profile);
    if (need === undefined) await this.remove(keyOf(profile), profile);
    const message = need === undefined ? {} : { message: `the file is kept: ${need}` };
    this.recorder.record(profile, { state, ...message });
  }

  private async removeAndForget(profile: Profile): Promise<void> {
    await this.remove(keyOf(profile), profile);
    this.recorder.forget(keyOf(profile));
  }

  private async remove(key: ObjectKey, profile: Profile | undefined): Promise<void> {
    if (this.isShared(key)) return;
    const message = `profile ${keyText(key)} cannot be removed`;
    const remove = (): Promise<boolean> => this.profileKind.remove(key);
    if (!(await this.reporting(this.profileKind.reasons.notRemoved, message, key, profile, remove))) return;
    this.profileKind.counters.done('delete');
    this.parts.log.info('removed profile from disk', { profile: keyText(key) });
  }

  /** Runs a step on the node; a failure is recorded with the system's reason, and thrown as Failed with a sentence. */
  private async reporting(
    reason: Reason,
    message: string,
    key: ObjectKey,
    profile: Profile | undefined,
    step: () => Promise<boolean>,
  ): Promise<boolean> {
    try {
      return await step();
    } catch (error) {
      this.recorder.fail(key, profile, reason, errorText(error));
      throw new Failed(reason, message, { cause: error });
    }
  }

  /** Whether another profile has the same name for pods (seccomp: `a` and `a.json`), so that the file is its own. */
  private isShared(key: ObjectKey): boolean {
    return this.relatives.ownersOf(this.profileKind.useName(key)).some(({ metadata }) => metadata.name !== key.name);
  }

  private usersOf(key: ObjectKey): readonly string[] {
    return this.parts.usersOf({ kind: this.kind.kind, name: this.profileKind.useName(key) });
  }

  private needOf(profile: Profile): string | undefined {
    const [user] = this.usersOf(keyOf(profile));
    if (user !== undefined) return `pod ${user} on this node uses the profile`;
    const held = profile.metadata.finalizers?.includes(FINALIZER.inUse) === true;
    return held ? 'a pod uses the profile' : undefined;
  }

  private profilesUsedAs(name: string): readonly ObjectKey[] {
    const owners = this.relatives.ownersOf(name).map(keyOf);
    const orphan = owners.length === 0 ? this.orphans.get(name) : undefined;
    return orphan === undefined ? owners : [orphan];
  }

  private changesOfOthers(): Watch<Profile> {
    return {
      ...this.source,
      predicate: (before, after) => this.predicate(before, after),
      mapToKeys: (profile) => this.relatives.concernedBy(profile),
    };
  }
}

function installInputsOf(profile: Profile): string {
  const { uid, generation, deletionTimestamp, finalizers } = profile.metadata;
  const held = finalizers?.includes(FINALIZER.inUse) === true;
  return [uid, generation, deletionTimestamp, held, inactiveStateOf(profile)].join(' ');
}
