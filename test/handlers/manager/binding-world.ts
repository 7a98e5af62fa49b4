// SPDX-License-Identifier: Apache-2.0
// Bindings, pods, profiles and namespaces in stores, for the tests of the handlers that read them.
import { BindingTrials } from '../../../src/handlers/manager/binding-trials.ts';
import { NamespacePods } from '../../../src/handlers/manager/namespace-pods.ts';
import { PodEventsHandler } from '../../../src/handlers/manager/pod-events.ts';
import { ProfileBindingHandler } from '../../../src/handlers/manager/profile-binding.ts';
import { seccompTwin } from '../../../src/handlers/manager/twin-forms.ts';
import { bindingWatches } from '../../../src/handlers/sources/binding-watches.ts';
import { NamespaceBindings, WebhookReach } from '../../../src/handlers/sources/bindings.ts';
import { managedPodSource } from '../../../src/handlers/sources/managed-pods.ts';
import type { ManagedPod } from '../../../src/handlers/sources/managed-pods.ts';
import { SECCOMP } from '../../../src/handlers/sources/seccomp-profiles.ts';
import type { DaemonNode } from '../../../src/handlers/sources/nodes.ts';
import { bindingOwner, Twins } from '../../../src/handlers/sources/twins.ts';
import { spodSource } from '../../../src/handlers/sources/spods.ts';
import type { Chance } from '../../../src/core/evidence/chance.ts';
import type { Limit } from '../../../src/core/seccomp/allowed.ts';
import type { ProfileDenial } from '../../../src/core/status/denials.ts';
import { SECCOMP_PROFILE } from '../../../src/gen/kinds.ts';
import { WEBHOOK } from '../../../src/core/names.ts';
import type { ProfileBinding, ProfileBindingSpec } from '../../../src/gen/crd/profile-binding.ts';
import type { SeccompProfile } from '../../../src/gen/crd/seccomp-profile.ts';
import type {
  SecurityProfilesOperatorDaemon,
  WebhookOptions,
} from '../../../src/gen/crd/security-profiles-operator-daemon.ts';
import type { Profile } from '../../../src/handlers/sources/profiles.ts';
import type { KubeObject } from '../../../src/runtime/object.ts';
import { NO_ARTIFACTS, seccompProfile, Shelf } from '../../fakes/profiles.ts';

const GROUP = 'security-profiles-operator.x-k8s.io';
const spodKey = { namespace: 'op', name: 'spod' };

/** Of a pod what a test is about. */
export interface PodParts {
  readonly image?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Bound marks. */
  readonly bound?: string;
  readonly skipped?: string;
  /** The profile of the namespace that it runs under. */
  readonly profile?: string;
  readonly created?: string;
  readonly gated?: boolean;
  readonly phase?: string;
  /** Its container waits, for its image say. */
  readonly waits?: true;
}

/** A little cluster. */
export class BindingWorld {
  readonly source = managedPodSource([SECCOMP]);
  readonly pods = new Shelf<ManagedPod>();
  readonly profiles = new Shelf<Profile>();
  readonly bindings = new Shelf<ProfileBinding>();
  readonly namespaces = new Shelf<KubeObject>();
  readonly spods = new Shelf<SecurityProfilesOperatorDaemon>();
  readonly namespacePods = new NamespacePods(this.pods);
  readonly namespaceBindings = new NamespaceBindings(this.bindings);
  readonly reach = new WebhookReach(WEBHOOK.binding, this.namespaces, this.spods, spodKey);
  readonly watches = bindingWatches({
    pods: this.source,
    kinds: [SECCOMP],
    spods: spodSource(spodKey),
    bindings: this.namespaceBindings,
    all: this.bindings,
    recorded: [],
    namespace: 'op',
    relatedTo: () => [],
    ownersOfTwin: (_kind, key) => {
      const owner = bindingOwner(this.profiles.get(key) ?? { apiVersion: '', kind: '', metadata: { name: '' } });
      return owner === undefined ? [] : [{ namespace: owner.namespace, name: owner.name }];
    },
  });
  /** Denials that the one node tells of, by the name of the profile. */
  readonly denials = new Map<string, readonly ProfileDenial[]>();
  isAudited = true;
  limit: Limit = {};
  chance: Chance | undefined;
  readonly trials = new BindingTrials({
    kinds: [
      {
        resource: SECCOMP_PROFILE,
        profiles: this.profiles,
        twins: new Twins(this.profiles),
        twinForm: (profile) =>
          seccompTwin(profile as SeccompProfile, {
            profiles: this.profiles as unknown as Shelf<SeccompProfile>,
            artifacts: NO_ARTIFACTS,
            limit: () => this.limit,
          }),
      },
    ],
    daemonNodes: () => [this.node()],
    chanceOf: () => this.chance,
  });
  /** Whether the operator or the kind is being deleted. */
  isLeaving = false;
  time = Date.parse('2026-01-01T00:01:00Z');
  private readonly kinds = [{ kind: SECCOMP, profiles: this.profiles }];
  readonly handler = new ProfileBindingHandler({
    watches: this.watches,
    kinds: this.kinds,
    pods: this.namespacePods,
    bindings: this.namespaceBindings,
    reach: this.reach,
    isLeaving: () => this.isLeaving,
    trials: this.trials,
    now: () => this.time,
  });
  readonly podEvents = new PodEventsHandler({
    source: this.source,
    kinds: this.kinds,
    bindings: this.namespaceBindings,
    reach: this.reach,
    now: () => this.time,
  });

  /** The namespace `ns`, labelled for bindings where nothing else is said. */
  namespace(labels: Readonly<Record<string, string>> = { 'spo.x-k8s.io/enable-binding': '' }): void {
    this.namespaces.set({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ns', labels } });
  }

  private node(): DaemonNode {
    const profiles = Object.fromEntries(
      this.profiles.list().map(({ metadata: { name, uid, generation = 0 } }) => {
        const denials = this.denials.get(name) ?? [];
        return [`SeccompProfile/ns/${name}`, { state: 'Installed' as const, uid: uid ?? '', generation, denials }];
      }),
    );
    const read = { type: 'AuditLogRead', reason: 'x', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' };
    const conditions = [{ ...read, status: this.isAudited ? ('True' as const) : ('False' as const) }];
    const nodeStatus = {
      apiVersion: `${GROUP}/v1alpha1` as const,
      kind: 'SecurityProfileNodeStatus' as const,
      metadata: { name: 'n1', namespace: 'op' },
      nodeName: 'n1',
      status: { profiles, conditions },
    };
    return { name: 'n1', unreachable: false, nodeStatus };
  }

  /** An option of the binding webhook in the spod. */
  webhookOption(option: Omit<WebhookOptions, 'name'>): void {
    this.spods.set({
      apiVersion: `${GROUP}/v1alpha1`,
      kind: 'SecurityProfilesOperatorDaemon',
      metadata: spodKey,
      spec: { webhookOptions: [{ name: 'binding.spo.io', ...option }] },
    });
  }

  /** A profile of the namespace, on all nodes. */
  profile(name: string, state: 'Installed' | 'Pending' = 'Installed'): void {
    const profile: SeccompProfile = seccompProfile(name);
    this.profiles.set({ ...profile, status: { status: state, observedGeneration: 1 } });
  }

  binding(
    name: string,
    spec: Partial<Omit<ProfileBindingSpec, 'profileRef'>> & {
      readonly profile?: string;
      readonly kind?: 'SelinuxProfile';
    } = {},
    metadata: object = {},
  ): ProfileBinding {
    const { profile = 'a', kind = 'SeccompProfile', image = 'nginx:1', ...rest } = spec;
    return this.bindings.set({
      apiVersion: `${GROUP}/v1alpha1`,
      kind: 'ProfileBinding',
      metadata: {
        name,
        namespace: 'ns',
        uid: name,
        generation: 1,
        creationTimestamp: '2026-01-01T00:00:00Z',
        ...metadata,
      },
      spec: { profileRef: { kind, name: profile }, image, ...rest },
    });
  }

  pod(name: string, parts: PodParts = {}): ManagedPod {
    const { image = 'nginx:1', labels, bound, skipped, profile, created = '2026-01-01T00:00:30Z' } = parts;
    const localhostProfile = `operator/ns/${profile ?? ''}.json`;
    const annotations = {
      ...(bound === undefined ? {} : { 'spo.x-k8s.io/profile-bindings': bound }),
      ...(skipped === undefined ? {} : { 'spo.x-k8s.io/profile-bindings-skipped': skipped }),
    };
    const whole = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'ns', uid: name, creationTimestamp: created, labels, annotations },
      spec: {
        containers: [{ name: 'c', image }],
        ...(profile === undefined ? {} : { securityContext: { seccompProfile: { localhostProfile } } }),
        ...(parts.gated === true ? { schedulingGates: [{ name: 'spo.x-k8s.io/profile-installed' }] } : {}),
      },
      status: {
        phase: parts.phase ?? 'Running',
        containerStatuses: [
          { name: 'c', state: parts.waits === true ? { waiting: {} } : { running: { startedAt: created } } },
        ],
      },
    };
    return this.pods.set(this.source.transform!(whole as unknown as ManagedPod));
  }

  /** State and message that the handler comes to for a binding, when it has waited long enough. */
  async verdict(name: string): Promise<string> {
    const outcome = await this.settled(name);
    const { state = '', message = '' } = outcome.status ?? {};
    return `${state}: ${message}`;
  }

  /** The outcome for a binding, when it has waited long enough. */
  async settled(name: string) {
    const binding = this.bindings.get({ namespace: 'ns', name });
    if (binding === undefined) throw new Error(`no binding ${name}`);
    const first = await this.handler.apply(binding);
    if (first.requeueAfterMs === undefined) return first;
    this.time += 1000;
    return this.handler.apply(binding);
  }
}
