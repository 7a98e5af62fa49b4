// SPDX-License-Identifier: Apache-2.0
// `npm start`: what the project does, on this machine. First spoc on a command; then a real cluster of one node with the
// operator on it, an example profile, and a pod that it confines. Stays up until Ctrl-C where somebody is watching.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { demonstrateSpoc } from './demo-spoc.ts';
import { writeBusyboxImage } from './lab/images.ts';

const root = path.join(import.meta.dirname, '..');
const example = 'manifests/examples/deny-mkdir.yaml';

function title(text: string): void {
  console.log(`\n\u001b[1m${text}\u001b[0m`);
}

function run(file: string, args: readonly string[]): void {
  const { status, error } = spawnSync(file, args, { cwd: root, stdio: 'inherit' });
  if (error !== undefined) throw new Error(`start ${file}`, { cause: error });
  if (status !== 0) throw new Error(`${file} ${args.join(' ')} ended with status ${String(status)}`);
}

function lab(...args: readonly string[]): void {
  run(process.execPath, ['tools/lab/main.ts', ...args]);
}

function isUp(): boolean {
  return spawnSync(process.execPath, ['tools/lab/main.ts', 'env'], { cwd: root, stdio: 'ignore' }).status === 0;
}

/** Runs a line in a shell that has kubectl and the cluster in its environment, showing the line. */
function inCluster(line: string): void {
  console.log(`$ ${line}`);
  run('bash', ['-c', `eval "$("${process.execPath}" tools/lab/main.ts env)"; ${line}`]);
}

async function loadShell(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'start-'));
  try {
    const archive = path.join(folder, 'busybox.tar');
    await writeBusyboxImage(archive, () => undefined);
    lab('load', archive);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function demonstrateOperator(): Promise<void> {
  title('5. A cluster of one node, with the operator from manifests/operator.yaml');
  lab('up');
  await loadShell();
  lab('deploy');
  title('6. An example profile on every node, and a pod that runs under it');
  inCluster(`kubectl apply -f ${example}`);
  inCluster('kubectl wait --for=condition=ready seccompprofile deny-mkdir --timeout=60s');
  inCluster('kubectl get seccompprofile deny-mkdir -o wide');
  inCluster('kubectl wait --for=jsonpath={.status.phase}=Succeeded pod/confined --timeout=120s');
  inCluster('kubectl logs confined');
}

/** Waits for Ctrl-C where somebody sits at a terminal; with CI=true or without a terminal there is nobody to wait for. */
async function stay(): Promise<void> {
  if (process.env['CI'] === 'true' || !process.stdin.isTTY) return;
  title('The cluster stays until Ctrl-C. In another terminal: eval "$(npm run -s lab -- env)"; kubectl get sp -A');
  const ending = new AbortController();
  process.once('SIGINT', () => ending.abort());
  while (!ending.signal.aborted) await sleep(60_000, undefined, { signal: ending.signal }).catch(() => undefined);
}

const status = demonstrateSpoc();
if (status === 0) {
  const isOurs = !isUp();
  try {
    await demonstrateOperator();
    await stay();
  } finally {
    if (isOurs) lab('down');
  }
}
process.exitCode = status;
