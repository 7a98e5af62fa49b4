// SPDX-License-Identifier: Apache-2.0
// A real API server for tests that need nothing else: the one of KUBECONFIG, or the control plane of the lab. Requests
// go through kubectl proxy, so that a test reads like the API and knows nothing of certificates.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { sharedPlane } from './shared-plane.ts';

/** An answer of the API server. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** A way to the API server. */
export interface ApiServer {
  /** Sends a request; a body that is no string is sent as JSON. */
  request(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Runs kubectl and returns what it printed on both ways. */
  kubectl(args: readonly string[], input?: string): Promise<Answer>;
  close(): void;
}

/**
 * Finds an API server: that of KUBECONFIG, or the control plane that the tests of this process share.
 * @throws Error when it cannot be built or started
 */
export async function connect(): Promise<ApiServer> {
  return open(process.env['KUBECONFIG'] === undefined ? await ownEnvironment() : process.env);
}

async function ownEnvironment(): Promise<NodeJS.ProcessEnv> {
  const { kubeconfig } = await sharedPlane();
  const bin = join(dirname(kubeconfig), 'bin');
  return { ...process.env, KUBECONFIG: kubeconfig, PATH: `${bin}:${process.env['PATH'] ?? ''}` };
}

async function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv, input = ''): Promise<Answer> {
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(input);
  const closed = new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
  const [status, out, err] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
  return { status, text: out + err };
}

async function open(env: NodeJS.ProcessEnv): Promise<ApiServer> {
  const proxy = spawn('kubectl', ['proxy', '--port=0'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const base = `http://${await addressOf(proxy)}`;
  return {
    request: (method, path, body, headers = {}) => send(base + path, method, body, headers),
    kubectl: (args, input) => run('kubectl', args, env, input),
    close: () => {
      proxy.kill();
    },
  };
}

async function addressOf(proxy: ChildProcess): Promise<string> {
  if (proxy.stdout === null) throw new Error('kubectl proxy has no output');
  for await (const line of createInterface(proxy.stdout)) {
    const [address] = /127\.0\.0\.1:\d+/.exec(line) ?? [];
    if (address !== undefined) return address;
  }
  throw new Error('kubectl proxy ended before it served');
}

async function send(
  url: string,
  method: string,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  const answer = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: answer.status, text: await answer.text() };
}
