// SPDX-License-Identifier: Apache-2.0
// AppArmor of a node in memory: a parser that refuses what has a word for it, and a kernel with the profiles of others.
import { Rejected } from '../../src/core/errors.ts';
import type { NodeRecord } from '../../src/core/apparmor/node-record.ts';
import { sha256Hex } from '../../src/core/sha256.ts';
import type { Compiled } from '../../src/handlers/node/apparmor-profile.ts';
import type { AppArmorProfile, AppArmorProfileSpec } from '../../src/gen/crd/app-armor-profile.ts';
import type { ObjectMeta } from '../../src/runtime/object.ts';

/** The kernel's profiles by name, and what was done. */
export class MemoryAppArmor {
  readonly capabilities: ReadonlySet<string> = new Set(['net_raw', 'sys_admin']);
  readonly loaded = new Map<string, string>();
  readonly done: string[] = [];
  compiler = 'parser 1';
  fault: Error | undefined;
  shows = true;

  async has(name: string): Promise<boolean> {
    return this.loaded.has(name);
  }

  /** Those that do not show their policies have none. */
  async identity(name: string): Promise<string> {
    const text = this.shows ? this.loaded.get(name) : undefined;
    return text === undefined ? '' : sha256Hex(text);
  }

  /** Comments count for nothing; `mount` is not enforced, and `nonsense` no rule. */
  async compile(text: string): Promise<Compiled> {
    this.done.push('compile');
    const lines = text.split('\n');
    const bad = lines.findIndex((line) => line.includes('nonsense'));
    if (bad >= 0)
      return { binary: undefined, messages: `AppArmor parser error at line ${String(bad + 1)}: syntax error\n` };
    const rules = lines.filter((line) => !line.trim().startsWith('#')).join('\n');
    const messages = rules.includes('mount') ? 'Warning from profile a (stdin): mount rules not enforced\n' : '';
    return { binary: Buffer.from(rules), hash: sha256Hex(rules), messages };
  }

  async load(name: string, binary: Uint8Array): Promise<boolean> {
    this.step(`load ${name}`);
    if (this.loaded.has(name)) return false;
    this.take(name, binary);
    return true;
  }

  async replace(name: string, binary: Uint8Array): Promise<void> {
    this.step(`replace ${name}`);
    this.take(name, binary);
  }

  async remove(name: string): Promise<boolean> {
    this.step(`remove ${name}`);
    return this.loaded.delete(name);
  }

  private step(what: string): void {
    if (this.fault !== undefined) throw this.fault;
    this.done.push(what);
  }

  private take(name: string, binary: Uint8Array): void {
    const text = Buffer.from(binary).toString();
    if (text.includes('forbidden')) throw new Rejected('InvalidAppArmorProfile', `${name}: the loader refuses it`);
    this.loaded.set(name, text);
  }
}

/** Notes in memory. */
export class MemoryRecords {
  readonly records = new Map<string, NodeRecord>();

  all(): readonly NodeRecord[] {
    return [...this.records.values()];
  }

  get(name: string): NodeRecord | undefined {
    return this.records.get(name);
  }

  async save(record: NodeRecord): Promise<void> {
    this.records.set(record.name, record);
  }

  async forget(name: string): Promise<void> {
    this.records.delete(name);
  }
}

/** A profile of the namespace `ns` with that policy, or with one that allows files; its uid is its name. */
export function appArmorProfile(
  name: string,
  rules = 'file,',
  more: { readonly spec?: Partial<AppArmorProfileSpec>; readonly metadata?: Partial<ObjectMeta> } = {},
): AppArmorProfile {
  return {
    apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
    kind: 'AppArmorProfile',
    metadata: { name, namespace: 'ns', uid: name, generation: 1, ...(more.metadata as object) },
    spec: { policy: `abi <abi/3.0>,\nprofile ${name} {\n  ${rules}\n}\n`, ...more.spec },
  };
}
