// SPDX-License-Identifier: Apache-2.0
// containerd of the lab's node. Its folders, sockets and network settings are all in the lab's own folder, so that it
// runs beside a containerd or docker of the machine.
import { mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import path from 'node:path';
import { run } from '../image/command.ts';
import type { Ground, Running } from './launch.ts';
import { launch, untilReady } from './launch.ts';
import { NODE_POD_RANGE } from './network.ts';

/** Name of the image of the pause program. */
export const PAUSE_IMAGE = 'lab.local/pause:1';

const READY_SECONDS = 30;

/** A started containerd. */
export interface Containerd {
  readonly running: Running;
  /** Absolute path of its socket. */
  readonly socket: string;
}

/** Address of the containerd in a folder. */
export function socketOf(folder: string): string {
  return path.join(folder, 'containerd.sock');
}

/** Starts containerd with all its files in a folder, and returns before it is ready. */
export async function startContainerd(ground: Ground, folder: string): Promise<Containerd> {
  const plugins = path.join(folder, 'net.d');
  await mkdir(plugins, { recursive: true });
  await writeFile(path.join(plugins, '10-lab.conflist'), JSON.stringify(networkConfig(folder), undefined, 2));
  const config = path.join(folder, 'config.toml');
  await writeFile(config, containerdConfig(ground, folder));
  const running = await launch(ground, { name: 'containerd', program: 'containerd', args: ['--config', config] });
  return { running, socket: socketOf(folder) };
}

/**
 * Waits for containerd.
 * @throws Error when it ends, or isn't ready in time
 */
export async function containerdReady({ running, socket }: Containerd): Promise<void> {
  await untilReady(running, () => accepts(socket), READY_SECONDS);
}

/** Imports an image archive, docker's or OCI's, so that pods find it. Returns what the import said. */
export async function importImage(bin: string, folder: string, archive: string): Promise<string> {
  return images(bin, folder, ['import', '--local', path.resolve(archive)]);
}

/** Gives an image one more name. */
export async function tagImage(bin: string, folder: string, name: string, other: string): Promise<void> {
  await images(bin, folder, ['tag', '--force', name, other]);
}

/** Removes all names of images in a repository but one. Content that no name leads to is removed by containerd. */
export async function removeOtherTags(bin: string, folder: string, repository: string, kept: string): Promise<void> {
  const names = (await images(bin, folder, ['list', '--quiet'])).split('\n');
  const others = names.filter((name) => name.startsWith(`${repository}:`) && name !== kept);
  if (others.length > 0) await images(bin, folder, ['remove', ...others]);
}

async function images(bin: string, folder: string, args: readonly string[]): Promise<string> {
  return run(path.join(bin, 'ctr'), ['-a', socketOf(folder), '-n', 'k8s.io', 'images', ...args]);
}

/** It speaks gRPC, not HTTP/1.1: that something answers, with whatever, is enough. */
function accepts(socketPath: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, agent: false }, () => resolve(true));
    outgoing.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' || error.code === 'ECONNREFUSED' ? reject(error) : resolve(true),
    );
    outgoing.end();
  });
}

function containerdConfig(ground: Ground, folder: string): string {
  return `version = 3
root = '${folder}/root'
state = '${folder}/state'
imports = []
disabled_plugins = ['io.containerd.internal.v1.tracing', 'io.containerd.tracing.processor.v1.otlp']

[plugins.'io.containerd.server.v1.grpc']
  address = '${socketOf(folder)}'

[plugins.'io.containerd.server.v1.ttrpc']
  address = '${socketOf(folder)}.ttrpc'

[plugins.'io.containerd.cri.v1.runtime']
  # Without CAP_SYS_RESOURCE (a machine that is a container itself) no process may lower its score, and no pod would start.
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
    runtime_type = 'io.containerd.runc.v2'
    [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
      BinaryName = '${path.join(ground.bin, 'runc')}'
      SystemdCgroup = false
  [plugins.'io.containerd.cri.v1.runtime'.cni]
    bin_dirs = ['${ground.bin}']
    conf_dir = '${folder}/net.d'

[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = '${PAUSE_IMAGE}'

[plugins.'io.containerd.shim.v1.manager']
  socket_dir = '${folder}/s'

[plugins.'io.containerd.internal.v1.opt']
  path = '${folder}/opt'

[plugins.'io.containerd.nri.v1.nri']
  disable = true
`;
}

function networkConfig(folder: string): object {
  return {
    cniVersion: '1.0.0',
    name: 'lab',
    plugins: [
      {
        type: 'bridge',
        bridge: 'pods',
        isGateway: true,
        ipMasq: true,
        // Else a pod that is an end of a Service can't reach itself by it.
        hairpinMode: true,
        ipam: {
          type: 'host-local',
          ranges: [[{ subnet: NODE_POD_RANGE }]],
          routes: [{ dst: '0.0.0.0/0' }],
          // In the lab's folder, because addresses of pods that were killed are never given back.
          dataDir: `${folder}/leases`,
        },
      },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  };
}
