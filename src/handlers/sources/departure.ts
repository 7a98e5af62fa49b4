// SPDX-License-Identifier: Apache-2.0
// The objects by which an uninstallation begins: the operator's namespace, the manager's Deployment, the definitions of
// our kinds. And those that the manager makes in order to leave.
import { departureGrants, HELD_KINDS } from '../../core/deploy/departure.ts';
import type { DepartureParts } from '../../core/deploy/departure.ts';
import { OBJECT, OPERATOR } from '../../core/names.ts';
import type { Source, Watch } from '../../runtime/handler.ts';
import {
  CLUSTER_ROLE,
  CLUSTER_ROLE_BINDING,
  NAMESPACE,
  ROLE,
  ROLE_BINDING,
  SERVICE_ACCOUNT,
} from '../../runtime/kinds.ts';
import { isDeleting } from '../../runtime/object.ts';
import type { ObjectKey, Resource } from '../../runtime/object.ts';
import { crdSource, deploymentSource, one } from './deployment.ts';

/** The definition of each kind whose objects have finalizers of ours, by the plural. */
const DEFINITIONS: ReadonlyMap<string, Source> = new Map(
  HELD_KINDS.map(({ plural, group }) => [plural, crdSource(`${plural}.${group}`)]),
);

/** The definition of a kind; undefined for one of which nothing is held. */
export function definitionSource({ plural }: Resource): Source | undefined {
  return DEFINITIONS.get(plural);
}

/** The operator's own Namespace. */
export function homeSource(namespace: string): Source {
  return { resource: NAMESPACE, selector: { fieldSelector: `metadata.name=${namespace}` } };
}

/** The manager's account. */
export function accountSource(namespace: string): Source {
  return one(SERVICE_ACCOUNT, namespace, OPERATOR);
}

/** The roles with which the manager leaves. */
export function departureRoleSources({ namespace, restrictTo }: DepartureParts): readonly Source[] {
  const byName = (resource: Resource, name: string): Source => ({
    resource,
    selector: { fieldSelector: `metadata.name=${name}` },
  });
  const names = departureGrants({ namespace, restrictTo }).map(({ metadata }) => metadata.name);
  const watched = [...new Set(names)].filter((name) => name !== OBJECT.departureRole);
  return [
    ...[CLUSTER_ROLE, CLUSTER_ROLE_BINDING].map((resource) => byName(resource, OBJECT.departureRole)),
    ...[ROLE, ROLE_BINDING].map((resource) => one(resource, namespace, OBJECT.departureRole)),
    ...watched.flatMap((name) => [ROLE, ROLE_BINDING].map((resource) => byName(resource, name))),
  ];
}

/** The beginning of an uninstallation, and its end where somebody thinks better of it; of a kind, or of all. */
export function leavingWatches(
  namespace: string,
  resource: Resource | undefined,
  all: () => readonly ObjectKey[],
): readonly Watch[] {
  const definition = resource === undefined ? undefined : definitionSource(resource);
  const sources: readonly Source[] = [
    homeSource(namespace),
    deploymentSource(namespace),
    ...(definition === undefined ? [] : [definition]),
  ];
  return sources.map((source) => ({
    ...source,
    predicate: (before, after) => isDeleting(before) !== isDeleting(after),
    mapToKeys: all,
  }));
}
