// SPDX-License-Identifier: Apache-2.0
// Label selectors as the API server understands them (metav1.LabelSelectorAsSelector of k8s.io/apimachinery).
import type { LabelSelector, LabelSelectorRequirement } from '../gen/crd/defs/label-selector.ts';

/** Labels of an object. */
export type Labels = Readonly<Record<string, string>>;

function holds({ key, operator, values = [] }: LabelSelectorRequirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
  }
}

/** Whether the labels fulfil all requirements; no selector and an empty one select everything. */
export function selects(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  if (selector === undefined) return true;
  const own = labels ?? {};
  const equal = Object.entries(selector.matchLabels ?? {}).every(
    ([key, value]) => Object.hasOwn(own, key) && own[key] === value,
  );
  return equal && (selector.matchExpressions ?? []).every((requirement) => holds(requirement, own));
}
