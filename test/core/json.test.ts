// SPDX-License-Identifier: Apache-2.0
// JSON with exact integers.
import { expect } from 'chai';
import fc from 'fast-check';
import { parseJson, printJson, repeatedKey } from '../../src/core/json.ts';

describe('parseJson()', () => {
  it('reads integers that a double cannot hold as bigint, and others as numbers', () => {
    const text =
      '{"a":[18446744073709551615,-9007199254740993,9007199254740991],"b":1.5,"c":1e20,"d":"18446744073709551615"}';
    expect(parseJson(text)).to.deep.equal({
      a: [18446744073709551615n, -9007199254740993n, 9007199254740991],
      b: 1.5,
      c: 1e20,
      d: '18446744073709551615',
    });
  });

  it('reads the smallest of them right: 16 digits are enough', () => {
    expect(parseJson('[9007199254740993]')).to.deep.equal([9007199254740993n]);
  });

  it('finds them wherever JSON may have a number', () => {
    const texts = [
      'N',
      ' N',
      '\n\tN\r',
      '-N',
      '[N]',
      '[1,N]',
      '[ N ]',
      '[1, -N]',
      '{"a":N}',
      '{"a": N}',
      '{"a"\n:\n-N}',
    ];
    for (const text of texts) {
      const found: bigint[] = [];
      const read = JSON.stringify(parseJson(text.replace('N', '9007199254740993')), (_key, member: unknown) =>
        typeof member === 'bigint' ? found.push(member) : member,
      );
      expect(found, `${text} ${read}`).to.deep.equal([text.includes('-') ? -9007199254740993n : 9007199254740993n]);
    }
  });

  it('reads integers of more than 40 digits as numbers, since V8 takes seconds for the digits of a manifest', () => {
    const text = `[${'9'.repeat(40)},${'9'.repeat(41)},${'9'.repeat(4_000_000)}]`;
    expect(parseJson(text)).to.deep.equal([10n ** 40n - 1n, 1e41, Infinity]);
  });

  it('throws a SyntaxError as JSON.parse does', () => {
    for (const text of ['', '{', '[1234567890123456789,]']) expect(() => parseJson(text)).to.throw(SyntaxError);
  });
});

describe('printJson()', () => {
  it('prints bigints as integers, on one line or indented', () => {
    expect(printJson({ a: 18446744073709551615n, b: undefined })).to.equal('{"a":18446744073709551615}');
    expect(printJson([1n], 2)).to.equal('[\n  1\n]');
  });

  it('is undone by parseJson()', () => {
    const integer = fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n });
    fc.assert(
      fc.property(fc.array(integer), (values) => {
        const read = parseJson(printJson(values)) as readonly (number | bigint)[];
        expect(read.map(BigInt)).to.deep.equal(values);
      }),
    );
  });
});

describe('repeatedKey()', () => {
  it('finds the first key that an object has twice, and where', () => {
    const text = '{"a":[1,{"b":"x,{}\\"","c":{"b":1}},{"b":1, "\\u0062":2}],"a":0}';
    expect(repeatedKey(text)).to.deep.equal({ path: 'a[2].b', offset: text.indexOf('"\\u0062"') });
    expect(repeatedKey('{"a":1,"a":2}')).to.deep.equal({ path: 'a', offset: 7 });
  });

  it('finds none where keys only look alike', () => {
    for (const text of ['[]', '1', '"a"', '{"a":{"a":["a","a"]},"b":"a"}', '[{"a":1},{"a":1}]', '{"a":1,"A":2}']) {
      expect(repeatedKey(text), text).to.equal(undefined);
    }
  });
});
