// SPDX-License-Identifier: Apache-2.0
// The socket of selinuxd, with the paths and answers of the project of that name: `GET /ready` and
// `GET /policies/NAME`. Ours are besides: `GET /policies/` lists what is installed, `DELETE /policies/NAME` removes a
// policy that has no file any more, and `GET /changes?after=N` waits for a round of installing after the N-th; it tells
// which policies others have touched, and when.
import { chmod, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PolicyState } from '../core/selinux/store/installer.ts';
import type { MarkedProfile } from '../core/selinux/store/mark.ts';

/** The policies of the node, as they are told over the socket. */
export interface ServedPolicies {
  readonly ready: boolean;
  state(name: string): PolicyState | undefined;
  /** Whether it is not known yet whether there is such a policy, where `state` has none. */
  isOpen(name: string): boolean;
  installed(): ReadonlyMap<string, MarkedProfile>;
  touched(): ReadonlyMap<string, string>;
  remove(name: string): void;
}

/** How long a question for changes may wait for its answer, in milliseconds. */
const CHANGES_WAIT_MS = 30_000;

/** User and group, which the pod's containers share. */
const SOCKET_MODE = 0o660;

/** The socket of selinuxd. */
export class SelinuxdServer {
  private readonly policies: ServedPolicies;
  private readonly asked: () => void;
  private readonly server = createServer((request, response) => this.answer(request, response));
  private readonly waiting = new Map<ServerResponse, () => void>();
  private serial = 0;

  /** @param asked - called when there is something to remove */
  constructor(policies: ServedPolicies, asked: () => void) {
    this.policies = policies;
    this.asked = asked;
  }

  /** Begins to listen. A socket of that name which a process of before has left is replaced. */
  async listen(socket: string, onError: (error: unknown) => void): Promise<void> {
    await rm(socket, { force: true });
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(socket, resolve);
    });
    await chmod(socket, SOCKET_MODE);
    this.server.on('error', onError);
  }

  /** There has been a round: whoever waits for changes gets an answer. */
  changed(): void {
    this.serial += 1;
    for (const answer of this.waiting.values()) answer();
  }

  /** Ends it. */
  close(): Promise<void> {
    for (const answer of this.waiting.values()) answer();
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const asked = readTarget(request.url ?? '/');
    if (asked === undefined) {
      send(response, 400, { error: 'this is no path' });
      return;
    }
    const { url, name } = asked;
    const words = `${request.method ?? ''} ${name === undefined ? url.pathname : '/policies/'}`;
    if (words === 'GET /ready') send(response, 200, { ready: this.policies.ready });
    else if (words === 'GET /changes') this.wait(response, Number(url.searchParams.get('after') ?? this.serial));
    else if (words === 'GET /policies/' && name === '') this.sendInstalled(response);
    else if (words === 'GET /policies/') this.sendState(response, name ?? '');
    else if (words === 'DELETE /policies/') this.remove(response, name ?? '');
    else send(response, 404, { error: `there is no ${words}` });
  }

  private sendInstalled(response: ServerResponse): void {
    if (this.policies.ready) send(response, 200, Object.fromEntries(this.policies.installed()));
    else send(response, 503, { error: 'the policies of the node are not known yet' });
  }

  private sendState(response: ServerResponse, name: string): void {
    const state = this.policies.state(name);
    if (this.policies.isOpen(name)) send(response, 503, { error: `where the policy ${name} stands is not known yet` });
    else if (state === undefined) send(response, 404, { error: `there is no policy ${name}` });
    else send(response, 200, state);
  }

  private remove(response: ServerResponse, name: string): void {
    this.policies.remove(name);
    this.asked();
    send(response, 202, {});
  }

  private wait(response: ServerResponse, after: number): void {
    const finish = (): void => {
      clearTimeout(timer);
      if (!this.waiting.delete(response)) return;
      send(response, 200, { serial: this.serial, touched: Object.fromEntries(this.policies.touched()) });
    };
    const timer = setTimeout(finish, CHANGES_WAIT_MS);
    response.on('close', () => {
      clearTimeout(timer);
      this.waiting.delete(response);
    });
    this.waiting.set(response, finish);
    if (after !== this.serial) finish();
  }
}

/** The address and the name of the policy in it; undefined where the text is no address. */
function readTarget(text: string): { readonly url: URL; readonly name: string | undefined } | undefined {
  try {
    const url = new URL(text, 'http://selinuxd');
    const name = /^\/policies\/([^/]*)$/.exec(url.pathname)?.[1];
    return { url, name: name === undefined ? undefined : decodeURIComponent(name) };
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
