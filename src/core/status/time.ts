// SPDX-License-Identifier: Apache-2.0
// Times as Kubernetes objects hold them (metav1.Time): RFC 3339 in UTC, whole seconds.

/** The time of a clock reading in milliseconds since 1970, for example `2026-01-31T09:00:00Z`. */
export function rfc3339(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
