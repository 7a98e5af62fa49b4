// SPDX-License-Identifier: Apache-2.0
// A role as the process that it is in a pod, on the fake API server over HTTP, and a scraper of its metrics.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import {
  APP_ARMOR_PROFILE,
  PROFILE_BINDING,
  PROFILE_RECORDING,
  RAW_SELINUX_PROFILE,
  SELINUX_PROFILE,
  SECCOMP_PROFILE,
  SECURITY_PROFILE_NODE_STATUS,
  SECURITY_PROFILES_OPERATOR_DAEMON,
} from '../../src/gen/kinds.ts';
import { listen } from '../fakes/api-http.ts';
import type { ApiListener } from '../fakes/api-http.ts';
import { FakeApiServer } from '../fakes/api-server.ts';
import { until } from '../fakes/operator.ts';

const main = path.join(import.meta.dirname, '../../src/main.ts');

/** A process needs so long to begin on a busy machine, in milliseconds. */
const START_MS = 120_000;

/** A page, or what came instead. */
export interface Page {
  readonly status: number;
  readonly body: string;
}

/** A cluster without a network: an API server that lets everybody read metrics, and a folder for one node. */
export class RoleCluster {
  readonly api = new FakeApiServer({
    kinds: [
      PROFILE_BINDING,
      PROFILE_RECORDING,
      SECCOMP_PROFILE,
      SELINUX_PROFILE,
      RAW_SELINUX_PROFILE,
      APP_ARMOR_PROFILE,
      SECURITY_PROFILE_NODE_STATUS,
      SECURITY_PROFILES_OPERATOR_DAEMON,
    ],
  });
  readonly folder = mkdtempSync(path.join(tmpdir(), 'spo-role-'));
  readonly certificates = path.join(this.folder, 'certificates');
  private readonly roles: RoleProcess[] = [];
  private listener: ApiListener | undefined;

  /** Begins to answer. */
  async start(): Promise<void> {
    this.api.put({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker', uid: 'n' } });
    this.api.fault = ({ path: asked }) =>
      asked.endsWith('reviews')
        ? { status: 201, body: { status: { authenticated: true, user: {}, allowed: true } } }
        : undefined;
    this.listener = await listen(this.api);
    mkdirSync(this.certificates);
    mkdirSync(path.join(this.folder, 'seccomp/operator'), { recursive: true });
    const config = {
      clusters: [{ name: 'x', cluster: { server: this.listener.url.href } }],
      contexts: [{ name: 'x', context: { cluster: 'x', user: 'x' } }],
      users: [{ name: 'x', user: {} }],
      'current-context': 'x',
    };
    writeFileSync(path.join(this.folder, 'kubeconfig'), JSON.stringify(config));
  }

  /** Starts a role, by default on ports that are free; `before` goes before the program. */
  run(
    words: readonly string[],
    env: Readonly<Record<string, string>> = {},
    before: readonly string[] = [],
  ): RoleProcess {
    const [program = '', ...args] = [...before, process.execPath, main, ...words];
    const given = {
      PATH: process.env['PATH'],
      KUBECONFIG: path.join(this.folder, 'kubeconfig'),
      KUBELET_DIR: this.folder,
      METRICS_CERT_DIR: this.certificates,
      NODE_NAME: 'worker',
      METRICS_PORT: '0',
      HEALTH_PORT: '0',
      ...env,
    };
    const role = new RoleProcess(spawn(program, args, { env: given, stdio: ['ignore', 'pipe', 'pipe'] }));
    this.roles.push(role);
    return role;
  }

  /** The API server is gone: its connections break, and nobody listens any more. */
  async loseApiServer(): Promise<void> {
    await this.listener?.close();
  }

  /** Ends everything. */
  async stop(): Promise<void> {
    for (const role of this.roles) await role.end();
    await this.listener?.close();
    rmSync(this.folder, { recursive: true });
  }
}

/** A role that runs. */
export class RoleProcess {
  readonly lines: string[] = [];
  private readonly child: ChildProcess;
  private readonly ended: Promise<string>;

  constructor(child: ChildProcess) {
    this.child = child;
    this.ended = new Promise((resolve) =>
      child.once('exit', (code, signal) => resolve(signal ?? `status ${String(code)}`)),
    );
    for (const stream of [child.stdout, child.stderr])
      if (stream !== null) createInterface(stream).on('line', (line) => this.lines.push(line));
  }

  /** Its pid; undefined where it could not be started. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Whether it has not ended. */
  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Waits for so many lines of the log with these words; the last of them. Fails where the process ends before. */
  async says(words: string, times = 1): Promise<string> {
    const found = (): readonly string[] => this.lines.filter((line) => line.includes(words));
    await until(`"${words}" in the log`, () => found().length >= times || !this.alive, START_MS).catch(
      (error: unknown) => {
        throw new Error(this.lines.join('\n'), { cause: error });
      },
    );
    const line = found()[times - 1];
    if (line === undefined) throw new Error(`the role has ended\n${this.lines.join('\n')}`);
    return line;
  }

  /** The port of the metrics, once they are served. */
  async metricsPort(): Promise<number> {
    return Number(/port"?[=:] ?(\d+)/.exec(await this.says('serving metrics'))?.[1]);
  }

  /** Ends it, whatever it does. */
  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** Asks it to end; how it did. */
  async end(): Promise<string> {
    this.child.kill('SIGTERM');
    return this.ended;
  }
}

/** Reads a page of metrics. Rejects where the server does not show a certificate of this authority. */
export function scrape(port: number, ca: string, page: string, servername: string): Promise<Page> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: 'Bearer token' };
    const options = { host: '127.0.0.1', port, ca, path: page, headers, servername, agent: false };
    const request = https.get(options, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (body += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    request.on('error', reject);
  });
}
