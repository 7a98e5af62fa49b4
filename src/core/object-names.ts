// SPDX-License-Identifier: Apache-2.0
// The names that Kubernetes accepts for objects: what paths and policies on a node are built from.

/**
 * DNS-1123 subdomain, what Kubernetes demands of object names: no slash, no two dots in a row, no dot at either end.
 */
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** DNS-1123 label, what Kubernetes demands of namespaces. */
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/**
 * Refuses what is no namespace or no name of a profile.
 * @throws RangeError when namespace or name isn't one that Kubernetes would accept
 */
export function requireObjectName(namespace: string, name: string): void {
  if (namespace.length > 63 || !DNS_LABEL.test(namespace)) {
    throw new RangeError(`namespace ${JSON.stringify(namespace)} is not a DNS label`);
  }
  if (name.length > 253 || !SUBDOMAIN.test(name)) {
    throw new RangeError(`profile name ${JSON.stringify(name)} is not a DNS subdomain`);
  }
}
