// SPDX-License-Identifier: Apache-2.0
// The lists of words that a profile may use stand in schemas/ and, in an order of their own, in model.ts: they must be
// the same.
import { expect } from 'chai';
import {
  ACTIONS_BY_PERMISSION,
  ALL_ARCHITECTURES,
  ALL_FLAGS,
  ALL_OPERATORS,
  MAX_MESSAGE,
} from '../../../src/core/seccomp/model.ts';
import { parseProfile } from '../../../src/core/seccomp/parse.ts';
import { SECCOMP_PROFILE_SHAPE } from '../../../src/gen/shape/seccomp-profile.ts';
import type { Shape } from '../../../src/gen/shape/shape.ts';

function at(shape: Shape, ...steps: readonly string[]): Shape {
  return steps.reduce((node, step) => (step === '[]' ? node.items! : node.properties![step]!), shape);
}

const SPEC = at(SECCOMP_PROFILE_SHAPE, 'spec');
const RULE = at(SPEC, 'syscalls', '[]');
const ARGUMENT = at(RULE, 'args', '[]');
/** Fields that the schema knows in order to refuse them. */
const REFUSED = ['archMap', 'defaultErrno', 'includes', 'excludes', 'errno'];

/** The keys that the parser takes of those that the schema has: the others are faults of the given place. */
function takenKeys(shape: Shape, place: (fields: object) => object): readonly string[] {
  return Object.keys(shape.properties ?? {}).filter((key) => {
    try {
      parseProfile(place({ [key]: undefined }), 'p');
      return true;
    } catch (error) {
      return !String(error).includes(`${key}: is not a field of a seccomp profile`);
    }
  });
}

describe('the model and the schema of a seccomp profile', () => {
  it('know the same words', () => {
    expect(at(SPEC, 'defaultAction').enum).to.have.members([...ACTIONS_BY_PERMISSION]);
    expect(at(RULE, 'action').enum).to.have.members([...ACTIONS_BY_PERMISSION]);
    expect(at(SPEC, 'architectures', '[]').enum).to.have.members([...ALL_ARCHITECTURES]);
    expect(at(SPEC, 'flags', '[]').enum).to.have.members([...ALL_FLAGS]);
    expect(at(ARGUMENT, 'op').enum).to.have.members([...ALL_OPERATORS]);
  });

  it('have the same limits', () => {
    expect(at(RULE, 'errnoRet')).to.deep.include({ minimum: 0, maximum: MAX_MESSAGE });
    expect(at(ARGUMENT, 'index')).to.deep.include({ minimum: 0, maximum: 5 });
    const rule = (index: number) => ({ names: ['a'], action: 'SCMP_ACT_LOG', args: [{ index, op: 'SCMP_CMP_EQ' }] });
    const parse = (index: number) => parseProfile({ defaultAction: 'SCMP_ACT_LOG', syscalls: [rule(index)] }, 'p');
    expect(() => parse(6)).to.throw('syscalls[0].args[0].index: must be an integer from 0 to 5');
    expect(parse(5).rules).to.have.length(1);
  });

  it('have the same fields, but for those that are known in order to be refused', () => {
    const keys = (shape: Shape) => Object.keys(shape.properties ?? {}).filter((key) => !REFUSED.includes(key));
    expect(takenKeys(SPEC, (fields) => fields)).to.deep.equal(keys(SPEC));
    expect(takenKeys(RULE, (fields) => ({ syscalls: [fields] }))).to.deep.equal(keys(RULE));
    expect(takenKeys(ARGUMENT, (fields) => ({ syscalls: [{ args: [fields] }] }))).to.deep.equal(keys(ARGUMENT));
  });
});
