// SPDX-License-Identifier: Apache-2.0
// Whether the node of a cluster takes pods: it is Ready, nothing taints it, and pods have an account to run as.
import type { ApiClient } from './api-client.ts';
import { listAt, valueAt } from './json-path.ts';
import { NODE_NAME } from './kubelet.ts';
import type { Running } from './launch.ts';
import { untilReady } from './launch.ts';

const READY_SECONDS = 60;

/**
 * Waits until the node takes pods.
 * @throws Error when kubelet ends, or the node doesn't in time
 */
export async function nodeReady(kubelet: Running, client: ApiClient): Promise<void> {
  const account = '/api/v1/namespaces/default/serviceaccounts/default';
  const probe = async (): Promise<boolean> =>
    takesPods((await client.request('GET', `/api/v1/nodes/${NODE_NAME}`)).body) &&
    (await client.request('GET', account)).status === 200;
  await untilReady(kubelet, probe, READY_SECONDS);
}

/** Whether a Node object says that pods can be scheduled to it. */
export function takesPods(node: unknown): boolean {
  const conditions = listAt(node, 'status', 'conditions');
  const ready = conditions.some(
    (condition) => valueAt(condition, 'type') === 'Ready' && valueAt(condition, 'status') === 'True',
  );
  return ready && listAt(node, 'spec', 'taints').length === 0;
}
