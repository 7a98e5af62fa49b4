// SPDX-License-Identifier: Apache-2.0
// Fetches objects for which their namespace's budget has room again: of them the store has the identity only. One at a
// time; what fails is tried again, and what has gone meanwhile is the watch's business.
import type { Log } from '../core/log.ts';
import type { KubeClient } from './client.ts';
import { backoffMs, sleep } from './clock.ts';
import type { Backoff, Clock } from './clock.ts';
import { keyText } from './object.ts';
import type { KubeObject, ObjectKey, Resource } from './object.ts';

/** The dependencies of a readmission. */
export interface ReadmissionParts {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
}

const BACKOFF: Backoff = { firstMs: 200, capMs: 30_000, jitter: 0.5 };

/** The objects of one source that are to be fetched. */
export class Readmission {
  private readonly wanted = new Map<string, ObjectKey>();
  private wake: () => void = () => undefined;

  /** Asks for an object. */
  want(key: ObjectKey): void {
    this.wanted.set(keyText(key), key);
    this.wake();
  }

  /** Fetches until the signal aborts; never rejects. */
  async run(
    resource: Resource,
    restore: (object: KubeObject) => void,
    parts: ReadmissionParts,
    signal: AbortSignal,
  ): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const [next] = this.wanted;
      if (next === undefined) {
        await this.asked(signal);
        continue;
      }
      const [text, key] = next;
      this.wanted.delete(text);
      try {
        const object = await parts.client.get(resource, key, signal);
        if (object !== undefined) restore(object);
        failures = 0;
      } catch (error) {
        this.wanted.set(text, key);
        failures += 1;
        parts.log.debug('an object that has room again could not be fetched', { key: text, error });
        await sleep(parts.clock, backoffMs(BACKOFF, failures, parts.clock.random()), signal);
      }
    }
  }

  private asked(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.wake = done;
      signal.addEventListener('abort', done, { once: true });
    });
  }
}
