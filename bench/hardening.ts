// SPDX-License-Identifier: Apache-2.0
// The doors beside strangers: scrapes while 64 connections are held by others, the questions to the API server that
// guessed tokens cost, and memory under half requests (half-requests.ts). The endpoint is the real one over TLS; the
// API server is a function that counts.
import https from 'node:https';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { AccessControl } from '../src/io/http/access.ts';
import { issueServer, makeAuthority } from '../src/io/http/certificates.ts';
import { METRICS_LIMITS, metricsRoutes } from '../src/io/http/metrics.ts';
import { serve } from '../src/io/http/server.ts';
import type { HttpServer } from '../src/io/http/server.ts';
import { measureHalfRequests } from './half-requests.ts';
import type { Figure } from './report.ts';

const HOST = '127.0.0.1';
const STRANGERS = 64;
const SCRAPES = 20;
const GUESSERS = 8;
const SECONDS = 10;
const PATIENCE_MS = 10_000;

/** The endpoint, and how often it has asked whose token it got. */
interface Door {
  readonly server: HttpServer;
  readonly questions: () => number;
}

async function openDoor(): Promise<Door> {
  const validity = { from: Date.now() - 60_000, until: Date.now() + 3_600_000 };
  const certificate = await issueServer(await makeAuthority('ca', validity), ['metrics'], validity);
  let questions = 0;
  const access = new AccessControl((kind, spec) => {
    if (kind === 'SubjectAccessReview') return Promise.resolve({ allowed: true });
    questions += 1;
    return Promise.resolve({ authenticated: 'token' in spec && spec.token === 'good', user: {} });
  });
  const routes = metricsRoutes({
    pages: new Map([['/metrics', () => Promise.resolve('up 1\n')]]),
    check: (token, path, from) => access.check(token, path, from),
    onUnknown: () => undefined,
  });
  const server = await serve({
    port: 0,
    host: HOST,
    routes,
    certificate,
    limits: METRICS_LIMITS,
    onError: () => undefined,
  });
  return { server, questions: () => questions };
}

/** Status of the answer to a scrape; 0 where there is none. */
function scrape(port: number, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  // The certificate is the door's own; nobody else could answer here.
  const options = { host: HOST, port, path: '/metrics', headers, agent: false, rejectUnauthorized: false };
  return new Promise((resolve) => {
    const request = https.get({ ...options, timeout: PATIENCE_MS }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(0));
  });
}

/** Holds connections, and opens each anew as soon as it is closed. Returns the function that ends them. */
function holdConnections(port: number): () => void {
  const open = new Set<net.Socket>();
  let isOver = false;
  const hold = (): void => {
    if (isOver) return;
    const socket = net.connect(port, HOST);
    open.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      open.delete(socket);
      setTimeout(hold, 10);
    });
  };
  for (let i = 0; i < STRANGERS; i++) hold();
  return () => {
    isOver = true;
    for (const socket of open) socket.destroy();
  };
}

async function failedScrapes({ server: { port } }: Door): Promise<number> {
  let failed = 0;
  for (let i = 0; i < SCRAPES; i++) {
    if ((await scrape(port, 'good')) !== 200) failed += 1;
    await sleep(100);
  }
  return failed;
}

async function questionsAboutGuesses({ server: { port }, questions }: Door): Promise<number> {
  const end = performance.now() + SECONDS * 1000;
  const before = questions();
  const guess = async (_: unknown, who: number): Promise<void> => {
    for (let i = 0; performance.now() < end; i++) await scrape(port, `guess-${String(who)}-${String(i)}`);
  };
  await Promise.all(Array.from({ length: GUESSERS }, guess));
  return (questions() - before) / SECONDS;
}

/** The figures of the door. */
export async function measureHardening(): Promise<readonly Figure[]> {
  const door = await openDoor();
  const alone = await failedScrapes(door);
  const release = holdConnections(door.server.port);
  const beside = await failedScrapes(door);
  release();
  const asked = await questionsAboutGuesses(door);
  await door.server.close();
  return [
    {
      what: `of ${String(SCRAPES)} scrapes beside ${String(STRANGERS)} connections of strangers failed`,
      value: beside,
      unit: 'times',
      floor: { what: 'without strangers', value: alone },
      bar: 0,
    },
    {
      what: 'questions to the API server a second about guessed tokens',
      value: asked,
      unit: 'times',
      floor: { what: 'none would be asked', value: 0 },
      bar: 10,
    },
    ...(await measureHalfRequests()),
  ];
}
