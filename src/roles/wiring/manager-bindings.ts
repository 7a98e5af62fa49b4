// SPDX-License-Identifier: Apache-2.0
// The manager's handlers of bindings, and of the pods that they are for.
import { NamespacePods } from '../../handlers/manager/namespace-pods.ts';
import { PodEventsHandler } from '../../handlers/manager/pod-events.ts';
import { ProfileBindingHandler } from '../../handlers/manager/profile-binding.ts';
import { bindingWatches } from '../../handlers/sources/binding-watches.ts';
import { MANAGED_BINDINGS, NamespaceBindings, NAMESPACES, WebhookReach } from '../../handlers/sources/bindings.ts';
import { leavingWatches } from '../../handlers/sources/departure.ts';
import { spodSource } from '../../handlers/sources/spods.ts';
import { SPOD, WEBHOOK } from '../../core/names.ts';
import { PROFILE_BINDING } from '../../gen/kinds.ts';
import { keyOf } from '../../runtime/object.ts';
import type { Resource } from '../../runtime/object.ts';
import { steady } from './manager-pods.ts';
import type { PodSide } from './manager-pods.ts';

/** Registers the handlers. */
export function registerBindingHandlers({ operator, clock, kinds, source, readers, leave }: PodSide): void {
  const spodKey = { namespace: readers.namespace, name: SPOD };
  const spods = spodSource(spodKey);
  const all = operator.reader(MANAGED_BINDINGS);
  const bindings = new NamespaceBindings(all);
  const reach = new WebhookReach(WEBHOOK.binding, operator.reader(NAMESPACES), operator.reader(spods), spodKey);
  const pods = new NamespacePods(operator.reader(source));
  const keys = () => all.list().map(keyOf);
  const watches = [
    ...bindingWatches({ pods: source, kinds: kinds.map(({ kind }) => kind), spods, bindings, all }),
    ...leavingWatches(readers.namespace, PROFILE_BINDING, keys),
  ];
  const isLeaving = (resource: Resource): boolean => leave.leaving.isLeaving(resource);
  const now = (): number => clock.now();
  operator.register(new ProfileBindingHandler({ watches, kinds, pods, bindings, reach, isLeaving, now }));
  operator.register(new PodEventsHandler({ source, kinds, bindings, reach, now: steady(clock) }));
}
