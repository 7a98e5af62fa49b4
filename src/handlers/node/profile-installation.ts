// SPDX-License-Identifier: Apache-2.0
// The daemon's part of a SeccompProfile: its file on this node. What it did goes into the node's status, not to the API
// server; a change of a base profile, of the spod's limit or of a pod on this node comes here again by itself.
import { errorText, Failed, NotYet, Rejected } from '../../core/errors.ts';
import type { Kernel } from '../../core/kernel.ts';
import type { Log } from '../../core/log.ts';
import type { Operation } from '../../core/metrics.ts';
import { FINALIZER } from '../../core/names.ts';
import { localhostProfile, profileFile } from '../../core/seccomp/files.ts';
import type { ProfileFile } from '../../core/seccomp/files.ts';
import { violationOfText, isLimited } from '../../core/seccomp/allowed.ts';
import type { Limit } from '../../core/seccomp/allowed.ts';
import { inactiveStateOf, prepare } from '../../core/seccomp/install.ts';
import type { SeccompProfile } from '../../gen/crd/seccomp-profile.ts';
import { SECCOMP_PROFILE } from '../../gen/kinds.ts';
import type { Handler, Reader, Watch } from '../../runtime/handler.ts';
import { keyText } from '../../runtime/object.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import type { Outcome } from '../../runtime/outcome.ts';
import { clearLeftovers } from './orphaned-files.ts';
import { NodeStatusRecorder } from './node-status-recorder.ts';
import type { FailureCounter, NodeStatusWriter } from './node-status-recorder.ts';
import { relativesOf } from '../sources/base-profiles.ts';
import type { Relatives } from '../sources/base-profiles.ts';

/** The profile files of this node. Errors name the path and the reason. */
export interface ProfileFiles {
  write(file: ProfileFile, text: string): Promise<boolean>;
  /** The text; undefined when there is no such file. */
  read(file: ProfileFile): Promise<string | undefined>;
  remove(file: ProfileFile): Promise<boolean>;
}

/** What is counted. */
export interface Counters extends FailureCounter {
  done(operation: Operation): void;
}

/** What the installation works with. */
export interface InstallationParts {
  readonly profiles: Reader<SeccompProfile>;
  /** Other kinds whose changes concern profiles: the spod object, and the pods of this node. */
  readonly watches: readonly Watch[];
  readonly files: ProfileFiles;
  /** Profiles that are gone while a pod still runs under their file, by localhostProfile: the pod's end concerns them. */
  readonly orphans: Map<string, ObjectKey>;
  readonly cache: NodeStatusWriter;
  readonly counters: Counters;
  readonly kernel: Kernel;
  readonly log: Log;
  /** The cluster's limit, as the spod object sets it now. */
  limit(): Limit;
  /** Pods of this node, as `namespace/name`, that run under a localhostProfile. */
  usersOf(localhostProfile: string): readonly string[];
  /** Whether `usersOf` knows every pod of this node; with memory optimization it knows a few. */
  seesAllPods(): boolean;
  now(): string;
}

/** Brings SeccompProfiles to this node and takes them away. */
export class SeccompInstallation implements Handler<SeccompProfile> {
  readonly kind = SECCOMP_PROFILE;
  readonly name = 'seccompprofile-installation';
  readonly rules = [];
  readonly watches: readonly Watch[];
  private readonly parts: InstallationParts;
  private readonly relatives: Relatives;
  private readonly recorder: NodeStatusRecorder;

  constructor(parts: InstallationParts) {
    this.parts = parts;
    this.relatives = relativesOf(parts.profiles);
    this.recorder = new NodeStatusRecorder(parts);
    this.watches = [this.changes(), ...parts.watches];
  }

  /** Only what changes the file or the duty to keep it; statuses and labels of others don't. */
  predicate(before: SeccompProfile, after: SeccompProfile): boolean {
    return installInputsOf(before) !== installInputsOf(after);
  }

  async apply(profile: SeccompProfile): Promise<Outcome<SeccompProfile>> {
    const inactive = inactiveStateOf(profile);
    if (inactive !== undefined) await this.deactivate(profile, inactive);
    else await this.install(profile);
    return {};
  }

  /** Somebody deletes it: the file goes as soon as no pod needs it. */
  async cleanup(profile: SeccompProfile): Promise<Outcome<SeccompProfile>> {
    const reason = this.needOf(profile);
    if (reason === undefined) await this.remove(profile.metadata, profile);
    else this.recorder.record(profile, { state: 'Terminating', reason: 'ProfileInUse', message: reason });
    return {};
  }

  /** It is gone, with or without our having been asked. A pod that runs under it keeps the file, or could not restart. */
  async gone(key: ObjectKey): Promise<Outcome<SeccompProfile>> {
    const localhost = localhostProfile(key.namespace ?? '', key.name);
    const orphaned = this.parts.usersOf(localhost).length > 0 && !this.hasSameFileOwner(key);
    if (orphaned) this.parts.orphans.set(localhost, { namespace: key.namespace, name: key.name });
    else this.parts.orphans.delete(localhost);
    if (!orphaned) await this.removeFile(key, undefined);
    this.recorder.forget(key);
    return {};
  }

  /** Removes files that belong to no profile; those that must be looked at again. */
  collectGarbage(files: readonly ProfileFile[]): Promise<readonly ObjectKey[]> {
    const ownersOf = (localhost: string) => this.relatives.ownersOf(localhost);
    return clearLeftovers(files, { ...this.parts, ownersOf });
  }

  private async install(profile: SeccompProfile): Promise<void> {
    const { metadata } = profile;
    const find = (name: string): SeccompProfile | undefined => this.parts.profiles.get({ ...metadata, name });
    try {
      const { text, hash, warnings } = prepare(profile, find, this.parts.limit(), this.parts.kernel);
      const changed = await this.write(profile, text);
      this.recorder.record(profile, {
        state: 'Installed',
        hash,
        ...(warnings.length === 0 ? {} : { message: warnings.join('; ') }),
      });
      if (!changed) return;
      this.parts.counters.done('update');
      this.parts.log.info('saved profile to disk', { profile: keyText(metadata), hash });
    } catch (error) {
      await this.explain(profile, error);
    }
  }

  /** The user's mistakes and what must wait are noted, and come again when something changes; the rest is ours. */
  private async explain(profile: SeccompProfile, error: unknown): Promise<void> {
    if (!(error instanceof NotYet || error instanceof Rejected)) throw error;
    const kept = await this.withdraw(profile);
    const message = kept === undefined ? error.message : `${error.message}; the file is kept: ${kept}`;
    if (error instanceof NotYet) {
      this.recorder.record(profile, { state: 'Pending', reason: error.reason ?? 'BaseProfileNotFound', message });
    } else {
      this.recorder.fail(profile.metadata, profile, error.reason, message);
    }
  }

  /**
   * A profile that cannot be installed keeps the file that could be, but not beyond the limit as it is now. Returns why such a
   * file must stay nevertheless; the end of the pod that needs it comes here again.
   */
  private async withdraw(profile: SeccompProfile): Promise<string | undefined> {
    const limit = this.parts.limit();
    if (!isLimited(limit) || this.hasSameFileOwner(profile.metadata)) return undefined;
    const text = await this.read(profile);
    if (text === undefined || violationOfText(text, limit) === undefined) return undefined;
    const need = this.needOf(profile);
    if (need === undefined) await this.removeFile(profile.metadata, profile);
    return need;
  }

  private async read(profile: SeccompProfile): Promise<string | undefined> {
    const { namespace, name } = profile.metadata;
    try {
      return await this.parts.files.read(profileFile(namespace ?? '', name));
    } catch (error) {
      const message = `profile ${keyText(profile.metadata)} may be beyond the limit, and cannot be read`;
      const failure = new Failed('CannotRemoveSeccompProfile', message, { cause: error });
      this.recorder.fail(profile.metadata, profile, failure.reason, errorText(error));
      throw failure;
    }
  }

  private async write(profile: SeccompProfile, text: string): Promise<boolean> {
    const { namespace, name } = profile.metadata;
    try {
      return await this.parts.files.write(profileFile(namespace ?? '', name), text);
    } catch (error) {
      const message = `profile ${keyText(profile.metadata)} cannot be saved`;
      const failure = new Failed('CannotSaveSeccompProfile', message, { cause: error });
      this.recorder.fail(profile.metadata, profile, failure.reason, errorText(error));
      throw failure;
    }
  }

  private async deactivate(profile: SeccompProfile, state: 'Disabled' | 'Partial'): Promise<void> {
    const need = this.needOf(profile);
    if (need === undefined) {
      await this.removeFile(profile.metadata, profile);
      this.recorder.record(profile, { state });
    } else {
      this.recorder.record(profile, { state, message: `the file is kept: ${need}` });
    }
  }

  private async remove(key: ObjectKey, profile: SeccompProfile | undefined): Promise<void> {
    await this.removeFile(key, profile);
    this.recorder.forget(key);
  }

  private async removeFile(key: ObjectKey, profile: SeccompProfile | undefined): Promise<void> {
    if (this.hasSameFileOwner(key)) return;
    try {
      if (!(await this.parts.files.remove(profileFile(key.namespace ?? '', key.name)))) return;
    } catch (error) {
      const failure = new Failed('CannotRemoveSeccompProfile', `profile ${keyText(key)} cannot be removed`, {
        cause: error,
      });
      this.recorder.fail(key, profile, failure.reason, errorText(error));
      throw failure;
    }
    this.parts.counters.done('delete');
    this.parts.log.info('removed profile from disk', { profile: keyText(key) });
  }

  /** Whether another profile has the same file (`a` and `a.json`): then it stays, and is the other's. */
  private hasSameFileOwner(key: ObjectKey): boolean {
    const owners = this.relatives.ownersOf(localhostProfile(key.namespace ?? '', key.name));
    return owners.some((profile) => profile.metadata.name !== key.name);
  }

  private usersOf(key: ObjectKey): readonly string[] {
    return this.parts.usersOf(localhostProfile(key.namespace ?? '', key.name));
  }

  private needOf(profile: SeccompProfile): string | undefined {
    const [user] = this.usersOf(profile.metadata);
    if (user !== undefined) return `pod ${user} on this node uses the profile`;
    const held = profile.metadata.finalizers?.includes(FINALIZER.inUse) === true;
    return held ? 'a pod uses the profile' : undefined;
  }

  private changes(): Watch<SeccompProfile> {
    return {
      resource: SECCOMP_PROFILE,
      predicate: (before, after) => this.predicate(before, after),
      mapToKeys: (profile) => this.relatives.concernedBy(profile),
    };
  }
}

function installInputsOf(profile: SeccompProfile): string {
  const { uid, generation, deletionTimestamp, finalizers } = profile.metadata;
  const held = finalizers?.includes(FINALIZER.inUse) === true;
  return [uid, generation, deletionTimestamp, held, inactiveStateOf(profile)].join(' ');
}
