// SPDX-License-Identifier: Apache-2.0
// Pods that are created all the time, and what becomes of each: refused by the API server, not bound, not started.
import { setTimeout as sleep } from 'node:timers/promises';
import { BUSYBOX_IMAGE } from '../tools/lab/images.ts';
import type { Api } from './api.ts';

/** The time between two pods, in milliseconds. */
const PACE_MS = 50;

/** The most pods at a time that a kubelet is to start. Beyond it the API server is asked only, without a pod. */
const MOST_PODS = 12;

interface Pod {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly containers: readonly {
      readonly securityContext?: { readonly seccompProfile?: { readonly localhostProfile?: string } };
    }[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly containerStatuses?: readonly { readonly state?: { readonly waiting?: { readonly reason?: string } } }[];
  };
}

/** The fate of the pods of a while. */
export interface PodCount {
  readonly asked: number;
  readonly refused: readonly string[];
  readonly unbound: number;
  readonly failed: readonly string[];
  /** The longest time of a request, in milliseconds. */
  readonly slowest: number;
}

/** Creates pods until it is stopped. */
export class PodLoad {
  private readonly api: Api;
  private readonly path: string;
  private readonly profile: string;
  private readonly living = new Set<string>();
  private refused: string[] = [];
  private failed = new Set<string>();
  private asked = 0;
  private unbound = 0;
  private slowest = 0;
  private isOn = true;
  private readonly ended: Promise<unknown>;

  /** Starts it: pods of a namespace, that are to be bound to a profile by its path. */
  constructor(api: Api, namespace: string, profile: string) {
    this.api = api;
    this.path = `/api/v1/namespaces/${namespace}/pods`;
    this.profile = profile;
    this.ended = Promise.all([this.create(), this.follow()]);
  }

  /** The fate of the pods since it was asked last. */
  take(): PodCount {
    const { asked, refused, unbound, slowest } = this;
    const count = { asked, refused, unbound, failed: [...this.failed], slowest };
    [this.asked, this.refused, this.unbound, this.slowest, this.failed] = [0, [], 0, 0, new Set()];
    return count;
  }

  /** Ends it, when its last pods have ended. */
  async stop(): Promise<void> {
    this.isOn = false;
    await this.ended;
  }

  private async create(): Promise<void> {
    const asking: Promise<void>[] = [];
    for (let number = 0; this.isOn; number++) {
      asking.push(this.ask(`load-${String(number)}`));
      await sleep(PACE_MS);
    }
    await Promise.all(asking);
  }

  private async ask(name: string): Promise<void> {
    const isReal = this.living.size < MOST_PODS;
    if (isReal) this.living.add(name);
    const started = performance.now();
    try {
      const answer = await this.api.send('POST', `${this.path}${isReal ? '' : '?dryRun=All'}`, pod(name));
      if (!this.isBound(JSON.parse(answer) as Pod)) this.unbound++;
    } catch (error) {
      this.living.delete(name);
      this.refused.push(String(error));
    }
    this.asked++;
    this.slowest = Math.max(this.slowest, performance.now() - started);
  }

  private isBound({ spec: { containers } }: Pod): boolean {
    return containers.every(
      ({ securityContext }) => securityContext?.seccompProfile?.localhostProfile === this.profile,
    );
  }

  /** Looks at the pods that live, and deletes those that have ended. */
  private async follow(): Promise<void> {
    while (this.isOn || this.living.size > 0) {
      const { items } = JSON.parse(await this.api.send('GET', this.path)) as { readonly items: readonly Pod[] };
      for (const one of items) await this.judge(one);
      await sleep(100);
    }
  }

  private async judge({ metadata: { name }, status }: Pod): Promise<void> {
    const waiting = (status?.containerStatuses ?? []).map(({ state }) => state?.waiting?.reason ?? '');
    if (waiting.some((reason) => /Error$/.test(reason)) || status?.phase === 'Failed') {
      this.failed.add(`${name}: ${[status?.phase, ...waiting].join(' ')}`);
    } else if (status?.phase !== 'Succeeded') return;
    if (!this.living.has(name)) return;
    await this.api.send('DELETE', `${this.path}/${name}?gracePeriodSeconds=0`);
    this.living.delete(name);
  }
}

function pod(name: string): object {
  const shell = { name: 'shell', image: BUSYBOX_IMAGE, imagePullPolicy: 'IfNotPresent', command: ['true'] };
  const spec = { restartPolicy: 'Never', terminationGracePeriodSeconds: 0, containers: [shell] };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec };
}
