// SPDX-License-Identifier: Apache-2.0
// How long a profile takes until it is Installed on a hundred nodes: the real manager against a real API server, and a
// load generator that writes the reports of the nodes as their daemons would. It brings its own control plane.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlPlane } from '../tools/lab/control-plane.ts';
import { create, Installation, profilesPath, REPORTS_PATH, startBareControlPlane } from '../tools/lab/operator.ts';
import { median } from './report.ts';
import type { Figure } from './report.ts';

/** Simulated nodes. */
export const NODES = 100;
const ROUNDS = 50;
const AT_ONCE = 20;
const BATCHES = 5;
/** Namespace of the profiles. */
export const NAMESPACE = 'bench';
/** A daemon writes its report ten times a second at most (src/handlers/node-report.ts). */
const LEAST_GAP_MS = 100;

interface Profile {
  readonly metadata: { readonly name: string; readonly uid: string; readonly generation: number };
  readonly status?: { readonly status?: string; readonly nodes?: { readonly installed: number } };
}

/**
 * The hundred daemons: each writes its node status when an entry has changed, and no sooner than a tenth of a second
 * after the last.
 */
export class SimulatedNodes {
  private readonly plane: ControlPlane;
  private readonly names = Array.from({ length: NODES }, (_, index) => `simulated-${String(index)}`);
  /** The entries that nodes have to write, in order; their number serves as the version. */
  private readonly news: (readonly [key: string, entry: object])[] = [];
  private readonly written = new Map<string, number>();
  /** Resolved at the next change. A hundred nodes that looked for one every few milliseconds took half a processor. */
  private changed = Promise.withResolvers<undefined>();

  constructor(plane: ControlPlane) {
    this.plane = plane;
  }

  async register(): Promise<void> {
    const kind = { apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1', kind: 'SecurityProfileNodeStatus' };
    for (const name of this.names) {
      await create(this.plane, '/api/v1/nodes', { metadata: { name } });
      await create(this.plane, REPORTS_PATH, { ...kind, metadata: { name }, nodeName: name });
    }
  }

  /** Every node has the profile now. */
  note({ metadata: { name, uid, generation } }: Profile): void {
    const key = `SeccompProfile/${NAMESPACE}/${name}`;
    this.news.push([key, { state: 'Installed', uid, generation, hash: '0123456789abcdef' }]);
    const { resolve } = this.changed;
    this.changed = Promise.withResolvers<undefined>();
    resolve(undefined);
  }

  /** Resolves when all node statuses hold the last change. */
  async settled(): Promise<void> {
    while (this.names.some((name) => (this.written.get(name) ?? 0) < this.news.length)) await sleep(2);
  }

  /** Writes reports until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const end = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    await Promise.all(this.names.map((name) => this.runOne(name, signal, end)));
  }

  private async runOne(name: string, signal: AbortSignal, end: Promise<void>): Promise<void> {
    let written = 0;
    while (!signal.aborted) {
      if (written === this.news.length) {
        await Promise.race([this.changed.promise, end]);
        continue;
      }
      // As a daemon does: what is new, and no more.
      const profiles = Object.fromEntries(this.news.slice(written));
      const installed = this.news.length;
      const report = { status: { profiles, installed } };
      await asked(this.plane, 'PATCH', `${REPORTS_PATH}/${name}/status`, report);
      written = installed;
      this.written.set(name, written);
      await sleep(LEAST_GAP_MS);
    }
  }
}

/** The pause before a server that is too busy is asked again, in milliseconds. */
const BUSY_MS = 250;

/** Questions to a server that does not come to answer. */
const MOST_TRIES = 240;

type Method = 'GET' | 'POST' | 'PATCH';

/** Asks until the server has the time; other refusals are faults of the benchmark. */
async function asked(plane: ControlPlane, method: Method, path: string, object?: object): Promise<unknown> {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : undefined;
  for (let tries = 1; ; tries += 1) {
    const answer = await plane.admin.request(method, path, object, type).catch((error: unknown) => String(error));
    if (typeof answer !== 'string' && answer.status < 300) return answer.body;
    const trouble = typeof answer === 'string' ? answer : `${String(answer.status)} ${JSON.stringify(answer.body)}`;
    const isBusy = typeof answer === 'string' || answer.status === 429 || answer.status >= 500;
    if (!isBusy || tries === MOST_TRIES) throw new Error(`${method} ${path}: ${trouble}`);
    console.error(`the API server is too busy: ${method} ${path}: ${trouble.slice(0, 200)}`);
    await sleep(BUSY_MS);
  }
}

async function post(plane: ControlPlane, name: string, more: object): Promise<Profile> {
  const kind = { apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1', kind: 'SeccompProfile' };
  const object = { ...kind, metadata: { name }, spec: { defaultAction: 'SCMP_ACT_LOG', ...more } };
  return (await asked(plane, 'POST', profilesPath(NAMESPACE), object)) as Profile;
}

async function untilInstalled(plane: ControlPlane, names: readonly string[]): Promise<readonly number[]> {
  const done = new Map<string, number>();
  while (done.size < names.length) {
    const { items } = (await asked(plane, 'GET', profilesPath(NAMESPACE))) as { readonly items: readonly Profile[] };
    for (const { metadata, status } of items) {
      const all = status?.status === 'Installed' && status.nodes?.installed === NODES + 1;
      if (all && names.includes(metadata.name) && !done.has(metadata.name)) done.set(metadata.name, performance.now());
    }
    // Not to take more of the API server's time than what is measured.
    await sleep(25);
  }
  return [...done.values()];
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Until all nodes have written a status that no manager reads: the API server's time alone. */
async function measureFloor({ manager }: Installation, nodes: SimulatedNodes): Promise<number> {
  await manager.end('SIGTERM');
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const started = performance.now();
    nodes.note({ metadata: { name: `floor-${String(round)}`, uid: 'none', generation: 1 } });
    await nodes.settled();
    times.push(performance.now() - started);
    await sleep(LEAST_GAP_MS * 2);
  }
  await manager.start();
  return median(times);
}

/**
 * From the POST of the first to Installed on all nodes, for each.
 *
 * @param more - fields of their specs
 */
export async function batch(
  plane: ControlPlane,
  nodes: SimulatedNodes,
  names: readonly string[],
  more: object = {},
): Promise<readonly number[]> {
  const started = performance.now();
  const posted = Promise.all(names.map(async (name) => nodes.note(await post(plane, name, more))));
  const installed = (await untilInstalled(plane, names)).map((at) => at - started);
  await posted;
  await nodes.settled();
  await sleep(LEAST_GAP_MS * 2);
  return installed;
}

function figures(what: string, times: readonly number[], alone: number): readonly Figure[] {
  const floor = { what: 'a report of each node, with no manager, median', value: alone };
  return [
    { what: `${what}, p50`, value: percentile(times, 0.5), unit: 'ms', floor, bar: 2000 },
    { what: `${what}, p99`, value: percentile(times, 0.99), unit: 'ms', floor, bar: 2000 },
  ];
}

/** Installs profiles one by one, then several at once. */
export async function measureNodes(): Promise<readonly Figure[]> {
  const plane = await startBareControlPlane();
  await create(plane, '/api/v1/namespaces', { metadata: { name: NAMESPACE } });
  const installation = await Installation.start(plane, { nodes: ['real'] });
  const end = new AbortController();
  const nodes = new SimulatedNodes(plane);
  await nodes.register();
  const running = nodes.run(end.signal);
  try {
    const alone = await measureFloor(installation, nodes);
    const single: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      single.push(...(await batch(plane, nodes, [`one-${String(round)}`])));
    }
    const several: number[] = [];
    for (let round = 0; round < BATCHES; round += 1) {
      const names = Array.from({ length: AT_ONCE }, (_, index) => `many-${String(round)}-${String(index)}`);
      several.push(...(await batch(plane, nodes, names)));
    }
    return [
      ...figures(`one profile to Installed on ${String(NODES)} nodes`, single, alone),
      // The reports have grown to 150 profiles meanwhile, and the API server reads each as a whole.
      ...figures(`${String(AT_ONCE)} at once, 150 in all`, several, await measureFloor(installation, nodes)),
    ];
  } finally {
    end.abort();
    await running;
    await installation.stop();
    await plane.stop();
  }
}
