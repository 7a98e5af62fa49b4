// SPDX-License-Identifier: Apache-2.0
// One control plane for all files of a test process that need no more than an API server: each works in namespaces of
// its own. It starts with the first file that asks for it, and ends after the last one.
import type { SeccompProfile } from '../../src/gen/crd/seccomp-profile.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { OPERATOR_NAMESPACE, profilesPath, REPORTS_PATH, startBareControlPlane } from '../../tools/lab/operator.ts';
import type { Installation } from '../../tools/lab/operator.ts';

let shared: Promise<ControlPlane> | undefined;

/**
 * The control plane of this process. Pods need no ServiceAccount there. A test may stop and start its API server, not
 * more.
 * @throws Error when it cannot be built or started
 */
export function sharedPlane(): Promise<ControlPlane> {
  return (shared ??= startBareControlPlane());
}

after(async () => {
  await (await shared)?.stop();
});

const profilesOfAll = '/apis/security-profiles-operator.x-k8s.io/v1beta1/seccompprofiles';
const daemonSet = `/apis/apps/v1/namespaces/${OPERATOR_NAMESPACE}/daemonsets/spod`;

/**
 * Ends an operator, and removes what the next one on the control plane would take for its own: profiles, reports, the
 * DaemonSet. Profiles of a megabyte take seconds each; a test with many such is better off with a control plane of its
 * own.
 */
export async function uninstall(installation: Installation): Promise<void> {
  await installation.stop();
  const { admin } = installation.plane;
  const { body } = await admin.request('GET', profilesOfAll);
  const { items } = body as { readonly items: readonly SeccompProfile[] };
  for (const { metadata } of items) {
    const profile = `${profilesPath(metadata.namespace ?? '')}/${metadata.name}`;
    await admin.request('PATCH', profile, { metadata: { finalizers: null } }, 'application/merge-patch+json');
    await admin.request('DELETE', profile);
  }
  for (const resource of [REPORTS_PATH, daemonSet]) await admin.request('DELETE', resource);
}
