// SPDX-License-Identifier: Apache-2.0
// A plain way to the API server of the lab for the benchmarks: HTTP by kubectl proxy, no library in between that would
// be measured too.
import { execFileSync, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { AUDIT_LOG } from '../tools/lab/audit.ts';
import { clusterInstance } from '../tools/lab/cluster.ts';

const root = path.join(import.meta.dirname, '..');

/** Path of the profiles of a namespace. */
export function profilesPath(namespace: string): string {
  return `/apis/security-profiles-operator.x-k8s.io/v1beta1/namespaces/${namespace}/seccompprofiles`;
}

/** An event of a watch. */
export interface WatchEvent {
  readonly type: string;
  readonly object: unknown;
}

/** A connection to the API server of the running lab. */
export class Api {
  readonly env: NodeJS.ProcessEnv;
  private readonly base: string;
  private readonly stop: () => void;

  private constructor(env: NodeJS.ProcessEnv, base: string, stop: () => void) {
    this.env = env;
    this.base = base;
    this.stop = stop;
  }

  /** Connects. Throws when no lab runs. */
  static async connect(): Promise<Api> {
    const line = `eval "$("${process.execPath}" tools/lab/main.ts env)" && env -0`;
    const variables = execFileSync('bash', ['-c', line], { cwd: root, encoding: 'utf8' }).split('\0');
    const env = Object.fromEntries(
      variables.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)] as const),
    );
    const proxy = spawn('kubectl', ['proxy', '--port=0'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    // Also where a benchmark breaks off.
    process.once('exit', () => proxy.kill());
    for await (const text of createInterface(proxy.stdout)) {
      const address = /127\.0\.0\.1:\d+/.exec(text)?.[0];
      if (address !== undefined) return new Api(env, `http://${address}`, () => proxy.kill());
    }
    throw new Error('kubectl proxy ended before it served');
  }

  /** Sends a request; throws on an answer of 400 and above. */
  async send(method: string, resource: string, body?: object, type = 'application/json'): Promise<string> {
    const request =
      body === undefined ? { method } : { method, body: JSON.stringify(body), headers: { 'content-type': type } };
    const answer = await fetch(this.base + resource, request);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${resource}: ${String(answer.status)} ${text.slice(0, 300)}`);
    return text;
  }

  /** Follows a watch until the callback says that it has seen enough; one that the server ends is begun again. */
  async watch(resource: string, seen: (event: WatchEvent) => boolean): Promise<void> {
    while (!(await this.watchOnce(resource, seen)));
  }

  private async watchOnce(resource: string, seen: (event: WatchEvent) => boolean): Promise<boolean> {
    const answer = await fetch(`${this.base}${resource}?watch=true`);
    if (answer.body === null) throw new Error(`watch ${resource}: no body`);
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line === '') continue;
        // Leaving the loop closes the stream.
        if (seen(JSON.parse(line) as WatchEvent)) return true;
      }
    }
    return false;
  }

  /**
   * Writes of the operator that the API server has answered so far, leases left out: those are the cost of being alive.
   */
  async writes(): Promise<number> {
    const log = await readFile(clusterInstance().file('log', `${AUDIT_LOG}.log`), 'utf8');
    return log.split('\n').length - 1;
  }

  /** Ends the connection. */
  close(): void {
    this.stop();
  }
}
