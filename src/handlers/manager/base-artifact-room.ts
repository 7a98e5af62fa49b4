// SPDX-License-Identifier: Apache-2.0
// The room for base profiles from registries. Each lies in etcd and in the memory of the manager and of all daemons,
// and whoever may write profiles may name any number of them. So there is a bound for all, half of which is for
// namespaces that have little; and a namespace whose registries were slow has few pulls at a time.
import { FEW_BASE_ARTIFACTS, MOST_BASE_ARTIFACTS } from '../../core/base-artifacts/content.ts';

/** References and characters of content, for all namespaces and for one that has little. */
export const ARTIFACT_ROOM = {
  references: MOST_BASE_ARTIFACTS,
  /** Usual ones have some thousand. */
  characters: 16 << 20,
  little: { references: FEW_BASE_ARTIFACTS, characters: 1 << 20 },
} as const;

/** Pulls at a time. */
export const PULLS_AT_ONCE = 8;

/** And for a namespace whose registries are slow. */
const SLOW_AT_ONCE = 2;

/** A pull that takes so long is slow, and for so long its namespace is, in milliseconds. */
const SLOW_MS = 10_000;
const REMEMBERED_MS = 600_000;

/** Characters of what is kept of each reference, by its name. */
export type Sizes = ReadonlyMap<string, number>;

/** Answers what there is room for. */
export class BaseArtifactRoom {
  private readonly namespacesOf: (name: string) => ReadonlySet<string>;
  /** Monotonic milliseconds at which a pull began, by the reference. */
  private readonly running = new Map<string, number>();
  /** And at which a slow one has ended, by the namespace. */
  private readonly slow = new Map<string, number>();

  /** @param namespacesOf - the namespaces whose profiles stand on a reference */
  constructor(namespacesOf: (name: string) => ReadonlySet<string>) {
    this.namespacesOf = namespacesOf;
  }

  /** Whether there is room for so many characters of a reference beside the others. */
  has(name: string, characters: number, kept: Sizes): boolean {
    const others = [...kept].filter(([other]) => other !== name);
    if (fits(others, characters, ARTIFACT_ROOM, 2)) return true;
    if (!fits(others, characters, ARTIFACT_ROOM, 1)) return false;
    const users = others.map(([other, size]) => ({ entry: [other, size] as const, by: this.namespacesOf(other) }));
    return [...this.namespacesOf(name)].some((namespace) => {
      const own = users.filter(({ by }) => by.has(namespace)).map(({ entry }) => entry);
      return fits(own, characters, ARTIFACT_ROOM.little, 1);
    });
  }

  /** Whether all namespaces that want a reference are slow and have as many pulls under way as such may. */
  isBusy(name: string, now: number): boolean {
    const isLate = (since: number): boolean => now - since >= SLOW_MS;
    if (this.slow.size === 0 && ![...this.running.values()].some(isLate)) return false;
    const running = Array.from(this.running, ([other, since]) => ({ since, by: this.namespacesOf(other) }));
    return [...this.namespacesOf(name)].every((namespace) => {
      const own = running.filter(({ by }) => by.has(namespace));
      const isSlow = this.wasSlow(namespace, now) || own.some(({ since }) => isLate(since));
      return isSlow && own.length >= SLOW_AT_ONCE;
    });
  }

  /** Pulls a reference, which counts meanwhile. */
  async during<T>(name: string, now: () => number, pull: () => Promise<T>): Promise<T> {
    const since = now();
    this.running.set(name, since);
    try {
      return await pull();
    } finally {
      this.running.delete(name);
      const isSlow = now() - since >= SLOW_MS;
      if (isSlow) for (const namespace of this.namespacesOf(name)) this.slow.set(namespace, now());
    }
  }

  private wasSlow(namespace: string, now: number): boolean {
    const isSlow = now - (this.slow.get(namespace) ?? Number.NEGATIVE_INFINITY) < REMEMBERED_MS;
    if (!isSlow) this.slow.delete(namespace);
    return isSlow;
  }
}

function fits(
  kept: readonly (readonly [name: string, size: number])[],
  more: number,
  most: { readonly references: number; readonly characters: number },
  parts: number,
): boolean {
  const characters = kept.reduce((sum, [, size]) => sum + size, more);
  return (kept.length + 1) * parts <= most.references && characters * parts <= most.characters;
}
