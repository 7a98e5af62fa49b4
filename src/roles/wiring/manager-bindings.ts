// SPDX-License-Identifier: Apache-2.0
// The manager's handlers of bindings, and of the pods that they are for.
import { BindingTrials } from '../../handlers/manager/binding-trials.ts';
import type { TrialKind } from '../../handlers/manager/binding-trials.ts';
import { NamespacePods } from '../../handlers/manager/namespace-pods.ts';
import { PodEventsHandler } from '../../handlers/manager/pod-events.ts';
import { ProfileBindingHandler } from '../../handlers/manager/profile-binding.ts';
import { relativesOf } from '../../handlers/sources/base-profiles.ts';
import { bindingWatches } from '../../handlers/sources/binding-watches.ts';
import type { BindingWatchParts } from '../../handlers/sources/binding-watches.ts';
import { MANAGED_BINDINGS, NamespaceBindings, NAMESPACES, WebhookReach } from '../../handlers/sources/bindings.ts';
import { leavingWatches } from '../../handlers/sources/departure.ts';
import { daemonNodes } from '../../handlers/sources/nodes.ts';
import { LEARNT_SOURCES } from '../../handlers/sources/recorded-profiles.ts';
import { spodSource } from '../../handlers/sources/spods.ts';
import { bindingOwner, Twins } from '../../handlers/sources/twins.ts';
import { accountOf } from '../../core/evidence/account.ts';
import type { LearntProfile } from '../../core/recording/kinds/learner.ts';
import { isRecorded } from '../../core/recording/merge-partials.ts';
import { SPOD, WEBHOOK } from '../../core/names.ts';
import { PROFILE_BINDING } from '../../gen/kinds.ts';
import type { Reader } from '../../runtime/handler.ts';
import { keyOf } from '../../runtime/object.ts';
import type { Resource } from '../../runtime/object.ts';
import type { PodSide } from './manager-pods.ts';
import { steady } from './manager-pods.ts';
import { PROFILE_KINDS } from './profile-kinds.ts';
import type { ClusterSide } from './profile-kinds.ts';

/** Registers the handlers. */
export function registerBindingHandlers(side: PodSide, cluster: ClusterSide): void {
  const { operator, clock, kinds, source, readers, leave } = side;
  const spodKey = { namespace: readers.namespace, name: SPOD };
  const spods = spodSource(spodKey);
  const all = operator.reader(MANAGED_BINDINGS);
  const bindings = new NamespaceBindings(all);
  const reach = new WebhookReach(WEBHOOK.binding, operator.reader(NAMESPACES), operator.reader(spods), spodKey);
  const pods = new NamespacePods(operator.reader(source));
  const watches = [
    ...bindingWatches({
      pods: source,
      kinds: kinds.map(({ kind }) => kind),
      spods,
      bindings,
      all,
      recorded: LEARNT_SOURCES.map(({ recorded }) => recorded),
      namespace: readers.namespace,
      ...relations(side),
    }),
    ...leavingWatches(readers.namespace, PROFILE_BINDING, () => all.list().map(keyOf)),
  ];
  const isLeaving = (resource: Resource): boolean => leave.leaving.isLeaving(resource);
  const now = (): number => clock.now();
  const trials = bindingTrials(side, cluster);
  operator.register(new ProfileBindingHandler({ watches, kinds, pods, bindings, reach, trials, isLeaving, now }));
  operator.register(new PodEventsHandler({ source, kinds, bindings, reach, now: steady(clock) }));
}

/** How profiles hang together with each other, and twins with bindings. */
function relations({ kinds }: PodSide): Pick<BindingWatchParts, 'relatedTo' | 'ownersOfTwin'> {
  const relatives = new Map(kinds.map(({ kind, profiles }) => [kind.resource.kind, relativesOf(kind, profiles)]));
  return {
    relatedTo: ({ resource }, profile) => relatives.get(resource.kind)?.concernedBy(profile) ?? [],
    ownersOfTwin: (of, key) => {
      const twin = kinds.find(({ kind }) => kind.resource.kind === of)?.profiles.get(key);
      const owner = twin === undefined ? undefined : bindingOwner(twin);
      return owner === undefined ? [] : [{ namespace: owner.namespace, name: owner.name }];
    },
  };
}

function bindingTrials({ operator, kinds, readers }: PodSide, cluster: ClusterSide): BindingTrials {
  const tried = kinds.flatMap(({ kind, profiles }): readonly TrialKind[] => {
    const wired = PROFILE_KINDS.find((one) => one.kind.resource === kind.resource);
    const twinForm = wired?.twinForm?.(cluster);
    if (twinForm === undefined) return [];
    return [{ resource: kind.resource, profiles, twins: new Twins(profiles), twinForm }];
  });
  const recorded = new Map<string, Reader<LearntProfile>>(
    LEARNT_SOURCES.map(({ kind, recorded: of }) => [kind, operator.reader(of)]),
  );
  return new BindingTrials({
    kinds: tried,
    daemonNodes: () => daemonNodes(readers),
    chanceOf: (kind, key) => {
      const profile = recorded.get(kind)?.get(key);
      return profile === undefined || !isRecorded(profile) ? undefined : accountOf([profile]).chance;
    },
  });
}
