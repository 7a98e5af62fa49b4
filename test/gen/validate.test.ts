// SPDX-License-Identifier: Apache-2.0
// Validation by the generated shapes, held against the good and bad objects of test/golden/crd and against laws of
// their own.
import { expect } from 'chai';
import fc from 'fast-check';
import { KINDS } from '../../src/gen/kinds.ts';
import { countCharacters, isIntOrString } from '../../src/core/validation/check-shape.ts';
import { stepsOf } from '../../src/core/validation/fault.ts';
import type { Fault } from '../../src/core/validation/fault.ts';
import { CASES } from './cases.ts';
import { VALIDATORS, validateSeccompProfile } from './validators.ts';

const told = (faults: readonly Fault[]): readonly string[] => faults.map(({ path, message }) => `${path}: ${message}`);

function profile(value: unknown): unknown {
  return {
    apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
    kind: 'SeccompProfile',
    metadata: { name: 'p' },
    spec: {
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: [{ names: ['a'], action: 'SCMP_ACT_ALLOW', args: [{ index: 0, op: 'SCMP_CMP_EQ', value }] }],
    },
  };
}

describe('the validators', () => {
  it('exist for every kind, each with good and bad examples', () => {
    for (const kind of KINDS) {
      expect(VALIDATORS.get(kind.kind), kind.kind).to.be.a('function');
      const cases = CASES.filter((example) => example.kind === kind);
      expect(
        cases.filter(({ faults }) => faults.length === 0),
        kind.kind,
      ).not.to.be.empty;
      expect(
        cases.filter(({ faults }) => faults.length > 0),
        kind.kind,
      ).not.to.be.empty;
    }
  });

  for (const { because, kind, object, faults } of CASES) {
    it(`${faults.length === 0 ? 'accept' : 'refuse'} a ${kind.kind}: ${because}`, () => {
      expect(told(VALIDATORS.get(kind.kind)!(object))).to.have.members([...faults]);
    });
  }

  it('tell the fields that are not known from other faults', () => {
    const object = { ...(profile(0) as object), status: { colour: 'red', path: 3 } };
    expect(validateSeccompProfile(object).map(({ path, unknownField }) => [path, unknownField])).to.have.deep.members([
      ['status.colour', true],
      ['status.path', false],
    ]);
  });

  it('refuse what is no object, another kind and another version', () => {
    expect(told(validateSeccompProfile(undefined))).to.deep.equal([': must be an object, not nothing']);
    expect(told(validateSeccompProfile([profile(0)]))).to.deep.equal([': must be an object, not a list']);
    const other = { ...(profile(0) as object), kind: 'Pod', apiVersion: 'v1' };
    expect(told(validateSeccompProfile(other))).to.have.members([
      'apiVersion: must be security-profiles-operator.x-k8s.io/v1beta1, not "v1"',
      'kind: must be SeccompProfile, not "Pod"',
    ]);
  });

  it('leave the metadata that only the API server writes alone', () => {
    const metadata = { name: 'p', managedFields: [{ fieldsV1: {} }], creationTimestamp: null };
    expect(validateSeccompProfile({ ...(profile(0) as object), metadata })).to.deep.equal([]);
  });

  it('accept every number of 64 bits, as an integer, in decimal and in hexadecimal digits', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 64n - 1n), (value) => {
        for (const form of [value, value.toString(), `0x${value.toString(16)}`]) {
          expect(validateSeccompProfile(profile(form)), String(form)).to.deep.equal([]);
        }
      }),
      { examples: [[0n], [2n ** 53n], [2n ** 63n - 1n], [2n ** 63n], [2n ** 64n - 1n]] },
    );
  });

  it('refuse numbers of more than 64 bits and below 0', () => {
    const outside = fc.oneof(
      fc.bigInt(2n ** 64n, 10n ** 20n - 1n),
      fc.bigInt(10n ** 20n, 2n ** 70n),
      fc.bigInt(-(2n ** 64n), -1n),
    );
    fc.assert(
      fc.property(outside, (value) => {
        expect(validateSeccompProfile(profile(value))).to.have.length(1);
        expect(validateSeccompProfile(profile(value.toString()))).to.have.length(1);
      }),
      { examples: [[2n ** 64n], [-1n], [10n ** 20n - 1n]] },
    );
  });

  it('refuse an integer that was read inexactly', () => {
    expect(told(validateSeccompProfile(profile(2 ** 53)))).to.deep.equal([
      'spec.syscalls[0].args[0].value: is beyond the whole numbers that are read exactly here: write it as a string',
    ]);
  });

  it('find every fault of 10,000 rules', () => {
    const syscalls = Array.from({ length: 10_000 }, (_, index) => ({
      names: [`call_${index}`],
      action: 'SCMP_ACT_ALLOW',
      errnoRet: 1,
    }));
    const object = { ...(profile(0) as object), spec: { defaultAction: 'SCMP_ACT_LOG', syscalls } };
    expect(validateSeccompProfile(object)).to.have.length(10_000);
  });
});

describe('stepsOf()', () => {
  it('takes a path apart, quoted names too', () => {
    expect(stepsOf('spec.syscalls[12].args[0].op')).to.deep.equal(['spec', 'syscalls', 12, 'args', 0, 'op']);
    expect(stepsOf('metadata.labels["a.b/c\\"]"].x')).to.deep.equal(['metadata', 'labels', 'a.b/c"]', 'x']);
    expect(stepsOf('')).to.deep.equal([]);
  });
});

describe('countCharacters()', () => {
  it('counts code points, also of halves without their other half', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => countCharacters(text) === Array.from(text).length),
      { examples: [['\u{1f600}a'], ['\ud83d'], ['\ud83da'], ['\ude00\ud83d']] },
    );
  });
});

describe('isIntOrString()', () => {
  it('takes integers from the minimum on and strings that match', () => {
    const results = [0, -1, 1.5, 7n, -7n, 'a', 'b', null, undefined, {}].map((value) => isIntOrString(value, 0, /^a$/));
    expect(results).to.deep.equal([true, false, false, true, false, true, false, false, false, false]);
  });
});
