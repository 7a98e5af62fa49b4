// SPDX-License-Identifier: Apache-2.0
// Changes of our AppArmor profiles by others. The kernel counts the changes of all profiles, so a look is the read of
// one number; only where that has grown are the profiles looked at.
import type { NodeRecord } from '../core/apparmor/node-record.ts';

/** How often is looked, in milliseconds. No process is woken by the kernel's counter without waiting in a thread. */
const LOOK_MS = 20_000;

/** The policy that a watch looks at. Errors name the path and the reason. */
export interface WatchedPolicy {
  revision(): Promise<string | undefined>;
  identities(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** Looks at the profiles that have notes. */
export class AppArmorWatch {
  private readonly policy: WatchedPolicy;
  private readonly notes: () => readonly NodeRecord[];
  private readonly onChange: (note: NodeRecord) => void;
  private readonly onError: (error: unknown) => void;
  private readonly timer: NodeJS.Timeout;
  private seen: string | undefined;
  private isLooking = false;

  /**
   * @param onChange - called for a profile that is not as it was loaded, at each look until it is
   * @param onError - called where a look is not possible
   */
  constructor(
    policy: WatchedPolicy,
    notes: () => readonly NodeRecord[],
    onChange: (note: NodeRecord) => void,
    onError: (error: unknown) => void,
  ) {
    this.policy = policy;
    this.notes = notes;
    this.onChange = onChange;
    this.onError = onError;
    this.timer = setInterval(() => void this.look(), LOOK_MS).unref();
  }

  /** Ends it. */
  close(): void {
    clearInterval(this.timer);
  }

  /** Never rejects. */
  async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      await this.compare();
    } catch (error) {
      this.onError(error);
    } finally {
      this.isLooking = false;
    }
  }

  /** The number is read first: a change that comes meanwhile is seen by the next look. */
  private async compare(): Promise<void> {
    const noted = this.notes().filter(({ loaded }) => loaded !== '');
    if (noted.length === 0) return;
    const revision = await this.policy.revision();
    if (revision !== undefined && revision === this.seen) return;
    const found = await this.policy.identities(noted.map(({ name }) => name));
    const differing = noted.filter(({ name, loaded }) => found.get(name) !== loaded);
    this.seen = differing.length === 0 ? revision : undefined;
    for (const note of differing) this.onChange(note);
  }
}
