// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { explainRefusal, outOfBounds } from '../../src/io/bounding-set.ts';

describe('outOfBounds()', () => {
  const both = ['CAP_BPF', 'CAP_PERFMON'] as const;
  const status = (bounds: string) =>
    `Name:\tx\nCapEff:\t0000000000000000\nCapBnd:\t${bounds}\nCapAmb:\t0000000000000000\n`;

  it('gives the capabilities that a process can never gain', () => {
    expect(outOfBounds(both, status('000001ffffffffff'))).to.deep.equal([]);
    expect(outOfBounds(both, status('00000000a80425fb'))).to.deep.equal(both);
    expect(outOfBounds(both, status('000001bfffffffff'))).to.deep.equal(['CAP_PERFMON']);
    expect(outOfBounds(both, status('0000017fffffffff'))).to.deep.equal(['CAP_BPF']);
  });

  it('accuses nobody where the kernel does not tell', () => {
    expect(outOfBounds(both, 'Name:\tx\n')).to.deep.equal([]);
  });

  it('has no explanation for a program that needs nothing', () => {
    expect(explainRefusal([])).to.equal(undefined);
  });
});
