// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { profileNamesIn } from '../../../src/core/apparmor/names.ts';
import { Rejected } from '../../../src/core/errors.ts';

/** Texts with the names that apparmor_parser 3.0.8 prints for them (-N), in the order of the text. */
const NAMED: readonly (readonly [text: string, names: readonly string[]])[] = [
  ['', []],
  ['# profile a { }', []],
  ['profile a { }', ['a']],
  ['profile "a b" flags=(complain) { "/x" r, }', ['a b']],
  ['/usr/bin/foo { /x{a,b}/ r, }', ['/usr/bin/foo']],
  ['profile a { ^h { } hat k { } profile c { profile d /x { } } }', ['a', 'a//h', 'a//k', 'a//c', 'a//c//d']],
  ['profile a { ^hat { } hat profile { } }', ['a', 'a//hat', 'a//profile']],
  ['profile a { profile# { } hat(b { } }', ['a', 'a//#', 'a//(b']],
  ['profile a#b { /x#y r, # c }\n}', ['a#b']],
  ['profile a (complain) { }', ['a']],
  ['profile a { if defined $X { /x r, } else { /y r, } }\nprofile b { }', ['a', 'b']],
  ['@{X}=a{ #b\n@{X}+="c d" e \\\n profile z {\nprofile a { }', ['a']],
  ['abi <abi/3.0>, include <tunables/global>\nalias /a -> /b,\nprofile a { }', ['a']],
  ['profile a { "/x\\" { r," r, /y{a,{b,c}} r, owner /z w, }\r\nprofile b { }\r\n', ['a', 'b']],
  ['profile a xattrs=(user.x="a{" user.y=(b c)) flags=(complain) { }', ['a']],
  ['profile a { signal (send) set=(hup, term) peer=(label=b{c,d}), dbus bus=session, }', ['a']],
  ['profile a { change_profile -> b{c,d}, /x px -> y//z, mount options=(ro) /a{b,c} -> /d, }', ['a']],
];

describe('profileNamesIn()', () => {
  for (const [text, names] of NAMED) {
    it(`finds ${names.join(', ') || 'none'} in ${JSON.stringify(text)}`, () => {
      expect(profileNamesIn(text)).to.deep.equal(names);
    });
  }

  it('tells the place of what cannot be read', () => {
    expect(() => profileNamesIn('profile a {\n  "x\n}')).to.throw(Rejected, /^line 2, column 3: the quotation mark/);
    expect(() => profileNamesIn('{ }')).to.throw(Rejected, /a profile needs a name/);
    expect(() => profileNamesIn('include\nprofile a { }')).to.not.throw(RangeError);
  });
});
