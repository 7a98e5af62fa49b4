// SPDX-License-Identifier: Apache-2.0
// A binding that tries its profile has the operator make another profile, which refuses nothing. So its writer must be
// allowed to make a profile of the kind himself: rights to profiles that are names of the whole node are given to few,
// those to bindings to all tenants. Only the API server knows the rights of its callers.
import { APP_ARMOR_PROFILE, PROFILE_BINDING, SECCOMP_PROFILE, SELINUX_PROFILE } from '../../gen/kinds.ts';
import { denialPolicy } from './denial-policy.ts';
import type { Manifest } from './manifest.ts';

/** Name of the policy and of its binding. */
export const TRIAL_POLICY = 'security-profiles-operator-trials';

const TRIED = [SECCOMP_PROFILE, SELINUX_PROFILE, APP_ARMOR_PROFILE];

/** The policy and its binding. Kubernetes has the kind since 1.30. */
export function trialPolicy(): readonly Manifest[] {
  const { group, plural } = PROFILE_BINDING;
  const rule = { apiGroups: [group], apiVersions: ['*'], operations: ['CREATE', 'UPDATE'], resources: [plural] };
  const kinds = `[${TRIED.map(({ kind }) => `'${kind}'`).join(', ')}]`;
  const resources = `{${TRIED.map((one) => `'${one.kind}': '${one.plural}'`).join(', ')}}`;
  const ref = 'object.spec.profileRef';
  const may = `authorizer.group('${group}').resource(${resources}[${ref}.kind]).namespace(request.namespace).check('create').allowed()`;
  return denialPolicy(TRIAL_POLICY, {
    failurePolicy: 'Fail',
    // With the scope, which kubectl would add at each apply.
    matchConstraints: { resourceRules: [{ ...rule, scope: '*' }] },
    matchConditions: [
      { name: 'has-a-twin', expression: `${mode('object')} != 'Propose' && ${ref}.kind in ${kinds}` },
      {
        name: 'had-none-of-it',
        expression: `oldObject == null || ${mode('oldObject')} == 'Propose' || oldObject.spec.profileRef != ${ref}`,
      },
    ],
    validations: [
      {
        expression: may,
        reason: 'Forbidden',
        message:
          'with enforcement.mode Audit or Enforce the operator makes a profile of the kind that refuses nothing: ' +
          'it takes the right to create such profiles in the namespace',
      },
    ],
  });
}

function mode(object: 'object' | 'oldObject'): string {
  return `${object}.spec.?enforcement.?mode.orValue('Propose')`;
}
