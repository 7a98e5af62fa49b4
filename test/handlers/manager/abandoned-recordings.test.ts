// SPDX-License-Identifier: Apache-2.0
// Profiles of containers whose node or pod is gone: they end, after a while, and once.
import { expect } from 'chai';
import { ANNOTATION, LABEL } from '../../../src/core/names.ts';
import { evidenceOf } from '../../../src/core/recording/merge-partials.ts';
import { summaryOf } from '../../../src/core/recording/evidence.ts';
import type { SeccompProfile } from '../../../src/gen/crd/seccomp-profile.ts';
import { SECCOMP_PROFILE } from '../../../src/gen/kinds.ts';
import { LEARNT_SOURCES } from '../../../src/handlers/sources/recorded-profiles.ts';
import { AbandonedRecordings } from '../../../src/handlers/manager/abandoned-recordings.ts';
import { managedPodSource } from '../../../src/handlers/sources/managed-pods.ts';
import type { ManagedPod } from '../../../src/handlers/sources/managed-pods.ts';
import type { ClusterNode } from '../../../src/handlers/sources/nodes.ts';
import { SECCOMP } from '../../../src/handlers/sources/seccomp-profiles.ts';
import { applyPatch } from '../../../src/core/json-patch.ts';
import { Shelf } from '../../fakes/profiles.ts';
import { PartCluster } from './part-cluster.ts';

/** A profile of the pod `x` on the node `n`, which runs as far as it says. */
class World {
  readonly nodes = new Shelf<ClusterNode>();
  readonly pods = new Shelf<ManagedPod>();
  readonly profiles = new Shelf<SeccompProfile>();
  now = 0;
  readonly source = managedPodSource([SECCOMP]);
  readonly handler = new AbandonedRecordings({
    recorded: { resource: SECCOMP_PROFILE, source: LEARNT_SOURCES[0]!.recorded, reader: this.profiles },
    nodes: this.nodes,
    pods: { source: this.source, reader: this.pods },
    now: () => this.now,
  });

  constructor() {
    this.nodes.set({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } });
    this.pod('Running');
    this.profile(false);
  }

  pod(phase: string): ManagedPod {
    const metadata = { name: 'x', namespace: 'shop', uid: 'x' };
    const whole = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [{ name: 'c' }] }, status: { phase } };
    return this.pods.set(this.source.transform!(whole as unknown as ManagedPod));
  }

  /** The profile; as a part that is to be merged, or not. */
  profile(isPart: boolean): void {
    const part = new PartCluster().part('x', ['read'], { isRunning: true });
    const told = Object.entries(part.metadata.annotations ?? {}).filter(([name]) => name !== ANNOTATION.unmergedPart);
    const single = { ...part.metadata, finalizers: [], annotations: Object.fromEntries(told) };
    this.profiles.set({ ...part, metadata: isPart ? part.metadata : single });
  }

  /** Milliseconds until the handler looks again, once what it wants is written. */
  async pass(): Promise<number | undefined> {
    const [profile] = this.profiles.list();
    const { patches = [], requeueAfterMs } = await this.handler.apply(profile!);
    for (const { of, steps } of patches) this.profiles.set(applyPatch(of, steps) as SeccompProfile);
    return requeueAfterMs;
  }

  isPartial(): boolean {
    return this.profiles.list()[0]?.metadata.labels?.[LABEL.partial] === 'true';
  }

  keysOf(kind: string, object: ClusterNode | ManagedPod): readonly string[] {
    return this.handler.watches
      .filter(({ resource }) => resource.kind === kind)
      .flatMap((watch) => watch.mapToKeys(object).map(({ name }) => name));
  }
}

describe('handlers/manager/abandoned-recordings', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });

  it('leave a profile alone whose pod and node are there', async () => {
    expect(await world.pass()).to.equal(undefined);
    world.now += 3_600_000;
    expect(await world.pass()).to.equal(undefined);
    expect(world.isPartial()).to.equal(true);
  });

  it('end what ran on a node that stays away, and say that the end was not seen', async () => {
    const [node] = world.nodes.list();
    expect(world.keysOf('Node', node!)).to.deep.equal(['rec-c-x']);
    world.nodes.take('n', '');
    expect(await world.pass()).to.equal(60_000);
    world.now += 59_000;
    expect(await world.pass()).to.equal(1000);
    expect(world.isPartial()).to.equal(true);
    world.now += 1000;
    await world.pass();
    expect(world.isPartial()).to.equal(false);
    const [profile] = world.profiles.list();
    expect(profile?.metadata.annotations?.[ANNOTATION.recordingIncomplete]).to.match(/the end of .* was not seen/);
    expect(summaryOf(evidenceOf(profile!)!)).to.deep.include({ state: 'ended', runs: 1 });
    expect((await world.handler.apply(profile!)).patches).to.deep.equal([]);
  });

  it('count the time anew for a node that has come back', async () => {
    const [node] = world.nodes.list();
    world.nodes.take('n', '');
    await world.pass();
    world.nodes.set(node!);
    world.now += 50_000;
    expect(await world.pass()).to.equal(undefined);
    world.nodes.take('n', '');
    expect(await world.pass()).to.equal(60_000);
  });

  it('leave it to the node for a while to end what ran in a pod that has ended', async () => {
    const ended = world.pod('Failed');
    expect(world.keysOf('Pod', ended)).to.deep.equal(['rec-c-x']);
    expect(await world.pass()).to.equal(660_000);
    world.pods.take('x', 'shop');
    world.now += 660_000;
    await world.pass();
    expect(world.isPartial()).to.equal(false);
  });

  it('leave parts to their merging', async () => {
    world.profile(true);
    world.nodes.take('n', '');
    expect(await world.pass()).to.equal(undefined);
  });
});
