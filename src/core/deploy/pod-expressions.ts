// SPDX-License-Identifier: Apache-2.0
// Expressions of the Common Expression Language about the security contexts of a pod, as policies use them. Fields that
// a pod need not have are asked for with `?`: an error in an expression would refuse the pod.

/** The values of a field in all security contexts of a pod; an absent one is an empty text. */
export function contextValues(field: string): string {
  const of = (context: string): string => `${context}.${field}.orValue('')`;
  const lists = ['containers', 'initContainers', 'ephemeralContainers'].map(
    (list) => `object.spec.?${list}.orValue([]).map(c, ${of('c.?securityContext')})`,
  );
  return [`[${of('object.spec.?securityContext')}]`, ...lists].join(' + ');
}

/** The parts of a path as the kubelet opens it. The API server refuses `..` and paths from the root. */
export function pathParts(path: string): string {
  return `${path}.split('/').filter(s, s != '' && s != '.')`;
}
