// SPDX-License-Identifier: Apache-2.0
// An AppArmorProfile on a node: a profile of the kernel. A note on the disk (core/apparmor/node-record.ts) makes it the
// operator's: what is in the kernel without a note is the node's own, and is never replaced or removed.
import { faultOfNodeName } from '../../core/apparmor/node-names.ts';
import type { NodeRecord } from '../../core/apparmor/node-record.ts';
import { faultText, warningTexts } from '../../core/apparmor/parser-messages.ts';
import type { CompiledText } from '../../core/apparmor/parser-messages.ts';
import { renderProfile } from '../../core/apparmor/render.ts';
import { Rejected } from '../../core/errors.ts';
import { inactiveStateOf } from '../../core/status/inactive.ts';
import type { AppArmorProfile } from '../../gen/crd/app-armor-profile.ts';
import type { Reader } from '../../runtime/handler.ts';
import { keyOf, keyText } from '../../runtime/object.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import { APPARMOR } from '../sources/apparmor-profiles.ts';
import { firstOwner } from '../sources/base-profiles.ts';
import type { Leftover } from './orphaned-files.ts';
import type { Difference, NodeProfileKind, Prepared, ProfileCounters, Written } from './profile-kind.ts';

/** A text as the parser has compiled it. Messages are the parser's own. */
export type Compiled =
  | { readonly binary: Uint8Array; readonly hash: string; readonly messages: string }
  | { readonly binary: undefined; readonly messages: string };

/** The profiles in the kernel of this node. Errors say what failed and why. */
export interface AppArmorKernel {
  /** Identifies the parser, its files and the kernel's features: another one may compile the same text otherwise. */
  readonly compiler: string;
  /** Capabilities that rules can be about, in AppArmor's form. */
  readonly capabilities: ReadonlySet<string>;
  /** Whether a profile of that name is loaded, as of a few seconds ago. */
  has(name: string): Promise<boolean>;
  /** Identifies the policy that is loaded under the name; empty where there is none or the kernel does not show it. */
  identity(name: string): Promise<string>;
  /** Rejects where it is no fault of the text that it is not compiled. */
  compile(text: string): Promise<Compiled>;
  /** Loads a profile that is not there yet; false when one of that name is. Rejects with Rejected for a bad policy. */
  load(name: string, binary: Uint8Array): Promise<boolean>;
  /** Loads one in place of the one that is there, if any. */
  replace(name: string, binary: Uint8Array): Promise<void>;
  /** Takes one out; false when it was not there. */
  remove(name: string): Promise<boolean>;
}

/** The notes on the node's disk. */
export interface NodeRecords {
  all(): readonly NodeRecord[];
  get(name: string): NodeRecord | undefined;
  save(record: NodeRecord): Promise<void>;
  forget(name: string): Promise<void>;
}

/** Tells of profiles with a note that others have replaced in the kernel, or removed. */
export interface KernelChanges {
  follow(listener: (key: ObjectKey) => void): void;
}

/** The node and the cluster as AppArmor profiles need them. */
export interface AppArmorNodeParts {
  readonly profiles: Reader<AppArmorProfile>;
  readonly operatorNamespace: string;
  readonly kernel: AppArmorKernel;
  readonly records: NodeRecords;
  /** Left out where nobody tells of changes. */
  readonly changes?: KernelChanges | undefined;
  readonly counters: ProfileCounters;
  /** SHA-256 of a text, in hexadecimal digits. */
  readonly digest: (text: string) => string;
  /** The path by which the node's administrator has switched a profile off; undefined where that is not so. */
  switchedOffBy(name: string): Promise<string | undefined>;
}

/** A text to compile. */
export interface AppArmorForm extends Prepared, CompiledText {}

/** Digits of the hash that the node's status shows. */
const HASH_DIGITS = 16;

/** AppArmor profiles of a node. */
export function appArmorOnNode(parts: AppArmorNodeParts): NodeProfileKind<AppArmorProfile, AppArmorForm> {
  const node = new AppArmorNode(parts);
  return {
    ...APPARMOR,
    reasons: { notSaved: 'CannotLoadAppArmorProfile', notRemoved: 'CannotUnloadAppArmorProfile' },
    counters: parts.counters,
    words: { written: 'loaded profile into the kernel', removed: 'removed profile from the kernel' },
    watches: [],
    follow: (wake) => parts.changes?.follow(wake),
    leftovers: () => node.leftovers(),
    prepare: (profile) => node.prepare(profile),
    write: (key, form) => node.write(key, form),
    remove: ({ name }) => node.remove(name),
    holds: async ({ name }) => parts.records.get(name) !== undefined && (await parts.kernel.has(name)),
  };
}

const REPLACED: Difference = {
  deed: 'replaced or removed the profile in the kernel',
  remedy: 'loaded again',
  // The kernel lets a process whose profile is removed run without any, and takes it back under none.
  rest: 'containers that started before a removal run without the profile until they are started again',
};

/** The link alone unloads nothing. */
function switchedOff(link: string, isThere: boolean): string {
  const off = `the administrator of this node has switched it off by ${link}`;
  return isThere ? `${off}, but the kernel still has it and enforces it until it is removed or the node restarts` : off;
}

class AppArmorNode {
  private readonly parts: AppArmorNodeParts;
  private readonly owners: (name: string) => readonly AppArmorProfile[];

  constructor(parts: AppArmorNodeParts) {
    this.parts = parts;
    this.owners = parts.profiles.index(({ metadata }) => [metadata.name]);
  }

  leftovers(): readonly Leftover[] {
    return this.parts.records.all().map(({ namespace, name }) => ({
      key: { namespace, name },
      useName: name,
      remove: () => this.remove(name),
    }));
  }

  prepare(profile: AppArmorProfile): AppArmorForm {
    const { name } = profile.metadata;
    this.requireName(profile);
    const { text, addedLines, warnings } = renderProfile(name, profile.spec, this.parts.kernel);
    const { policy } = profile.spec;
    const field = policy === undefined ? 'spec.abstract' : 'spec.policy';
    return { text, hash: this.parts.digest(text).slice(0, HASH_DIGITS), warnings, field, policy, addedLines };
  }

  async write(key: ObjectKey, form: AppArmorForm): Promise<Written> {
    const { kernel, records, digest } = this.parts;
    const { namespace = '', name } = key;
    const link = await this.parts.switchedOffBy(name);
    const isThere = await kernel.has(name);
    if (link !== undefined) return { changed: false, off: switchedOff(link, isThere) };
    const source = digest(`${kernel.compiler}\n${form.text}`);
    const before = records.get(name);
    const isIntact = isThere && (await this.isAsLoaded(before));
    if (before?.source === source && before.namespace === namespace && isIntact)
      return { changed: false, hash: before.binary, warnings: before.warnings };
    const compiled = await kernel.compile(form.text);
    if (compiled.binary === undefined) throw new Rejected('InvalidAppArmorProfile', faultText(compiled.messages, form));
    const { binary, messages } = compiled;
    const hash = compiled.hash.slice(0, HASH_DIGITS);
    const isSame = before?.binary === hash;
    const changed = !isSame || !isIntact || !(await kernel.has(name));
    if (changed) await this.load(key, binary, before);
    const warnings = warningTexts(messages);
    const loaded = changed ? await kernel.identity(name) : before.loaded;
    await records.save({ namespace, name, source, binary: hash, loaded, warnings });
    return { changed, hash, warnings, ...(isSame && changed ? { differed: REPLACED } : {}) };
  }

  private async isAsLoaded(record: NodeRecord | undefined): Promise<boolean> {
    if (record === undefined || record.loaded === '') return true;
    return (await this.parts.kernel.identity(record.name)) === record.loaded;
  }

  /** The profile of the kernel, if it is ours. The note goes last: a crash before it has it removed again. */
  async remove(name: string): Promise<boolean> {
    const { kernel, records } = this.parts;
    if (records.get(name) === undefined) return false;
    const removed = await kernel.remove(name);
    await records.forget(name);
    return removed;
  }

  private async load({ namespace = '', name }: ObjectKey, binary: Uint8Array, before?: NodeRecord): Promise<void> {
    const { kernel, records } = this.parts;
    // A noted one that the kernel has no more may come back as another's meanwhile: `load` refuses where one is there.
    const isThere = await kernel.has(name);
    if (before !== undefined && isThere) {
      // Which one is loaded is unknown until the new note stands: a crash in between has it loaded once more.
      await records.save({ ...before, source: '', binary: '', loaded: '' });
      return kernel.replace(name, binary);
    }
    if (!isThere) {
      await records.save({ namespace, name, source: '', binary: '', loaded: '', warnings: [] });
      if (await this.loadNew(name, binary)) return;
    }
    const why = `the kernel of this node has a profile ${name} already that is not the operator's; it is left as it is`;
    throw new Rejected('CannotLoadAppArmorProfile', why);
  }

  /** A kernel that has refused the profile has nothing of it; after any other failure that is not known. */
  private async loadNew(name: string, binary: Uint8Array): Promise<boolean> {
    const { kernel, records } = this.parts;
    try {
      const loaded = await kernel.load(name, binary);
      if (!loaded) await records.forget(name);
      return loaded;
    } catch (error) {
      if (error instanceof Rejected) await records.forget(name);
      throw error;
    }
  }

  private requireName(profile: AppArmorProfile): void {
    const { name, namespace = '' } = profile.metadata;
    const { operatorNamespace } = this.parts;
    const fault = faultOfNodeName(name, namespace, operatorNamespace);
    if (fault !== undefined) throw new Rejected('InvalidAppArmorProfile', `metadata.name: ${fault}`);
    const owner = firstOwner(APPARMOR, this.owners(name), operatorNamespace) ?? profile;
    if (keyText(keyOf(owner)) === keyText(keyOf(profile))) return;
    const why = `${keyText(keyOf(owner))} is older and has the same name, of which a node can have one profile only`;
    const idle =
      inactiveStateOf(owner) === undefined ? '' : '; it is not installed, and keeps the name until it is deleted';
    throw new Rejected('ProfileNameTaken', `${why}${idle}`);
  }
}
