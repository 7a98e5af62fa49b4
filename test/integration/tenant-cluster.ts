// SPDX-License-Identifier: Apache-2.0
// Tenants of an operator on a real API server: its real processes, each under the memory limit that it is shipped with,
// and as many objects of a namespace as it takes.
import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SeccompProfile } from '../../src/gen/crd/seccomp-profile.ts';
import { bundle } from '../../tools/build.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { until } from '../../tools/lab/launch.ts';
import { limitedNode, removeGroups } from '../../tools/lab/memory-groups.ts';
import { create, Installation, profilesPath, startBareControlPlane } from '../../tools/lab/operator.ts';
import type { RoleProcess, TestNode } from '../../tools/lab/operator.ts';

const KIND = { apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1', kind: 'SeccompProfile' };
const WAIT_S = 240;
/** Requests that are under way at once. */
const AT_ONCE = 16;
/** As the kubelet does it (core/deploy/container.ts). */
const PROBE = { timeoutMs: 2000, periodMs: 10_000, failures: 3 };

/** A profile that lets these calls happen, and refuses the rest or does what `more` says. */
export function profileOf(name: string, calls: readonly string[], more: object = {}): object {
  const syscalls = [{ action: 'SCMP_ACT_ALLOW', names: calls }];
  return { ...KIND, metadata: { name }, spec: { defaultAction: 'SCMP_ACT_ERRNO', syscalls, ...more } };
}

/** A control plane with an operator on two nodes. */
export class TenantCluster {
  readonly plane: ControlPlane;
  readonly installation: Installation;
  private readonly folder: string;

  private constructor(plane: ControlPlane, installation: Installation, folder: string) {
    this.plane = plane;
    this.installation = installation;
    this.folder = folder;
  }

  /** Starts it, with some namespaces and their labels. */
  static async start(limitMib: number, namespaces: Readonly<Record<string, object>>): Promise<TenantCluster> {
    const plane = await startBareControlPlane();
    const folder = mkdtempSync(path.join(tmpdir(), 'spo-tenants-'));
    for (const [name, labels] of Object.entries(namespaces))
      await create(plane, '/api/v1/namespaces', { metadata: { name, labels } });
    await bundle(folder);
    const node = limitedNode(folder, limitMib);
    return new TenantCluster(
      plane,
      await Installation.start(plane, { nodes: ['node-a', 'node-b'], node, bundle: folder }),
      folder,
    );
  }

  async stop(): Promise<void> {
    await this.installation.stop();
    await this.plane.stop();
    removeGroups(this.folder);
    rmSync(this.folder, { recursive: true });
  }

  /** Creates objects, some at once. */
  async createAll(resource: string, objects: readonly object[]): Promise<void> {
    const left = [...objects];
    const one = async (): Promise<void> => {
      for (let object = left.shift(); object !== undefined; object = left.shift())
        await create(this.plane, resource, object);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
  }

  /** Waits until a profile is so. */
  async profile(namespace: string, name: string, state: string): Promise<SeccompProfile> {
    let seen: Partial<SeccompProfile> = {};
    const holds = async (): Promise<boolean> => {
      seen = (await this.plane.admin.request('GET', `${profilesPath(namespace)}/${name}`)).body as typeof seen;
      return seen.status?.status === state && seen.status.observedGeneration === seen.metadata?.generation;
    };
    await until(holds, WAIT_S, () => `${name} is not ${state}: ${JSON.stringify(seen)}`);
    return seen as SeccompProfile;
  }

  /** Creates a profile that can be installed, and waits until it is, on all nodes. */
  async serve(namespace: string, name: string): Promise<void> {
    await create(this.plane, profilesPath(namespace), profileOf(name, ['read']));
    const { status } = await this.profile(namespace, name, 'Installed');
    if (status?.nodes?.installed !== 2) throw new Error(`${name} is on ${JSON.stringify(status?.nodes)}`);
  }
}

/** Names that have been in the directory of a namespace's profiles, on some nodes, since the watch began. */
export class WatchedFiles {
  readonly names = new Set<string>();
  private readonly watchers: readonly FSWatcher[];

  constructor(nodes: readonly TestNode[], namespace: string) {
    this.watchers = nodes.map(({ name, kubeletDir }) =>
      watch(path.join(kubeletDir, 'seccomp/operator', namespace), (_, file) =>
        this.names.add(`${name}: ${String(file)}`),
      ),
    );
  }

  /**
   * Waits until a file was seen on all nodes: the kernel tells in order, so no older one is on its way.
   */
  async seen(file: string): Promise<void> {
    const count = (): number => [...this.names].filter((name) => name.endsWith(`: ${file}`)).length;
    await until(
      () => Promise.resolve(count() === this.watchers.length),
      WAIT_S,
      () => `${file} was not seen: ${[...this.names].join()}`,
    );
  }

  stop(): void {
    for (const watcher of this.watchers) watcher.close();
  }
}

/**
 * Starts a process and probes it as the kubelet would, until it is ready.
 * @throws Error when the kubelet would have ended it instead
 */
export async function startProbed(role: RoleProcess): Promise<void> {
  await role.start();
  const probe = (route: string): Promise<boolean> => isWell(role.healthPort, route);
  await until(
    () => probe('/startz'),
    WAIT_S,
    () => `${role.name} does not start`,
  );
  let failures = 0;
  await until(
    async () => {
      if (await probe('/healthz')) failures = 0;
      else if (++failures >= PROBE.failures) throw new Error(`${role.name} does not answer the probe`);
      else await sleep(PROBE.periodMs);
      return probe('/readyz');
    },
    WAIT_S,
    () => `${role.name} is not ready`,
  );
}

function isWell(port: number, route: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: route, timeout: PROBE.timeoutMs }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}
