// SPDX-License-Identifier: Apache-2.0
// The list of parts on a merged profile, and the end of parts that nobody has seen.
import { expect } from 'chai';
import { ANNOTATION } from '../../../src/core/names.ts';
import { printEvidence } from '../../../src/core/recording/evidence.ts';
import type { Evidence } from '../../../src/core/recording/evidence.ts';
import { NO_EARLIER_RUNS } from '../../../src/core/recording/runs.ts';
import { evidenceOf, mergeRecordings } from '../../../src/core/recording/merge-partials.ts';
import { mergedParts, partState, printMergedParts } from '../../../src/core/recording/merged-parts.ts';
import { endedPart } from '../../../src/core/recording/unfinished-part.ts';
import { seccompProfile } from '../../fakes/profiles.ts';
import type { SeccompProfile } from '../../../src/gen/crd/seccomp-profile.ts';

const run = { pod: 'p', node: 'n', from: '2026-01-01T00:00:00Z', lost: {} };

function part(annotations: Readonly<Record<string, string>>, generation = 1): SeccompProfile {
  return { ...seccompProfile('part'), metadata: { name: 'part', uid: 'u', generation, annotations } };
}

function told(instances: Evidence['instances'], lastNewCall?: string): SeccompProfile {
  const lists = { nodes: ['n'], images: [], kernels: [], runtimes: [] };
  const when = lastNewCall === undefined ? {} : { lastNewCall };
  const evidence = { version: 'v1', recorder: 'logs', earlier: NO_EARLIER_RUNS, instances, ...lists, ...when } as const;
  return part({ [ANNOTATION.recordingEvidence]: printEvidence(evidence) });
}

describe('the list of merged parts', () => {
  it('reads what it prints, in any order of the parts', () => {
    const list = new Map([
      ['b', '2-0f0f0f0f'],
      ['a', '1-00000000'],
    ]);
    const text = printMergedParts(list) ?? '';
    expect(text).to.equal('a=1-00000000,b=2-0f0f0f0f');
    expect(mergedParts([part({ [ANNOTATION.mergedParts]: text })])).to.deep.equal(new Map([...list].reverse()));
    expect(printMergedParts(new Map())).to.equal(undefined);
  });

  it('passes over what has not the form', () => {
    const text = 'a=1-0,=2-0,b,c=,d=x y,e=3-0=4,' + 'f'.repeat(80) + '=1-0';
    expect([...mergedParts([part({ [ANNOTATION.mergedParts]: text }), part({})])]).to.deep.equal([['a', '1-0']]);
  });

  it('tells a part that has changed by its generation, or by how it was learnt', () => {
    const states = [part({}), part({}, 2), told({ a1: run }), told({ a1: run, b2: run })].map(partState);
    expect(new Set(states).size).to.equal(4);
    expect(partState(part({ other: 'x' }))).to.equal(states[0]);
  });
});

describe('the gaps of merged parts', () => {
  it('are counted together, beside those that nothing counts', () => {
    const lossy = (id: string, overflow: number, more = ''): SeccompProfile => {
      const { metadata } = told({ [id]: { ...run, until: run.from, lost: { overflow } } });
      const sentence = `for ${String(overflow)} audit records the kernel had no room, perhaps of this container`;
      const text = { [ANNOTATION.recordingIncomplete]: sentence + more };
      return part({ ...metadata.annotations, ...text });
    };
    const gaps = (parts: readonly SeccompProfile[]) =>
      mergeRecordings(parts).annotations[ANNOTATION.recordingIncomplete]?.split('; ');
    expect(gaps([lossy('a1', 2), lossy('b2', 3, '; something else'), part({})])).to.deep.equal([
      'for 5 audit records the kernel had no room, perhaps of this container',
      'something else',
    ]);
  });
});

describe('endedPart()', () => {
  it('ends runs with the last new call, and says that their end is missing', () => {
    const ended = endedPart(told({ a1: run, b2: { ...run, until: run.from } }, '2026-01-01T00:00:09Z'));
    expect(evidenceOf(ended)?.instances).to.deep.equal({
      a1: { ...run, until: '2026-01-01T00:00:09Z', lost: { 'end-not-seen': 1 } },
      b2: { ...run, until: run.from },
    });
    const merged = mergeRecordings([ended]).annotations[ANNOTATION.recordingIncomplete];
    expect(merged).to.match(/^the end of .* was not seen$/);
  });

  it('leaves a part alone that has ended, or says nothing', () => {
    for (const whole of [told({ a1: { ...run, until: run.from } }), part({})]) expect(endedPart(whole)).to.equal(whole);
  });
});
