// SPDX-License-Identifier: Apache-2.0
// The daemon's part of a profile of any kind: installs it on this node, keeps it while a pod needs it, and removes it.
// Only `NodeProfileKind` knows what a profile is on the node. The outcome goes into the node's status, not to the API
// server; a change of a base profile or of a pod on this node comes here again by itself.
import { NotYet, Rejected } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
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
import type { Profile } from '../sources/profiles.ts';
import { driftOf } from './drift.ts';
import { NodeStatusRecorder } from './node-status-recorder.ts';
import type { NodeStatusWriter, RecordedState } from './node-status-recorder.ts';
import { removeOrphans } from './orphaned-files.ts';
import type { Leftover } from './orphaned-files.ts';
import type { NodeProfileKind, Prepared, Written } from './profile-kind.ts';
import { ProfileSteps } from './profile-steps.ts';

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
  private readonly steps: ProfileSteps;
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
    this.steps = new ProfileSteps(kind, this.recorder);
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
    if (await this.steps.holds(profile)) {
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
    const isMet =
      need === undefined || (this.needOfForbidden(profile) === undefined && (await this.steps.isForbidden(profile)));
    if (isMet) await this.removeAndForget(profile);
    else this.recorder.record(profile, { state: 'Terminating', reason: 'ProfileInUse', message: need });
    return {};
  }

  /** Gets the function that reconciles a profile. */
  follow(wake: (key: ObjectKey) => void): void {
    this.profileKind.follow?.(wake);
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
    const all = await this.profileKind.leftovers();
    const ours = all.filter(({ key }) => namespaces.length === 0 || namespaces.includes(key.namespace ?? ''));
    return removeOrphans(ours, {
      orphans: this.orphans,
      log: this.parts.log,
      isOwned: (name) => this.relatives.ownersOf(name).length > 0,
      isUsed: (name) => this.parts.usersOf({ kind: this.kind.kind, name }).length > 0,
      seesAllPods: () => this.parts.seesAllPods(),
    });
  }

  /**
   * Takes everything from the node that no pod of it needs, whatever profiles there are: the operator is uninstalled,
   * and nobody will do it later. Never rejects.
   *
   * @param namespaces - only what belongs to profiles of these; none: all
   */
  async withdrawAll(namespaces: readonly string[]): Promise<void> {
    const { profiles, log } = this.parts;
    if (!this.parts.seesAllPods()) {
      log.warn('profiles are left on the node, because pods may use them that are not known here');
      return;
    }
    const all = [...profiles.list().map((it) => this.asLeftover(keyOf(it))), ...(await this.profileKind.leftovers())];
    const each = [...new Map(all.map((one) => [one.useName, one])).values()];
    const ours = each.filter(({ key }) => namespaces.length === 0 || namespaces.includes(key.namespace ?? ''));
    await removeOrphans(ours, {
      orphans: this.orphans,
      log,
      isOwned: () => false,
      isUsed: (name) => this.parts.usersOf({ kind: this.kind.kind, name }).length > 0,
      seesAllPods: () => true,
    });
  }

  private asLeftover(key: ObjectKey): Leftover {
    return { key, useName: this.profileKind.useName(key), remove: () => this.profileKind.remove(key) };
  }

  private async install(profile: Profile): Promise<void> {
    try {
      const prepared = this.profileKind.prepare(profile);
      const written = await this.steps.write(profile, prepared);
      const { hash } = { ...prepared, ...written };
      const drift = driftOf(written, this.recorder.installedAs(profile, hash), this.parts.now());
      this.recorder.record(profile, { ...stateOf(prepared, written), ...drift });
      if (!written.changed) return;
      this.profileKind.counters.done('update');
      this.parts.log.info(this.profileKind.words.written, { profile: keyText(keyOf(profile)), hash });
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
      const state = error.reason === 'InstallingSelinuxPolicy' ? 'InProgress' : 'Pending';
      this.recorder.record(profile, { state, reason: error.reason ?? 'BaseProfileNotFound', message });
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
    if (this.isShared(key) || !(await this.steps.isForbidden(profile))) return undefined;
    const need = this.needOfForbidden(profile);
    if (need === undefined) await this.remove(key, profile);
    return need;
  }

  private async deactivate(profile: Profile, state: InactiveState): Promise<void> {
    const need = this.needOf(profile) ?? (await this.removeUnlessNeeded(profile));
    const message = need === undefined ? {} : { message: `the file is kept: ${need}` };
    this.recorder.record(profile, { state, ...message });
  }

  /** Why it is still there, where other profiles of the node need it or the node is still at it. */
  private async removeUnlessNeeded(profile: Profile): Promise<string | undefined> {
    try {
      await this.remove(keyOf(profile), profile);
      return undefined;
    } catch (error) {
      if (!(error instanceof NotYet)) throw error;
      return error.message;
    }
  }

  private async removeAndForget(profile: Profile): Promise<void> {
    try {
      await this.remove(keyOf(profile), profile);
      this.recorder.forget(keyOf(profile));
    } catch (error) {
      if (!(error instanceof NotYet)) throw error;
      const { reason = 'ProfileInUse', message } = error;
      this.recorder.record(profile, { state: 'Terminating', reason, message });
    }
  }

  private async remove(key: ObjectKey, profile: Profile | undefined): Promise<void> {
    if (this.isShared(key)) return;
    if (!(await this.steps.remove(key, profile))) return;
    this.profileKind.counters.done('delete');
    this.parts.log.info(this.profileKind.words.removed, { profile: keyText(key) });
  }

  /**
   * Whether another profile has the same name for pods (seccomp: `a` and `a.json`), so that what is on the node is its
   * own.
   */
  private isShared(key: ObjectKey): boolean {
    const own = keyText(key);
    return this.relatives.ownersOf(this.profileKind.useName(key)).some((owner) => keyText(keyOf(owner)) !== own);
  }

  private usersOf(key: ObjectKey): readonly string[] {
    return this.parts.usersOf({ kind: this.kind.kind, name: this.profileKind.useName(key) });
  }

  private needOf(profile: Profile): string | undefined {
    const need = this.needOfPods(profile);
    if (need !== undefined) return need;
    const held = profile.metadata.finalizers?.includes(FINALIZER.inUse) === true;
    return held ? 'a pod uses the profile' : undefined;
  }

  /**
   * The same where the limit forbids the profile: pods of this node that run under it may restart. One that is on no
   * node, such as one behind a scheduling gate, keeps nothing, or a tenant could keep what was forbidden for ever.
   */
  private needOfForbidden(profile: Profile): string | undefined {
    return this.parts.seesAllPods() ? this.needOfPods(profile) : this.needOf(profile);
  }

  private needOfPods(profile: Profile): string | undefined {
    const [user] = this.usersOf(keyOf(profile));
    return user === undefined ? undefined : `pod ${user} on this node uses the profile`;
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

function stateOf({ hash, warnings }: Prepared, written: Written): RecordedState {
  if (written.off !== undefined) return { state: 'Disabled', reason: 'DisabledOnNode', message: written.off };
  const sentences = [...warnings, ...(written.warnings ?? [])];
  const message = sentences.length === 0 ? {} : { message: sentences.join('; ') };
  return { state: 'Installed', hash: written.hash ?? hash, ...message };
}

function installInputsOf(profile: Profile): string {
  const { uid, generation, deletionTimestamp, finalizers } = profile.metadata;
  const held = finalizers?.includes(FINALIZER.inUse) === true;
  return [uid, generation, deletionTimestamp, held, inactiveStateOf(profile)].join(' ');
}
