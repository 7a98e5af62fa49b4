// SPDX-License-Identifier: Apache-2.0
// The handler of the spod object on the manager's runtime: the certificates and objects that it reads, and those whose
// changes concern it.
import { lackingNodes, SUPPORT } from '../../core/status/support.ts';
import type { SecurityProfileNodeStatus } from '../../gen/crd/security-profile-node-status.ts';
import type { SecurityProfilesOperatorDaemon } from '../../gen/crd/security-profiles-operator-daemon.ts';
import type { KeyPair } from '../../core/certificates.ts';
import type { ManagerSettings } from '../../core/config.ts';
import { managerMetricsNames, metricsNames } from '../../core/deploy/metrics-objects.ts';
import { LABEL, OBJECT, SPOD } from '../../core/names.ts';
import { Authority } from '../../handlers/manager/spod/authority.ts';
import type { CertificateMaker } from '../../handlers/manager/spod/authority.ts';
import { ServerCertificate } from '../../handlers/manager/spod/server-certificate.ts';
import { SpodHandler } from '../../handlers/manager/spod/spod.ts';
import { Webhooks } from '../../handlers/manager/spod/webhooks.ts';
import { deploymentSource, madeSources, MONITOR_CRD, secretSource } from '../../handlers/sources/deployment.ts';
import { daemonSetSource, NODES, nodeStatusSource } from '../../handlers/sources/nodes.ts';
import type { ClusterNode } from '../../handlers/sources/nodes.ts';
import { ALL_SPODS } from '../../handlers/sources/spods.ts';
import { madeWebhookSources, webhookSources } from '../../handlers/sources/webhooks.ts';
import type { WebhookSources } from '../../handlers/sources/webhooks.ts';
import type { ControllerManagerParts } from '../../runtime/controller-manager.ts';
import type { Source, Watch } from '../../runtime/handler.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import type { SpoOperator } from '../../runtime/spo-operator.ts';

/** The process's own parts. */
export interface SpodSide {
  readonly certificates: CertificateMaker;
  /** Called with the certificate of the metrics endpoint when it is known and when it changes. */
  onCertificate(pair: KeyPair): void;
  /** Whether this process serves the webhooks. */
  servesWebhooks(): boolean;
  /** The operator of that namespace goes before, so this process is to end. */
  standAside(rival: string): void;
}

/** Wires the handler. */
export function spodHandler(
  operator: SpoOperator,
  settings: ManagerSettings,
  parts: ControllerManagerParts,
  side: SpodSide,
): SpodHandler {
  const { namespace } = settings;
  const daemonSets = daemonSetSource(namespace);
  const deployments = deploymentSource(namespace);
  const authority = secretSource(namespace, OBJECT.authority);
  const daemons = secretSource(namespace, OBJECT.metricsCert);
  const manager = secretSource(namespace, OBJECT.managerMetricsCert);
  const hooks = webhookSources(namespace);
  const read: readonly Source[] = [
    daemonSets,
    deployments,
    authority,
    daemons,
    manager,
    MONITOR_CRD,
    ...sourcesOf(hooks),
  ];
  return new SpodHandler({
    ...settings,
    authority: new Authority(side.certificates),
    certificates: {
      daemons: new ServerCertificate(side.certificates, metricsNames(namespace)),
      manager: new ServerCertificate(side.certificates, managerMetricsNames(namespace), (pair) =>
        side.onCertificate(pair),
      ),
    },
    webhooks: webhooks(operator, settings, side),
    watches: watchesOf(namespace, [...read, ...madeSources(namespace), ...madeWebhookSources(namespace)]),
    daemonSets: operator.reader(daemonSets),
    deployments: operator.reader(deployments),
    nodes: operator.reader(NODES),
    spods: operator.reader(ALL_SPODS),
    nodeStatuses: operator.reader(nodeStatusSource(namespace)),
    secrets: {
      authority: operator.reader(authority),
      daemons: operator.reader(daemons),
      manager: operator.reader(manager),
    },
    monitorCrds: operator.reader(MONITOR_CRD),
    log: parts.log.named('spod-config'),
    forbidden: () => operator.forbidden,
    standAside: (rival) => side.standAside(rival),
    now: () => parts.clock.now(),
  });
}

function sourcesOf(hooks: WebhookSources): readonly Source[] {
  const { deployment, secret, namespace, configuration, certManagerCrd, serviceCaCrd } = hooks;
  return [deployment, secret, namespace, configuration, certManagerCrd, serviceCaCrd];
}

function webhooks(operator: SpoOperator, settings: ManagerSettings, side: SpodSide): Webhooks {
  const { namespace, restrictTo } = settings;
  const sources = webhookSources(namespace);
  return new Webhooks({
    namespace,
    restrictTo,
    certificates: side.certificates,
    servesHere: () => side.servesWebhooks(),
    deployments: {
      manager: operator.reader(deploymentSource(namespace)),
      webhook: operator.reader(sources.deployment),
    },
    secret: operator.reader(sources.secret),
    namespaces: operator.reader(sources.namespace),
    configurations: operator.reader(sources.configuration),
    certManagerCrds: operator.reader(sources.certManagerCrd),
    serviceCaCrds: operator.reader(sources.serviceCaCrd),
  });
}

/** Each change of a source concerns the one spod; of a node, only one of its kubelet directory does. */
function watchesOf(namespace: string, sources: readonly Source[]): readonly Watch[] {
  const mapToKeys = (): readonly ObjectKey[] => [{ namespace, name: SPOD }];
  const relabelled = (before: ClusterNode, after: ClusterNode): boolean =>
    before.metadata.labels?.[LABEL.kubeletDir] !== after.metadata.labels?.[LABEL.kubeletDir];
  const nodes: Watch<ClusterNode> = { ...NODES, predicate: relabelled, mapToKeys };
  const reports: Watch<SecurityProfileNodeStatus> = {
    ...nodeStatusSource(namespace),
    predicate: (before, after) => armorText(before) !== armorText(after),
    mapToKeys,
  };
  const rivals: Watch<SecurityProfilesOperatorDaemon> = {
    ...ALL_SPODS,
    predicate: (before, after) => (before.status === undefined) !== (after.status === undefined),
    mapToKeys: ({ metadata }) => (metadata.namespace === namespace ? [] : mapToKeys()),
  };
  return [...sources.map((source) => ({ ...source, mapToKeys })), nodes, reports, rivals];
}

/** Whether the node lacks AppArmor, as its status says. */
function armorText(report: SecurityProfileNodeStatus): string {
  return lackingNodes(SUPPORT.appArmor, [report]).join();
}
