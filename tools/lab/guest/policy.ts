// SPDX-License-Identifier: Apache-2.0
// The SELinux policy of guests: the base of Debian's, with as much for containers as tests need. It is compiled into
// the store of the guest's root directory, so that a guest only loads it.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from '../../image/command.ts';

const CONTAINER_MODULE = path.join(import.meta.dirname, 'container.cil');

/** The sources of the policy besides Debian's packages. */
export const POLICY_SOURCES: readonly string[] = [import.meta.filename, CONTAINER_MODULE];

/**
 * Debian's modules that are installed: the fewer, the sooner a change of the policy is through in a guest. Others than
 * these confine services that no guest has.
 */
const MODULES = ['base', 'unconfined'];

/** Name of the policy and of its store. */
const STORE = 'default';

/** The priority of what a distribution installs, below what an administrator does. */
const PRIORITY = '100';

/**
 * Compiles the policy of a root directory into its store.
 * @param root - with policycoreutils, in which /etc and /var may be written
 * @throws Error with the compiler's words
 */
export async function buildPolicy(root: string): Promise<void> {
  const packaged = `/usr/share/selinux/${STORE}`;
  await mkdir(path.join(root, 'etc', 'selinux'), { recursive: true });
  await writeFile(path.join(root, 'etc', 'selinux', 'config'), `SELINUX=enforcing\nSELINUXTYPE=${STORE}\n`);
  for (const name of MODULES) await translate(root, `${packaged}/${name}`);
  await copyFile(CONTAINER_MODULE, path.join(root, packaged, 'container.cil'));
  const install = [...MODULES, 'container'].flatMap((name) => ['-i', `${packaged}/${name}.cil`]);
  await run('chroot', [root, 'semodule', '-n', '-s', STORE, '-X', PRIORITY, ...install]);
}

/**
 * Writes one of Debian's modules as CIL, without its optional parts. Nearly all of them are about modules that are not
 * here, and to find that out takes the compiler three quarters of its time, at each change of the policy.
 */
async function translate(root: string, module: string): Promise<void> {
  const file = path.join(root, `${module}.cil`);
  const unpack = 'busybox bunzip2 -c "$1" | chroot "$2" /usr/libexec/selinux/hll/pp >"$3"';
  await run('sh', ['-c', unpack, 'sh', path.join(root, `${module}.pp.bz2`), root, file]);
  await writeFile(file, withoutOptionals(await readFile(file, 'utf8')));
}

/** The translator begins and ends each of them on a line without indentation. */
function withoutOptionals(cil: string): string {
  return cil.replaceAll(/^\(optional .*\n(?:[ \t].*\n)*\)\n/gm, '');
}
