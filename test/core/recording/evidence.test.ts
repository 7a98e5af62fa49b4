// SPDX-License-Identifier: Apache-2.0
// How a profile was learnt: the text of the annotation, and laws of merging.
import { expect } from 'chai';
import fc from 'fast-check';
import { parseEvidence } from '../../../src/core/recording/evidence-form.ts';
import { printEvidence, runKey, summaryOf, uniteEvidence } from '../../../src/core/recording/evidence.ts';
import type { Evidence } from '../../../src/core/recording/evidence.ts';
import { NO_EARLIER_RUNS } from '../../../src/core/recording/runs.ts';
import type { Run } from '../../../src/core/recording/runs.ts';

const mergeEvidence = (one: Evidence, other: Evidence): Evidence => uniteEvidence(one, [other]);

const FROM = '2026-11-29T10:00:00Z';

const at = (seconds: number): string => new Date(Date.parse(FROM) + seconds * 1000).toISOString().replace('.000', '');
const sorted = (names: readonly string[]) => fc.subarray([...names]);
const time = fc.integer({ min: 0, max: 99 }).map(at);
const lost = fc.dictionary(fc.constantFrom('process', 'ring'), fc.integer({ min: 1, max: 9 }));
const run: fc.Arbitrary<Run> = fc
  .record({
    pod: fc.constantFrom('p1', 'p2'),
    node: fc.constantFrom('n1', 'n2'),
    from: time,
    until: fc.option(time),
    lost,
  })
  .map(({ until, ...rest }) => ({ ...rest, ...(until === null ? {} : { until }) }));
const evidence: fc.Arbitrary<Evidence> = fc
  .record({
    instances: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), run),
    nodes: sorted(['n1', 'n2']),
    images: sorted(['i1', 'i2']),
    kernels: sorted(['6.1', '6.18']),
    runtimes: sorted(['containerd://2.3.7']),
    firstCall: time,
    lastNewCall: time,
  })
  .map((rest) => ({ version: 'v1', recorder: 'bpf', earlier: NO_EARLIER_RUNS, ...rest }));

const EXAMPLE: Evidence = {
  version: 'v1',
  recorder: 'bpf',
  instances: {
    c2e10af47011f: { pod: 'uid-1', node: 'n1', from: FROM, until: at(12), lost: {} },
    d3e10af47011f: { pod: 'uid-1', node: 'n1', from: FROM, until: at(5), lost: { ring: 2 } },
  },
  earlier: NO_EARLIER_RUNS,
  nodes: ['n1'],
  images: ['example.org/web@sha256:01'],
  kernels: ['6.18.0'],
  runtimes: ['containerd://2.3.7'],
  firstCall: FROM,
  lastNewCall: at(3),
};

describe('printEvidence()', () => {
  it('says first what people want to know', () => {
    const { instances, ...told } = JSON.parse(printEvidence(EXAMPLE)) as Record<string, unknown>;
    expect(Object.keys(instances ?? {})).to.have.length(2);
    expect(told).to.deep.equal({
      version: 'v1',
      recorder: 'bpf',
      state: 'ended',
      pods: 1,
      runs: 2,
      seconds: 17,
      lost: { total: 2, ring: 2 },
      nodes: ['n1'],
      images: ['example.org/web@sha256:01'],
      kernels: ['6.18.0'],
      runtimes: ['containerd://2.3.7'],
      firstCall: FROM,
      lastNewCall: at(3),
    });
  });

  it('says 0 where nothing was lost', () => {
    const whole = { ...EXAMPLE, instances: { a: { pod: 'p', node: 'n', from: FROM, lost: {} } } };
    expect(summaryOf(whole)).to.deep.include({ lost: { total: 0 }, state: 'in-progress' });
  });

  it('is read again as it was', () => {
    fc.assert(
      fc.property(evidence, (one) => {
        expect(parseEvidence(printEvidence(one))).to.deep.equal(one);
      }),
    );
  });
});

describe('parseEvidence()', () => {
  it('finds none in what has not the form', () => {
    for (const text of [undefined, '', '{', '[]', 'null', '{"version":"v2"}', '{"version":"v1","recorder":"bpf"}'])
      expect(parseEvidence(text), text).to.equal(undefined);
  });

  it('computes sums, and believes none', () => {
    const forged = printEvidence(EXAMPLE).replace('"runs":2', '"runs":1e9').replace('"total":2', '"total":0');
    const read = parseEvidence(forged);
    expect(read === undefined ? undefined : summaryOf(read)).to.deep.include({ runs: 2, lost: { total: 2, ring: 2 } });
  });

  it('is not misled by the names of what every object has', () => {
    const odd = printEvidence(EXAMPLE).replaceAll('ring', 'constructor').replace('c2e10af47011f', '__proto__');
    const read = parseEvidence(odd);
    if (read === undefined) throw new Error('there is evidence');
    expect(summaryOf(mergeEvidence(read, EXAMPLE)).lost).to.deep.equal({ total: 4, constructor: 2, ring: 2 });
  });

  it('never throws, and what it reads can be printed', () => {
    fc.assert(
      fc.property(fc.json(), fc.dictionary(fc.string(), fc.anything()), (json, fields) => {
        parseEvidence(json);
        const text = JSON.stringify({ ...fields, version: 'v1', recorder: 'logs', instances: fields });
        const read = parseEvidence(text);
        if (read !== undefined) expect(parseEvidence(printEvidence(read))).to.deep.equal(read);
      }),
    );
  });
});

describe('uniteEvidence()', () => {
  it('is commutative, associative and idempotent', () => {
    fc.assert(
      fc.property(evidence, evidence, evidence, (a, b, c) => {
        expect(mergeEvidence(a, b)).to.deep.equal(mergeEvidence(b, a));
        expect(mergeEvidence(mergeEvidence(a, b), c)).to.deep.equal(mergeEvidence(a, mergeEvidence(b, c)));
        expect(mergeEvidence(mergeEvidence(a, b), b)).to.deep.equal(mergeEvidence(a, b));
      }),
    );
  });

  it('loses no loss', () => {
    fc.assert(
      fc.property(evidence, evidence, (a, b) => {
        const [together, alone] = [summaryOf(mergeEvidence(a, b)), summaryOf(a)];
        expect(together.lost.total).to.be.at.least(alone.lost.total);
        expect(together.runs).to.be.at.least(alone.runs);
      }),
    );
  });

  it('folds the runs that ended first when there are many, and counts them on', () => {
    const of = (number: number): Evidence => ({
      ...EXAMPLE,
      instances: {
        [`c${String(number)}`]: { pod: `p${String(number)}`, node: 'n1', from: FROM, until: at(number), lost: {} },
      },
    });
    const many = [...Array(100).keys()].map((number) => of(number)).reduce(mergeEvidence);
    expect(Object.keys(many.instances)).to.have.length(64);
    expect([many.earlier.runs, many.earlier.seconds]).to.deep.equal([36, (35 * 36) / 2]);
    expect(summaryOf(many)).to.include({ runs: 100, pods: 100 });
    expect(parseEvidence(printEvidence(many))).to.deep.equal(many);
    for (const number of [99, 0, 35]) expect(mergeEvidence(many, of(number))).to.deep.equal(many);
    for (const number of [0, 99]) expect(mergeEvidence(of(number), many)).to.deep.equal(many);
  });

  it('knows the runs again that were folded last, and bounds their number', () => {
    const of = (number: number): Evidence => {
      const run = { pod: `p${String(number)}`, node: 'n1', from: FROM, until: at(number), lost: { ring: 1 } };
      return { ...EXAMPLE, instances: { [number.toString(16).padStart(13, '0')]: run } };
    };
    const hundreds = [...Array(12).keys()].map((hundred) => {
      const [first, ...others] = [...Array(100).keys()].map((number) => of(hundred * 100 + number));
      return uniteEvidence(first ?? EXAMPLE, others);
    });
    const many = hundreds.reduce(mergeEvidence);
    expect(Object.keys(many.earlier.ids)).to.have.length(1000);
    expect(mergeEvidence(many, of(136))).to.deep.equal(many);
    expect(summaryOf(many)).to.deep.include({ runs: 1200, lost: { total: 1200, ring: 1200 } });
    expect(printEvidence(many).length).to.be.below(1 << 16);
  });

  it('counts what turns out to be lost of a run after it was folded, and counts it once', () => {
    const of = (number: number, ring: number): Evidence => {
      const run = { pod: 'p', node: 'n1', from: FROM, until: at(number), lost: ring === 0 ? {} : { ring } };
      return { ...EXAMPLE, instances: { [`c${String(number)}`]: run } };
    };
    const many = [...Array(100).keys()].map((number) => of(number, number === 1 ? 2 : 0)).reduce(mergeEvidence);
    const late = uniteEvidence(many, [of(0, 3), of(1, 2), of(1, 5)]);
    expect(summaryOf(many).lost.total).to.equal(2);
    expect(summaryOf(late)).to.deep.include({ runs: 100, lost: { total: 8, ring: 8 } });
    expect(parseEvidence(printEvidence(late))).to.deep.equal(late);
    for (const told of [of(0, 3), of(1, 4), of(1, 0)]) {
      expect(mergeEvidence(late, told)).to.deep.equal(late);
      expect(mergeEvidence(told, late)).to.deep.equal(late);
    }
  });

  it('tells of each run that goes on, however many there are', () => {
    const runs = [...Array(500).keys()].map((number) => [
      number.toString(16),
      { pod: 'p', node: 'n', from: FROM, lost: {} },
    ]);
    const many: Evidence = { ...EXAMPLE, instances: Object.fromEntries(runs) as Record<string, Run> };
    expect(parseEvidence(printEvidence(many))).to.deep.equal(many);
  });
});

describe('runKey()', () => {
  it("is the beginning of the container's id, as crictl shows it", () => {
    expect(runKey('c2e10af47011f6a61cd7e92073db2711796f174af35b34486967588ef7f95fbc')).to.equal('c2e10af47011f');
  });
});
