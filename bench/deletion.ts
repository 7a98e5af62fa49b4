// SPDX-License-Identifier: Apache-2.0
// The time to delete unused profiles; the same while a node that held them all has just vanished.
import { setTimeout as sleep } from 'node:timers/promises';
import { profilesPath } from './api.ts';
import type { Api } from './api.ts';
import { installAll, NAMESPACE, removeAll } from './profiles.ts';
import type { Seen } from './profiles.ts';
import type { Figure } from './report.ts';

const NODE_PATH = '/api/v1/nodes/vanished';
const PODS_PATH = '/api/v1/namespaces/security-profiles-operator/pods';
const REPORTS_PATH =
  '/apis/security-profiles-operator.x-k8s.io/v1alpha1/namespaces/security-profiles-operator/securityprofilenodestatuses';

async function deletionFloor(api: Api): Promise<number> {
  const configMaps = `/api/v1/namespaces/${NAMESPACE}/configmaps`;
  const names = Array.from({ length: 100 }, (_, index) => `floor-${String(index)}`);
  await Promise.all(names.map((name) => api.send('POST', configMaps, { metadata: { name } })));
  const started = performance.now();
  await api.send('DELETE', configMaps);
  return performance.now() - started;
}

/** A node that has a daemon's pod, for all that the cluster knows, and no kubelet. */
async function makeNode(api: Api): Promise<void> {
  await api.send('POST', '/api/v1/nodes', {
    metadata: { name: 'vanished', labels: { 'kubernetes.io/os': 'linux' } },
  });
  const status = { status: { conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }] } };
  await api.send('PATCH', `${NODE_PATH}/status`, status, 'application/merge-patch+json');
  const kind = { apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1', kind: 'SecurityProfileNodeStatus' };
  await api.send('POST', REPORTS_PATH, { ...kind, metadata: { name: 'vanished' }, nodeName: 'vanished' });
}

/** Says in the name of that node that it holds all profiles, which the real one holds. */
async function reportAll(api: Api): Promise<void> {
  const list = JSON.parse(await api.send('GET', profilesPath(NAMESPACE))) as { items: readonly Seen[] };
  const entries = list.items.map(
    ({ metadata }) => [`SeccompProfile/${NAMESPACE}/${metadata.name}`, { state: 'Installed' }] as const,
  );
  const status = { status: { profiles: Object.fromEntries(entries) } };
  await api.send('PATCH', `${REPORTS_PATH}/vanished/status`, status, 'application/merge-patch+json');
}

async function deletion(api: Api, what: string): Promise<Figure> {
  const floor = { what: 'deletion of 100 ConfigMaps', value: await deletionFloor(api) };
  const started = performance.now();
  await removeAll(api);
  const value = performance.now() - started;
  return { what, value, unit: 'ms', floor, bar: 1500, peer: '3.2 s' };
}

/** Deletes a hundred profiles, twice. */
export async function deletions(api: Api): Promise<readonly Figure[]> {
  await installAll(api, 'plain', 100);
  const plain = await deletion(api, 'deletion of 100 unused profiles');
  await installAll(api, 'again', 100);
  await makeNode(api);
  try {
    await reportAll(api);
    await sleep(2000);
    await api.send('DELETE', NODE_PATH);
    return [plain, await deletion(api, 'the same with a node that has just vanished')];
  } finally {
    await api.send('DELETE', NODE_PATH).catch(() => undefined);
    await api.send('DELETE', `${REPORTS_PATH}/vanished`).catch(() => undefined);
    // The controller of DaemonSets does not notice that a node has gone on which a pod still waited for room.
    await api.send('DELETE', `${PODS_PATH}?labelSelector=name%3Dspod&fieldSelector=status.phase%3DPending`);
  }
}
