// SPDX-License-Identifier: Apache-2.0
// Questions to selinuxd over its socket: the operator's own, or that of the project of that name, which knows fewer
// paths: where it knows one not, the answer says as much as can be said without it.
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { Failed } from '../core/errors.ts';
import { isJsonObject } from '../core/json.ts';
import type { MarkedProfile } from '../core/selinux/store/mark.ts';

/** Where a policy stands. */
interface PolicyAnswer {
  readonly installed: boolean;
  /** Why it is not installed; of one that is, what its users should know. */
  readonly message: string;
  /** SHA-256 of the text that this is about; undefined where selinuxd does not say it. */
  readonly checksum: string | undefined;
  /** It is the removal that failed. */
  readonly removal: boolean;
  /** An administrator of the node has disabled it. */
  readonly disabled: boolean;
  /** When others have touched it last, and whether it was installed again after that; undefined where none has. */
  readonly tampering: { readonly at: string; readonly restored: boolean } | undefined;
}

/** The news of the policies of a node. */
interface ChangesAnswer {
  /** Another number after each round of installing. */
  readonly serial: number;
  /** When others have touched policies last, by the names of the modules. */
  readonly touched: ReadonlyMap<string, string>;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** How long an answer may take, in milliseconds; one for changes waits for them for 30 seconds. */
const TIMEOUT_MS = 5000;
const CHANGES_TIMEOUT_MS = 60_000;

/** A policy of which selinuxd does not know yet where it stands. */
const UNKNOWN: PolicyAnswer = {
  installed: false,
  message: '',
  checksum: '',
  removal: false,
  disabled: false,
  tampering: undefined,
};

/**
 * Asks selinuxd. Every error names the socket; it is Failed, with the reason CannotContactSelinuxd where there is no
 * answer and CannotGetPolicyStatus for one that means nothing.
 */
export class SelinuxdClient {
  private readonly socket: string;

  constructor(socket: string) {
    this.socket = socket;
  }

  /** Where a policy stands; undefined for one that selinuxd does not know. */
  async state(name: string): Promise<PolicyAnswer | undefined> {
    const answer = await this.ask('GET', `/policies/${encodeURIComponent(name)}`);
    if (answer.status === 404) return (await this.isReady()) ? undefined : UNKNOWN;
    if (answer.status === 503) return UNKNOWN;
    const { status, msg, checksum, removal, disabled, tampering } = this.objectIn(answer);
    return {
      installed: status === 'Installed',
      message: typeof msg === 'string' ? msg : '',
      checksum: typeof checksum === 'string' ? checksum : undefined,
      removal: removal === true,
      disabled: disabled === true,
      tampering: isTampering(tampering) ? tampering : undefined,
    };
  }

  /** The profiles whose policies are installed, by module; none where selinuxd cannot tell. Rejects until it knows. */
  async installed(): Promise<ReadonlyMap<string, MarkedProfile>> {
    const answer = await this.ask('GET', '/policies/');
    // The other project's has no such question, or answers with names alone.
    if (answer.status === 404 || answer.status === 400 || Array.isArray(parsed(answer.body))) return new Map();
    return new Map(
      Object.entries(this.objectIn(answer)).filter((entry): entry is [string, MarkedProfile] => isProfile(entry[1])),
    );
  }

  /** Has a policy removed that has no file; a selinuxd that cannot has done so when its file went. */
  async remove(name: string): Promise<void> {
    await this.ask('DELETE', `/policies/${encodeURIComponent(name)}`);
  }

  /**
   * Waits until policies have been installed or removed after a number that this has returned before. Undefined where
   * selinuxd cannot tell.
   */
  async changes(after: number): Promise<ChangesAnswer | undefined> {
    const answer = await this.ask('GET', `/changes?after=${after}`, CHANGES_TIMEOUT_MS);
    if (answer.status !== 200) return undefined;
    const { serial, touched } = this.objectIn(answer);
    const times = Object.entries(isJsonObject(touched) ? touched : {});
    const isTime = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === 'string';
    return typeof serial === 'number' ? { serial, touched: new Map(times.filter(isTime)) } : undefined;
  }

  /** Before it is ready, the other project's selinuxd knows no policy, also of those that the node has. */
  private async isReady(): Promise<boolean> {
    const answer = await this.ask('GET', '/ready');
    return answer.status === 404 || this.objectIn(answer)['ready'] !== false;
  }

  private objectIn({ status, body }: Answer): Readonly<Record<string, unknown>> {
    const value = status === 200 ? parsed(body) : undefined;
    if (isJsonObject(value)) return value;
    const answer = `${String(status)} ${body.slice(0, 200).trim()}`;
    throw new Failed('CannotGetPolicyStatus', `${this.socket}: selinuxd answers ${answer}`);
  }

  private ask(method: string, path: string, timeout: number = TIMEOUT_MS): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const fail = (cause: Error): void =>
        reject(new Failed('CannotContactSelinuxd', `${this.socket}: ${cause.message}`, { cause }));
      const question = request({ socketPath: this.socket, method, path, timeout, agent: false }, (response) => {
        text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), fail);
      });
      question.on('error', fail);
      question.on('timeout', () => question.destroy(new Error('selinuxd does not answer in time')));
      question.end();
    });
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function isTampering(value: unknown): value is PolicyAnswer['tampering'] {
  return isJsonObject(value) && typeof value['at'] === 'string' && typeof value['restored'] === 'boolean';
}

function isProfile(value: unknown): value is MarkedProfile {
  return isJsonObject(value) && ['kind', 'namespace', 'name'].every((key) => typeof value[key] === 'string');
}
