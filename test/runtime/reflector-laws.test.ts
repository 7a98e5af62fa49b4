// SPDX-License-Identifier: Apache-2.0
// Whatever happens in whatever order, a store ends up like its server, and who listens to it can follow.
import { expect } from 'chai';
import fc from 'fast-check';
import { SILENT } from '../../src/core/log.ts';
import { SYSTEM_CLOCK } from '../../src/io/clock.ts';
import { KubeClient } from '../../src/runtime/client.ts';
import { Intake } from '../../src/runtime/intake.ts';
import { keyText } from '../../src/runtime/object.ts';
import { Reflector, REFLECTOR_TUNING } from '../../src/runtime/reflector.ts';
import { Store } from '../../src/runtime/store.ts';
import { FakeApiServer } from '../fakes/api-server.ts';
import { settled } from '../fakes/clock.ts';
import { until, WIDGET, widget } from '../fakes/operator.ts';

type Step =
  | { readonly type: 'put'; readonly name: string; readonly size: number }
  | { readonly type: 'delete'; readonly name: string }
  | { readonly type: 'write'; readonly name: string; readonly size: number }
  | { readonly type: 'end' | 'cut' | 'compact' | 'garble' | 'pause' }
  | { readonly type: 'refuse'; readonly status: number; readonly times: number };

const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: fc.record({ type: fc.constant('put'), name, size: fc.nat(9) }), weight: 4 },
  { arbitrary: fc.record({ type: fc.constant('delete'), name }), weight: 3 },
  { arbitrary: fc.record({ type: fc.constant('write'), name, size: fc.nat(9) }), weight: 2 },
  fc.record({ type: fc.constantFrom('end', 'cut', 'compact', 'garble', 'pause') }),
  fc.record({ type: fc.constant('refuse'), status: fc.constantFrom(0, 410, 429, 500, 503), times: fc.nat(3) }),
);

/** A reflector, its server, and a listener that keeps a copy by what it is told. */
class World {
  readonly api = new FakeApiServer({ kinds: [WIDGET] });
  readonly store = new Store();
  readonly copy = new Map<string, string | undefined>();
  private readonly client = new KubeClient(this.api);
  private readonly stop = new AbortController();
  private readonly ended: Promise<void>;
  private refusals = 0;

  constructor() {
    this.store.subscribe((change) => {
      const key = keyText(change.object.metadata);
      if (change.type === 'deleted') this.copy.delete(key);
      else this.copy.set(key, change.object.metadata.resourceVersion);
    });
    const tuning = { ...REFLECTOR_TUNING, pageSize: 2, backoff: { firstMs: 1, capMs: 2, jitter: 0 } };
    const source = { resource: WIDGET };
    const intake = new Intake(source, this.store, () => undefined);
    const scope = { source, namespace: '', store: this.store, intake };
    const parts = { client: this.client, clock: SYSTEM_CLOCK, log: SILENT, tuning };
    this.ended = new Reflector(parts, { ...scope, onSynced: () => undefined }).run(this.stop.signal);
  }

  async perform(what: Step): Promise<void> {
    switch (what.type) {
      case 'put':
        this.api.put(widget(what.name, { size: what.size }));
        break;
      case 'delete':
        this.api.delete(WIDGET, { namespace: 'default', name: what.name });
        break;
      case 'write':
        await this.write(what.name, what.size);
        break;
      case 'end':
        this.api.endWatches();
        break;
      case 'cut':
        this.api.endWatches(new Error('cut'));
        break;
      case 'compact':
        this.api.compact();
        break;
      case 'garble':
        this.api.sendToWatches({ type: 'NEWS', object: {} });
        break;
      case 'pause':
        await settled();
        break;
      case 'refuse':
        this.refuse(what.status, what.times);
        break;
      default:
        what satisfies never;
    }
  }

  /** The objects of the server, by key and version. */
  get truth(): Record<string, string | undefined> {
    return Object.fromEntries(
      this.api.list(WIDGET).map(({ metadata }) => [keyText(metadata), metadata.resourceVersion]),
    );
  }

  get stored(): Record<string, string | undefined> {
    return Object.fromEntries(this.store.list().map(({ metadata }) => [keyText(metadata), metadata.resourceVersion]));
  }

  async end(): Promise<void> {
    this.stop.abort();
    await this.ended;
  }

  /** A write of our own, whose answer is shown to the store at once. */
  private async write(of: string, size: number): Promise<void> {
    const key = { namespace: 'default', name: of };
    const written = await this.client.patch(WIDGET, key, { spec: { size } }, this.stop.signal).catch(() => undefined);
    if (written !== undefined) this.store.observe(written, 'me');
  }

  private refuse(status: number, times: number): void {
    this.refusals = times;
    this.api.fault = ({ method }) => {
      if (method !== 'GET' || this.refusals === 0) return undefined;
      this.refusals -= 1;
      return status === 0 ? new Error('cut') : { status, body: {} };
    };
  }
}

describe('a reflector and its store', () => {
  it('end up like the server, and whoever listened like the store, whatever happened', async () => {
    const law = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const world = new World();
      try {
        for (const what of steps) await world.perform(what);
        // A last edit marks the end of all that is under way: when it has arrived, everything before it has.
        world.api.put(widget('end'));
        await until('the end', () => world.copy.has('default/end'));
        expect(world.stored).to.deep.equal(world.truth);
        expect(Object.fromEntries(world.copy)).to.deep.equal(world.stored);
      } finally {
        await world.end();
      }
    });
    await fc.assert(law, { numRuns: 150 });
  }).timeout(120_000);
});
