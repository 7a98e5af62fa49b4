// SPDX-License-Identifier: Apache-2.0
// Whether a node of a cluster takes pods: it is Ready, nothing taints it, and pods have an account to run as.
import type { ApiClient } from './api-client.ts';
import { listAt, valueAt } from './json-path.ts';
import type { Running } from './launch.ts';
import { untilReady } from './launch.ts';

/** Enough for a node whose processor is none of an emulator. */
const READY_SECONDS = 180;

/**
 * Waits until a node takes pods.
 * @param running - kubelet, or the guest that it runs in
 * @throws Error when that ends, or the node doesn't in time
 */
export async function nodeReady(
  running: Running,
  client: ApiClient,
  name: string,
  seconds = READY_SECONDS,
): Promise<void> {
  const account = '/api/v1/namespaces/default/serviceaccounts/default';
  const probe = async (): Promise<boolean> =>
    takesPods((await client.request('GET', `/api/v1/nodes/${name}`)).body) &&
    (await client.request('GET', account)).status === 200;
  await untilReady(running, probe, seconds);
}

/** Whether a Node object says that pods can be scheduled to it. */
export function takesPods(node: unknown): boolean {
  const conditions = listAt(node, 'status', 'conditions');
  const ready = conditions.some(
    (condition) => valueAt(condition, 'type') === 'Ready' && valueAt(condition, 'status') === 'True',
  );
  return ready && listAt(node, 'spec', 'taints').length === 0;
}
