// SPDX-License-Identifier: Apache-2.0
// The spod object: from it the manager makes the DaemonSet and what belongs to it, and tells where the roll-out stands.
// Everything is applied by the server with our field manager, so what is taken out of the spod disappears from the
// cluster.
import { daemonSet, ownerOf } from '../../../core/deploy/daemon-set.ts';
import type { DaemonContext } from '../../../core/deploy/daemon-context.ts';
import type { Manifest } from '../../../core/deploy/manifest.ts';
import { metricsServices, metricsToken, serviceMonitor } from '../../../core/deploy/metrics-objects.ts';
import { ownProfilesConfigMap, ownProfilesHash } from '../../../core/deploy/own-profile.ts';
import { laterOperators, rivalOf } from '../../../core/deploy/rivals.ts';
import { tlsContent, tlsSecret } from '../../../core/deploy/secrets.ts';
import type { TlsContent } from '../../../core/deploy/secrets.ts';
import { configuredSpod, defaultSpod } from '../../../core/deploy/spod.ts';
import type { FirstOptions } from '../../../core/deploy/spod.ts';
import type { SpodOptions } from '../../../core/deploy/spod-options.ts';
import { Failed } from '../../../core/errors.ts';
import type { Log } from '../../../core/log.ts';
import { ANNOTATION, OBJECT, OPERATOR, SPOD } from '../../../core/names.ts';
import { traceProfiles, unwantedTraceProfiles } from '../../../core/deploy/trace-profile.ts';
import { sha256Hex } from '../../../core/sha256.ts';
import { withObservation } from '../../../core/status/conditions.ts';
import { readyOfDaemon, rollOutState } from '../../../core/status/daemon-state.ts';
import { lackingNodes, SUPPORT } from '../../../core/status/support.ts';
import { rfc3339 } from '../../../core/status/time.ts';
import type { SecurityProfileNodeStatus } from '../../../gen/crd/security-profile-node-status.ts';
import type {
  DaemonState,
  SecurityProfilesOperatorDaemon,
  SecurityProfilesOperatorDaemonStatus,
} from '../../../gen/crd/security-profiles-operator-daemon.ts';
import { SECURITY_PROFILES_OPERATOR_DAEMON } from '../../../gen/kinds.ts';
import type { Handler, PolicyRule, Reader, Selector, Watch } from '../../../runtime/handler.ts';
import { isDeleting } from '../../../runtime/object.ts';
import type { KubeObject, ObjectKey } from '../../../runtime/object.ts';
import type { ObjectEvent, Outcome } from '../../../runtime/outcome.ts';
import { asSeen } from '../../../runtime/precondition.ts';
import { KubeletDirectories, kubeletDirsMarkOf, labelledNodes } from './kubelet-directories.ts';
import { DAY_MS } from './authority.ts';
import type { Authority } from './authority.ts';
import { SPOD_RULES } from './rules.ts';
import { conditionsOf, eventsOf, permissionsLost } from './spod-conditions.ts';
import type { ServerCertificate } from './server-certificate.ts';
import type { Webhooks } from './webhooks.ts';
import type { ClusterNode, DaemonSetObject } from '../../sources/nodes.ts';
import type { DeploymentObject, SecretObject } from '../../sources/deployment.ts';

type Spod = SecurityProfilesOperatorDaemon;

/** The dependencies of the handler. */
export interface SpodParts {
  readonly namespace: string;
  readonly kubeletDir: string;
  readonly restrictTo: readonly string[];
  /** The daemon's image where the manager has no Deployment to read it from. */
  readonly image: string;
  /** Options of the spod that is made where there is none. */
  readonly firstOptions: FirstOptions;
  /** Fields that it shall have, from the environment. */
  readonly spodOptions: SpodOptions;
  readonly authority: Authority;
  /** Those of the metrics endpoints. */
  readonly certificates: { readonly daemons: ServerCertificate; readonly manager: ServerCertificate };
  readonly webhooks: Webhooks;
  readonly watches: readonly Watch[];
  readonly daemonSets: Reader<DaemonSetObject>;
  readonly deployments: Reader<DeploymentObject>;
  readonly nodes: Reader<ClusterNode>;
  /** Those of all namespaces that may be seen. */
  readonly spods: Pick<Reader<Spod>, 'list'>;
  readonly nodeStatuses: Pick<Reader<SecurityProfileNodeStatus>, 'list'>;
  readonly secrets: Readonly<Record<'authority' | 'daemons' | 'manager', Reader<SecretObject>>>;
  /** CRDs of the Prometheus operator that the cluster has. */
  readonly monitorCrds: Reader<KubeObject>;
  readonly log: Log;
  /** The resources that the API server does not let this process watch any more; undefined for none. */
  forbidden(): string | undefined;
  /** The operator of another namespace goes before: this process ends, and waits when it begins again. */
  standAside(rival: string): void;
  /** Milliseconds since 1970. */
  now(): number;
}

/** The most nodes that the status lists, schemas/crd/security-profiles-operator-daemon.json. */
const NODES_LISTED = 5000;

/** Keeps the DaemonSet and its surroundings. */
export class SpodHandler implements Handler<Spod> {
  readonly kind = SECURITY_PROFILES_OPERATOR_DAEMON;
  readonly name = 'spod-config';
  readonly selector: Selector;
  readonly watches: readonly Watch[];
  readonly concurrency = 1;
  readonly rules: readonly PolicyRule[] = SPOD_RULES;
  private readonly parts: SpodParts;
  private readonly directories = new KubeletDirectories();
  private monitored = false;
  private seen: Spod | undefined;

  constructor(parts: SpodParts) {
    this.parts = parts;
    this.watches = parts.watches;
    this.selector = { namespace: parts.namespace, fieldSelector: `metadata.name=${SPOD}` };
  }

  /** The key of the one object that counts. */
  get key(): ObjectKey {
    return { namespace: this.parts.namespace, name: SPOD };
  }

  /** Whether nothing is configured any more that this process would remove when the operator goes. */
  hasLeft(): boolean {
    return this.seen === undefined || this.parts.webhooks.areRemoved(this.seen);
  }

  async apply(spod: Spod): Promise<Outcome<Spod>> {
    this.seen = spod;
    const { namespace, authority, certificates, webhooks, secrets } = this.parts;
    // At once and nothing else: this process ends in the next moment, and what it leaves configured blocks pods.
    if (webhooks.isLeaving()) return { toDelete: webhooks.removed(spod) };
    // Two that began in the same moment have both found none; what is to be said of it, the next process says.
    const rival = rivalOf(namespace, spod, this.parts.spods.list());
    if (rival !== undefined) {
      this.parts.standAside(rival);
      return {};
    }
    const forbidden = this.parts.forbidden();
    if (forbidden !== undefined) return this.refused(spod, permissionsLost(forbidden));
    // Before anything is made of it: the daemon is rolled out once, with these options.
    const configured = configuredSpod(spod, this.parts.spodOptions);
    if (configured !== undefined) return { desired: [configured] };
    const owner = ownerOf(spod);
    const now = this.parts.now();
    const signing = await authority.desired(this.found(secrets.authority, OBJECT.authority), now);
    const server = await certificates.daemons.desired(signing, this.found(secrets.daemons, OBJECT.metricsCert), now);
    const found = this.found(secrets.manager, OBJECT.managerMetricsCert);
    const own = await certificates.manager.desired(signing, found, now);
    const directories = this.directories.mark(this.parts.nodes.list(), kubeletDirsMarkOf(this.liveDaemonSet()), now);
    const daemon = this.daemonSetFor(spod, directories.mark);
    const hooks = await webhooks.desired(spod, owner, this.image(), signing, now);
    const traced = this.tracedSpec(spod);
    const desired = [
      tlsSecret(OBJECT.authority, namespace, owner, { ...signing.pair, authority: signing.bundle }),
      tlsSecret(OBJECT.metricsCert, namespace, owner, server.content),
      tlsSecret(OBJECT.managerMetricsCert, namespace, owner, own.content),
      ownProfilesConfigMap(namespace, owner),
      ...metricsServices(namespace, owner),
      daemon,
      ...this.monitorFor(spod),
      ...traceProfiles(namespace, owner, traced),
      ...hooks.desired,
    ];
    const status = this.statusFor(spod, daemon, directories.waitMs !== undefined, hooks.missing);
    const looks = [server.lookAgainMs, own.lookAgainMs, hooks.lookAgainMs, directories.waitMs ?? DAY_MS];
    const requeueAfterMs = Math.min(...looks);
    const toDelete = [...hooks.toDelete, ...unwantedTraceProfiles(namespace, traced)];
    return { desired, toDelete, status, events: eventsOf(spod, status), requeueAfterMs };
  }

  /** A user who deletes the spod wants daemon and webhooks removed; the garbage collector takes what it owns. */
  async cleanup(spod: Spod): Promise<Outcome<Spod>> {
    this.seen = spod;
    return { toDelete: this.parts.webhooks.removed(spod) };
  }

  /** There is none: one is made if there never was. A user who deletes the one that we saw wants no other. */
  async gone(): Promise<Outcome<Spod>> {
    if (this.seen !== undefined) return { toDelete: this.parts.webhooks.removed(this.seen) };
    this.parts.log.info('creating the default configuration', { spod: SPOD });
    const { namespace, firstOptions, spodOptions } = this.parts;
    // One that a user has made meanwhile, which the watch has not shown yet, is left as it is.
    return { desired: [asSeen(defaultSpod(namespace, firstOptions, spodOptions), undefined)] };
  }

  /**
   * The API server refuses the objects of this spod: only a status and an event of the spod can show it to the user.
   */
  refused(spod: Spod, why: Error): Outcome<Spod> {
    const failed = spod.status?.state === undefined ? 'CannotCreateSPOD' : 'CannotUpdateSPOD';
    const reason = why instanceof Failed ? why.reason : failed;
    const ready = { ...readyOfDaemon('ERROR', undefined, spod.metadata.generation ?? 0), message: why.message };
    const known = spod.status?.conditions?.some((condition) => condition.message === why.message) === true;
    const events: readonly ObjectEvent[] = known ? [] : [{ type: 'Warning', reason, message: why.message }];
    return {
      status: {
        state: 'ERROR',
        observedGeneration: spod.metadata.generation ?? 0,
        conditions: withObservation(spod.status?.conditions, ready, this.time()),
      },
      events,
    };
  }

  private daemonSetFor(spod: Spod, kubeletDirs: string): Manifest {
    const manifest = daemonSet(spod.spec ?? {}, this.contextFor(spod, kubeletDirs));
    const hash = sha256Hex(JSON.stringify(manifest['spec'])).slice(0, 16);
    return { ...manifest, metadata: { ...manifest.metadata, annotations: { [ANNOTATION.templateHash]: hash } } };
  }

  private contextFor(spod: Spod, kubeletDirs: string): DaemonContext {
    const { namespace, kubeletDir, restrictTo } = this.parts;
    return {
      namespace,
      kubeletDir,
      restrictTo,
      ...this.image(),
      kubeletDirs,
      profilesHash: ownProfilesHash(),
      owner: ownerOf(spod),
    };
  }

  /** The manager's own image, which all processes of the operator run. */
  private image(): { readonly image: string; readonly imagePullPolicy: string } {
    const { namespace, deployments } = this.parts;
    const container = deployments
      .get({ namespace, name: OPERATOR })
      ?.spec?.template?.spec?.containers?.find(({ name }) => name === OPERATOR);
    return {
      image: container?.image ?? this.parts.image,
      imagePullPolicy: container?.imagePullPolicy ?? 'IfNotPresent',
    };
  }

  private found(secrets: Reader<SecretObject>, name: string): TlsContent | undefined {
    return tlsContent(secrets.get({ namespace: this.parts.namespace, name })?.data);
  }

  /** A profile of a namespace that the operator does not look at would never be installed. */
  private tracedSpec({ spec = {} }: Spod): NonNullable<Spod['spec']> {
    const { namespace, restrictTo } = this.parts;
    return restrictTo.length === 0 || restrictTo.includes(namespace) ? spec : { ...spec, enableLogEnricher: false };
  }

  private monitorFor(spod: Spod): readonly Manifest[] {
    // While the kind itself is being deleted, its objects go first, and the API server takes no new ones.
    if (this.parts.monitorCrds.list().every(isDeleting)) return [];
    if (!this.monitored) this.parts.log.info('Deploying operator service monitor');
    this.monitored = true;
    const owner = ownerOf(spod);
    return [metricsToken(this.parts.namespace, owner), serviceMonitor(this.parts.namespace, owner)];
  }

  private liveDaemonSet(): DaemonSetObject | undefined {
    return this.parts.daemonSets.get({ namespace: this.parts.namespace, name: SPOD });
  }

  private statusFor(
    spod: Spod,
    wanted: Manifest,
    waiting: boolean,
    missing?: string,
  ): SecurityProfilesOperatorDaemonStatus {
    const live = this.liveDaemonSet();
    const state = this.stateOf(spod.status?.state, live, wanted, missing);
    const generation = spod.metadata.generation ?? 0;
    const ready = readyOfDaemon(state, live, generation, missing);
    const labelled = labelledNodes(this.parts.nodes.list());
    const others = laterOperators(this.parts.namespace, this.parts.spods.list(), generation);
    return {
      state,
      observedGeneration: generation,
      conditions: conditionsOf(spod, { ready, labelled, waiting, others, now: this.time() }),
      ...this.lackingAppArmor(spod),
    };
  }

  /** The webhooks, which keep pods from these nodes, know the spod and not what each node reports. */
  private lackingAppArmor({ spec = {} }: Spod): Pick<SecurityProfilesOperatorDaemonStatus, 'nodesWithoutAppArmor'> {
    const nodes = spec.enableAppArmor === true ? lackingNodes(SUPPORT.appArmor, this.parts.nodeStatuses.list()) : [];
    return nodes.length === 0 ? {} : { nodesWithoutAppArmor: nodes.slice(0, NODES_LISTED) };
  }

  /**
   * Only the DaemonSet of this very spod counts: an older one that still runs says nothing about a changed spod.
   */
  private stateOf(
    before: DaemonState | undefined,
    live: DaemonSetObject | undefined,
    wanted: Manifest,
    missing?: string,
  ): DaemonState {
    const since = before === 'ERROR' && live !== undefined ? 'UPDATING' : before;
    const current =
      live?.metadata.annotations?.[ANNOTATION.templateHash] === wanted.metadata.annotations?.[ANNOTATION.templateHash];
    if (live !== undefined && !current) return rollOutState({ metadata: {} }, since);
    return rollOutState(live, since, missing);
  }

  private time(): string {
    return rfc3339(this.parts.now());
  }
}
