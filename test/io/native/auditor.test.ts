// SPDX-License-Identifier: Apache-2.0
// The lines of the program that reads audit records, in whatever pieces they come.
import { expect } from 'chai';
import fc from 'fast-check';
import { Lines, startAuditor } from '../../../src/io/native/auditor.ts';

const ID = 'ab'.repeat(32);

/** Takes pieces of text; what was heard. */
function heard(...pieces: readonly string[]): readonly string[] {
  const all: string[] = [];
  const lines = new Lines('auditor', {
    record: (container, line) => all.push(`record ${container} ${line}`),
    executed: (container, pid, { arguments: words, request }) =>
      all.push(`executed ${container} ${pid} ${words.join('|')} ${request}`),
    dropped: (reason, records) => all.push(`dropped ${reason} ${records}`),
    said: (sentence) => all.push(`said ${sentence}`),
    reached: (position) => all.push(`reached ${position}`),
  });
  for (const piece of pieces) lines.add(piece);
  return all;
}

describe('io/native/auditor', () => {
  const text = `h 3\ns Reading from file /x\nx 7 ${ID} ab-1 6c73002d6c00\nx 8 ${ID} - \nr ${ID} type=1326 audit(1.1:1): a  b\nd too-long 17\np 1:2:3\n`;
  const meaning = [
    'said Reading from file /x',
    `executed ${ID} 7 ls|-l ab-1`,
    `executed ${ID} 8  undefined`,
    `record ${ID} type=1326 audit(1.1:1): a  b`,
    'dropped too-long 17',
    'reached 1:2:3',
  ];

  it('is the same in any pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), (cuts) => {
        const ends = [...cuts.toSorted((a, b) => a - b), text.length];
        const pieces = ends.map((end, at) => text.slice(at === 0 ? 0 : ends[at - 1], end));
        expect(heard(...pieces)).to.deep.equal(meaning);
      }),
    );
  });

  it('refuses another protocol, a line that means nothing, and one without an end', () => {
    expect(() => heard('h 2\n')).to.throw("auditor says 'h 2' and not 'h 3'");
    expect(() => heard('h 3\nd x\n')).to.throw("auditor says 'd x', which means nothing to us");
    expect(() => heard('h 3\n', 'r'.repeat(70_000))).to.throw('auditor printed a line without an end');
  });

  const nobody = { record: () => undefined, dropped: () => undefined, said: () => undefined, reached: () => undefined };

  it('says how the program ended, or that it cannot be started', async () => {
    expect(await startAuditor('/bin/sh', ['-c', 'echo h 3; exit 3'], nobody).ended).to.equal('ended with status 3');
    const failure = await startAuditor('/no/such', [], nobody).ended.catch(String);
    expect(failure).to.match(/^Error: start \/no\/such: .*ENOENT/);
    expect(await startAuditor('/bin/sh', ['-c', 'echo hello; sleep 60'], nobody).ended.catch(String)).to.match(
      /^Error: \/bin\/sh says 'hello'/,
    );
  });

  it('ends it by closing its input', async () => {
    const auditor = startAuditor('/bin/sh', ['-c', 'echo h 3; cat'], nobody);
    auditor.stop();
    expect(await auditor.ended).to.equal('ended with status 0');
  });
});
