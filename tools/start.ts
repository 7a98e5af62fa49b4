// SPDX-License-Identifier: Apache-2.0
// `npm start`: what the project does, on this machine. First spoc on a command; then a real cluster of one node with
// the operator on it, an example profile, a pod that it confines, one that a binding confines, and one that is recorded
// and confines the next. Stays up until Ctrl-C in a terminal.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { demonstrateSpoc } from './demo-spoc.ts';
import { writeBusyboxImage } from './lab/images.ts';

const root = path.join(import.meta.dirname, '..');
const EXAMPLE = 'manifests/examples/deny-mkdir.yaml';
const BINDING_EXAMPLE = 'manifests/examples/profilebinding.yaml';
const RECORDING_EXAMPLE = 'manifests/examples/profilerecording.yaml';

/** Ctrl-C at any time: what runs is ended, and what was started is taken down. */
const ending = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => ending.abort());

function title(text: string): void {
  console.log(`\n\u001b[1m${text}\u001b[0m`);
}

/** Runs a program to its end; Ctrl-C ends it, unless it cleans up. */
async function run(file: string, args: readonly string[], interruptible = true): Promise<void> {
  if (interruptible) ending.signal.throwIfAborted();
  const child = spawn(file, args, { cwd: root, stdio: 'inherit', detached: !interruptible });
  const stop = (): boolean => child.kill('SIGINT');
  if (interruptible) ending.signal.addEventListener('abort', stop);
  const status = await new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', (cause) => reject(new Error(`start ${file}`, { cause })));
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  ending.signal.removeEventListener('abort', stop);
  if (interruptible) ending.signal.throwIfAborted();
  if (status !== 0) throw new Error(`${file} ${args.join(' ')} ended with status ${String(status)}`);
}

async function lab(...args: readonly string[]): Promise<void> {
  await run(process.execPath, ['tools/lab/main.ts', ...args]);
}

function isUp(): boolean {
  return spawnSync(process.execPath, ['tools/lab/main.ts', 'env'], { cwd: root, stdio: 'ignore' }).status === 0;
}

/** Runs a line in a shell that has kubectl and the cluster in its environment, showing the line. */
async function inCluster(line: string): Promise<void> {
  console.log(`$ ${line}`);
  await run('bash', ['-c', `eval "$("${process.execPath}" tools/lab/main.ts env)"; ${line}`]);
}

async function loadShell(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'start-'));
  try {
    const archive = path.join(folder, 'busybox.tar');
    await writeBusyboxImage(archive, () => undefined);
    await lab('load', archive);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function demonstrateOperator(): Promise<void> {
  title('5. A cluster of one node, with the operator from manifests/operator.yaml');
  await lab('up');
  await loadShell();
  await lab('deploy');
  title('6. An example profile on every node, and a pod that runs under it');
  await inCluster(`kubectl apply -f ${EXAMPLE}`);
  await inCluster('kubectl wait --for=condition=ready seccompprofile deny-mkdir --timeout=60s');
  await inCluster('kubectl get seccompprofile deny-mkdir -o wide');
  await inCluster('kubectl wait --for=jsonpath={.status.phase}=Succeeded pod/confined --timeout=120s');
  await inCluster('kubectl logs confined');
  title('7. The profile of a binding, put on a pod that names none');
  await inCluster(`kubectl apply -f ${BINDING_EXAMPLE}`);
  await inCluster('kubectl -n bound wait --for=jsonpath={.status.phase}=Succeeded pod/unaware --timeout=120s');
  await inCluster('kubectl -n bound logs unaware');
  await inCluster('kubectl -n bound get profilebindings -o wide');
}

async function demonstrateRecording(): Promise<void> {
  title('8. A pod that is recorded by eBPF, and the profile that comes of it');
  const patch = `--type=merge -p '{"spec":{"enableBpfRecorder":true}}'`;
  await inCluster(`kubectl -n security-profiles-operator patch spod spod ${patch}`);
  await inCluster(`kubectl apply -f ${RECORDING_EXAMPLE}`);
  await inCluster('kubectl -n recorded wait --for=condition=ready profilerecording my-recording --timeout=180s');
  await inCluster('kubectl apply -f manifests/examples/recorded-pod.yaml');
  await inCluster('kubectl -n recorded wait --for=create seccompprofile/my-recording-shell --timeout=120s');
  await inCluster('kubectl -n recorded wait --for=condition=ready seccompprofile my-recording-shell --timeout=60s');
  await inCluster('kubectl -n recorded get profilerecordings');
  await inCluster('kubectl -n recorded get seccompprofile my-recording-shell -o yaml');
  title('9. The profile that was learnt, bound to the next pod: it may do what the first one did, and no more');
  await inCluster('kubectl apply -f manifests/examples/recorded-binding.yaml');
  await inCluster('kubectl -n recorded wait --for=jsonpath={.status.phase}=Succeeded pod/pupil --timeout=120s');
  await inCluster('kubectl -n recorded logs pupil');
}

/**
 * Waits for Ctrl-C in a terminal; with CI=true or without a terminal it does not wait.
 */
async function stay(): Promise<void> {
  if (process.env['CI'] === 'true' || !process.stdin.isTTY) return;
  title('The cluster stays until Ctrl-C. In another terminal: eval "$(npm run -s lab -- env)"; kubectl get sp -A');
  while (!ending.signal.aborted) await sleep(60_000, undefined, { signal: ending.signal }).catch(() => undefined);
}

const status = demonstrateSpoc();
process.exitCode = status;
if (status === 0) {
  const isOurs = !isUp();
  try {
    await demonstrateOperator();
    await demonstrateRecording();
    await stay();
  } catch (error) {
    if (!ending.signal.aborted) throw error;
    process.exitCode = 128 + constants.signals.SIGINT;
  } finally {
    if (isOurs) await run(process.execPath, ['tools/lab/main.ts', 'down'], false);
  }
}
