// SPDX-License-Identifier: Apache-2.0
// Lines of a watch that are read without the spec of their object: what is left out is the spec, and nothing else.
import { expect } from 'chai';
import fc from 'fast-check';
import { readLine } from '../../../src/io/kube/skim.ts';
import { isLongLine } from '../../../src/runtime/api.ts';
import type { LongLine } from '../../../src/runtime/api.ts';

const TEXT = 'x'.repeat(70_000);
const FRAME = { apiVersion: 'v1', kind: 'Widget' };

function event(members: object): object {
  return { type: 'MODIFIED', object: { ...FRAME, ...members } };
}

function long(members: object): LongLine {
  const line = readLine(JSON.stringify(event(members)));
  if (!isLongLine(line)) throw new Error('it is no long line');
  return line;
}

describe('readLine()', () => {
  it('parses a short line, and a long one without a spec', () => {
    for (const members of [
      { metadata: { name: 'a' }, spec: { text: 'b' } },
      { data: { text: TEXT }, metadata: {} },
    ])
      expect(readLine(JSON.stringify(event(members)))).to.deep.equal(event(members));
    expect(() => readLine('{"type":')).to.throw(SyntaxError);
  });

  it('leaves out the spec of a long one, with a status and without', () => {
    const metadata = { name: 'a', managedFields: [{ fieldsV1: { 'f:spec': {}, 'f:status': {} } }] };
    for (const status of [{}, { status: { note: 'n', list: [{ status: 'True' }] } }]) {
      const { head, ...line } = long({ metadata, spec: { text: TEXT }, ...status });
      expect(head).to.deep.equal(event({ metadata }));
      expect(line.withoutSpec()).to.deep.equal(event({ metadata, ...status }));
      expect(line.whole()).to.deep.equal(event({ metadata, spec: { text: TEXT }, ...status }));
    }
  });

  it('leaves out nothing where it cannot tell what the spec is', () => {
    const spec = { text: TEXT, status: { a: 1 } };
    for (const members of [
      { metadata: {}, spec },
      { metadata: {}, spec, status: { a: 1, status: { b: 1 } } },
    ])
      expect(long(members).withoutSpec()).to.deep.equal(event(members));
    const within = { metadata: { a: 1, spec: { b: 1 } }, spec: { text: TEXT } };
    expect(readLine(JSON.stringify(event(within)))).to.deep.equal(event(within));
    const cut = JSON.stringify(event({ metadata: {}, spec: { text: TEXT } })).slice(0, -1);
    const line = readLine(cut);
    if (!isLongLine(line)) throw new Error('it is no long line');
    expect(() => line.whole()).to.throw(SyntaxError);
  });

  it('leaves out the spec or nothing, whatever users write', () => {
    const words = fc.constantFrom('spec', 'status', ',"spec":{', ',"status":{', '}}', '\\', '"', 'a', '\u2028');
    const text = fc.oneof(words, fc.string());
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, text, fc.integer(), fc.array(tie('value')), fc.dictionary(text, tie('value'))),
    }));
    const member = fc.dictionary(text, value);
    const parts = fc.record({ metadata: member, spec: member, status: member }, { requiredKeys: ['metadata', 'spec'] });
    const law = fc.property(parts, fc.boolean(), (all, isLongMetadata) => {
      const { metadata, spec, ...status } = all;
      const padded = isLongMetadata
        ? { metadata: { ...metadata, padding: TEXT }, spec, ...status }
        : { metadata, spec: { ...spec, padding: TEXT }, ...status };
      const whole = JSON.parse(JSON.stringify(event(padded))) as object;
      const line = readLine(JSON.stringify(event(padded)));
      if (!isLongLine(line)) {
        expect(line).to.deep.equal(whole);
        return;
      }
      expect(line.whole()).to.deep.equal(whole);
      expect(JSON.stringify(line.head)).to.equal(JSON.stringify(event({ metadata: padded.metadata })));
      const short = JSON.stringify(line.withoutSpec());
      const expected = JSON.stringify(event({ metadata: padded.metadata, ...status }));
      expect([expected, JSON.stringify(whole)]).to.include(short);
    });
    fc.assert(law, { numRuns: 300 });
  });
});
