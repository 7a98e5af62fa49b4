// SPDX-License-Identifier: Apache-2.0
// The reader of plain YAML beside the whole parser: it says the same, or leaves the text to it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { parseAllDocuments, stringify } from 'yaml';
import { parsePlainYaml } from '../../src/core/plain-yaml.ts';

const EXAMPLES = path.join(import.meta.dirname, '..', '..', 'manifests', 'examples');

/** The whole parser's values, or undefined where it refuses the text. */
function whole(text: string): unknown {
  const documents = parseAllDocuments(text, { version: '1.1' });
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return undefined;
  return documents.map((document) => document.toJS() as unknown);
}

const PROFILE = `# written by spoc
apiVersion: security-profiles-operator.x-k8s.io/v1beta1
kind: SeccompProfile
metadata:
  annotations:
    spo.x-k8s.io/added-syscalls: "base syscalls: capget, capset"
  name: "true"
spec:
  architectures:
    - SCMP_ARCH_X86_64
  defaultAction: SCMP_ACT_ERRNO

  syscalls:
  - action: SCMP_ACT_ALLOW
    names:
    - read
    -   write
    args:
      - index: 0
        op: SCMP_CMP_EQ
        value: 4294967295
status: {}
`;

const VALUE = {
  apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
  kind: 'SeccompProfile',
  metadata: { annotations: { 'spo.x-k8s.io/added-syscalls': 'base syscalls: capget, capset' }, name: 'true' },
  spec: {
    architectures: ['SCMP_ARCH_X86_64'],
    defaultAction: 'SCMP_ACT_ERRNO',
    syscalls: [
      {
        action: 'SCMP_ACT_ALLOW',
        names: ['read', 'write'],
        args: [{ index: 0, op: 'SCMP_CMP_EQ', value: 4294967295 }],
      },
    ],
  },
  status: {},
};

const WORDS = ['yes', 'N', 'null', '~', '0', '12', '010', '0x1f', '1_0', '1:30', '-1', '.'];
const MARKS = [
  '',
  '# x',
  'a #x',
  '"q: # r"',
  "'s \\ t'",
  '"u\\n"',
  "'v''w'",
  '"x" y',
  '"',
  '[]',
  '[a]',
  '{}',
  '|',
  '&a',
  '*a',
  '!t',
  '<<',
  '---',
  '...',
  'a:b',
  '?',
  '-',
];

const fragment = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom('a', 'b', 'c-d', 'e.f/g', 'h_i', 'j', 'k', 'L') },
  { weight: 2, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 1, arbitrary: fc.constantFrom(...MARKS) },
);
const content = fc.oneof(
  fc.tuple(fragment, fragment).map(([key, value]) => `${key}: ${value}`),
  fragment.map((key) => `${key}:`),
  fragment.map((item) => `- ${item}`),
  fc.tuple(fragment, fragment).map(([key, value]) => `- ${key}: ${value}`),
  fragment.map((key) => `-  ${key}:`),
  fragment.map((item) => `- - ${item}`),
  fragment,
);
const line = fc.tuple(fc.constantFrom(0, 0, 1, 2, 2, 4), content).map(([indent, text]) => ' '.repeat(indent) + text);
const beginning = fc.oneof(
  { weight: 8, arbitrary: fc.constant([]) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(['---'], ['# x', '---'], ['---', '# x'], [' ---'], ['---', '---'], ['%A b', '---']),
  },
);
const texts = fc
  .tuple(
    beginning,
    fc.array(line, { minLength: 1, maxLength: 4 }),
    fc.constantFrom('\n', '\n', '\n\n', '\r\n', ' \n', '\t\n'),
  )
  .map(([before, lines, end]) => [...before, ...lines].join(end) + end);

describe('core/plain-yaml', () => {
  it('reads a profile as spoc writes it, and as kubectl does', () => {
    expect(parsePlainYaml(PROFILE)).to.deep.equal(VALUE);
    expect(whole(PROFILE)).to.deep.equal([VALUE]);
  });

  it('reads a document behind the mark that begins it', () => {
    for (const before of ['---\n', '---  \n', '# x\n\n---\n# y\n']) {
      expect(parsePlainYaml(before + PROFILE), before).to.deep.equal(VALUE);
      expect(whole(before + PROFILE), before).to.deep.equal([VALUE]);
    }
  });

  it('reads profiles among the examples', () => {
    for (const name of ['baseprofile-crun', 'stacked']) {
      const text = readFileSync(path.join(EXAMPLES, `${name}.yaml`), 'utf8');
      expect([parsePlainYaml(text)], name).to.deep.equal(whole(text));
    }
  });

  it('leaves to the whole parser what is not plain', () => {
    const others = [
      '',
      'a: b\u00a0\n',
      `${'a'.repeat(2000)}: b\n`,
      '# x\n',
      '---\n',
      '---\n---\na: b\n',
      ' ---\na: b\n',
      '--- a\n',
      '%YAML 1.1\n---\na: b\n',
      'a: yes\n',
      'a: "b\\n"\n',
      'a: [b]\n',
      'a: b c\n',
      'a:\n',
      'a: 010\n',
      'a: 1.5\n',
    ];
    const faults = ['a: b\n c: d\n', 'a: b\na: c\n', '  a: b\n c: d\n', '- a\nb: c\n', 'a\n', 'a: b\n---\nc: d\n'];
    for (const text of [...others, ...faults]) expect(parsePlainYaml(text), text).to.equal(undefined);
  });

  it('reads whatever the whole parser prints of plain values', () => {
    const words = fc.constantFrom('read', 'SCMP_ACT_ALLOW', 'a.b/c-d_e');
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 4, withCrossShrink: true }, words, fc.nat(), tie('map'), tie('list')),
      map: fc.dictionary(words, tie('tree'), { minKeys: 1, maxKeys: 3 }),
      // A list directly within a list is printed as `- - a`, which is left to the whole parser.
      list: fc.array(fc.oneof(words, fc.nat(), tie('map')), { minLength: 1, maxLength: 3 }),
    }));
    const law = fc.property(fc.dictionary(words, tree, { minKeys: 1 }), (value) => {
      expect(parsePlainYaml(stringify(value, { version: '1.1', lineWidth: 0 }))).to.deep.equal(value);
    });
    fc.assert(law);
  });

  it('says what the whole parser says wherever it says anything', () => {
    let read = 0;
    const law = fc.property(texts, (text) => {
      const value = parsePlainYaml(text);
      if (value === undefined) return;
      read += 1;
      expect([value]).to.deep.equal(whole(text));
    });
    fc.assert(law, { numRuns: 5000 });
    expect(read).to.be.greaterThan(100);
  });
});
