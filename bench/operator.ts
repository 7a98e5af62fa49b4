// SPDX-License-Identifier: Apache-2.0
// The operator in the lab, for benchmarks that change or replace it: its state, its image, its manifests.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { localize } from '../tools/lab/manifest.ts';
import type { Api } from './api.ts';

/** Its name, which is that of its namespace. */
export const OPERATOR = 'security-profiles-operator';

/** Path of workloads in its namespace. */
export const APPS_PATH = `/apis/apps/v1/namespaces/${OPERATOR}`;

/** Path of the object that configures it. */
export const SPOD_PATH = `/apis/security-profiles-operator.x-k8s.io/v1alpha1/namespaces/${OPERATOR}/securityprofilesoperatordaemons/spod`;

/** The tree. */
export const ROOT = path.join(import.meta.dirname, '..');

interface Spod {
  readonly metadata: { readonly generation: number };
  readonly status?: { readonly state?: string; readonly observedGeneration?: number };
}

interface Workload {
  readonly metadata: { readonly generation: number };
  readonly spec: {
    readonly replicas?: number;
    readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
  };
  readonly status: {
    readonly observedGeneration?: number;
    readonly desiredNumberScheduled?: number;
    readonly updatedNumberScheduled?: number;
    readonly numberAvailable?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly replicas?: number;
  };
}

/** An object; throws where it is not there. */
export async function get<T>(api: Api, resource: string): Promise<T> {
  return JSON.parse(await api.send('GET', resource)) as T;
}

/** Waits until something holds, and returns when it did. Throws after so many seconds. */
export async function until(what: string, holds: () => Promise<boolean>, seconds = 60): Promise<number> {
  const end = performance.now() + seconds * 1000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${String(seconds)} s`);
    await sleep(10);
  }
  return performance.now();
}

/** Whether the operator says that all runs as its object has it. False, too, while there is no such object. */
export async function isRunning(api: Api): Promise<boolean> {
  const spod = await get<Spod>(api, SPOD_PATH).catch(() => undefined);
  return spod?.status?.state === 'RUNNING' && (spod.status.observedGeneration ?? 0) >= spod.metadata.generation;
}

/** The image that the manager runs. */
export async function imageOf(api: Api): Promise<string> {
  const { spec } = await get<Workload>(api, `${APPS_PATH}/deployments/${OPERATOR}`);
  const [image] = spec.template.spec.containers.map((container) => container.image);
  if (image === undefined) throw new Error('the manager runs no image');
  return image;
}

/** Applies manifests/operator.yaml with an image that the node has. */
export async function applyOperator(api: Api, image: string): Promise<void> {
  const text = readFileSync(path.join(ROOT, 'manifests/operator.yaml'), 'utf8');
  const local = localize(text, { image, kubelet: api.env['KUBELET_DIR'] ?? '/var/lib/kubelet' });
  await command(api, ['kubectl', 'apply', '--server-side', '--force-conflicts', '-f', '-'], JSON.stringify(local));
}

/** Runs a command in the tree, while this process goes on with what it does. Throws where it fails. */
export async function command(api: Api, [program = '', ...words]: readonly string[], input = ''): Promise<void> {
  const child = spawn(program, words, { cwd: ROOT, env: api.env, stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.end(input);
  const [status] = (await once(child, 'exit')) as [number | null];
  if (status !== 0) throw new Error(`${program} ${words.join(' ')} ended with status ${String(status)}`);
}

/** Whether manager, webhooks and daemon are of an image, all of them, and the operator says that it runs. */
export async function runsImage(api: Api, image: string): Promise<boolean> {
  const workloads = await Promise.all(
    [`deployments/${OPERATOR}`, `deployments/${OPERATOR}-webhook`, 'daemonsets/spod'].map((name) =>
      get<Workload>(api, `${APPS_PATH}/${name}`).catch(() => undefined),
    ),
  );
  return workloads.every((workload) => workload !== undefined && isRolledOut(workload, image)) && isRunning(api);
}

function isRolledOut({ metadata, spec, status }: Workload, image: string): boolean {
  const wanted = status.desiredNumberScheduled ?? spec.replicas ?? 1;
  const updated = status.updatedNumberScheduled ?? status.updatedReplicas ?? 0;
  const available = status.numberAvailable ?? status.availableReplicas ?? 0;
  const isSeen = (status.observedGeneration ?? 0) >= metadata.generation;
  const isImage = spec.template.spec.containers.every((container) => container.image === image);
  const isAlone = (status.replicas ?? wanted) === wanted;
  return isImage && isSeen && isAlone && updated === wanted && available === wanted;
}
