// SPDX-License-Identifier: Apache-2.0
// Bindings and recordings with long selectors: a namespace has a share of the memory of all, and what is beyond it
// chooses no pod.
import { expect } from 'chai';
import { selects } from '../../src/core/label-selector.ts';
import { BINDINGS, RECORDINGS } from '../../src/handlers/sources/admission-state.ts';
import { MANAGED_BINDINGS } from '../../src/handlers/sources/bindings.ts';
import { MANAGED_RECORDINGS } from '../../src/handlers/sources/recording-watches.ts';
import type { ProfileBinding } from '../../src/gen/crd/profile-binding.ts';
import type { ProfileRecording } from '../../src/gen/crd/profile-recording.ts';
import type { Source } from '../../src/runtime/handler.ts';
import { Intake } from '../../src/runtime/intake.ts';
import { Store } from '../../src/runtime/store.ts';

/** As long as the schema lets it be, nearly. */
const values = Array.from({ length: 256 }, (_, i) => `${String(i)}-`.padEnd(63, 'v'));
const podSelector = {
  matchExpressions: Array.from(
    { length: 32 },
    (_, i) => ({ key: `k${String(i)}`, operator: 'NotIn', values }) as const,
  ),
};

function binding(name: string): ProfileBinding {
  return {
    apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
    kind: 'ProfileBinding',
    metadata: {
      name,
      namespace: 'ns',
      uid: name,
      creationTimestamp: `2026-01-01T00:00:${name}Z`,
      resourceVersion: '1',
    },
    spec: { profileRef: { kind: 'SeccompProfile', name: 'p' }, image: 'i', podSelector },
  };
}

function recording(name: string): ProfileRecording {
  const spec = { kind: 'SeccompProfile', recorder: 'bpf', mergeStrategy: 'containers', podSelector } as const;
  const { apiVersion, metadata } = binding(name);
  return { apiVersion, kind: 'ProfileRecording', metadata, spec };
}

type Chosen = ProfileBinding | ProfileRecording;

const SOURCES: readonly (readonly [string, Source<Chosen>, (name: string) => Chosen])[] = [
  ['bindings in the webhook', BINDINGS, binding],
  ['bindings in the manager', MANAGED_BINDINGS, binding],
  ['recordings in the webhook and on nodes', RECORDINGS, recording],
  ['recordings in the manager', MANAGED_RECORDINGS, recording],
];

describe('handlers/sources/choice-budgets', () => {
  for (const [what, source, make] of SOURCES) {
    it(`keeps ${what} within a megabyte for each namespace, the oldest first`, () => {
      const store = new Store();
      const intake = new Intake(source, store, () => undefined);
      const names = ['01', '02', '03', '04'];
      for (const name of names) intake.upsert('', make(name), 'fresh');
      const key = (name: string) => ({ namespace: 'ns', name });
      expect(names.map((name) => store.isWithheld(key(name)))).to.deep.equal([false, true, true, true]);
      const kept = names.map((name) => store.get(key(name)) as Chosen);
      expect(kept.map(({ spec }) => selects(spec.podSelector ?? {}, {}))).to.deep.equal([true, false, false, false]);
      expect(JSON.stringify(kept[1]).length).to.be.lessThan(1000);
    });
  }
});
