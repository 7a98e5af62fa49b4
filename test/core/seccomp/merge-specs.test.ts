// SPDX-License-Identifier: Apache-2.0
// The shorter way to the union of simple specs leads to the same profile.
import { expect } from 'chai';
import fc from 'fast-check';
import { mergeProfiles } from '../../../src/core/seccomp/merge.ts';
import { mergeSpecs } from '../../../src/core/seccomp/merge-specs.ts';
import { parseProfile } from '../../../src/core/seccomp/parse.ts';
import { renderSpec } from '../../../src/core/seccomp/render.ts';
import type { SeccompProfileSpec } from '../../../src/gen/crd/seccomp-profile.ts';
import { NAMES, profilesWith } from './arbitraries.ts';

const simple: fc.Arbitrary<SeccompProfileSpec> = fc.record({
  defaultAction: fc.constant('SCMP_ACT_ERRNO' as const),
  architectures: fc.constantFrom(
    [],
    ['SCMP_ARCH_X86_64' as const],
    ['SCMP_ARCH_X86_64' as const, 'SCMP_ARCH_X86' as const],
  ),
  syscalls: fc.array(
    fc.record({
      names: fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1 }),
      action: fc.constant('SCMP_ACT_ALLOW' as const),
    }),
    { maxLength: 2 },
  ),
});

const other = profilesWith(
  fc.constantFrom('SCMP_ACT_ALLOW', 'SCMP_ACT_LOG', 'SCMP_ACT_ERRNO'),
  fc.constant(undefined),
).map((profile) => renderSpec({ ...profile, defaultAction: 'SCMP_ACT_ERRNO' }));

describe('mergeSpecs()', () => {
  it('is the union of the profiles, whichever of them are simple', () => {
    const specs = fc.array(fc.oneof({ weight: 4, arbitrary: simple }, other), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(specs, (all) => {
        const subject = 'a part';
        expect(mergeSpecs(all.map((spec) => ({ subject, spec })))).to.deep.equal(
          mergeProfiles(all.map((spec) => parseProfile(spec, subject))),
        );
      }),
    );
  });

  it('names the faults of a spec', () => {
    const spec = {
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: [{ names: ['no name'], action: 'SCMP_ACT_ALLOW' }],
    } as const;
    expect(() => mergeSpecs([{ subject: 'SeccompProfile a', spec }]))
      .to.throw('SeccompProfile a')
      .with.property('message')
      .that.includes('syscalls[0].names[0]');
  });
});
