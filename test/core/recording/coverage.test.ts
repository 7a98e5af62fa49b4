// SPDX-License-Identifier: Apache-2.0
// Counts of recordings in which a call was seen, and their annotation.
import { expect } from 'chai';
import { coverageOf, parseCoverage, printCoverage, sumCoverages } from '../../../src/core/recording/coverage.ts';

describe('Coverage', () => {
  it('counts recordings, not mentions', () => {
    const sum = sumCoverages([coverageOf(['read', 'read', 'mknod']), coverageOf(['read']), coverageOf([])]);
    expect(printCoverage(sum)).to.equal('{"version":"v1","total":3,"syscalls":{"mknod":1,"read":2}}');
    expect(sumCoverages([])).to.deep.equal({ total: 0, syscalls: new Map() });
  });

  it('is read as it was printed', () => {
    const sum = sumCoverages([coverageOf(['read', 'mknod']), coverageOf(['read'])]);
    expect(parseCoverage(printCoverage(sum))).to.deep.equal(sum);
  });

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
