// SPDX-License-Identifier: Apache-2.0
// Base profiles of one namespace leave room for those of others: in number, in length, and in the time of registries.
import { expect } from 'chai';
import {
  artifactNameOf,
  baseReference,
  FEW_BASE_ARTIFACTS,
  MOST_BASE_ARTIFACTS,
  profilesSize,
} from '../../../src/core/base-artifacts/content.ts';
import type { PulledBase } from '../../../src/core/base-artifacts/content.ts';
import type { PullOutcome } from '../../../src/core/base-artifacts/pull.ts';
import { BaseArtifactHandler } from '../../../src/handlers/manager/base-artifacts.ts';
import { baseArtifactSource } from '../../../src/handlers/sources/base-artifacts.ts';
import type { BaseArtifactObject } from '../../../src/handlers/sources/base-artifacts.ts';
import { SECCOMP } from '../../../src/handlers/sources/seccomp-profiles.ts';
import type { SeccompProfile } from '../../../src/gen/crd/seccomp-profile.ts';
import type { Outcome } from '../../../src/runtime/outcome.ts';
import { Shelf, seccompProfile } from '../../fakes/profiles.ts';
import { SILENT } from '../../../src/core/log.ts';

const NAMESPACE = 'op';
const PLATFORM = { os: 'linux', architecture: 'amd64' };

/** A handler over stores, and a registry whose artifacts have so many characters each. */
class World {
  readonly profiles = new Shelf<SeccompProfile>();
  readonly objects = new Shelf<BaseArtifactObject>();
  /** References that are asked for in vain. */
  silent = /^$/;
  time = 0;
  characters = 10;
  private readonly ends: (() => void)[] = [];
  readonly handler = new BaseArtifactHandler({
    namespace: NAMESPACE,
    kind: SECCOMP,
    profiles: this.profiles,
    source: baseArtifactSource(NAMESPACE),
    objects: this.objects,
    settingSources: [],
    log: SILENT,
    cryptography: { signerName: () => '' },
    settings: () => ({ trust: { policies: [], disabled: true }, refreshMs: 1000, fingerprint: '' }),
    pull: (reference) => this.pull(reference),
    now: () => this.time,
  });

  /** A profile of a namespace that stands on a reference, of which there is an object. */
  hold(namespace: string, tag: string): void {
    const key = this.name(namespace, tag);
    this.objects.set({ apiVersion: 'v1', kind: 'ConfigMap', metadata: key, data: {} });
  }

  /** Ends the pulls that are asked in vain. */
  end(): void {
    for (const resolve of this.ends.splice(0)) resolve();
  }

  /** A profile of a namespace that stands on a reference; the key of that. */
  private name(namespace: string, tag: string): { readonly namespace: string; readonly name: string } {
    const base = `oci://registry.example/profiles/x:${tag}`;
    this.profiles.set(seccompProfile(tag, ['read'], { spec: { baseProfileName: base }, metadata: { namespace } }));
    return { namespace: NAMESPACE, name: artifactNameOf(base) ?? '' };
  }

  /** A profile of a namespace that stands on a reference, which is looked at; the outcome is stored. */
  async want(namespace: string, tag: string): Promise<Outcome<BaseArtifactObject>> {
    const key = this.name(namespace, tag);
    const outcome = await this.handler.gone(key, new AbortController().signal);
    for (const object of outcome.desired ?? []) this.objects.set(object);
    return outcome;
  }

  get length(): number {
    return this.objects.list().reduce((sum, { data }) => sum + profilesSize(data), 0);
  }

  /** The failure that is said of a reference. */
  failureOf(tag: string): string | undefined {
    const name = artifactNameOf(`oci://${baseReference(`oci://registry.example/profiles/x:${tag}`)}`) ?? '';
    return this.objects.get({ namespace: NAMESPACE, name })?.data?.['failure'];
  }

  private async pull(reference: string): Promise<PullOutcome> {
    if (this.silent.test(reference)) await new Promise<void>((resolve) => this.ends.push(resolve));
    const spec = { defaultAction: 'SCMP_ACT_ERRNO', listenerMetadata: 'x'.repeat(this.characters) } as const;
    const base: PulledBase = { digest: `sha256:${'0'.repeat(64)}`, profiles: [{ platform: PLATFORM, spec }] };
    return { type: 'pulled', base };
  }
}

describe('handlers/manager/base-artifacts', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });

  it('keep half of the references for namespaces that have few', async () => {
    for (let at = 0; at < MOST_BASE_ARTIFACTS / 2 - 1; at += 1) world.hold('greedy', `g${String(at)}`);
    for (const tag of ['last', 'more', 'still']) await world.want('greedy', tag);
    expect(world.objects.list()).to.have.length(MOST_BASE_ARTIFACTS / 2);
    for (let at = 0; at < FEW_BASE_ARTIFACTS - 1; at += 1) world.hold('ns', `n${String(at)}`);
    for (const tag of ['a', 'b', 'c']) await world.want('ns', tag);
    expect(world.objects.list()).to.have.length(MOST_BASE_ARTIFACTS / 2 + FEW_BASE_ARTIFACTS);
  });

  it('keep half of the characters for namespaces that have little, and say so', async () => {
    world.characters = 900_000;
    for (let at = 0; at < 20; at += 1) await world.want('greedy', `g${String(at)}`);
    expect(world.length).to.be.within(7 << 20, 8 << 20);
    expect(world.failureOf('g19')).to.match(/RegistryUnavailable.*have no room for its 9\d+ characters/);
    expect(world.failureOf('g0')).to.equal(undefined);
    await world.want('ns', 'n0');
    expect(world.failureOf('n0')).to.equal(undefined);
    await world.want('ns', 'n1');
    expect(world.failureOf('n1')).to.match(/have no room/);
  });

  it('wait for the slow registries of one namespace, and leave others time', async () => {
    world.silent = /:silent/;
    const first = Promise.all(['silent0', 'silent1'].map((tag) => world.want('slow', tag)));
    expect(await world.want('slow', 'quick')).to.have.property('desired');
    world.time = 10_000;
    expect(await world.want('slow', 'other')).to.deep.equal({ requeueAfterMs: 1000 });
    expect(await world.want('ns', 'n0')).to.have.property('desired');
    world.end();
    await first;
    expect(await world.want('slow', 'other')).to.have.property('desired');
    const second = Promise.all(['silent2', 'silent3'].map((tag) => world.want('slow', tag)));
    expect(await world.want('slow', 'later'), 'still slow').to.deep.equal({ requeueAfterMs: 1000 });
    world.end();
    await second;
    expect(world.handler.concurrency).to.be.above(2);
  });
});
