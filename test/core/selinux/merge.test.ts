// SPDX-License-Identifier: Apache-2.0
// The union of SelinuxProfiles, and whether one covers another.
import { expect } from 'chai';
import fc from 'fast-check';
import { coversSelinux, mergeSelinuxSpecs } from '../../../src/core/selinux/merge.ts';
import { permissionKeys } from '../../../src/core/selinux/rules.ts';
import type { SelinuxProfileSpec } from '../../../src/gen/crd/selinux-profile.ts';

const type = fc.constantFrom('@self', 'a_t', 'b_t', '__proto__', 'constructor');
const classes = fc.dictionary(fc.constantFrom('file', 'capability'), fc.subarray(['read', 'chown', 'bpf']));
const specs: fc.Arbitrary<SelinuxProfileSpec> = fc.record(
  {
    allow: fc.dictionary(type, classes),
    permissive: fc.boolean(),
    inherit: fc.subarray([
      { name: 'container' },
      { name: 'log_container' },
      { kind: 'SelinuxProfile', name: 'base' } as const,
    ]),
  },
  { requiredKeys: [] },
);

describe('core/selinux/merge', () => {
  it('unites rules and what is inherited', () => {
    const one: SelinuxProfileSpec = { allow: { a_t: { file: ['read'] } } };
    const other: SelinuxProfileSpec = { allow: { a_t: { file: ['open'], dir: ['search'] } }, permissive: true };
    expect(mergeSelinuxSpecs([one, other])).to.deep.equal({
      allow: { a_t: { dir: ['search'], file: ['open', 'read'] } },
      inherit: [{ kind: 'System', name: 'container' }],
      permissive: true,
    });
  });

  it('refuses to unite what has no union', () => {
    const of = (name: string): SelinuxProfileSpec => ({ inherit: [{ kind: 'SelinuxProfile', name }] });
    expect(() => mergeSelinuxSpecs([])).to.throw(RangeError, 'no profiles');
    expect(() => mergeSelinuxSpecs([of('a'), of('b')])).to.throw(RangeError, 'a, b');
  });

  it('is commutative, associative and idempotent, and covers its parts and nothing more', () => {
    fc.assert(
      fc.property(specs, specs, specs, (a, b, c) => {
        const all = mergeSelinuxSpecs([a, b, c]);
        expect(mergeSelinuxSpecs([c, a, b])).to.deep.equal(all);
        expect(mergeSelinuxSpecs([mergeSelinuxSpecs([a, b]), c])).to.deep.equal(all);
        expect(mergeSelinuxSpecs([all, a])).to.deep.equal(all);
        for (const part of [a, b, c]) expect(coversSelinux(all, part)).to.equal(true);
        const parts = new Set([a, b, c].flatMap(({ allow = {} }) => permissionKeys(allow)));
        expect(new Set(permissionKeys(all.allow ?? {}))).to.deep.equal(parts);
      }),
    );
  });

  it('does not cover what another one permits beyond it', () => {
    const one: SelinuxProfileSpec = { allow: { a_t: { file: ['read'] } } };
    expect(coversSelinux(one, { allow: { a_t: { file: ['write'] } } })).to.equal(false);
    expect(coversSelinux(one, { inherit: [{ name: 'log_container' }] })).to.equal(false);
    expect(coversSelinux(one, { ...one, permissive: true })).to.equal(false);
    expect(coversSelinux({ permissive: true }, one)).to.equal(true);
    expect(coversSelinux(one, { inherit: [] })).to.equal(true);
  });
});
