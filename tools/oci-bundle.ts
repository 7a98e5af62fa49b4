// SPDX-License-Identifier: Apache-2.0
// The smallest container there is, for measuring and testing what OCI runtimes do: a folder with one static program,
// and the config.json of the OCI runtime specification. Without cgroup limits, so that it runs on any layout of
// cgroups.
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

/**
 * The command line of a runtime. crun refuses a machine whose cgroups are of both versions, so there it gets a view of
 * the file system in which they are of version 2 only.
 */
export function runtimeCall(runtime: string, ...words: readonly [string, ...string[]]): Command {
  const unified = statfsSync('/sys/fs/cgroup').type === CGROUP2;
  if (path.basename(runtime) !== 'crun' || unified) return [runtime, ...words];
  const view = 'umount -R /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup && exec "$@"';
  return ['unshare', '--mount', 'sh', '-c', view, 'sh', runtime, ...words];
}

/** The command line that runs a bundle. */
export function runtimeCommand(runtime: string, bundle: string, id: string): Command {
  return runtimeCall(runtime, 'run', '--bundle', bundle, id);
}
