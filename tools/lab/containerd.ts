// SPDX-License-Identifier: Apache-2.0
// containerd of the lab's node. Its folders, sockets and network settings are all in the lab's own folder, so that it
// runs beside a containerd or docker of the machine.
import { mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import path from 'node:path';
import { CRUN, prepareCrun } from './crun.ts';
import type { Ground, Launch, Running } from './launch.ts';
import { launch, untilReady } from './launch.ts';
import { NODE_POD_RANGE } from './network.ts';

/** Name of the image of the pause program. */
export const PAUSE_IMAGE = 'lab.local/pause:1';

const READY_SECONDS = 120;

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

/** Where a containerd is, and what is different on its node. */
export interface ContainerdPlace {
  /** Folder for its configuration. */
  readonly config: string;
  /** Folder for its data and its socket, not on an overlay. */
  readonly data: string;
  /** Folder of the programs. */
  readonly bin: string;
  /** Range of the addresses of the node's pods. */
  readonly podRange: string;
  /** Security modules that it uses where the kernel has them. */
  readonly modules: { readonly apparmor: boolean; readonly selinux: boolean };
  /** Whether root has CAP_SYS_RESOURCE, which a machine that is a container itself lacks. */
  readonly lowersScores: boolean;
}

/** Writes containerd's files, and returns how it is started. */
export async function prepareContainerd(place: ContainerdPlace): Promise<Launch> {
  const plugins = path.join(place.config, 'net.d');
  await mkdir(plugins, { recursive: true });
  await writeFile(path.join(plugins, '10-lab.conflist'), JSON.stringify(networkConfig(place), undefined, 2));
  const config = path.join(place.config, 'config.toml');
  await writeFile(config, containerdConfig(place, await prepareCrun(place.config)));
  return { name: 'containerd', program: 'containerd', args: ['--config', config] };
}

/** Starts the containerd of this machine with all its files in a folder, and returns before it is ready. */
export async function startContainerd(ground: Ground, folder: string): Promise<Containerd> {
  const place = {
    config: folder,
    data: folder,
    bin: ground.bin,
    podRange: NODE_POD_RANGE,
    modules: { apparmor: true, selinux: false },
    lowersScores: false,
  };
  const running = await launch(ground, await prepareContainerd(place));
  return { running, socket: socketOf(folder) };
}

/**
 * Waits for containerd.
 * @throws Error when it ends, or isn't ready in time
 */
export async function containerdReady({ running, socket }: Containerd): Promise<void> {
  await untilReady(running, () => accepts(socket), READY_SECONDS);
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

function containerdConfig({ config, data, bin, modules, lowersScores }: ContainerdPlace, crun: string): string {
  return `version = 3
root = '${data}/root'
state = '${data}/state'
imports = []
disabled_plugins = ['io.containerd.internal.v1.tracing', 'io.containerd.tracing.processor.v1.otlp']

[plugins.'io.containerd.server.v1.grpc']
  address = '${socketOf(data)}'

[plugins.'io.containerd.server.v1.ttrpc']
  address = '${socketOf(data)}.ttrpc'

[plugins.'io.containerd.cri.v1.runtime']
  # Without CAP_SYS_RESOURCE no process may lower its score, and no pod would start.
  restrict_oom_score_adj = ${!lowersScores}
  disable_apparmor = ${!modules.apparmor}
  enable_selinux = ${modules.selinux}
  netns_mounts_under_state_dir = true
  [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
    runtime_type = 'io.containerd.runc.v2'
    [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
      BinaryName = '${path.join(bin, 'runc')}'
      SystemdCgroup = false
    [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.${CRUN}]
      runtime_type = 'io.containerd.runc.v2'
    [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.${CRUN}.options]
      BinaryName = '${crun}'
      SystemdCgroup = false
  [plugins.'io.containerd.cri.v1.runtime'.cni]
    bin_dirs = ['${bin}']
    conf_dir = '${config}/net.d'

[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = '${PAUSE_IMAGE}'

[plugins.'io.containerd.shim.v1.manager']
  socket_dir = '${data}/s'

[plugins.'io.containerd.internal.v1.opt']
  path = '${data}/opt'

[plugins.'io.containerd.nri.v1.nri']
  disable = true
`;
}

function networkConfig({ data, podRange }: ContainerdPlace): object {
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
          ranges: [[{ subnet: podRange }]],
          routes: [{ dst: '0.0.0.0/0' }],
          // Beside its data, because addresses of pods that were killed are never given back.
          dataDir: `${data}/leases`,
        },
      },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  };
}
