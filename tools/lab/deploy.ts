// SPDX-License-Identifier: Apache-2.0
// Puts the operator of this tree into the cluster, as a user would: its image, its manifests. Each image gets a tag
// from its digest, so that a changed image is another one to the cluster and is rolled out, and an unchanged one is
// not.
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { IMAGE, fullImageName } from '../../src/core/deploy/image.ts';
import { OPERATOR, SPOD } from '../../src/core/names.ts';
import { SECURITY_PROFILES_OPERATOR_DAEMON as DAEMON } from '../../src/gen/kinds.ts';
import { run } from '../image/command.ts';
import type { Say } from './build.ts';
import type { Cluster } from './cluster.ts';
import { listAt, textAt, valueAt } from './json-path.ts';
import { until } from './launch.ts';
import { localize } from './manifest.ts';
import { writePlainLayers } from './plain-layers.ts';

const root = path.join(import.meta.dirname, '..', '..');
const repository = fullImageName(IMAGE).slice(0, fullImageName(IMAGE).lastIndexOf(':'));
const RUNNING_SECONDS = 240;
/** With nodes whose processor is emulated. */
const GUESTS_RUNNING_SECONDS = 480;

/**
 * Loads an image, applies manifests/operator.yaml and waits until `spod` is RUNNING with that image.
 * @param archive - of buildImage()
 * @param spod - options of the spod as JSON, where there is none yet
 * @throws Error when a step fails; when waiting ends, with what the operator's pods say
 */
export async function deploy(cluster: Cluster, archive: string, say: Say, spod?: string): Promise<void> {
  const manifest = path.join(root, 'manifests', 'operator.yaml');
  if (!existsSync(manifest)) throw new Error(`${path.relative(root, manifest)} is missing`);
  const image = await loadImage(cluster, archive);
  say(`applying manifests/operator.yaml with ${image}`);
  const local = path.join(cluster.folder, 'operator.json');
  await writeFile(
    local,
    JSON.stringify(localize(await readFile(manifest, 'utf8'), { image, kubelet: cluster.kubelet, spod })),
  );
  await cluster.kubectl('apply', '--server-side', '--force-conflicts', '-f', local);
  await rolledOut(cluster, image, say);
  await cluster.keepOnly(repository, image);
  say('spod is RUNNING');
}

/**
 * Builds the image of this tree, and before that what it is made of, into the file `archive`.
 * @throws Error with the builder's words when it fails
 */
export async function buildImage(archive: string): Promise<void> {
  await run('sh', [path.join(root, 'tools', 'setup.sh'), 'start'], { cwd: root });
  await run(process.execPath, [path.join(root, 'tools', 'image', 'main.ts'), '--output', archive], { cwd: root });
}

/** Returns the name of the image in the node. */
async function loadImage(cluster: Cluster, archive: string): Promise<string> {
  const index: unknown = JSON.parse(await run('tar', ['--extract', '--to-stdout', '--file', archive, 'index.json']));
  const digest = textAt(listAt(index, 'manifests')[0], 'digest');
  if (digest === undefined) throw new Error(`${archive} names no image`);
  const image = `${repository}:lab-${digest.slice('sha256:'.length, 'sha256:'.length + 12)}`;
  // Its name says its content, and to unpack it takes guests more than a minute.
  if (await cluster.has(image)) return image;
  if (cluster.guests.length === 0) await cluster.load(archive);
  else await loadPlain(cluster, archive);
  await cluster.tag(fullImageName(IMAGE), image);
  return image;
}

/** Emulated processors take longer to decompress it than for the rest. */
async function loadPlain(cluster: Cluster, archive: string): Promise<void> {
  const plain = path.join(cluster.folder, 'operator-plain.tar');
  await writePlainLayers(archive, plain);
  await cluster.load(plain);
  await rm(plain);
}

async function rolledOut(cluster: Cluster, image: string, say: Say): Promise<void> {
  say('waiting for the operator');
  const seconds = cluster.guests.length > 0 ? GUESTS_RUNNING_SECONDS : RUNNING_SECONDS;
  try {
    await until(
      () => runs(cluster, image),
      seconds,
      () => `spod is not RUNNING after ${seconds} s`,
    );
  } catch (cause) {
    const pods = await cluster.kubectl('get', 'pods,events', '--namespace', OPERATOR);
    throw new Error(`${cause instanceof Error ? cause.message : String(cause)}\n${pods}`, { cause });
  }
}

/** Whether Deployment and DaemonSet run that image and nothing older, and the operator says so itself. */
async function runs(cluster: Cluster, image: string): Promise<boolean> {
  const apps = `/apis/apps/v1/namespaces/${OPERATOR}`;
  const get = async (url: string): Promise<unknown> => (await cluster.admin.request('GET', url)).body;
  const deployment = await get(`${apps}/deployments/${OPERATOR}`);
  if (!isCurrent(deployment, image) || !allOf(deployment, 'replicas', ['updatedReplicas', 'availableReplicas']))
    return false;
  const daemonSet = await get(`${apps}/daemonsets/${SPOD}`);
  const counts = ['updatedNumberScheduled', 'numberAvailable'];
  if (!isCurrent(daemonSet, image) || !allOf(daemonSet, 'desiredNumberScheduled', counts)) return false;
  const spods = `/apis/${DAEMON.group}/${DAEMON.version}/namespaces/${OPERATOR}/${DAEMON.plural}`;
  return textAt(await get(`${spods}/${SPOD}`), 'status', 'state') === 'RUNNING';
}

function isCurrent(workload: unknown, image: string): boolean {
  const containers = listAt(workload, 'spec', 'template', 'spec', 'containers');
  const observed = valueAt(workload, 'status', 'observedGeneration');
  const generation = valueAt(workload, 'metadata', 'generation');
  return containers.some((container) => textAt(container, 'image') === image) && observed === generation;
}

function allOf(workload: unknown, total: string, counts: readonly string[]): boolean {
  const wanted = valueAt(workload, 'status', total);
  return (
    typeof wanted === 'number' && wanted > 0 && counts.every((count) => valueAt(workload, 'status', count) === wanted)
  );
}
