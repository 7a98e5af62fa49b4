// SPDX-License-Identifier: Apache-2.0
// The container runtimes of a machine: sockets that kubelets speak to, and programs with their versions. A program is
// asked only where nobody but root can have put it there, because `spoc doctor` may run as root.
import { constants } from 'node:fs';
import { lstat, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Observed } from '../../core/doctor/finding.ts';
import type { RuntimeFacts, RuntimeProgram } from '../../core/doctor/node-facts.ts';
import { runToEnd } from '../native/run-to-end.ts';
import { isThere, observe } from './reading.ts';

/** Sockets of containerd, CRI-O and cri-dockerd, and of distributions that bring their own containerd. */
const SOCKETS = [
  'run/containerd/containerd.sock',
  'run/k3s/containerd/containerd.sock',
  'run/k0s/containerd.sock',
  'run/crio/crio.sock',
  'run/cri-dockerd.sock',
];

const FOLDERS = ['usr/bin', 'usr/sbin', 'usr/local/bin', 'usr/local/sbin', 'usr/libexec/crio'];
const PROGRAMS = ['containerd', 'crio', 'runc', 'crun', 'runsc', 'kata-runtime'];

/** A program that does not answer by then is left, in milliseconds. */
const PATIENCE_MS = 5000;

/** Looks for runtimes below a root. */
export async function runtimeFacts(root: string): Promise<RuntimeFacts> {
  const sockets = await Promise.all(
    SOCKETS.map(async (file) => ((await isSocket(path.join(root, file))) ? [`/${file}`] : [])),
  );
  const files = FOLDERS.flatMap((folder) => PROGRAMS.map((name) => path.join(root, folder, name)));
  const real = new Map<string, string>();
  for (const file of files) {
    if (await isThere(file, constants.X_OK)) real.set(await realpath(file), file);
  }
  return { sockets: sockets.flat(), programs: await Promise.all([...real.values()].map(programAt)) };
}

async function isSocket(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isSocket(),
    () => false,
  );
}

async function programAt(file: string): Promise<RuntimeProgram> {
  return { path: file, version: await versionOf(file) };
}

async function versionOf(file: string): Promise<Observed<string>> {
  return observe(async () => {
    if (process.getuid?.() === 0 && !(await isRoots(await realpath(file)))) {
      throw new Error('is not asked for its version: users other than root may change it');
    }
    const { output, status } = await runToEnd(file, ['--version'], '', PATIENCE_MS);
    const [line = ''] = Buffer.from(output).toString('utf8').split('\n', 1);
    if (status !== 0 || line === '') throw new Error('does not tell its version');
    return line.slice(0, 200);
  });
}

/** Whether a file and all folders above it belong to root, who alone may write to them. */
async function isRoots(file: string): Promise<boolean> {
  const { uid, mode } = await lstat(file);
  const others = constants.S_IWGRP | constants.S_IWOTH;
  if (uid !== 0 || (mode & others) !== 0) return false;
  return file === '/' || isRoots(path.dirname(file));
}
