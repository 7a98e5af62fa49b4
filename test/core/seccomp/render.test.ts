// SPDX-License-Identifier: Apache-2.0
// Printing: the keys of each form and no others, in their order, every integer exact.
import { expect } from 'chai';
import type { Profile } from '../../../src/core/seccomp/model.ts';
import { parseProfile } from '../../../src/core/seccomp/parse.ts';
import { renderOciText, renderSpec } from '../../../src/core/seccomp/render.ts';
import { goldenText, goldenValue } from './golden.ts';

const small: Profile = { defaultAction: 'SCMP_ACT_ALLOW', architectures: [], rules: [] };

describe('renderOciText()', () => {
  it('prints every field, with integers up to 2^64-1', () => {
    const text = goldenText('every-field.json');
    expect(renderOciText(parseProfile(goldenValue('every-field.json'), 'x'))).to.equal(text);
  });

  it('prints nothing that a runtime does not know', () => {
    const object: Profile = { ...small, baseProfileName: 'base', architectures: ['SCMP_ARCH_NATIVE'] };
    expect(renderOciText(object)).to.equal('{\n  "defaultAction": "SCMP_ACT_ALLOW"\n}\n');
  });

  it('prints a long profile without spaces', () => {
    const rules = Array.from({ length: 1000 }, (_, value) => ({
      names: ['openat'],
      action: 'SCMP_ACT_ALLOW' as const,
      args: [{ index: 0, op: 'SCMP_CMP_EQ' as const, value: BigInt(value), valueTwo: 0n }],
    }));
    const text = renderOciText({ ...small, rules });
    expect(text).to.match(/^\{"defaultAction":"SCMP_ACT_ALLOW","syscalls":\[\{"names":\["openat"\],.*\]\}\n$/);
  });
});

describe('renderSpec()', () => {
  it('prints every field, integers that a client may round as strings', () => {
    const spec = renderSpec(parseProfile(goldenValue('every-field.json'), 'x'));
    expect(spec).to.deep.equal(goldenValue('every-field.spec.json'));
    expect(Object.keys(spec)).to.deep.equal(Object.keys(spec).sort());
  });

  it('keeps the base and the word for the own architecture', () => {
    const object: Profile = { ...small, baseProfileName: 'base', architectures: ['SCMP_ARCH_NATIVE'] };
    expect(renderSpec(object)).to.deep.equal({
      architectures: ['SCMP_ARCH_NATIVE'],
      baseProfileName: 'base',
      defaultAction: 'SCMP_ACT_ALLOW',
    });
  });
});
