// SPDX-License-Identifier: Apache-2.0
// The manager patches profiles of all namespaces for their finalizers and labels, and makes a few secrets. RBAC cannot
// say less than "patch profiles" and "create secrets", with which the profile of any workload could be widened, and a
// token of any account of the namespace be had; the API server itself holds the account to what it is for.
import { APP_ARMOR_PROFILE, PROFILE_BINDING, RAW_SELINUX_PROFILE, SECCOMP_PROFILE, SELINUX_PROFILE } from '../../gen/kinds.ts';
import { LABEL, OBJECT, OPERATOR } from '../names.ts';
import { denialPolicy } from './denial-policy.ts';
import type { Manifest } from './manifest.ts';

/** Names of the policies and of their bindings. */
export const MANAGER_OBJECT_POLICY = {
  profiles: 'security-profiles-operator-manager-profiles',
  deletions: 'security-profiles-operator-manager-deletions',
  secrets: 'security-profiles-operator-manager-secrets',
} as const;

const PROFILES = [SECCOMP_PROFILE, SELINUX_PROFILE, RAW_SELINUX_PROFILE, APP_ARMOR_PROFILE];

/** The policies and their bindings. Kubernetes has the kind since 1.30. */
export function managerObjectPolicies(namespace: string): readonly Manifest[] {
  return [...profilePolicy(namespace), ...deletionPolicy(namespace), ...secretPolicy(namespace)];
}

/**
 * Profiles that it makes or changes: those of recordings, which it merges, the ones that log, its own, and the twins of
 * profiles that bindings try, each owned by its binding.
 */
function profilePolicy(namespace: string): readonly Manifest[] {
  const isOwn = `request.namespace == '${namespace}' && object.metadata.name == '${OBJECT.traceProfile}'`;
  const isTwin = `${trial('object')} && (oldObject == null || ${trial('oldObject')})`;
  // Else a profile of a user's would be made a twin in one step, and changed or deleted in the next.
  const isAsBefore = `${recording('oldObject')} == ${recording('object')} && ${trial('oldObject')} == ${trial('object')}`;
  return policy(namespace, 'profiles', {
    rule: { apiGroups: [SECCOMP_PROFILE.group], apiVersions: ['*'], resources: PROFILES.map(({ plural }) => plural) },
    validations: [
      {
        expression: `(${isOwn}) || (${isTwin}) || (oldObject == null ? ${recording('object')} != '' : ${isAsBefore})`,
        message: 'the operator makes profiles of recordings and twins of profiles only, and makes no others such',
      },
      {
        expression: `oldObject == null || (${isOwn}) || (${isTwin}) || ${recording('oldObject')} != '' || object.spec == oldObject.spec`,
        message: 'the operator changes nothing of the spec of a profile that is not of a recording, and no twin',
      },
    ],
  });
}

/** Profiles that it deletes: the parts of recordings once they are merged, the ones that log, and twins. */
function deletionPolicy(namespace: string): readonly Manifest[] {
  const isOwn = `request.namespace == '${namespace}' && oldObject.metadata.name == '${OBJECT.traceProfile}'`;
  return policy(namespace, 'deletions', {
    rule: { apiGroups: [SECCOMP_PROFILE.group], apiVersions: ['*'], resources: PROFILES.map(({ plural }) => plural) },
    operations: ['DELETE'],
    validations: [
      {
        expression: `(${isOwn}) || ${trial('oldObject')} || ${recording('oldObject')} != ''`,
        message: 'the operator deletes profiles of recordings and twins of profiles only',
      },
    ],
  });
}

/** Certificates and the token for metrics: each by its name and with its type. */
function secretPolicy(namespace: string): readonly Manifest[] {
  const certificates = [OBJECT.authority, OBJECT.metricsCert, OBJECT.managerMetricsCert, OBJECT.webhookCert];
  const account = "object.metadata.?annotations[?'kubernetes.io/service-account.name'].orValue('')";
  return policy(namespace, 'secrets', {
    rule: { apiGroups: [''], apiVersions: ['v1'], resources: ['secrets'] },
    validations: [
      {
        expression:
          `(object.type == 'kubernetes.io/tls' && object.metadata.name in [${certificates.map((name) => `'${name}'`).join(', ')}]) || ` +
          `(object.type == 'kubernetes.io/service-account-token' && object.metadata.name == '${OBJECT.metricsToken}' && ${account} == 'default')`,
        message: 'the operator makes the secrets of its certificates and of the token for metrics, and no others',
      },
    ],
  });
}

interface PolicyParts {
  readonly rule: object;
  /** Default: CREATE and UPDATE. */
  readonly operations?: readonly string[];
  readonly validations: readonly { readonly expression: string; readonly message: string }[];
}

function policy(
  namespace: string,
  of: keyof typeof MANAGER_OBJECT_POLICY,
  { rule, operations = ['CREATE', 'UPDATE'], validations }: PolicyParts,
): readonly Manifest[] {
  const manager = `system:serviceaccount:${namespace}:${OPERATOR}`;
  return denialPolicy(MANAGER_OBJECT_POLICY[of], {
    failurePolicy: 'Fail',
    // With the scope, which kubectl would add at each apply.
    matchConstraints: { resourceRules: [{ ...rule, operations, scope: '*' }] },
    matchConditions: [{ name: 'by-the-manager', expression: `request.userInfo.username == '${manager}'` }],
    validations: validations.map((validation) => ({ ...validation, reason: 'Forbidden' })),
  });
}

/** Whether an object is a twin: it has the label, and no owner but a binding. */
function trial(object: 'object' | 'oldObject'): string {
  const owners = `${object}.metadata.?ownerReferences.orValue([])`;
  const isBindings = `size(${owners}) == 1 && ${owners}.all(o, o.kind == '${PROFILE_BINDING.kind}')`;
  return `(${object}.metadata.?labels[?'${LABEL.trialOf}'].orValue('') != '' && ${isBindings})`;
}

function recording(object: 'object' | 'oldObject'): string {
  return `${object}.metadata.?labels[?'${LABEL.recordingId}'].orValue('')`;
}
