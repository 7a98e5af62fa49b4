// SPDX-License-Identifier: Apache-2.0
// Which policy holds for an artifact.
import { expect } from 'chai';
import { policyFor } from '../../../src/core/signature/policy.ts';
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
});
