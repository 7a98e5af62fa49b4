// SPDX-License-Identifier: Apache-2.0
// Runs a command in a container by runc, from an unpacked image: uid 65535, a read-only root file system, the bounding
// set that is asked for and nothing else, as a pod of ours would have it.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

/** The command, and the privileges of the container. */
export interface ContainerSettings {
  /** Root file system. */
  readonly root: string;
  readonly args: readonly string[];
  readonly env: readonly string[];
  /** The bounding set, such as `CAP_BPF`; the process itself starts with none of them. */
  readonly bounding: readonly string[];
  /** Folder of the host that the container sees as /out, writable. */
  readonly out: string;
}

/** The output of the command, and its end. */
export interface Finished {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function specOf({ root, args, env, bounding, out }: ContainerSettings): object {
  const mount = (destination: string, type: string, options: readonly string[] = []): object => {
    return { destination, type, source: type, options };
  };
  return {
    ociVersion: '1.0.2',
    process: {
      user: { uid: 65535, gid: 65535 },
      args,
      env,
      cwd: '/',
      capabilities: { bounding, effective: [], permitted: [], inheritable: [], ambient: [] },
      noNewPrivileges: false,
    },
    root: { path: root, readonly: true },
    mounts: [
      mount('/proc', 'proc'),
      mount('/dev', 'tmpfs', ['nosuid', 'mode=755']),
      mount('/tmp', 'tmpfs', ['mode=1777']),
      { destination: '/out', type: 'bind', source: out, options: ['bind', 'rw'] },
    ],
    linux: { namespaces: ['pid', 'ipc', 'uts', 'mount', 'network'].map((type) => ({ type })) },
  };
}

/** Runs the container to its end. */
export async function runContainer(scratch: string, settings: ContainerSettings): Promise<Finished> {
  await mkdir(scratch, { recursive: true });
  const bundle = await mkdtemp(path.join(scratch, 'bundle-'));
  await writeFile(path.join(bundle, 'config.json'), JSON.stringify(specOf(settings)));
  const args = ['--root', path.join(scratch, 'state'), 'run', '--bundle', bundle, path.basename(bundle)];
  try {
    return { status: 0, ...(await promisify(execFile)('runc', args, { timeout: 300_000 })) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (typeof code !== 'number') throw error;
    return { status: code, stdout: stdout ?? '', stderr: stderr ?? '' };
  }
}
