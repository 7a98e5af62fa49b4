// SPDX-License-Identifier: Apache-2.0
// The patch that makes a pod what was decided: parents before children, and nothing that is so already.
import { isJsonObject } from '../json.ts';
import { pointer } from '../json-patch.ts';
import type { PatchOperation } from '../json-patch.ts';
import type { FieldChange } from './decide.ts';
import type { AdmittedPod } from './pod.ts';

/** Annotations by key; undefined for one that the pod must not have. */
export type AnnotationChanges = Readonly<Record<string, string | undefined>>;

function contextPath({ place }: FieldChange): readonly (string | number)[] {
  return ['spec', ...(place === undefined ? [] : [place.list, place.index]), 'securityContext'];
}

/** Adds the members of one security context, and the context where there is none. */
function contextPatch(pod: AdmittedPod, changes: readonly FieldChange[]): readonly PatchOperation[] {
  const [first] = changes;
  if (first === undefined) return [];
  const owner = first.place === undefined ? pod.spec : first.place.container;
  const path = contextPath(first);
  if (isJsonObject(owner?.securityContext)) {
    return changes.map(({ member, value }) => ({ op: 'add', path: pointer(...path, member), value }));
  }
  const value = Object.fromEntries(changes.map((change) => [change.member, change.value]));
  return [{ op: 'add', path: pointer(...path), value }];
}

/** The operations for security contexts: the changes of one context together. */
export function fieldPatch(pod: AdmittedPod, changes: readonly FieldChange[]): readonly PatchOperation[] {
  const byPath = Map.groupBy(changes, (change) => pointer(...contextPath(change)));
  return [...byPath.values()].flatMap((group) => contextPatch(pod, group));
}

/** The operations for annotations of the pod. */
export function annotationPatch(pod: AdmittedPod, changes: AnnotationChanges): readonly PatchOperation[] {
  const { annotations } = pod.metadata ?? {};
  if (!isJsonObject(annotations)) {
    const value = Object.fromEntries(Object.entries(changes).filter(([, text]) => text !== undefined));
    return Object.keys(value).length === 0 ? [] : [{ op: 'add', path: pointer('metadata', 'annotations'), value }];
  }
  return Object.entries(changes).flatMap(([key, text]): readonly PatchOperation[] => {
    const path = pointer('metadata', 'annotations', key);
    const current = Object.hasOwn(annotations, key) ? annotations[key] : undefined;
    if (current === text) return [];
    return text === undefined ? [{ op: 'remove', path }] : [{ op: 'add', path, value: text }];
  });
}

/** The operation that adds a scheduling gate. */
export function gatePatch(pod: AdmittedPod, name: string): readonly PatchOperation[] {
  const path = ['spec', 'schedulingGates'];
  return Array.isArray(pod.spec?.schedulingGates)
    ? [{ op: 'add', path: pointer(...path, '-'), value: { name } }]
    : [{ op: 'add', path: pointer(...path), value: [{ name }] }];
}
