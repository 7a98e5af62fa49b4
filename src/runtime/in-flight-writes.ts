// SPDX-License-Identifier: Apache-2.0
// The reconciles under way, with the versions that they have written to their own object and those that the watch has
// shown meanwhile. A watch often shows a write before its answer arrives, so a change during a reconcile is held back
// until its end, when it is known whether another writer made it. Without this every write of ours would cost a second
// reconcile.

interface InFlight {
  readonly own: Set<string>;
  readonly seen: Set<string>;
}

/** The reconciles under way of one handler, by key. */
export class InFlightWrites {
  private readonly inFlight = new Map<string, InFlight>();

  /** A reconcile over a key begins. */
  begin(key: string): void {
    this.inFlight.set(key, { own: new Set(), seen: new Set() });
  }

  /** The reconcile has written its own object, which has this version now. */
  wrote(key: string, resourceVersion: string | undefined): void {
    if (resourceVersion !== undefined) this.inFlight.get(key)?.own.add(resourceVersion);
  }

  /**
   * A version of an object was seen. True if a reconcile over it is under way: then `end` will tell whether it matters.
   */
  saw(key: string, resourceVersion: string | undefined): boolean {
    const current = this.inFlight.get(key);
    current?.seen.add(resourceVersion ?? '');
    return current !== undefined;
  }

  /** The reconcile is over. True if a version was seen that it had not written itself. */
  end(key: string): boolean {
    const current = this.inFlight.get(key);
    this.inFlight.delete(key);
    return current !== undefined && [...current.seen].some((version) => !current.own.has(version));
  }
}
