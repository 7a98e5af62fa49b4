// SPDX-License-Identifier: Apache-2.0
// Objects with a megabyte of labels, finalizers or owners beside a spec of a few characters: a namespace has its share
// of the memory of all, whatever it is used for.
import { expect } from 'chai';
import { FINALIZER, LABEL } from '../../src/core/names.ts';
import { BINDINGS, profileStateSource, RECORDINGS } from '../../src/handlers/sources/admission-state.ts';
import { MANAGED_BINDINGS } from '../../src/handlers/sources/bindings.ts';
import { LEARNT_SOURCES } from '../../src/handlers/sources/recorded-profiles.ts';
import { MANAGED_RECORDINGS } from '../../src/handlers/sources/recording-watches.ts';
import { SECCOMP } from '../../src/handlers/sources/seccomp-profiles.ts';
import type { Source } from '../../src/runtime/handler.ts';
import { Intake } from '../../src/runtime/intake.ts';
import type { KubeObject, ObjectMeta } from '../../src/runtime/object.ts';
import { Store } from '../../src/runtime/store.ts';
import { seccompProfile } from '../fakes/profiles.ts';

const MB = 1_000_000;
const NAMES = Array.from({ length: 10_000 }, (_, at) => `team.example/${String(at).padStart(60, 'x')}`);

const LARGE: Readonly<Record<string, Partial<ObjectMeta>>> = {
  finalizers: { finalizers: [...NAMES, FINALIZER.inUse] },
  owners: { ownerReferences: NAMES.map((name) => ({ apiVersion: 'v1', kind: 'ConfigMap', name, uid: name })) },
  labels: { labels: { [LABEL.recordingId]: 'rec', ...Object.fromEntries(NAMES.map((name) => [name, 'x'])) } },
};

const [SECCOMP_LEARNT] = LEARNT_SOURCES;
const spec = { profileRef: { kind: 'SeccompProfile', name: 'p' }, image: 'i' };
const choosing = { kind: 'SeccompProfile', recorder: 'bpf' };

/** Sources of what tenants write; most of their objects has no use for the label. */
const SOURCES: readonly (readonly [string, Source | undefined, object])[] = [
  ['profiles', SECCOMP.source, { defaultAction: 'SCMP_ACT_LOG' }],
  ['profiles of recordings in the manager', SECCOMP_LEARNT?.recorded, { defaultAction: 'SCMP_ACT_LOG' }],
  ['profiles of recordings on nodes', SECCOMP_LEARNT?.known, { defaultAction: 'SCMP_ACT_LOG' }],
  ['profiles in the webhook', profileStateSource(SECCOMP.resource), { defaultAction: 'SCMP_ACT_LOG' }],
  ['bindings in the manager', MANAGED_BINDINGS, spec],
  ['bindings in the webhook', BINDINGS, spec],
  ['recordings in the manager', MANAGED_RECORDINGS, choosing],
  ['recordings in the webhook', RECORDINGS, choosing],
];

describe('handlers/sources, metadata of a megabyte', () => {
  for (const [what, source, written] of SOURCES) {
    for (const [part, metadata] of Object.entries(LARGE)) {
      it(`take no more than the share of a namespace: ${part} of ${what}`, () => {
        if (source === undefined) return expect.fail('no such source');
        const store = new Store();
        const intake = new Intake(source, store, () => undefined);
        for (let at = 10; at < 40; at++) {
          const creationTimestamp = `2026-01-01T00:00:${String(at)}Z`;
          const name = `o${String(at)}`;
          const identity = { name, namespace: 'ns', uid: name, resourceVersion: '1', generation: 1, creationTimestamp };
          const object = { apiVersion: 'v1', kind: source.resource.kind, metadata: { ...identity, ...metadata } };
          intake.upsert('', { ...object, spec: written } as KubeObject, 'fresh');
        }
        expect(JSON.stringify(store.list()).length).to.be.below(10 * MB);
      });
    }
  }

  it('leave the finalizers of the operator, and the word that others are missing', () => {
    const profile = seccompProfile('a');
    const large = { ...profile, metadata: { ...profile.metadata, finalizers: [...NAMES, FINALIZER.inUse] } };
    expect(SECCOMP.source.budget?.identity(large).metadata).to.deep.include({
      finalizers: [FINALIZER.inUse],
      isCut: true,
    });
    expect(SECCOMP.source.budget?.identity(profile).metadata).not.to.have.property('isCut');
  });
});
