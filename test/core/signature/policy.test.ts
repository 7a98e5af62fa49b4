// SPDX-License-Identifier: Apache-2.0
// Which policy holds for an artifact, and which texts an identity fits.
import { expect } from 'chai';
import fc from 'fast-check';
import { isExpected, patternFault, policyFor } from '../../../src/core/signature/policy.ts';
import type { Policy } from '../../../src/core/signature/policy.ts';

const policies: readonly Policy[] = ['', 'example.org', 'example.org/team', 'oci://example.org/team/b/'].map(
  (prefix) => ({ prefix, signers: [], required: true }),
);

const CHOICES: Readonly<Record<string, string | undefined>> = {
  'example.org/x': 'example.org',
  'example.org/team': 'example.org/team',
  'example.org/team/a': 'example.org/team',
  'example.org/teams/a': 'example.org',
  'example.org/team/b': 'oci://example.org/team/b/',
  'example.org.evil/team/b': '',
  'example.org:5000/team': '',
};

describe('core/signature/policy', () => {
  for (const [repository, prefix] of Object.entries(CHOICES)) {
    it(`takes ${JSON.stringify(prefix)} for ${repository}`, () => {
      expect(policyFor(policies, repository)?.prefix).to.equal(prefix);
    });
  }

  it('has none where no prefix fits', () => {
    expect(policyFor(policies.slice(1), 'other.example/x')).to.equal(undefined);
  });

  it('compares an identity exactly, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (is, text) => {
        expect(isExpected({ is }, text)).to.equal(is === text);
      }),
    );
  });

  it('has a pattern stand for the whole text', () => {
    const expected = { matches: 'a@example.org|.*@team.example' };
    for (const text of ['a@example.org', 'x@team.example']) expect(isExpected(expected, text)).to.equal(true);
    for (const text of ['ba@example.org', 'a@example.org.evil', 'x@team.example\nb', '']) {
      expect(isExpected(expected, text)).to.equal(false);
    }
    expect(isExpected({ matches: '(' }, '(')).to.equal(false);
  });

  it('tells what is no pattern', () => {
    expect(patternFault('.*')).to.equal(undefined);
    expect(patternFault('')).to.match(/empty/);
    expect(patternFault('(')).to.match(/no regular expression/);
  });
});
