// SPDX-License-Identifier: Apache-2.0
// The JSON of runtime artifacts, row by row of what KEP-6061's validation says.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { parseProfile } from '../../../src/core/seccomp/parse.ts';
import { renderOciText } from '../../../src/core/seccomp/render.ts';
import { runtimeArtifactFaults } from '../../../src/core/seccomp/runtime-artifact/check.ts';
import { parseYaml } from '../../../src/io/yaml.ts';

type Fields = Readonly<Record<string, unknown>>;

const read = { names: ['read'], action: 'SCMP_ACT_ALLOW' };
const arg = (value: number, op = 'SCMP_CMP_EQ', index = 0) => ({ index, value, op });
const entry = (fields: Fields) => ({ syscalls: [{ ...read, ...fields }] });
const allowing = (...args: readonly Fields[]) => ({ ...read, args });
const logging = (...args: readonly Fields[]) => ({ names: ['read'], action: 'SCMP_ACT_LOG', args });

function faultsOf(fields: Fields): string {
  const text = JSON.stringify({ defaultAction: 'SCMP_ACT_ERRNO', syscalls: [read], ...fields });
  return textOf(text);
}

function textOf(text: string): string {
  return runtimeArtifactFaults(text)
    .map(({ field, reason }) => `${field}: ${reason}`)
    .join('\n');
}

describe('the JSON of a runtime artifact', () => {
  const good: readonly (readonly [name: string, fields: Fields])[] = [
    ['as it is', {}],
    [
      'flags and architectures',
      { flags: ['SECCOMP_FILTER_FLAG_LOG'], architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86'] },
    ],
    ['an empty list of flags', { flags: [] }],
    ['null for what is left out', { flags: null, ...entry({ args: null, errnoRet: null }) }],
    ['names twice', { syscalls: [{ ...read, names: ['read', 'read'] }] }],
    ['an unused second value', entry({ args: [{ ...arg(1), valueTwo: 7 }] })],
    ['error numbers', { defaultErrnoRet: 4095, ...entry({ action: 'SCMP_ACT_TRACE', errnoRet: 0 }) }],
    ['the same entry twice', { syscalls: [read, read] }],
    ['conditions beside none with the same result', { syscalls: [read, allowing(arg(1))] }],
    [
      'a rule with the result of the default beside others',
      { syscalls: [{ ...read, action: 'SCMP_ACT_ERRNO' }, allowing(arg(1))] },
    ],
    ['several values with several results', { syscalls: [allowing(arg(1)), logging(arg(2))] }],
    ['one argument compared twice in an entry', { syscalls: [allowing(arg(1), arg(2))] }],
    ['one result by different arguments', { syscalls: [allowing(arg(1)), allowing(arg(1, 'SCMP_CMP_NE', 1))] }],
    ['a pair of opposites', { syscalls: [allowing(arg(5, 'SCMP_CMP_LT')), logging(arg(5, 'SCMP_CMP_GE'))] }],
    ['wide values without a narrow architecture', entry({ args: [arg(2 ** 33)] })],
  ];
  for (const [name, fields] of good) {
    it(`passes: ${name}`, () => {
      expect(faultsOf(fields)).to.equal('');
    });
  }

  const bad: readonly (readonly [fields: Fields, reason: RegExp])[] = [
    [{ defaultAction: 'SCMP_ACT_NOTIFY' }, /^defaultAction: is "SCMP_ACT_NOTIFY", not one of/],
    [{ defaultAction: undefined }, /^defaultAction: is nothing, not one of/],
    [{ DefaultAction: 'SCMP_ACT_ALLOW' }, /^DefaultAction: is not known: it is written defaultAction/],
    [{ comment: 'x' }, /^comment: is not known$/],
    [entry({ comment: '' }), /^syscalls\[0\]\.comment: is not known$/],
    [entry({ args: [{ ...arg(1), Value: 1 }] }), /^syscalls\[0\]\.args\[0\]\.Value: is not known: it is written value/],
    [{ listenerPath: '/run/x' }, /^listenerPath: asks a listener/],
    [{ listenerMetadata: 'x' }, /^listenerMetadata: asks a listener/],
    [{ flags: ['SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV'] }, /^flags\[0\]: is "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"/],
    [{ flags: ['SECCOMP_FILTER_FLAG_LOG', 'SECCOMP_FILTER_FLAG_LOG'] }, /^flags: has \S+ twice/],
    [{ architectures: ['SCMP_ARCH_VAX'] }, /^architectures\[0\]: is "SCMP_ARCH_VAX"/],
    [{ architectures: ['SCMP_ARCH_X86', 'SCMP_ARCH_X86'] }, /^architectures: has SCMP_ARCH_X86 twice/],
    [{ syscalls: {} }, /^syscalls: is no list/],
    [{ syscalls: ['read'] }, /^syscalls\[0\]: is no object/],
    [entry({ names: [] }), /^syscalls\[0\]\.names: needs names/],
    [entry({ names: ['read', ''] }), /^syscalls\[0\]\.names: needs names, and none of them empty/],
    [entry({ names: Array.from({ length: 1025 }, (_, at) => `c${String(at)}`) }), /more than 1024 names/],
    [entry({ action: 'SCMP_ACT_NOTIFY' }), /^syscalls\[0\]\.action/],
    [entry({ errnoRet: 1 }), /^syscalls\[0\]\.errnoRet: means nothing with SCMP_ACT_ALLOW/],
    [{ defaultErrnoRet: 4096 }, /^defaultErrnoRet: is no whole number from 0 to 4095/],
    [entry({ args: [arg(1, 'SCMP_CMP_EQ', 6)] }), /^syscalls\[0\]\.args\[0\]\.index: is no whole number from 0 to 5/],
    [entry({ args: [arg(-1)] }), /args\[0\]\.value: is no whole number/],
    [entry({ args: [arg(1.5)] }), /args\[0\]\.value: is no whole number/],
    [entry({ args: [arg(1, 'SCMP_CMP_SOME')] }), /args\[0\]\.op: is "SCMP_CMP_SOME"/],
    [
      { architectures: ['SCMP_ARCH_X86'], ...entry({ args: [arg(2 ** 33)] }) },
      /compares more than the 32 bits that SCMP_ARCH_X86 has/,
    ],
    [{ syscalls: [read, logging(arg(1))] }, /^syscalls\[1\]: read has another result without a condition/],
    [{ syscalls: [allowing(arg(1)), logging(arg(1))] }, /^syscalls\[1\]: read has several rules/],
    [{ syscalls: [allowing(arg(1)), logging(arg(2 ** 32 + 1))] }, /read has several rules/],
    [{ syscalls: [allowing(arg(1)), logging(arg(5, 'SCMP_CMP_GT'))] }, /read has several rules/],
    [{ syscalls: [allowing(arg(1), arg(1, 'SCMP_CMP_EQ', 1)), allowing(arg(2))] }, /read has several rules/],
    [
      { syscalls: [allowing(arg(2 ** 33, 'SCMP_CMP_LT')), allowing(arg(2 ** 34, 'SCMP_CMP_GT'))] },
      /read has several rules/,
    ],
    [{ syscalls: Array.from({ length: 129 }, (_, at) => allowing(arg(at))) }, /read has more than 128 entries/],
    [{ syscalls: [allowing(...Array.from({ length: 257 }, (_, at) => arg(at)))] }, /read has more than 256 rules/],
  ];
  for (const [fields, reason] of bad) {
    it(`is refused with ${JSON.stringify(fields).slice(0, 90)}`, () => {
      expect(faultsOf(fields)).to.match(reason);
    });
  }

  it('is refused with more than 16,384 rules', () => {
    const names = Array.from({ length: 1000 }, (_, at) => `c${String(at)}`);
    const args = Array.from({ length: 17 }, (_, at) => arg(at));
    expect(faultsOf({ syscalls: [{ names, action: 'SCMP_ACT_ALLOW', args }] })).to.match(
      /has 17000 rules, more than 16384/,
    );
  });

  it('is refused as a text that is not one JSON object', () => {
    for (const [text, reason] of [
      ['', /is no JSON/],
      ['[]', /is no JSON object/],
      ['{"defaultAction":"SCMP_ACT_ALLOW"} {}', /is no JSON/],
      ['{"defaultAction":"SCMP_ACT_ALLOW","defaultAction":"SCMP_ACT_LOG"}', /defaultAction is written twice/],
      [
        '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["a"],"names":["b"],"action":"SCMP_ACT_LOG"}]}',
        /names is written twice/,
      ],
      ['\ufeff{}', /is no JSON/],
    ] as const) {
      expect(textOf(text), text).to.match(reason);
    }
  });

  it('holds values of 64 bits exactly', () => {
    const text = (value: string) =>
      `{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["a"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"op":"SCMP_CMP_EQ","value":${value}}]}]}`;
    expect(textOf(text('18446744073709551615'))).to.equal('');
    expect(textOf(text('18446744073709551616'))).to.match(/value: is no whole number/);
    expect(textOf(text('1e3'))).to.equal('');
  });

  it('is what spoc convert prints of the base profiles', async () => {
    const folder = path.join(import.meta.dirname, '../../../manifests/examples');
    for (const name of ['baseprofile-runc.yaml', 'baseprofile-crun.yaml']) {
      const [value] = await parseYaml(readFileSync(path.join(folder, name), 'utf8'));
      const profile = parseProfile((value as { readonly spec: unknown }).spec, name);
      expect(textOf(renderOciText(profile)), name).to.equal('');
    }
  });

  it('is judged, and nothing else happens, whatever it is', () => {
    const odd = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(read, allowing(arg(1)), [read, allowing(arg(1)), logging(arg(1))]),
    );
    const fields = fc.dictionary(fc.constantFrom('defaultAction', 'syscalls', 'flags', 'architectures', 'x'), odd);
    fc.assert(fc.property(fields, (value) => Array.isArray(runtimeArtifactFaults(JSON.stringify(value)))));
  });
});
