// SPDX-License-Identifier: Apache-2.0
// Objects whose large members are kept compressed: they read as before, and hold little.
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { compacted, sizeOf, specTexts } from '../../src/runtime/compact.ts';

/** A profile of about a megabyte, as parsed from JSON. */
function large(index: number) {
  const rules = Array.from({ length: 3000 }, (_, rule) => ({
    action: 'SCMP_ACT_ALLOW',
    names: ['openat'],
    args: [0, 1, 2].map((arg) => ({ index: arg, op: 'SCMP_CMP_EQ', value: rule * 7 + arg + index, valueTwo: 0 })),
  }));
  return { metadata: { name: `p${String(index)}` }, spec: { defaultAction: 'SCMP_ACT_ERRNO', syscalls: rules } };
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes of the heap and of buffers that are in use. */
async function used(): Promise<{ readonly heap: number; readonly all: number }> {
  // Buffers are given back by finalizers, which run between two collections.
  collect();
  await turn();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return { heap: heapUsed, all: heapUsed + external };
}

describe('runtime/compact', () => {
  it('reads as the object that it was made from, small members without parsing', () => {
    const object = large(1);
    const compact = compacted(object, specTexts(object));
    expect(compact).to.deep.equal(object);
    expect(Object.getOwnPropertyDescriptor(compact.spec, 'defaultAction')?.value).to.equal('SCMP_ACT_ERRNO');
    expect(Object.getOwnPropertyDescriptor(compact.spec, 'syscalls')?.value).to.equal(undefined);
    expect(compact.spec.syscalls).to.equal(compact.spec.syscalls);
    expect({ ...compact.spec }).to.deep.equal(object.spec);
  });

  it('leaves small objects as they are, and those without a spec', () => {
    const object = { spec: { defaultAction: 'SCMP_ACT_ALLOW' } };
    expect(compacted(object, specTexts(object))).to.equal(object);
    const none: { spec?: object } = {};
    expect(compacted(none, specTexts(none))).to.equal(none);
    expect(sizeOf(specTexts(none))).to.equal(0);
  });

  it('keeps integers of 64 bits', () => {
    const object = {
      spec: { values: Array.from({ length: 1000 }, (_, i) => 2n ** 63n + BigInt(i)), small: 2n ** 60n },
    };
    const texts = specTexts(object);
    expect(compacted(object, texts).spec).to.deep.equal(object.spec);
    expect(texts.get('small')).to.equal('1152921504606846976');
  });

  it('counts the characters of the spec', () => {
    expect(sizeOf(specTexts({ spec: { a: 'x', bc: [1] } }))).to.equal('a"x"bc[1]'.length);
  });

  it('holds less than half a byte for each byte of a large profile', async () => {
    compacted(large(0), specTexts(large(0)));
    const before = await used();
    let bytes = 0;
    const kept = Array.from({ length: 20 }, (_, index) => {
      const object = large(index);
      const texts = specTexts(object);
      bytes += sizeOf(texts);
      return compacted(object, texts);
    });
    const after = await used();
    expect(bytes).to.be.greaterThan(13e6);
    expect((after.heap - before.heap) / bytes).to.be.lessThan(0.1);
    expect((after.all - before.all) / bytes).to.be.lessThan(0.5);
    expect(kept).to.have.length(20);
  });
});
