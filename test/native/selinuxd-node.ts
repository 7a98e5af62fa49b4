// SPDX-License-Identifier: Apache-2.0
// selinuxd as it runs in its container, for a policy store in a folder: with the node's paths in a mount namespace of
// its own, and a process namespace that ends with it, so that whoever kills it kills the program that it has started.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { IMAGE_FOLDER } from '../../src/core/deploy/image.ts';
import { ENV } from '../../src/core/env.ts';
import { nativeProgram } from './fixtures.ts';
import { policyStore, STORE } from './policy-store.ts';

const MAIN = path.join(import.meta.dirname, '../../src/main.ts');

/** Puts folders over those of this machine, which nobody else sees. Everything ends with the namespace. */
const ENTER = `set -e
mount -t tmpfs tmpfs "$FOLDER/over"
for place in etc var/lib opt; do
  over="$FOLDER/over/$(basename $place)"
  mkdir -p "$over/up" "$over/work"
  mount -t overlay -o "lowerdir=/$place,upperdir=$over/up,workdir=$over/work" overlay "/$place"
done
mkdir -p /etc/selinux /var/lib/selinux ${IMAGE_FOLDER}
mount --bind "$FOLDER/root/etc/selinux" /etc/selinux
mount --bind "$FOLDER/root/var/lib/selinux" /var/lib/selinux
cp "$PROGRAM" ${IMAGE_FOLDER}/selinux_policy
exec "$@"`;

/** A node with a small policy store, and its selinuxd. */
export class SelinuxdNode {
  readonly root: string;
  /** The folder of policies. */
  readonly policies: string;
  readonly socket: string;
  private readonly folder: string;
  private process: ChildProcess | undefined;

  /** @param folder - an empty one, for everything */
  constructor(folder: string) {
    this.folder = folder;
    this.root = policyStore(folder);
    this.policies = path.join(folder, 'policies');
    this.socket = path.join(folder, 'run/selinuxd.sock');
    for (const made of [this.policies, path.dirname(this.socket), path.join(folder, 'over')]) mkdirSync(made);
    writeFileSync(path.join(this.root, 'etc/selinux/config'), `SELINUX=enforcing\nSELINUXTYPE=${STORE}\n`);
  }

  /** The folder of libsemanage. */
  get store(): string {
    return path.join(this.root, 'var/lib/selinux', STORE);
  }

  /** The folder of the policy that the kernel would get. */
  get policy(): string {
    return path.join(this.root, 'etc/selinux', STORE);
  }

  start(): void {
    const env = {
      PATH: process.env['PATH'],
      FOLDER: this.folder,
      PROGRAM: nativeProgram('selinux_policy'),
      [ENV.selinuxPolicies]: this.policies,
      [ENV.selinuxdSocket]: this.socket,
      [ENV.healthPort]: '0',
    };
    const words = ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', ENTER, 'sh', process.execPath, MAIN];
    this.process = spawn('unshare', [...words, 'selinuxd'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  }

  /** Kills selinuxd and what it has started; resolves when nothing of it is left. */
  async kill(): Promise<void> {
    const child = this.process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    while (this.programs().length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  /** Processes of the program that changes the policy. */
  programs(): readonly number[] {
    const mark = `--scratch=${path.dirname(this.socket)}`;
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.filter((pid) => commandOf(pid).includes(mark)).map(Number);
  }
}

function commandOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
