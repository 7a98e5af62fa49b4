// SPDX-License-Identifier: Apache-2.0
// The metrics endpoints over real TLS: who may read, HTTP/1.1, and a certificate that changes while it runs.
import https from 'node:https';
import net from 'node:net';
import { expect } from 'chai';
import { AccessControl } from '../../../src/io/http/access.ts';
import type { Reviewer } from '../../../src/io/http/access.ts';
import { issueServer, makeAuthority } from '../../../src/io/http/certificates.ts';
import type { KeyPair } from '../../../src/core/certificates.ts';
import { METRICS_LIMITS, metricsRoutes } from '../../../src/io/http/metrics.ts';
import { serve } from '../../../src/io/http/server.ts';
import type { HttpServer, Limits } from '../../../src/io/http/server.ts';
import { until } from '../../fakes/operator.ts';

const validity = { from: Date.now() - 60_000, until: Date.now() + 3_600_000 };

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly httpVersion: string;
}

function get(port: number, ca: string, path: string, token?: string, method = 'GET'): Promise<Answer> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, ca, path, method, headers, servername: 'metrics', agent: false };
    const request = https.request(options, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(parts).toString(),
          httpVersion: response.httpVersion,
        }),
      );
    });
    request.on('error', reject);
    request.end();
  });
}

describe('io/http/metrics-server', () => {
  let authority: KeyPair;
  let server: HttpServer;
  let port: number;
  let asked: string[];
  let down: boolean;
  const errors: unknown[] = [];
  const troubles: string[] = [];
  const opened: net.Socket[] = [];
  let slow = false;
  const held: (() => void)[] = [];

  /** Lets the API server answer what it was asked. */
  function release(): void {
    for (const answer of held.splice(0)) answer();
  }

  const review: Reviewer = async (kind, spec) => {
    asked.push(kind);
    if (slow) await new Promise<void>((resolve) => held.push(resolve));
    if (down) return Promise.reject(new Error('connection refused'));
    const text = JSON.stringify(spec);
    if (kind === 'TokenReview') {
      const user = { username: text.includes('good') ? 'prometheus' : 'somebody', groups: ['g'] };
      return Promise.resolve(text.includes('bad') ? { error: 'no' } : { authenticated: true, user });
    }
    return Promise.resolve({ allowed: text.includes('prometheus') && text.includes('"path":"/metrics-spod"') });
  };

  async function start(limits: Limits = METRICS_LIMITS): Promise<void> {
    asked = [];
    down = false;
    slow = false;
    errors.length = 0;
    authority = await makeAuthority('ca', validity);
    const access = new AccessControl(review);
    const routes = metricsRoutes({
      pages: new Map([
        ['/metrics', () => Promise.resolve('runtime 1\n')],
        ['/metrics-spod', () => Promise.resolve('spod 1\n')],
      ]),
      check: (token, path, from) => access.check(token, path, from),
      onUnknown: (error) => errors.push(error),
    });
    server = await serve({
      port: 0,
      host: '127.0.0.1',
      certificate: await issueServer(authority, ['metrics'], validity),
      routes,
      limits,
      onError: (error) => troubles.push(String(error)),
    });
    port = server.port;
  }
  beforeEach(() => start());
  afterEach(async () => {
    for (const socket of opened.splice(0)) socket.destroy();
    await server.close(0);
  });

  /** Opens connections that say nothing. */
  function silent(count: number): void {
    for (let i = 0; i < count; i++) {
      const socket = net.connect(port, '127.0.0.1');
      // A reset is one way to be hung up on.
      socket.on('error', () => socket.destroy());
      opened.push(socket);
    }
  }

  const open = (): number => opened.filter((socket) => !socket.destroyed).length;

  it('serves those who may read, by HTTP/1.1', async () => {
    const answer = await get(port, authority.certificate, '/metrics-spod', 'good');
    expect(answer).to.deep.equal({ status: 200, body: 'spod 1\n', httpVersion: '1.1' });
  });

  it('refuses those without a token, with a bad one, and those who may not', async () => {
    expect((await get(port, authority.certificate, '/metrics-spod')).status).to.equal(401);
    expect((await get(port, authority.certificate, '/metrics-spod', 'bad')).status).to.equal(401);
    expect((await get(port, authority.certificate, '/metrics-spod', 'other')).status).to.equal(403);
    expect((await get(port, authority.certificate, '/metrics', 'good')).status).to.equal(403);
  });

  it('asks nobody about what it does not serve', async () => {
    expect((await get(port, authority.certificate, '/', 'good')).status).to.equal(404);
    expect((await get(port, authority.certificate, '/metrics', 'good', 'POST')).status).to.equal(405);
    expect(asked).to.deep.equal([]);
  });

  it('asks the API server once for many scrapes', async () => {
    const scrapes = Array.from({ length: 5 }, () => get(port, authority.certificate, '/metrics-spod', 'good'));
    expect((await Promise.all(scrapes)).map((answer) => answer.status)).to.deep.equal([200, 200, 200, 200, 200]);
    expect(asked).to.deep.equal(['TokenReview', 'SubjectAccessReview']);
  });

  it('lets nobody in while the API server is away, and forgets that soon', async () => {
    down = true;
    expect((await get(port, authority.certificate, '/metrics-spod', 'good')).status).to.equal(503);
    expect(String(errors[0])).to.contain('connection refused');
    down = false;
    expect((await get(port, authority.certificate, '/metrics-spod', 'good')).status).to.equal(200);
  });

  it('keeps 64 connections and no more, and answers a scraper while strangers hold them', async () => {
    silent(80);
    await until('64 to be left', () => open() === 64);
    expect((await get(port, authority.certificate, '/metrics-spod', 'good')).status).to.equal(200);
    await until('the scraper to have taken the place of one', () => open() === 63);
  });

  it('tells of connections that could not be accepted, which end nothing', () => {
    server['server'].emit('error', new Error('accept ENOBUFS'));
    expect(troubles).to.deep.equal(['Error: accept ENOBUFS']);
  });

  it('hangs up on who does not come to terms', async () => {
    await server.close(0);
    await start({ ...METRICS_LIMITS, connections: 8, requestMs: 100 });
    const begun = performance.now();
    silent(4);
    await until('nobody to be left', () => open() === 0);
    expect(performance.now() - begun).to.be.at.least(90);
  });

  it('keeps its certificate when the next is none, or belongs to another key', async () => {
    const other = await issueServer(authority, ['metrics'], validity);
    expect(() => server.setCertificate({ certificate: 'garbage', key: 'garbage' })).to.throw();
    const mismatched = { ...other, key: (await issueServer(authority, ['metrics'], validity)).key };
    expect(() => server.setCertificate(mismatched)).to.throw(/key values mismatch/);
    expect((await get(port, authority.certificate, '/metrics-spod', 'good')).status).to.equal(200);
  });

  it('lets those who guess tokens wait, and turns the rest away without a line in the log', async () => {
    slow = true;
    const guesses = Array.from({ length: 60 }, (_, i) =>
      get(port, authority.certificate, '/metrics', `guess-${String(i)}`),
    );
    const early: Answer[] = [];
    for (const guess of guesses) void guess.then((answer) => early.push(answer));
    await until('those who are turned away', () => early.length >= 20);
    expect(asked).to.have.length(8);
    for (const answer of early)
      expect(answer).to.include({ status: 503, body: 'too many ask for permission at the moment\n' });
    slow = false;
    release();
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    const refused = statuses.filter((status) => status === 403);
    expect(refused.length, 'a share of one address').to.be.within(10, 40);
    expect(statuses.filter((status) => status === 503)).to.have.length(60 - refused.length);
    expect(errors).to.deep.equal([]);
  });

  it('changes its certificate while it runs', async () => {
    const other = await makeAuthority('other', validity);
    server.setCertificate(await issueServer(other, ['metrics'], validity));
    expect((await get(port, other.certificate, '/metrics-spod', 'good')).status).to.equal(200);
    expect(await get(port, authority.certificate, '/metrics-spod', 'good').catch((e: unknown) => String(e))).to.be.a(
      'string',
    );
  });
});

describe('io/http/access', () => {
  it('asks for eight at a time, lets so many wait, and turns the rest away', async () => {
    const held: (() => void)[] = [];
    let [running, most, questions] = [0, 0, 0];
    const review: Reviewer = async () => {
      questions += 1;
      most = Math.max(most, (running += 1));
      await new Promise<void>((resolve) => held.push(resolve));
      running -= 1;
      return { authenticated: false };
    };
    let time = 0;
    const access = new AccessControl(review, () => (time += 1000));
    const flood = Array.from({ length: 2000 }, (_, i) => access.check(`guess ${String(i)}`, '/metrics', String(i)));
    const answers = Promise.all(flood);
    for (let i = 0; i < 40; i++) {
      await until('a question', () => held.length > 0);
      held.shift()?.();
    }
    const counted = Map.groupBy(await answers, (answer) => answer);
    expect(counted.get('busy')).to.have.length(1960);
    expect(counted.get('unauthenticated')).to.have.length(40);
    expect({ most, questions }).to.deep.equal({ most: 8, questions: 40 });
  });

  it('keeps the answer to a scraper through a flood, and renews it before strangers have theirs', async () => {
    let time = 0;
    let stuck = false;
    const order: string[] = [];
    const held: (() => void)[] = [];
    const review: Reviewer = async (kind, spec) => {
      const token = 'token' in spec ? String(spec.token) : '';
      if (kind === 'TokenReview') order.push(token);
      if (stuck) await new Promise<void>((resolve) => held.push(resolve));
      return kind === 'TokenReview' ? { authenticated: token === 'scraper', user: {} } : { allowed: true };
    };
    const access = new AccessControl(review, () => time);
    expect(await access.check('scraper', '/metrics', 'here')).to.equal('allowed');
    for (let i = 0; i < 1000; i++, time += 50) await access.check(`guess ${String(i)}`, '/metrics', String(i));
    order.length = 0;
    expect(await access.check('scraper', '/metrics', 'here')).to.equal('allowed');
    expect(order, 'remembered').to.deep.equal([]);
    [time, stuck] = [61_000, true];
    const flood = Array.from({ length: 100 }, (_, i) => access.check(`late ${String(i)}`, '/metrics', String(i)));
    const renewed = access.check('scraper', '/metrics', 'here');
    stuck = false;
    held.shift()?.();
    expect(await renewed).to.equal('allowed');
    expect(order.indexOf('scraper'), 'place').to.equal(8);
    for (const answer of held.splice(0)) answer();
    await Promise.all(flood);
  });

  it('forgets an answer after its time, and more answers than it may keep', async () => {
    let time = 0;
    let asked = 0;
    const review: Reviewer = (kind) => {
      asked += 1;
      return Promise.resolve(kind === 'TokenReview' ? { authenticated: true, user: {} } : { allowed: true });
    };
    const access = new AccessControl(review, () => time);
    expect(await access.check('t', '/metrics', 'here')).to.equal('allowed');
    time = 59_000;
    await access.check('t', '/metrics', 'here');
    expect(asked).to.equal(2);
    time = 61_000;
    await access.check('t', '/metrics', 'here');
    expect(asked).to.equal(4);
    for (let i = 0; i < 300; i++, time += 100) await access.check(`guess ${i}`, '/metrics', String(i));
    asked = 0;
    await access.check('t', '/metrics', 'here');
    expect(asked).to.equal(2);
  });

  it('asks ten times a second about strangers, and leaves each address a share of that', async () => {
    let time = 0;
    let questions = 0;
    const review: Reviewer = (kind, spec) => {
      if (kind === 'SubjectAccessReview') return Promise.resolve({ allowed: true });
      questions += 1;
      return Promise.resolve({ authenticated: JSON.stringify(spec).includes('new scraper'), user: {} });
    };
    const access = new AccessControl(review, () => time);
    for (; time < 10_000; time += 10) await access.check(`guess ${String(time)}`, '/metrics', 'stranger');
    expect(questions).to.be.within(20, 30);
    expect(await access.check('new scraper', '/metrics', 'prometheus')).to.equal('allowed');
    questions = 0;
    for (let i = 0; time < 20_000; time += 10, i += 1)
      await access.check(`more ${String(i)}`, '/metrics', `stranger ${String(i % 100)}`);
    expect(questions).to.be.at.most(130);
  });
});
