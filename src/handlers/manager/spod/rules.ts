// SPDX-License-Identifier: Apache-2.0
// The writes that the handler of the spod object may make: each object by its name, as far as RBAC can say that.
import { OBJECT, SPOD } from '../../../core/names.ts';
import { APP_ARMOR_PROFILE, SECCOMP_PROFILE, SECURITY_PROFILES_OPERATOR_DAEMON } from '../../../gen/kinds.ts';
import type { PolicyRule } from '../../../runtime/handler.ts';

/** Server-side apply makes an object or changes it: making cannot be limited to names, changing is. */
function applyRules(
  group: string,
  resource: string,
  names: readonly string[],
  where: 'operator' | 'cluster' = 'operator',
): readonly PolicyRule[] {
  const common = { apiGroups: [group], resources: [resource], where };
  return [
    { ...common, verbs: ['create'] },
    { ...common, verbs: ['patch'], resourceNames: names },
  ];
}

function deleteRules(
  group: string,
  resource: string,
  resourceNames: readonly string[],
  where: 'operator' | 'cluster',
): readonly PolicyRule[] {
  return [{ apiGroups: [group], resources: [resource], verbs: ['delete'], resourceNames, where }];
}

const CERTIFICATES: readonly string[] = [
  OBJECT.authority,
  OBJECT.metricsCert,
  OBJECT.managerMetricsCert,
  OBJECT.webhookCert,
];

const ADMISSION = 'admissionregistration.k8s.io';

const CONFIGURATIONS = [
  ['mutatingwebhookconfigurations', OBJECT.mutatingWebhooks],
  ['validatingwebhookconfigurations', OBJECT.validatingWebhooks],
] as const;

const SPODS = SECURITY_PROFILES_OPERATOR_DAEMON;
/** The kinds of the profiles that log (core/deploy/trace-profile.ts). */
const TRACED = [SECCOMP_PROFILE, APP_ARMOR_PROFILE];

/** To make the spod object where there is none, and to write its status. */
export const SPOD_OBJECT_RULES: readonly PolicyRule[] = [
  ...applyRules(SPODS.group, SPODS.plural, [SPOD]),
  {
    apiGroups: [SPODS.group],
    resources: [`${SPODS.plural}/status`],
    verbs: ['patch'],
    resourceNames: [SPOD],
    where: 'operator',
  },
];

/** All rules. */
export const SPOD_RULES: readonly PolicyRule[] = [
  ...applyRules('apps', 'daemonsets', [SPOD]),
  ...applyRules('apps', 'deployments', [OBJECT.webhook]),
  ...deleteRules('apps', 'deployments', [OBJECT.webhook], 'operator'),
  ...applyRules('', 'services', [OBJECT.metricsService, OBJECT.managerMetricsService, OBJECT.webhookService]),
  ...applyRules('', 'configmaps', [OBJECT.profilesConfigMap]),
  ...applyRules('', 'secrets', CERTIFICATES.concat(OBJECT.metricsToken)),
  ...applyRules('cert-manager.io', 'issuers', [OBJECT.webhookIssuer]),
  ...applyRules('cert-manager.io', 'certificates', [OBJECT.webhookCertificate]),
  ...CONFIGURATIONS.flatMap(([resource, name]) => [
    ...applyRules(ADMISSION, resource, [name], 'cluster'),
    ...deleteRules(ADMISSION, resource, [name], 'cluster'),
  ]),
  ...applyRules('monitoring.coreos.com', 'servicemonitors', [OBJECT.serviceMonitor]),
  ...TRACED.flatMap(({ group, plural }) => [
    ...applyRules(group, plural, [OBJECT.traceProfile]),
    ...deleteRules(group, plural, [OBJECT.traceProfile], 'operator'),
  ]),
  ...SPOD_OBJECT_RULES,
];
