// SPDX-License-Identifier: Apache-2.0
// How long an installation takes, by kubectl and by Helm, until the spod is RUNNING: the image is on the node, nothing
// else of the operator is in the cluster. The floor is a Deployment of the same image that does nothing. Needs the lab
// with the operator deployed, and installs that again when it ends.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { provide } from '../tools/lab/binaries.ts';
import { HELM } from '../tools/lab/programs.ts';
import { Api } from './api.ts';
import { applyOperator, command, get, imageOf, isRunning, OPERATOR, runsImage, until } from './operator.ts';
import { median } from './report.ts';
import type { Figure } from './report.ts';

const ROUNDS = 3;
const BAR_MS = 10_000;
const FLOOR_PATH = '/apis/apps/v1/namespaces/default/deployments';

interface Deployment {
  readonly status?: { readonly availableReplicas?: number };
}

function idleDeployment(image: string): object {
  const labels = { app: 'floor' };
  const command = ['/usr/bin/node', '-e', 'setInterval(() => undefined, 1e9)'];
  const containers = [{ name: 'idle', image, imagePullPolicy: 'IfNotPresent', command }];
  const template = { metadata: { labels }, spec: { terminationGracePeriodSeconds: 0, containers } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'floor' },
    spec: { selector: { matchLabels: labels }, template },
  };
}

/** Milliseconds until a pod of the image is available. */
async function floorOf(api: Api, image: string): Promise<number> {
  const at = `${FLOOR_PATH}/floor`;
  const started = performance.now();
  await api.send('POST', FLOOR_PATH, idleDeployment(image));
  const isThere = async (): Promise<boolean> => (await get<Deployment>(api, at)).status?.availableReplicas === 1;
  const took = (await until('the idle Deployment', isThere)) - started;
  await api.send('DELETE', `${at}?propagationPolicy=Foreground`);
  const isGone = (): Promise<boolean> =>
    api.send('GET', at).then(
      () => false,
      () => true,
    );
  await until('the end of the idle Deployment', isGone);
  return took;
}

/** Removes all of the operator, of whatever installation. */
async function uninstall(api: Api): Promise<void> {
  await command(api, ['kubectl', 'delete', '-f', 'manifests/operator.yaml', '--ignore-not-found', '--timeout=120s']);
}

/** Milliseconds from a command to RUNNING. */
async function install(api: Api, apply: () => Promise<void>): Promise<number> {
  await uninstall(api);
  const started = performance.now();
  await apply();
  return (await until('RUNNING', () => isRunning(api))) - started;
}

/** The command of the manual, with the image of the lab. */
async function helmInstall(api: Api, helm: string, image: string): Promise<void> {
  const at = image.lastIndexOf(':');
  const values = {
    'image.repository': image.slice(0, at),
    'image.tag': image.slice(at + 1),
    kubeletDir: api.env['KUBELET_DIR'] ?? '/var/lib/kubelet',
  };
  const words = ['install', OPERATOR, 'deploy/helm', '--namespace', OPERATOR, '--create-namespace'];
  const set = Object.entries(values).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  await command(api, [helm, ...words, ...set]);
}

/** Installs in both ways, in turns. */
export async function measureOperatorInstall(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
  const api = await Api.connect();
  try {
    await provide([HELM], folder, (line) => console.error(line));
    const image = await imageOf(api);
    const helm = path.join(folder, 'helm');
    const times: { readonly floor: number; readonly kubectl: number; readonly helm: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const floor = await floorOf(api, image);
      const byKubectl = await install(api, () => applyOperator(api, image));
      times.push({ floor, kubectl: byKubectl, helm: await install(api, () => helmInstall(api, helm, image)) });
      await command(api, [helm, 'uninstall', OPERATOR, '--namespace', OPERATOR]);
    }
    await uninstall(api);
    await applyOperator(api, image);
    await until('the operator of before', () => runsImage(api, image), 120);
    const floor = { what: 'a Deployment of the image, median of 3', value: median(times.map((of) => of.floor)) };
    return (['kubectl', 'helm'] as const).map((way) => ({
      what: `${way}: command to RUNNING, image present, slowest of 3`,
      value: Math.max(...times.map((of) => of[way])),
      unit: 'ms',
      floor,
      bar: BAR_MS,
    }));
  } finally {
    api.close();
    rmSync(folder, { recursive: true });
  }
}
