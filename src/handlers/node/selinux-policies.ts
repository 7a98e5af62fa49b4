// SPDX-License-Identifier: Apache-2.0
// Policies of one kind of SELinux profile on a node: a file for each, and selinuxd, which installs and removes them in
// its own time. A reconcile does not wait for that; it is done again when selinuxd has gone on.
import { Failed, NotYet, Rejected } from '../../core/errors.ts';
import type { Reason } from '../../core/errors.ts';
import { objectKey } from '../../core/names.ts';
import { blockName } from '../../core/selinux/names.ts';
import { profilesInNeedOf } from '../../core/selinux/store/needs.ts';
import type { NamedText } from '../../core/selinux/store/needs.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import type { Difference, Prepared, Written } from './profile-kind.ts';

/** Where a policy stands, as selinuxd says it. */
export interface PolicyStanding {
  readonly installed: boolean;
  /** Why it is not installed; of one that is, what its users should know. */
  readonly message: string;
  /** SHA-256 of the text that this is about; undefined where selinuxd does not say it. */
  readonly checksum: string | undefined;
  /** It is the removal that failed. */
  readonly removal: boolean;
  /** An administrator of the node has disabled it. */
  readonly disabled: boolean;
  /** When others have touched it last, and whether it was installed again after that; undefined where none has. */
  readonly tampering: { readonly at: string; readonly restored: boolean } | undefined;
}

/** The files of policies, by the names of their modules. Errors name the path and the reason. */
export interface PolicyFiles {
  /** All of them. */
  files(): Promise<readonly NamedText[]>;
  read(name: string): Promise<string | undefined>;
  /** False when it was there already. */
  write(name: string, text: string): Promise<boolean>;
  /** False when there was none. */
  remove(name: string): Promise<boolean>;
}

/** Questions to selinuxd; errors are Failed, with their reasons. */
export interface Selinuxd {
  /** Undefined for a policy that it does not know. */
  state(name: string): Promise<PolicyStanding | undefined>;
  /** Has a policy removed that has no file. */
  remove(name: string): Promise<void>;
}

/** selinuxd as something that goes on by itself. */
export interface SelinuxdChanges {
  /**
   * Calls back whenever selinuxd may have gone on, while that is expected, with the times at which others have touched
   * policies last, by their names.
   */
  subscribe(listener: (touched: ReadonlyMap<string, string>) => void): void;
  /** From now on it is always expected, where selinuxd tells of it. */
  attend(): void;
  /** There is something that selinuxd has to do. */
  expect(): void;
}

/** The form of a profile on this node. */
export interface SelinuxForm extends Prepared {
  /** SHA-256 of the text, in hexadecimal digits. */
  readonly checksum: string;
  /** A message of the compiler in words of the object. */
  explain(message: string): string;
}

/** The dependencies of the policies. */
export interface SelinuxPoliciesParts {
  readonly files: PolicyFiles;
  readonly selinuxd: Selinuxd;
  readonly changes: SelinuxdChanges;
  failed(reason: Reason): void;
}

const REPLACED: Difference = {
  deed: 'replaced or removed the policy on the node',
  remedy: 'installed again',
  rest: 'to the kernel, containers of its type were unlabeled meanwhile',
};

/** The policies of one kind. */
export class SelinuxPolicies {
  private readonly parts: SelinuxPoliciesParts;
  /** Policies that were written, and of which it was not said yet that they are installed. */
  private readonly fresh = new Set<string>();
  private readonly removing = new Set<string>();
  private readonly waiting = new Map<string, ObjectKey>();
  /** Policies that selinuxd could not install: a later round of it may. */
  private readonly failed = new Map<string, ObjectKey>();
  /** Policies of which it was said where they stand, with the time at which others had touched them last. */
  private readonly settled = new Map<string, { readonly key: ObjectKey; readonly touched: string | undefined }>();

  constructor(parts: SelinuxPoliciesParts) {
    this.parts = parts;
  }

  /** Reconciles what waits whenever selinuxd has gone on. */
  follow(wake: (key: ObjectKey) => void): void {
    this.parts.changes.subscribe((touched) => {
      const news = [...touched].map(([name, at]) => [this.settled.get(name), at] as const);
      const fresh = news.flatMap(([known, at]) => (known === undefined || known.touched === at ? [] : [known.key]));
      const keys = [...this.waiting.values(), ...this.failed.values(), ...fresh];
      this.waiting.clear();
      this.failed.clear();
      for (const key of keys) wake(key);
    });
  }

  /** Throws NotYet while selinuxd is at it, Rejected with its words where it has refused the policy. */
  async write(key: ObjectKey, form: SelinuxForm): Promise<Written> {
    const name = nameOf(key);
    const changed = await this.parts.files.write(name, form.text);
    if (changed) this.fresh.add(name);
    this.removing.delete(name);
    const standing = await this.ask(name, key);
    if (standing === undefined || !isAbout(standing, form, changed))
      throw this.later(name, key, 'InstallingSelinuxPolicy', 'selinuxd is installing the policy');
    const isRestored = this.settle(name, key, standing) && standing.tampering?.restored === true;
    if (standing.disabled) return { changed: false, off: standing.message };
    if (!standing.installed) {
      this.failed.set(name, key);
      throw new Rejected('CannotSaveSelinuxPolicy', form.explain(standing.message));
    }
    const written = { changed: this.fresh.delete(name), warnings: standing.message === '' ? [] : [standing.message] };
    return isRestored ? { ...written, changed: true, differed: REPLACED } : written;
  }

  /**
   * Throws NotYet while another policy needs it and while selinuxd is at it, Error with its words where it cannot. A
   * policy that is needed keeps its file: without it, no other policy of the node could be installed with those that
   * need it.
   */
  async remove(key: ObjectKey): Promise<boolean> {
    const name = nameOf(key);
    await this.requireUnneeded(name, key);
    this.fresh.delete(name);
    this.settled.delete(name);
    this.failed.delete(name);
    const had = await this.parts.files.remove(name);
    const standing = await this.ask(name, key);
    if (standing === undefined) {
      // Others may wait for this one, which selinuxd perhaps never had.
      if (had) this.parts.changes.expect();
      return this.removing.delete(name) || had;
    }
    const first = !this.removing.has(name);
    // Said each time: a selinuxd that was started anew meanwhile does not know that anybody has asked for it.
    await this.parts.selinuxd.remove(name);
    this.removing.add(name);
    if (standing.removal && !first) throw new Error(standing.message);
    throw this.later(name, key, 'RemovingSelinuxPolicy', 'selinuxd is removing the policy');
  }

  /** Whether there is a file of it. */
  async holds(key: ObjectKey): Promise<boolean> {
    return (await this.parts.files.read(nameOf(key))) !== undefined;
  }

  /** Whatever takes the other one away, or its need, goes on in selinuxd: that wakes this one. */
  private async requireUnneeded(name: string, key: ObjectKey): Promise<void> {
    const [first, ...others] = profilesInNeedOf(name, await this.parts.files.files());
    if (first === undefined) {
      this.waiting.delete(name);
      return;
    }
    this.waiting.set(name, key);
    const more = others.length === 0 ? '' : ` and ${String(others.length)} more`;
    const message = `the ${first.kind} ${objectKey(first.namespace, first.name)}${more} on this node needs the policy`;
    throw new NotYet(message, { reason: 'ProfileInUse' });
  }

  /** Whether others have touched it since it was looked at last. */
  private settle(name: string, key: ObjectKey, { tampering }: PolicyStanding): boolean {
    const before = this.settled.get(name);
    this.settled.set(name, { key, touched: tampering?.at });
    this.parts.changes.attend();
    return before !== undefined && before.touched !== tampering?.at;
  }

  private async ask(name: string, key: ObjectKey): Promise<PolicyStanding | undefined> {
    try {
      return await this.parts.selinuxd.state(name);
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      this.parts.failed(error.reason);
      throw this.later(name, key, error.reason, error.message);
    }
  }

  private later(name: string, key: ObjectKey, reason: Reason, message: string): NotYet {
    this.waiting.set(name, key);
    this.parts.changes.expect();
    return new NotYet(message, { reason });
  }
}

/** A selinuxd that does not say which text it means is believed when it had the time to see the file. */
function isAbout({ checksum, removal }: PolicyStanding, form: SelinuxForm, changed: boolean): boolean {
  return !removal && (checksum === undefined ? !changed : checksum === form.checksum);
}

function nameOf({ namespace = '', name }: ObjectKey): string {
  return blockName(namespace, name);
}
