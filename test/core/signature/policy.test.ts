// SPDX-License-Identifier: Apache-2.0
// Which policy holds for an artifact, and which identity is one that is asked for.
import { expect } from 'chai';
import fc from 'fast-check';
import {
  identityName,
  identityOfName,
  isIdentity,
  patternFault,
  policyFor,
} from '../../../src/core/signature/policy.ts';
import type { Policy } from '../../../src/core/signature/policy.ts';

const policies: readonly Policy[] = [
  '',
  'example.org',
  'example.org/team',
  'oci://example.org/team/b/',
  'Other.example:443',
].map((prefix) => ({ prefix, signers: [], required: true, needsRecording: false }));

const CHOICES: Readonly<Record<string, string | undefined>> = {
  'example.org/x': 'example.org',
  'example.org/team': 'example.org/team',
  'example.org/team/a': 'example.org/team',
  'example.org/teams/a': 'example.org',
  'example.org/team/b': 'oci://example.org/team/b/',
  'example.org.evil/team/b': '',
  'example.org:5000/team': '',
  'EXAMPLE.org/team/a': 'example.org/team',
  'example.org:443/team/a': 'example.org/team',
  'example.org:4430/team/a': '',
  'other.example/x': 'Other.example:443',
};

describe('core/signature/policy', () => {
  for (const [repository, prefix] of Object.entries(CHOICES)) {
    it(`takes ${JSON.stringify(prefix)} for ${repository}`, () => {
      expect(policyFor(policies, repository)?.prefix).to.equal(prefix);
    });
  }

  it('has none where no prefix fits', () => {
    expect(policyFor(policies.slice(1), 'another.example/x')).to.equal(undefined);
  });

  const issuer = { exact: 'https://issuer.example' };
  const is = (pattern: string, identity: string): boolean =>
    isIdentity({ identity: { pattern }, issuer }, { identity, issuer: issuer.exact });

  it('takes an exact identity of an exact issuer, and no other', () => {
    const signer = { identity: { exact: 'me@example.org' }, issuer };
    expect(isIdentity(signer, { identity: 'me@example.org', issuer: issuer.exact })).to.equal(true);
    expect(isIdentity(signer, { identity: 'me@example.org', issuer: 'https://evil' })).to.equal(false);
    expect(isIdentity(signer, { identity: 'me@exampleXorg', issuer: issuer.exact })).to.equal(false);
  });

  it('takes what a pattern fits as a whole', () => {
    expect(is(String.raw`.*@example\.org`, 'me@example.org')).to.equal(true);
    expect(is('me|you', 'you')).to.equal(true);
    for (const [pattern, identity] of [
      ['example', 'me@example.org'],
      [String.raw`.*@example\.org`, 'me@example.org.evil'],
      ['me|you', 'yourself'],
      ['(', '('],
      ['a)|(?:.*', 'anybody'],
    ] as const) {
      expect(is(pattern, identity), pattern).to.equal(false);
    }
  });

  it('says which pattern is no expression', () => {
    expect(patternFault({ pattern: '(' })).to.equal('"(" is no regular expression');
    expect(patternFault({ pattern: '.*' })).to.equal(undefined);
    expect(patternFault({ exact: '(' })).to.equal(undefined);
  });

  it('finds an identity in its name again', () => {
    const url = fc.stringMatching(/^https:\/\/[a-z./]{1,20}$/);
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((text) => !/[\n\r\u2028\u2029]/.test(text)),
        url,
        (identity, by) => {
          expect(identityOfName(identityName({ identity, issuer: by }))).to.deep.equal({ identity, issuer: by });
        },
      ),
    );
    expect(identityOfName('the key SHA256:abc')).to.equal(undefined);
  });
});
