// SPDX-License-Identifier: Apache-2.0
// Parts of recordings by their metadata, also those that an operator has let go.
import { expect } from 'chai';
import { ANNOTATION, LABEL } from '../../../src/core/names.ts';
import { isPart, partFinalizer } from '../../../src/core/recording/part.ts';
import { printEvidence } from '../../../src/core/recording/evidence.ts';
import { NO_EARLIER_RUNS } from '../../../src/core/recording/runs.ts';
import { endingSteps } from '../../../src/core/recording/unfinished-part.ts';

const labels = { [LABEL.partial]: 'true', [LABEL.recordingId]: 'rec', [LABEL.containerId]: 'c' };
const marked = { [ANNOTATION.unmergedPart]: 'true' };

describe('core/recording/part', () => {
  it('is a part by its mark alone, and never a profile that is finished', () => {
    expect(isPart({ metadata: { labels, annotations: marked } })).to.equal(true);
    expect(isPart({ metadata: { labels } })).to.equal(false);
    expect(isPart({ metadata: { annotations: marked } })).to.equal(false);
  });

  it('is held only where a merge lets it go: not of a kind that no recording makes', () => {
    const metadata = { labels, annotations: marked };
    const held = { 'spo.x-k8s.io/partial-profile-finalizer': true };
    for (const kind of ['SeccompProfile', 'SelinuxProfile', 'AppArmorProfile'])
      expect(partFinalizer({ kind, metadata })).to.deep.equal(held);
    for (const kind of ['RawSelinuxProfile', 'toString']) expect(partFinalizer({ kind, metadata })).to.deep.equal({});
  });

  it('stays a part when its last run ends, without a finalizer, too', () => {
    const run = { pod: 'p', node: 'n', from: '2026-01-01T00:00:00Z', lost: {} };
    const where = { nodes: ['n'], images: [], kernels: [], runtimes: [] };
    const evidence = { version: 'v1', recorder: 'bpf', instances: { a: run }, earlier: NO_EARLIER_RUNS } as const;
    const told = { [ANNOTATION.recordingEvidence]: printEvidence({ ...evidence, ...where }) };
    const removed = (annotations: Readonly<Record<string, string>>): readonly string[] =>
      endingSteps({ metadata: { name: 'x', labels, annotations } }, new Set(['a'])).flatMap(({ op, path }) =>
        op === 'remove' ? [path] : [],
      );
    expect(removed(told)).to.deep.equal(['/metadata/labels/spo.x-k8s.io~1partial']);
    expect(removed({ ...told, ...marked })).to.deep.equal([]);
  });
});
