// SPDX-License-Identifier: Apache-2.0
// Counts of recordings in which a call was seen, and their annotation.
import { expect } from 'chai';
import { coverageOf, parseCoverage, printCoverage, sumCoverages } from '../../../src/core/recording/coverage.ts';

describe('Coverage', () => {
  it('counts recordings, not mentions', () => {
    const sum = sumCoverages([coverageOf(['read', 'read', 'mknod']), coverageOf(['read']), coverageOf([])]);
    expect(printCoverage(sum)).to.equal(
      '{"version":"v1","total":3,"syscalls":{"mknod":1,"read":2},"alone":[["mknod"]]}',
    );
    expect(sumCoverages([])).to.deep.equal({ total: 0, names: new Map() });
  });

  it('is read as it was printed', () => {
    const sum = sumCoverages([coverageOf(['read', 'mknod']), coverageOf(['read'])]);
    expect(parseCoverage(printCoverage(sum))).to.deep.equal(sum);
  });

  it('tells what one recording alone has seen, whatever is summed first', () => {
    const parts = [coverageOf(['read', 'mknod', 'pipe']), coverageOf(['read', 'ptrace']), coverageOf(['read'])];
    const atOnce = sumCoverages(parts);
    expect(atOnce.alone).to.deep.equal([['mknod', 'pipe'], ['ptrace']]);
    const [first, ...others] = parts;
    const inSteps = sumCoverages([sumCoverages(others), first!]);
    expect(inSteps).to.deep.equal(atOnce);
    expect(sumCoverages([inSteps, coverageOf(['ptrace', 'pipe'])]).alone).to.deep.equal([['mknod']]);
  });

  it('does not guess which recordings of others saw something alone', () => {
    const foreign = parseCoverage('{"version":"v1","total":3,"syscalls":{"mknod":1,"read":3}}')!;
    expect(sumCoverages([foreign, coverageOf(['read'])])).not.to.have.property('alone');
    expect(sumCoverages([foreign, coverageOf(['mknod', 'pipe'])]).alone).to.deep.equal([['pipe']]);
  });

  for (const alone of ['[]', '[["read"]]', '[["mknod"],["mknod"]]', '["mknod"]', '{}', '[["mknod"],[1]]']) {
    it(`takes no account that contradicts its counts: ${alone}`, () => {
      const text = `{"version":"v1","total":3,"syscalls":{"mknod":1,"read":3},"alone":${alone}}`;
      expect(parseCoverage(text)).not.to.have.property('alone');
    });
  }

  for (const text of [
    '',
    'null',
    '{"version":"v2","total":1,"syscalls":{}}',
    '{"version":"v1","total":-1,"syscalls":{}}',
    '{"version":"v1","total":1.5,"syscalls":{}}',
    '{"version":"v1","total":1,"syscalls":[]}',
    '{"version":"v1","total":1,"syscalls":{"read":2}}',
    '{"version":"v1","total":1,"syscalls":{"read":"1"}}',
    '{"version":"v1","total":1,"syscalls":{"re\\nad":1}}',
  ]) {
    it(`is not read from ${text === '' ? 'nothing' : text}`, () => expect(parseCoverage(text)).to.equal(undefined));
  }
});
