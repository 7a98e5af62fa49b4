// SPDX-License-Identifier: Apache-2.0
// A node's selinuxd in memory, with the folder that it takes policies from. It goes on when a test says so.
import type { MarkedProfile } from '../../src/core/selinux/store/mark.ts';
import { markedProfile } from '../../src/core/selinux/store/mark.ts';
import { sha256Hex } from '../../src/core/sha256.ts';
import type { PolicyStanding } from '../../src/handlers/node/selinux-policies.ts';

/** A selinuxd, its folder and its changes. */
export class FakeSelinuxd {
  readonly folder = new Map<string, string>();
  /** The texts that are installed. */
  readonly store = new Map<string, string>();
  /** Why policies are refused, by their names. */
  readonly refusals = new Map<string, string>();
  /** Sentences about policies that are installed, by their names. */
  readonly warnings = new Map<string, string>();
  /** Policies that an administrator has disabled. */
  readonly disabled = new Set<string>();
  /** Whether each write and removal is followed by a round at once. */
  prompt = true;
  /** Nobody answers. */
  away: Error | undefined;
  rounds = 0;
  /** It takes requests to remove, and ends before it has done anything. */
  ending = false;
  private readonly refused = new Map<string, string>();
  private readonly touched = new Map<string, { readonly at: string; readonly restored: boolean }>();
  private readonly listeners = new Set<(touched: ReadonlyMap<string, string>) => void>();

  readonly files = {
    files: async () => [...this.folder].map(([name, text]) => ({ name, text })),
    read: async (name: string) => this.folder.get(name),
    write: async (name: string, text: string) => {
      if (this.folder.get(name) === text) return false;
      this.folder.set(name, text);
      return true;
    },
    remove: async (name: string) => this.folder.delete(name),
  };

  readonly selinuxd = {
    state: async (name: string): Promise<PolicyStanding | undefined> => {
      if (this.away !== undefined) throw this.away;
      const tampering = this.touched.get(name);
      const none = { message: '', removal: false, disabled: this.disabled.has(name), tampering };
      const text = this.refused.get(name);
      if (text !== undefined)
        return { ...none, installed: false, message: this.refusals.get(name) ?? '', checksum: sha256Hex(text) };
      const stored = this.store.get(name);
      return stored === undefined
        ? undefined
        : {
            ...none,
            installed: !none.disabled,
            checksum: sha256Hex(stored),
            message: none.disabled ? 'disabled' : (this.warnings.get(name) ?? ''),
          };
    },
    remove: async (name: string): Promise<void> => {
      if (!this.ending && !this.folder.has(name)) this.store.delete(name);
    },
  };

  readonly changes = {
    subscribe: (listener: (touched: ReadonlyMap<string, string>) => void): void => void this.listeners.add(listener),
    attend: (): void => undefined,
    expect: (): void => {
      if (this.prompt) setImmediate(() => this.round());
    },
    installed: async (): Promise<ReadonlyMap<string, MarkedProfile>> =>
      new Map(
        [...this.store].flatMap(([name, text]) => {
          const profile = markedProfile(text.trim().split('\n').at(-1) ?? '');
          return profile === undefined ? [] : [[name, profile] as const];
        }),
      ),
  };

  /** Installs what the folder holds, removes what it holds no more, and tells of it. */
  round(): void {
    this.rounds += 1;
    for (const name of this.store.keys()) if (!this.folder.has(name)) this.store.delete(name);
    this.refused.clear();
    for (const [name, text] of this.folder) {
      if (this.refusals.has(name)) this.refused.set(name, text);
      else this.store.set(name, text);
    }
    this.tell();
  }

  /** Starts anew: it knows what is in its store, and nothing of what it was asked for before. */
  restart(): void {
    this.ending = false;
    this.tell();
  }

  /** Somebody removes a policy, which is installed again, or disables one. */
  tamper(name: string, deed: 'remove' | 'disable'): void {
    if (deed === 'disable') this.disabled.add(name);
    this.touched.set(name, { at: String(this.touched.size + 1), restored: deed === 'remove' });
    this.round();
  }

  private tell(): void {
    const touched = new Map([...this.touched].map(([name, { at }]) => [name, at]));
    for (const listener of this.listeners) listener(touched);
  }
}
