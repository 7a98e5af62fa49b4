// SPDX-License-Identifier: Apache-2.0
// The wire generator: what it refuses, what changes a protocol, and that the tree holds what it prints.
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { wireFiles } from '../../tools/gen/wire.ts';
import { printWireHeader } from '../../tools/gen/wire-print-c.ts';
import { printWireTypes } from '../../tools/gen/wire-print-ts.ts';
import { readProtocol } from '../../tools/gen/wire-read.ts';

const root = path.join(import.meta.dirname, '../..');

const field = { type: 'integer', minimum: 0, maximum: 9, description: 'A digit.' };

function schema(properties: object, more: object = {}) {
  const messages = { note: { direction: 'up', description: 'A note.', properties } };
  return { title: 'test', description: 'A test.', $defs: {}, messages, ...more } as never;
}

function refusal(content: never): string {
  try {
    readProtocol('a.json', content);
  } catch (error) {
    return error instanceof SyntaxError ? error.message : String(error);
  }
  return 'none';
}

describe('the wire generator', () => {
  it('prints what the tree holds', async () => {
    for (const [file, text] of await wireFiles())
      expect(readFileSync(path.join(root, file), 'utf8'), file).to.equal(text);
  });

  it('names things after all words of a title', () => {
    const protocol = readProtocol('a.json', schema({ a: field }, { title: 'two-words' }));
    const [header, c] = printWireHeader(protocol);
    const [file, types] = printWireTypes(protocol);
    expect([header, file]).to.deep.equal(['native/bpf/gen/two_words_wire.h', 'src/gen/wire/two-words.ts']);
    expect(c).to.contain('#define TWO_WORDS_PROTOCOL').and.contain('void two_words_emit_note(');
    expect(types).to.contain('const TWO_WORDS_PROTOCOL').and.contain('interface TwoWordsNote');
  });

  it('refuses what C cannot read without allocating', () => {
    expect(refusal(schema({ a: { ...field, type: 'object' } }))).to.equal(
      'a.json: message note: field a: the type must be string, integer, boolean or array',
    );
    expect(
      refusal(schema({ a: { type: 'array', items: { type: 'string' }, maxItems: 3, description: 'x' } })),
    ).to.equal('a.json: message note: field a: only arrays of integers are flat enough');
    expect(refusal(schema({ a: { type: 'string', description: 'x' } }))).to.equal(
      'a.json: message note: field a needs an integer maxLength',
    );
    expect(refusal(schema({ a: { type: 'integer', minimum: 0, description: 'x' } }))).to.equal(
      'a.json: message note: field a needs an integer maximum',
    );
  });

  it('refuses what nobody explains, and names that are taken', () => {
    expect(refusal(schema({ a: { type: 'boolean' } }))).to.equal('a.json: message note: field a has no description');
    expect(refusal(schema({ type: field }))).to.equal(
      'a.json: message note: field type: the name type tells messages apart',
    );
    expect(refusal(schema({ 'a-b': field }))).to.equal('a.json: message note: field a-b: names are in camel case');
    expect(refusal(schema({ a: { $ref: '#/$defs/b', description: 'x' } }))).to.equal(
      'a.json: message note: field a: there is no "#/$defs/b"',
    );
    expect(refusal(schema({}, { title: 'A test' }))).to.equal('a.json: title must be words joined by hyphens');
  });

  it('changes the protocol with what is said, not with how it is explained', () => {
    const { version } = readProtocol('a.json', schema({ a: field }));
    expect(version).to.match(/^[0-9a-f]{12}$/);
    expect(readProtocol('a.json', schema({ a: { ...field, description: 'Other words.' } })).version).to.equal(version);
    expect(readProtocol('a.json', schema({ a: { ...field, maximum: 8 } })).version).not.to.equal(version);
    expect(readProtocol('a.json', schema({ description: field })).version).not.to.equal(
      readProtocol('a.json', schema({})).version,
    );
  });

  it('prints a union, and an emitter that takes the fields', () => {
    const protocol = readProtocol(
      'a.json',
      schema({ oneDigit: field, flag: { type: 'boolean', description: 'Or not.' } }),
    );
    const [file, types] = printWireTypes(protocol);
    expect(file).to.equal('src/gen/wire/test.ts');
    expect(types).to.match(/^\/\/ Generated from a\.json by npm run gen\. Do not edit\.\n/);
    expect(types).to.include("readonly type: 'note';\n  /** A digit. */\n  readonly oneDigit: number;");
    const [header, text] = printWireHeader(protocol);
    expect(header).to.equal('native/bpf/gen/test_wire.h');
    expect(text).to.include(
      'static inline void test_emit_note(struct wire_writer *out,\n\t\tint64_t one_digit,\n\t\tbool flag)',
    );
    expect(text).to.include('wire_put_integer(out, "oneDigit", one_digit);');
  });
});
