// SPDX-License-Identifier: Apache-2.0
// The writes that the handler of the spod object may make: each object by its name, as far as RBAC can say that.
import { OBJECT, SPOD } from '../../../core/names.ts';
import { SECCOMP_PROFILE, SECURITY_PROFILES_OPERATOR_DAEMON } from '../../../gen/kinds.ts';
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

const ADMISSION = 'admissionregistration.k8s.io';

const CONFIGURATIONS = [
  ['mutatingwebhookconfigurations', OBJECT.mutatingWebhooks],
  ['validatingwebhookconfigurations', OBJECT.validatingWebhooks],
] as const;

const SPODS = SECURITY_PROFILES_OPERATOR_DAEMON;
const PROFILES = SECCOMP_PROFILE;

/** The rules. */
export const SPOD_RULES: readonly PolicyRule[] = [
  ...applyRules('apps', 'daemonsets', [SPOD]),
  ...applyRules('apps', 'deployments', [OBJECT.webhook]),
  ...deleteRules('apps', 'deployments', [OBJECT.webhook], 'operator'),
  ...applyRules('', 'services', [OBJECT.metricsService, OBJECT.managerMetricsService, OBJECT.webhookService]),
  ...applyRules('', 'configmaps', [OBJECT.profilesConfigMap]),
  ...applyRules('', 'secrets', [OBJECT.authority, OBJECT.metricsCert, OBJECT.metricsToken, OBJECT.webhookCert]),
  ...applyRules('cert-manager.io', 'issuers', [OBJECT.webhookIssuer]),
  ...applyRules('cert-manager.io', 'certificates', [OBJECT.webhookCertificate]),
  ...CONFIGURATIONS.flatMap(([resource, name]) => [
    ...applyRules(ADMISSION, resource, [name], 'cluster'),
    ...deleteRules(ADMISSION, resource, [name], 'cluster'),
  ]),
  ...applyRules('monitoring.coreos.com', 'servicemonitors', [OBJECT.serviceMonitor]),
  ...applyRules(PROFILES.group, PROFILES.plural, [OBJECT.traceProfile]),
  ...deleteRules(PROFILES.group, PROFILES.plural, [OBJECT.traceProfile], 'operator'),
  ...applyRules(SPODS.group, SPODS.plural, [SPOD]),
  {
    apiGroups: [SPODS.group],
    resources: [`${SPODS.plural}/status`],
    verbs: ['patch'],
    resourceNames: [SPOD],
    where: 'operator',
  },
];
