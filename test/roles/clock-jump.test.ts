// SPDX-License-Identifier: Apache-2.0
// A wall clock that is set a day forward or back: nothing waits a day, nothing runs out, nothing lasts a day too long.
import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { KeyPair } from '../../src/core/certificates.ts';
import { metricsHost } from '../../src/core/deploy/metrics-objects.ts';
import type { TlsContent } from '../../src/core/deploy/secrets.ts';
import { Failed } from '../../src/core/errors.ts';
import { Authority } from '../../src/handlers/manager/spod/authority.ts';
import { ServerCertificate } from '../../src/handlers/manager/spod/server-certificate.ts';
import { AccessControl } from '../../src/io/http/access.ts';
import { authorityValidity, issueServer, makeAuthority, validityOf } from '../../src/io/http/certificates.ts';
import { SYSTEM_CLOCK } from '../../src/io/clock.ts';
import { KubeConnection, loadKubeConfig } from '../../src/io/kube/connection.ts';
import { EVENT } from '../../src/runtime/kinds.ts';
import { SpoOperator } from '../../src/runtime/spo-operator.ts';
import { FakeApiServer } from '../fakes/api-server.ts';
import { testParts, until, WIDGET, widget, WidgetHandler } from '../fakes/operator.ts';

const DAY_MS = 86_400_000;
const wallClock = Date.now;

describe('a wall clock that jumps', () => {
  afterEach(() => {
    Date.now = wallClock;
  });

  function jump(days: number): void {
    Date.now = () => wallClock() + days * DAY_MS;
  }

  for (const days of [1, -1]) {
    it(`by ${String(days)} day: failed passes are repeated in time, and events bear the time of the clock`, async () => {
      const api = new FakeApiServer({ kinds: [WIDGET] });
      const clock = { ...SYSTEM_CLOCK, now: () => Date.now() };
      const leader = { name: 'lock', namespace: 'default', identity: 'a' };
      const operator = SpoOperator.create({ ...testParts(api), clock, leader });
      const handler = new WidgetHandler();
      handler.onApply = () => {
        if (handler.calls.length < 5) jump(handler.calls.length % 2 === 0 ? 0 : days);
        if (handler.calls.length < 4)
          throw new Failed('CannotSaveSeccompProfile', `attempt ${String(handler.calls.length)}`);
        return { status: { size: 1 } };
      };
      api.put(widget('a'));
      operator.register(handler);
      await operator.start();
      await until('the status', () => JSON.stringify(api.list(WIDGET)).includes('"size":1'));
      await until('the events', () => api.list(EVENT).length === 3);
      await operator.stop();
      const jumped = new Date(wallClock() + days * DAY_MS).toISOString().slice(0, 10);
      expect(JSON.stringify(api.list(EVENT))).to.include(`"firstTimestamp":"${jumped}`);
    });
  }

  it('keeps the certificate of the metrics when it goes forward, and makes one that is valid when it goes back', async () => {
    const told: KeyPair[] = [];
    const maker = { makeAuthority, issueServer, validityOf, authorityValidity };
    const authority = new Authority(maker);
    const server = new ServerCertificate(maker, [metricsHost('op')], (pair) => told.push(pair));
    const now = wallClock();
    const contents: TlsContent[] = [];
    for (const days of [0, 1, -1, 0]) {
      const at = now + days * DAY_MS;
      contents.push((await server.desired(await authority.desired(undefined, at), undefined, at)).content);
    }
    expect(contents[1]).to.deep.equal(contents[0]);
    expect(contents[3]?.certificate).to.equal(contents[2]?.certificate);
    expect(told).to.have.length(2);
    const validity = validityOf(told[1]!, [metricsHost('op')], contents[2]!.authority);
    expect(validity?.from).to.be.at.most(now - DAY_MS);
    expect(validity?.until).to.be.greaterThan(now);
  });

  it('does not change for how long an answer about access stands', async () => {
    let asked = 0;
    const access = new AccessControl((kind) => {
      asked += 1;
      return Promise.resolve(kind === 'TokenReview' ? { authenticated: true, user: {} } : { allowed: true });
    });
    for (const days of [0, 1, -1]) {
      jump(days);
      expect(await access.check('t', '/metrics', 'here')).to.equal('allowed');
    }
    expect(asked).to.equal(2);
  });

  it('does not change how often credentials are read anew', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'clock-jump-'));
    const file = path.join(folder, 'config');
    const named = (kind: string, value: object): object => ({ name: 'x', [kind]: value });
    const config = {
      clusters: [named('cluster', { server: 'https://127.0.0.1:1' })],
      users: [named('user', { token: 't' })],
      contexts: [named('context', { cluster: 'x', user: 'x' })],
      'current-context': 'x',
    };
    await writeFile(file, JSON.stringify(config));
    const connection = new KubeConnection(loadKubeConfig(file));
    const first = await connection.credentials(false);
    jump(1);
    expect(await connection.credentials(false)).to.equal(first);
    connection.close();
    await rm(folder, { recursive: true });
  });
});
