// SPDX-License-Identifier: Apache-2.0
// An upgrade of the operator under load: its manifests are applied with another image, while pods are created all the
// time under a binding, and UPGRADE_PROFILES (200) profiles are installed. No pod may be refused, started without its
// profile or fail to start, and no file of a profile may be away for a moment. Needs the lab with the operator
// deployed.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BUSYBOX_IMAGE } from '../tools/lab/images.ts';
import { Api, profilesPath } from './api.ts';
import { loadBusybox } from './busybox.ts';
import { applyOperator, command, imageOf, isRunning, runsImage, until } from './operator.ts';
import { PodLoad } from './pod-load.ts';
import type { PodCount } from './pod-load.ts';
import { lenientProfile } from './profiles.ts';
import type { Figure } from './report.ts';

const NAMESPACE = 'bench-upgrade';
const PROFILES = Number(process.env['UPGRADE_PROFILES'] ?? '200');

/** So long pods are created before, for the floor, in milliseconds; and after the last step. */
const QUIET_MS = 15_000;
const AFTER_MS = 3000;
const LOOK_MS = 5;
const UPGRADE_SECONDS = 180;

interface Profile {
  readonly metadata: { readonly name: string };
  readonly status?: { readonly status?: string };
}

const names = Array.from({ length: PROFILES }, (_, index) => `upgrade-${String(index)}`);
const [BOUND = ''] = names;

const BINDING = {
  apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
  kind: 'ProfileBinding',
  metadata: { name: BOUND },
  spec: { profileRef: { kind: 'SeccompProfile', name: BOUND }, image: BUSYBOX_IMAGE },
};

/** Names of profiles whose file was away, or whose state was not Installed, at any moment. */
class Watchman {
  readonly away = new Set<string>();
  readonly uninstalled = new Set<string>();
  private readonly folder: string;
  private readonly timer: NodeJS.Timeout;
  private isOn = true;
  private readonly followed: Promise<void>;

  constructor(api: Api) {
    this.folder = path.join(api.env['KUBELET_DIR'] ?? '/var/lib/kubelet', 'seccomp/operator', NAMESPACE);
    this.timer = setInterval(() => this.look(), LOOK_MS);
    this.followed = this.follow(api);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.isOn = false;
    await this.followed;
  }

  private look(): void {
    const there = new Set(readdirSync(this.folder));
    for (const name of names) if (!there.has(`${name}.json`)) this.away.add(name);
  }

  private async follow(api: Api): Promise<void> {
    while (this.isOn) {
      for (const { metadata, status } of await listed(api))
        if (status?.status !== 'Installed') this.uninstalled.add(`${metadata.name} ${status?.status ?? ''}`);
      await sleep(100);
    }
  }
}

async function listed(api: Api): Promise<readonly Profile[]> {
  return (JSON.parse(await api.send('GET', profilesPath(NAMESPACE))) as { readonly items: readonly Profile[] }).items;
}

async function prepare(api: Api): Promise<void> {
  await loadBusybox();
  const labels = { 'spo.x-k8s.io/enable-binding': '' };
  await api.send('POST', '/api/v1/namespaces', { metadata: { name: NAMESPACE, labels } });
  for (const name of names) await api.send('POST', profilesPath(NAMESPACE), lenientProfile(name));
  const isInstalled = ({ status }: Profile): boolean => status?.status === 'Installed';
  await until('the profiles', async () => (await listed(api)).filter(isInstalled).length === PROFILES, 120);
  const bindings = profilesPath(NAMESPACE)
    .replace('v1beta1/', 'v1alpha1/')
    .replace('seccompprofiles', 'profilebindings');
  await api.send('POST', bindings, BINDING);
  const account = `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/default`;
  await until('the account', () =>
    api.send('GET', account).then(
      () => true,
      () => false,
    ),
  );
  // The webhook sees a binding a moment after it was made.
  await sleep(1000);
}

async function clear(api: Api): Promise<void> {
  await api.send('DELETE', `/api/v1/namespaces/${NAMESPACE}`);
}

/** Replaces the operator by one with that image; milliseconds until nothing of the old one is left. */
async function upgrade(api: Api, image: string): Promise<number> {
  const started = performance.now();
  await applyOperator(api, image);
  return (await until(`the roll-out of ${image}`, () => runsImage(api, image), UPGRADE_SECONDS)) - started;
}

interface Outcome {
  readonly before: PodCount;
  readonly during: PodCount;
  readonly took: readonly number[];
  readonly watchman: Watchman;
}

/** There and back: to another name of the image, which is as good as another image to everybody. */
async function underLoad(api: Api): Promise<Outcome> {
  const old = await imageOf(api);
  const next = `${old}-next`;
  const images = (...words: readonly string[]): Promise<void> => command(api, ['ctr', 'images', ...words]);
  await images('tag', '--force', old, next);
  const load = new PodLoad(api, NAMESPACE, `operator/${NAMESPACE}/${BOUND}.json`);
  const watchman = new Watchman(api);
  try {
    await sleep(QUIET_MS);
    const before = load.take();
    const took = [await upgrade(api, next), await upgrade(api, old)];
    await sleep(AFTER_MS);
    return { before, during: load.take(), took, watchman };
  } finally {
    await Promise.all([load.stop(), watchman.stop()]);
    await images('rm', next);
  }
}

function figuresOf({ before, during, took, watchman }: Outcome): readonly Figure[] {
  for (const line of [...during.refused, ...during.failed, ...watchman.uninstalled]) console.error(line);
  const name = `of ${String(during.asked)} pods in two upgrades`;
  const count = (what: string, value: number, floor: number): Figure => ({
    what,
    value,
    unit: 'names',
    floor: { what: `of ${String(before.asked)} without one`, value: floor },
    bar: 0,
  });
  const none = { what: 'none', value: 0 };
  return [
    count(`refused ${name}`, during.refused.length, before.refused.length),
    count(`not bound ${name}`, during.unbound, before.unbound),
    count(`not started at first ${name}`, during.failed.length, before.failed.length),
    {
      what: `files of ${String(PROFILES)} profiles that were away, looked at every ${String(LOOK_MS)} ms`,
      ...{ value: watchman.away.size, unit: 'names', floor: none, bar: 0 },
    },
    {
      what: 'profiles that were not Installed, at any time',
      ...{ value: watchman.uninstalled.size, unit: 'names', floor: none, bar: 0 },
    },
    {
      what: 'slowest answer to a pod meanwhile',
      ...{ value: during.slowest, unit: 'ms', bar: 10_000 },
      floor: { what: 'slowest without an upgrade', value: before.slowest },
    },
    {
      what: 'manifests applied to all of the old operator gone, slower of 2',
      ...{ value: Math.max(...took), unit: 'ms', bar: UPGRADE_SECONDS * 1000 },
      floor: { what: 'faster of 2', value: Math.min(...took) },
    },
  ];
}

/** Upgrades the operator of the lab, and back. */
export async function measureUpgrade(): Promise<readonly Figure[]> {
  const api = await Api.connect();
  try {
    await until('RUNNING', () => isRunning(api));
    await prepare(api);
    return figuresOf(await underLoad(api));
  } finally {
    await clear(api);
    api.close();
  }
}
