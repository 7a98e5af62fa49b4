// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import fc from 'fast-check';
import { printAbstract, permissionsOf } from '../../../src/core/apparmor/form.ts';
import { allowedOf, allowsAllOf, mergeAppArmorSpecs, uniteAllowed } from '../../../src/core/apparmor/merge.ts';
import { InvalidProfile } from '../../../src/core/faults.ts';
import type { AppArmorAbstract } from '../../../src/gen/crd/app-armor-profile.ts';

const subject = 'AppArmorProfile a';
const allowed = (abstract: AppArmorAbstract) => allowedOf({ subject, spec: { abstract } });

const path = fc.constantFrom('/a', '/b/*', '/b/c', '/d/**', '@{PROC}/@{pid}/x', '/{a,b}', '/e f', '/[ab]');
const paths = fc.uniqueArray(path, { maxLength: 4 });
const some = fc.constantFrom(true, false, null);
const abstracts: fc.Arbitrary<AppArmorAbstract> = fc.record({
  executable: fc.record({ allowedExecutables: paths, allowedLibraries: paths }),
  filesystem: fc.record({ readOnlyPaths: paths, writeOnlyPaths: paths, readWritePaths: paths }),
  network: fc.record({ allowRaw: some, allowedProtocols: fc.record({ allowTcp: some, allowUdp: some }) }),
  capability: fc.record({ allowedCapabilities: fc.uniqueArray(fc.constantFrom('chown', 'CAP_KILL', 'KILL')) }),
});

describe('the union of AppArmor profiles', () => {
  const unite = (...parts: readonly AppArmorAbstract[]): AppArmorAbstract =>
    printAbstract(uniteAllowed(parts.map(allowed)).allowed);

  it('is commutative, associative and idempotent', () => {
    fc.assert(
      fc.property(abstracts, abstracts, abstracts, (a, b, c) => {
        expect(unite(a, b)).to.deep.equal(unite(b, a));
        expect(unite(unite(a, b), c)).to.deep.equal(unite(a, unite(b, c)));
        expect(unite(a, a)).to.deep.equal(unite(a));
      }),
      { numRuns: 40 },
    );
  });

  it('allows all that its parts allow', () => {
    fc.assert(
      fc.property(abstracts, abstracts, (a, b) => {
        const union = allowed(unite(a, b));
        expect(allowsAllOf(union, allowed(a))).to.equal(true);
        expect(allowsAllOf(union, allowed(b))).to.equal(true);
        const names = new Set(permissionsOf(union));
        for (const name of permissionsOf(allowed(a))) expect(names.has(name), name).to.equal(true);
      }),
      { numRuns: 40 },
    );
  });

  it('puts reading and writing together', () => {
    const { spec } = mergeAppArmorSpecs([
      { subject, spec: { abstract: { filesystem: { readOnlyPaths: ['/a', '/b'] } } } },
      { subject, spec: { complainMode: true, abstract: { filesystem: { writeOnlyPaths: ['/a'] } } } },
    ]);
    expect(spec).to.deep.equal({
      complainMode: true,
      abstract: { filesystem: { readOnlyPaths: ['/b'], readWritePaths: ['/a'] } },
    });
  });

  it('knows what a wider profile allows, and what it does not', () => {
    const wide = allowed({
      executable: { allowedExecutables: ['/bin/*'] },
      filesystem: { readOnlyPaths: ['/etc/**'], readWritePaths: ['/tmp/**'] },
      network: { allowedProtocols: { allowTcp: true } },
    });
    const yes: readonly AppArmorAbstract[] = [
      {},
      { filesystem: { readOnlyPaths: ['/etc/hosts', '/tmp/x', '/bin/sh'], writeOnlyPaths: ['/tmp/{a,b}'] } },
      { executable: { allowedLibraries: ['/bin/sh'] } },
      { network: { allowedProtocols: { allowTcp: true, allowUdp: false } } },
    ];
    const no: readonly AppArmorAbstract[] = [
      { filesystem: { readOnlyPaths: ['/etc/'] } },
      { filesystem: { writeOnlyPaths: ['/etc/hosts'] } },
      { executable: { allowedExecutables: ['/etc/x'] } },
      { network: { allowRaw: true } },
      { capability: { allowedCapabilities: ['chown'] } },
    ];
    for (const abstract of yes) expect(allowsAllOf(wide, allowed(abstract)), JSON.stringify(abstract)).to.equal(true);
    for (const abstract of no) expect(allowsAllOf(wide, allowed(abstract)), JSON.stringify(abstract)).to.equal(false);
  });

  it('has no policies of AppArmor in it', () => {
    expect(() => mergeAppArmorSpecs([{ subject, spec: { policy: 'profile a { }' } }])).to.throw(
      InvalidProfile,
      /^AppArmorProfile a: spec.policy: is in AppArmor's own language/,
    );
  });
});
