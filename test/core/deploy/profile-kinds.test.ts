// SPDX-License-Identifier: Apache-2.0
// Kinds of profiles are listed by hand where no import may lead to the list of kinds that processes know. A kind that
// is forgotten in the policy of the manager's account would leave its specs open to whoever has that account.
import { expect } from 'chai';
import { managerObjectPolicies } from '../../../src/core/deploy/manager-object-policy.ts';
import { userRoles } from '../../../src/core/deploy/user-roles.ts';
import { OBJECT } from '../../../src/core/names.ts';
import { PROFILE_KINDS } from '../../../src/roles/wiring/profile-kinds.ts';

const PLURALS = PROFILE_KINDS.map(({ kind: { resource } }) => resource.plural);

describe('the kinds of profiles that are listed by hand', () => {
  it('are in the policy of the manager’s account', () => {
    const ruled = managerObjectPolicies('spo').flatMap((object) => {
      const rules = object['spec'] as { matchConstraints?: { resourceRules: { resources: string[] }[] } };
      return rules.matchConstraints?.resourceRules.flatMap(({ resources }) => resources) ?? [];
    });
    expect(ruled).to.include.members(PLURALS);
  });

  it('are seen by all users of the role that shows', () => {
    const role = userRoles().find(({ metadata }) => metadata.name === OBJECT.viewRole);
    const rules = role?.['rules'] as { resources: string[] }[];
    expect(rules[0]?.resources).to.include.members(PLURALS);
  });
});
