// SPDX-License-Identifier: Apache-2.0
// The recorders of a node as processes beside a real API server: the roles of this tree. Where the image has the
// compiled programs and the node its audit log, they see those of the tree and of the test.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ENV } from '../../src/core/env.ts';
import { AUDIT_LOGS } from '../../src/core/names.ts';
import { IMAGE_FOLDER } from '../../src/core/deploy/image.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { fixture, nativeProgram } from '../native/fixtures.ts';
import { RoleProcess } from '../roles/role-process.ts';

const main = path.join(import.meta.dirname, '../../src/main.ts');

/** Puts folders where the roles look for them, in a view of the file system that ends with the process. */
const VIEW = `
mount -t tmpfs none "$(dirname "$1")" && mkdir "$1" && mount --bind "$2" "$1" || exit
mkdir -p "$3" && mount --bind "$4" "$3" || exit
shift 4
exec "$@"`;

/** A recorder that is started again when it ends, as by a kubelet that loses no time. */
export class KeptRole {
  /** How often it was started. */
  starts = 0;
  private readonly role: string;
  private readonly program: string;
  private readonly folder: string;
  private readonly env: Readonly<Record<string, string>>;
  private running: RoleProcess | undefined;
  private words = '';
  private isStopping = false;
  private ended: Promise<void> = Promise.resolve();

  private constructor(role: string, program: string, folder: string, env: Readonly<Record<string, string>>) {
    this.role = role;
    this.program = program;
    this.folder = folder;
    this.env = env;
  }

  /**
   * Prepares the eBPF recorder or the log enricher of a node.
   * @param folder - a folder of the test's: sockets and the audit log are there
   */
  static prepare(role: 'bpf-recorder' | 'log-enricher', plane: ControlPlane, node: string, folder: string) {
    mkdirSync(path.join(folder, 'audit'), { recursive: true });
    const program = role === 'bpf-recorder' ? 'container_recorder' : 'auditor';
    return new KeptRole(role, program, folder, {
      PATH: process.env['PATH'] ?? '',
      KUBECONFIG: plane.kubeconfig,
      [ENV.nodeName]: node,
      [ENV.healthPort]: '0',
      [ENV.metricsPort]: '0',
      [ENV.recorderSocket]: path.join(folder, 'recorder.sock'),
      [ENV.enricherSocket]: path.join(folder, 'enricher.sock'),
      [ENV.enricherPosition]: path.join(folder, 'position'),
    });
  }

  /** Its log since the last start. */
  get lines(): readonly string[] {
    return this.running?.lines ?? [];
  }

  /** Starts it, and waits for the words in its log that say that it works. */
  async start(words: string): Promise<void> {
    this.words = words;
    this.ended = this.keep();
    await this.works();
  }

  /** Waits until it works, on a busy machine for longer than others would take to kill it again. */
  async works(): Promise<void> {
    for (;;) {
      const told = this.running?.says(this.words).then(
        () => true,
        () => false,
      );
      if ((await told) === true) return;
      await sleep(50);
    }
  }

  /** Ends it at once; it comes again. */
  kill(): void {
    this.running?.kill();
  }

  /** Ends the compiled program that it has started; whether there was one. */
  killProgram(): boolean {
    const pid = this.programPid();
    if (pid === undefined) return false;
    process.kill(pid, 'SIGKILL');
    return true;
  }

  /** Asks it to end, for good. */
  async stop(): Promise<void> {
    this.isStopping = true;
    await this.running?.end();
    await this.ended;
  }

  private programPid(): number | undefined {
    try {
      const pid = String(this.running?.pid);
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
      return children.map(Number).find((child) => this.program.startsWith(commandOf(child)));
    } catch {
      // It has just ended.
      return undefined;
    }
  }

  private async keep(): Promise<void> {
    while (!this.isStopping) {
      const child = this.spawned();
      const end = once(child, 'exit');
      this.running = new RoleProcess(child);
      this.starts += 1;
      await end;
    }
  }

  private spawned(): ChildProcess {
    const programs = path.dirname(nativeProgram(this.program));
    const audit = [path.dirname(AUDIT_LOGS[0]), path.join(this.folder, 'audit')];
    const words = ['-c', VIEW, 'sh', IMAGE_FOLDER, programs, ...audit, process.execPath, main, this.role];
    const argv = ['--pdeathsig', 'KILL', '--', 'unshare', '--mount', 'sh', ...words];
    return spawn('setpriv', argv, { env: this.env, stdio: ['ignore', 'pipe', 'pipe'] });
  }
}

/** The kernel keeps fifteen characters of it. */
function commandOf(pid: number): string {
  return readFileSync(`/proc/${String(pid)}/comm`, 'utf8').trim();
}

/** Writes what the kernel audits into a log, as auditd would. Returns what ends that. */
export async function writeAuditLog(folder: string): Promise<() => void> {
  mkdirSync(path.join(folder, 'audit'), { recursive: true });
  const log = path.join(folder, 'audit', path.basename(AUDIT_LOGS[0]));
  writeFileSync(log, '', { flag: 'a', mode: 0o600 });
  const program = spawn(fixture('audit_log'), [log], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => program.stdout.once('data', resolve));
  return () => program.kill();
}
