// SPDX-License-Identifier: Apache-2.0
// Which passes are under way, what they have written to their own object, and what the watch showed of it meanwhile. A
// watch often shows a write before its answer arrives; so a change that comes during a pass is held back until the end
// of the pass tells whether it was somebody else's. Without this every write of ours would cost a second pass.

interface Flight {
  readonly own: Set<string>;
  readonly seen: Set<string>;
}

/** The passes under way of one handler, by key. */
export class Flights {
  private readonly flights = new Map<string, Flight>();

  /** A pass over a key begins. */
  begin(key: string): void {
    this.flights.set(key, { own: new Set(), seen: new Set() });
  }

  /** The pass has written its own object, which has this version now. */
  wrote(key: string, resourceVersion: string | undefined): void {
    if (resourceVersion !== undefined) this.flights.get(key)?.own.add(resourceVersion);
  }

  /** A version of an object was seen. True if a pass over it is under way: then `end` will tell whether it matters. */
  saw(key: string, resourceVersion: string | undefined): boolean {
    const flight = this.flights.get(key);
    flight?.seen.add(resourceVersion ?? '');
    return flight !== undefined;
  }

  /** The pass is over. True if a version was seen that it had not written itself. */
  end(key: string): boolean {
    const flight = this.flights.get(key);
    this.flights.delete(key);
    return flight !== undefined && [...flight.seen].some((version) => !flight.own.has(version));
  }
}
