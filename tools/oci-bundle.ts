// SPDX-License-Identifier: Apache-2.0
// The smallest container there is, for measuring and testing what OCI runtimes do: a folder with one static program,
// and the config.json of the OCI runtime specification. Without cgroup limits, so that it runs on any layout of
// cgroups.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** How the container differs from the plain one. */
export interface BundleOptions {
  /** Command line inside of the container; its first word is the program in /bin. */
  readonly args: readonly string[];
  readonly noNewPrivileges: boolean;
  /** User and group id inside of the container. */
  readonly user: number;
  /** Keep the usual capabilities of a container, or none. */
  readonly capabilities: boolean;
  readonly terminal: boolean;
  /** `linux.seccomp`, the profile as runtimes read it. */
  readonly seccomp: unknown;
}

/** Capabilities that container engines leave to a container. */
const USUAL_CAPABILITIES = ['CAP_CHOWN', 'CAP_FOWNER', 'CAP_SETUID', 'CAP_SETGID', 'CAP_KILL', 'CAP_NET_BIND_SERVICE'];

/** SUPER_MAGIC of cgroup2fs (include/uapi/linux/magic.h). */
const CGROUP2 = 0x63677270;

function configuration(options: BundleOptions): unknown {
  const given = options.capabilities ? USUAL_CAPABILITIES : [];
  const { user, args, noNewPrivileges, terminal, seccomp } = options;
  return {
    ociVersion: '1.0.2',
    process: {
      terminal,
      user: { uid: user, gid: user, ...(user === 0 ? {} : { additionalGids: [5, 6] }) },
      args,
      env: ['PATH=/bin', 'TERM=xterm'],
      cwd: '/',
      capabilities: { bounding: given, effective: given, permitted: given },
      noNewPrivileges,
    },
    root: { path: 'rootfs', readonly: true },
    hostname: 'container',
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755', 'size=65536k'] },
      {
        destination: '/dev/pts',
        type: 'devpts',
        source: 'devpts',
        options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666'],
      },
    ],
    linux: {
      namespaces: ['pid', 'network', 'ipc', 'uts', 'mount'].map((type) => ({ type })),
      maskedPaths: ['/proc/kcore'],
      readonlyPaths: ['/proc/sys'],
      ...(seccomp === undefined ? {} : { seccomp }),
    },
  };
}

/** Makes the bundle in a folder, with the static program in /bin under its own name. */
export function makeBundle(folder: string, program: string, options: BundleOptions): void {
  for (const name of ['bin', 'proc', 'dev', 'sys', 'etc'])
    mkdirSync(path.join(folder, 'rootfs', name), { recursive: true });
  copyFileSync(program, path.join(folder, 'rootfs', 'bin', path.basename(program)));
  writeFileSync(path.join(folder, 'config.json'), JSON.stringify(configuration(options)));
}

/** A command line. */
export type Command = readonly [string, ...string[]];

const VIEW = 'umount -R /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup';

/** crun refuses a machine whose cgroups are of both versions, so there it gets a view of them as of version 2 only. */
function needsView(runtime: string): boolean {
  return path.basename(runtime) === 'crun' && statfsSync('/sys/fs/cgroup').type !== CGROUP2;
}

/** The command line of a runtime. */
export function runtimeCall(runtime: string, ...argv: readonly [string, ...string[]]): Command {
  if (!needsView(runtime)) return [runtime, ...argv];
  return ['unshare', '--mount', 'sh', '-c', `${VIEW} && exec "$@"`, 'sh', runtime, ...argv];
}

/** A runtime that is called many times. */
export interface OpenRuntime {
  /** As runtimeCall(), but the view of the file system was made once: making it takes longer than crun itself. */
  call(...argv: readonly [string, ...string[]]): Command;
  close(): void;
}

/** Makes a runtime ready for many calls. To be closed afterwards; it ends with this process at the latest. */
export async function openRuntime(runtime: string): Promise<OpenRuntime> {
  if (!needsView(runtime)) return { call: (...argv) => [runtime, ...argv], close: () => undefined };
  const holder = spawn('unshare', ['--mount', 'sh', '-c', `${VIEW} && echo made && exec cat`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const made = await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit')]);
  if (!Buffer.isBuffer(made[0])) throw new Error(`no view of cgroups of version 2 only: status ${String(made[0])}`);
  const namespace = `--mount=/proc/${String(holder.pid)}/ns/mnt`;
  return { call: (...argv) => ['nsenter', namespace, runtime, ...argv], close: () => holder.stdin.end() };
}

/** The command line that runs a bundle. */
export function runtimeCommand(runtime: string, bundle: string, id: string): Command {
  return runtimeCall(runtime, 'run', '--bundle', bundle, id);
}
