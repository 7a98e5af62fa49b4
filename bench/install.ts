// SPDX-License-Identifier: Apache-2.0
// How fast profiles reach the node and leave it, and how many writes that costs the API server. Needs the lab with the
// operator deployed: npm run lab -- up, then npm run lab -- deploy.
import { existsSync, writeFileSync, fsyncSync, openSync, closeSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Api, profilesPath } from './api.ts';
import { deletions } from './deletion.ts';
import { installAll, NAMESPACE, profile, removeAll, untilInstalled } from './profiles.ts';
import { median } from './report.ts';
import type { Figure } from './report.ts';

const ROUNDS = 15;

function fileOf(api: Api, name: string): string {
  return path.join(api.env['KUBELET_DIR'] ?? '/var/lib/kubelet', 'seccomp/operator', NAMESPACE, `${name}.json`);
}

async function untilFile(file: string, there: boolean): Promise<number> {
  while (existsSync(file) !== there) await sleep(1);
  return performance.now();
}

/** The floor of an installation: the same file, written and synced here. */
function measureFile(): number {
  const file = path.join('/var/lib', `bench-${String(process.pid)}`);
  const started = performance.now();
  writeFileSync(file, 'x'.repeat(500));
  const handle = openSync(file, 'r+');
  fsyncSync(handle);
  closeSync(handle);
  const took = performance.now() - started;
  rmSync(file);
  return took;
}

async function measurePost(api: Api): Promise<number> {
  const started = performance.now();
  await api.send('POST', `/api/v1/namespaces/${NAMESPACE}/configmaps`, { metadata: { name: 'floor' } });
  const took = performance.now() - started;
  await api.send('DELETE', `/api/v1/namespaces/${NAMESPACE}/configmaps/floor`);
  return took;
}

async function one(api: Api): Promise<readonly Figure[]> {
  const files: number[] = [];
  const installed: number[] = [];
  const posts: number[] = [];
  const syncs: number[] = [];
  let writes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const name = `one-${String(round)}`;
    posts.push(await measurePost(api));
    syncs.push(measureFile());
    const before = await api.writes();
    const status = untilInstalled(api, new Set([name]));
    await sleep(50);
    const started = performance.now();
    const file = untilFile(fileOf(api, name), true);
    await api.send('POST', profilesPath(NAMESPACE), profile(name));
    files.push((await file) - started);
    installed.push((await status) - started);
    await sleep(300);
    writes = Math.max(writes, (await api.writes()) - before);
  }
  await removeAll(api);
  const post = { what: 'POST of a ConfigMap, write and fsync of a file', value: median(posts) + median(syncs) };
  return [
    {
      what: 'one profile: POST to file on the node, p50',
      value: median(files),
      unit: 'ms',
      floor: post,
      bar: 50,
      peer: '60 ms',
    },
    {
      what: 'one profile: POST to Installed, p50',
      value: median(installed),
      unit: 'ms',
      floor: post,
      bar: 100,
      peer: '90 ms, at times 580',
    },
    {
      what: 'API writes for one profile, most',
      value: writes,
      unit: 'writes',
      floor: { what: 'status of node and profile', value: 2 },
      bar: 4,
      peer: '11 to 14',
    },
  ];
}

interface Burst {
  readonly count: number;
  readonly seconds: number;
  readonly writes: number;
  readonly peerSeconds: string;
  readonly peerWrites: string;
}

async function burst(api: Api, { count, seconds, writes, peerSeconds, peerWrites }: Burst): Promise<readonly Figure[]> {
  const names = Array.from({ length: count }, (_, index) => `burst-${String(count)}-${String(index)}`);
  const before = await api.writes();
  const installed = untilInstalled(api, new Set(names));
  await sleep(50);
  const started = performance.now();
  await Promise.all(names.map((name) => api.send('POST', profilesPath(NAMESPACE), profile(name))));
  const posted = performance.now() - started;
  const took = (await installed) - started;
  await sleep(1000);
  const cost = (await api.writes()) - before;
  const floor = { what: `the ${String(count)} POSTs alone`, value: posted };
  const what = `${String(count)} profiles at once`;
  return [
    { what: `${what}: to all Installed`, value: took, unit: 'ms', floor, bar: seconds * 1000, peer: peerSeconds },
    {
      what: `${what}: API writes`,
      value: cost,
      unit: 'writes',
      floor: { what: 'a status each', value: count },
      bar: writes,
      peer: peerWrites,
    },
  ];
}

async function rest(api: Api): Promise<Figure> {
  await installAll(api, 'rest', 200);
  await sleep(5000);
  const before = await api.writes();
  await sleep(60_000);
  const value = (await api.writes()) - before;
  await removeAll(api);
  return {
    what: 'writes in a minute at rest, 200 profiles',
    value,
    unit: 'writes',
    floor: { what: 'nothing', value: 0 },
    bar: 0,
    peer: '402',
  };
}

/** Installs, counts, rests and deletes. */
export async function measureInstall(): Promise<readonly Figure[]> {
  const api = await Api.connect();
  try {
    await api.send('POST', '/api/v1/namespaces', { metadata: { name: NAMESPACE } }).catch(() => undefined);
    await removeAll(api);
    const single = await one(api);
    const five = await burst(api, { count: 500, seconds: 8, writes: 1100, peerSeconds: '82 s', peerWrites: '6,600' });
    await removeAll(api);
    const hundred = await burst(api, {
      count: 100,
      seconds: 2,
      writes: 250,
      peerSeconds: '17.1 s',
      peerWrites: '1,300',
    });
    await removeAll(api);
    return [...single, ...hundred, ...five, await rest(api), ...(await deletions(api))];
  } finally {
    api.close();
  }
}
