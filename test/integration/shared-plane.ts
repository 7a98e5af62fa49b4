// SPDX-License-Identifier: Apache-2.0
// One control plane for all files of a test process that need no more than an API server: each works in namespaces of its own.
// It starts with the first file that asks for it, and ends after the last one.
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { startBareControlPlane } from '../../tools/lab/operator.ts';

let shared: Promise<ControlPlane> | undefined;

/**
 * The control plane of this process. Pods need no ServiceAccount there. A test may stop and start its API server, not more.
 * @throws Error when it cannot be built or started
 */
export function sharedPlane(): Promise<ControlPlane> {
  return (shared ??= startBareControlPlane());
}

after(async () => {
  await (await shared)?.stop();
});
