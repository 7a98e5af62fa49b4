// SPDX-License-Identifier: Apache-2.0
// Entries that stand in the way in our own directories on a node: a link where a directory belongs, a directory where a
// file does. They are not ours, since we make none such; somebody who had the daemon did. Each gets another name beside
// it, and nothing of it is followed, opened or removed: it may be evidence. The init container does the same for what
// only root can move (native/bpf/src/enabler/aside.c).
import { randomBytes } from 'node:crypto';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { ASIDE_PREFIX } from '../core/status/moved-aside.ts';

/** Digits of chance in a name: nobody can have taken it before. */
const RANDOM_BYTES = 8;

/** Gives an entry another name in its directory; the new path. Rejects with the system's error. */
export async function moveAside(target: string): Promise<string> {
  const aside = path.join(path.dirname(target), `${ASIDE_PREFIX}${randomBytes(RANDOM_BYTES).toString('hex')}`);
  await rename(target, aside);
  return aside;
}

/** Whether a name is that of an entry that was moved aside. */
export function isAside(name: string): boolean {
  return name.startsWith(ASIDE_PREFIX);
}

/** All that is known to have been moved aside on this node; it is told of until the next start finds it gone. */
export class Aside {
  private readonly known = new Set<string>();
  private readonly onMoved: (from: string, to: string) => void;
  private listener: () => void = () => undefined;

  /** `onMoved` hears of each entry that this process moves. */
  constructor(onMoved: (from: string, to: string) => void = () => undefined) {
    this.onMoved = onMoved;
  }

  /** The paths, in order. */
  paths(): readonly string[] {
    return [...this.known].sort();
  }

  /** Notes what an earlier process has moved. */
  found(paths: readonly string[]): void {
    for (const one of paths) this.known.add(one);
  }

  /** Calls back whenever something more has been moved. */
  follow(listener: () => void): void {
    this.listener = listener;
  }

  /** Moves an entry of one of our directories. */
  async move(target: string): Promise<void> {
    const aside = await moveAside(target);
    this.known.add(aside);
    this.onMoved(target, aside);
    this.listener();
  }
}
