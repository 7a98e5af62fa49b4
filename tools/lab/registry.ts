// SPDX-License-Identifier: Apache-2.0
// A registry of artifacts on loopback, over plain http and open unless users are named: what is pushed is gone when it
// ends.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { provide } from './binaries.ts';
import type { Say } from './build.ts';
import type { Ground, Running } from './launch.ts';
import { launch, until, untilReady } from './launch.ts';
import { onPassingGround } from './passing-ground.ts';
import { anyPort } from './ports.ts';
import { REGISTRY } from './programs.ts';

const READY_SECONDS = 120;

/** The port that a registry has by custom, where it is free. */
export const REGISTRY_PORT = 5000;

/** The configuration, which both distribution 3 and Debian's 2.8 read. */
function configuration(folder: string, address: string, users: string | undefined): string {
  const auth = users === undefined ? {} : { auth: { htpasswd: { realm: 'registry', path: users } } };
  return JSON.stringify({
    ...auth,
    version: '0.1',
    log: { level: 'warn', accesslog: { disabled: false } },
    storage: { filesystem: { rootdirectory: folder }, delete: { enabled: true } },
    http: { addr: address },
  });
}

/**
 * Starts a registry at an address, and waits for it.
 *
 * @param program - of another registry than the pinned one
 * @throws Error when it can't be started or doesn't become ready
 */
export async function serveRegistry(
  ground: Ground,
  folder: string,
  address: string,
  { program = REGISTRY.name, users }: Pick<RegistryOptions, 'program' | 'users'> = {},
): Promise<Running> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const [file, passwords] = [path.join(folder, 'config.yml'), path.join(folder, 'users')];
  if (users !== undefined) await writeFile(passwords, users);
  const usersFile = users === undefined ? undefined : passwords;
  await writeFile(file, configuration(path.join(folder, 'data'), address, usersFile));
  const running = await launch(ground, {
    name: REGISTRY.name,
    program,
    args: ['serve', file],
    // It would look for a collector of traces, and complain.
    env: { OTEL_TRACES_EXPORTER: 'none' },
  });
  const status = users === undefined ? 200 : 401;
  await untilReady(running, async () => (await fetch(`http://${address}/v2/`)).status === status, READY_SECONDS);
  return running;
}

/** How a registry differs from the usual one. */
export interface RegistryOptions {
  /** Absolute path of another program that reads the same configuration. */
  readonly program?: string;
  /** Lines of htpasswd with bcrypt; without them everybody may do everything. */
  readonly users?: string;
  /** Where progress goes when it has to be built first; stderr if not given. */
  readonly say?: Say;
}

/**
 * Starts a registry that ends with this process at the latest.
 * @throws Error when it is missing and can't be built, or doesn't become ready
 */
export async function startRegistry({ program, users, say }: RegistryOptions = {}): Promise<Registry> {
  return onPassingGround('spo-registry-', async ({ folder, ground, dispose }) => {
    const address = `127.0.0.1:${await anyPort()}`;
    const tell = say ?? ((line: string): void => console.error(`lab: ${line}`));
    await provide(program === undefined ? [REGISTRY] : [], ground.bin, tell);
    const options = { ...(program === undefined ? {} : { program }), ...(users === undefined ? {} : { users }) };
    const running = await serveRegistry(ground, path.join(folder, 'registry'), address, options);
    return new Registry(address, running.log, dispose);
  });
}

/** A running registry. */
export class Registry {
  /** Host and port, as references name them. */
  readonly address: string;
  private readonly log: string;
  private marks = 0;
  private readonly dispose: () => Promise<void>;

  /** For startRegistry(). */
  constructor(address: string, log: string, dispose: () => Promise<void>) {
    this.address = address;
    this.log = log;
    this.dispose = dispose;
  }

  /**
   * The requests so far, each as `GET /v2/…`. The line of a request is written after its answer, and its client may be
   * here before: so one more is asked, of a name that nobody else asks for, and its line is waited for.
   */
  async requests(): Promise<readonly string[]> {
    const mark = `/v2/marks/${String((this.marks += 1))}/tags/list`;
    await (await fetch(`http://${this.address}${mark}`)).arrayBuffer();
    let all: readonly string[] = [];
    await until(
      async () => (all = await this.logged()).includes(`GET ${mark}`),
      READY_SECONDS,
      () => 'the registry does not note its requests',
    );
    return all.filter((line) => !line.startsWith('GET /v2/marks/'));
  }

  private async logged(): Promise<readonly string[]> {
    const text = await readFile(this.log, 'utf8');
    return [...text.matchAll(/"((?:GET|HEAD|POST|PUT|PATCH|DELETE) \/v2\/\S+) HTTP/g)].map(([, line = '']) => line);
  }

  /** Ends it and removes all that was pushed. */
  async stop(): Promise<void> {
    await this.dispose();
  }

  /** For `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
