// SPDX-License-Identifier: Apache-2.0
// An API server that is slow, refuses, breaks connections, falls silent with all connections open, or is gone for
// minutes: manager and daemon live on, say that they live, and make up for what they missed.
import { expect } from 'chai';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SeccompProfile } from '../../src/gen/crd/seccomp-profile.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { until } from '../../tools/lab/launch.ts';
import { create, Installation, profilesPath, startBareControlPlane } from '../../tools/lab/operator.ts';
import type { RoleProcess } from '../../tools/lab/operator.ts';
import { FaultProxy } from './runtime-proxy.ts';
import type { Trouble } from './runtime-proxy.ts';

const NAMESPACE = 'api-trouble';
/** A lease lasts 15 s, and its holder gives up after 10 s. */
const LONGER_THAN_A_LEASE_MS = 16_000;
/** By then every wait has grown to its longest. */
const MINUTES_MS = 150_000;
/** A reflector that was refused for a while waits up to 30 s before it asks again. */
const PATIENCE_S = 240;

interface EventObject {
  readonly reason: string;
  readonly count?: number;
  readonly involvedObject: { readonly name: string };
}

describe('an API server in trouble', function () {
  this.timeout(300_000);
  const folder = mkdtempSync(path.join(tmpdir(), 'spo-trouble-'));
  let plane: ControlPlane;
  let proxy: FaultProxy;
  let installation: Installation;
  let pids: readonly (number | undefined)[];

  before(async () => {
    plane = await startBareControlPlane();
    proxy = new FaultProxy(plane.kubeconfig);
    await proxy.listen();
    await create(plane, '/api/v1/namespaces', { metadata: { name: NAMESPACE } });
    installation = await Installation.start(plane, { nodes: ['node-a'], kubeconfig: proxy.kubeconfigIn(folder) });
    pids = installation.roles.map(({ pid }) => pid);
  });

  after(async () => {
    plane.haltApiServer(false);
    await installation.stop();
    await proxy.close();
    await plane.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  afterEach('nobody has died, nobody was started anew', () => {
    expect(installation.roles.flatMap(({ deaths }) => deaths)).to.deep.equal([]);
    expect(installation.roles.map(({ pid }) => pid)).to.deep.equal(pids);
  });

  const at = (name: string): string => `${profilesPath(NAMESPACE)}/${name}`;
  const rowOf = (prefix: string, length: number): readonly string[] =>
    Array.from({ length }, (_, index) => `${prefix}-${String(index)}`);

  async function put(name: string): Promise<void> {
    const kind = { apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1', kind: 'SeccompProfile' };
    await create(plane, profilesPath(NAMESPACE), {
      ...kind,
      metadata: { name },
      spec: { defaultAction: 'SCMP_ACT_LOG' },
    });
  }

  /** Exactly these profiles are there, Installed, and on the node. */
  async function untilOnly(names: readonly string[]): Promise<void> {
    let seen = '';
    const holds = async (): Promise<boolean> => {
      const { body } = await plane.admin.request('GET', profilesPath(NAMESPACE));
      const { items } = body as { readonly items: readonly SeccompProfile[] };
      const installed = items.filter(({ status }) => status?.status === 'Installed');
      seen = JSON.stringify({ items: items.map(({ metadata, status }) => [metadata.name, status]), files: files() });
      return items.length === names.length && installed.length === names.length && files().length === names.length;
    };
    await until(holds, PATIENCE_S, () => `not as it is wanted: ${seen}`);
    expect(files()).to.deep.equal(names.map((name) => `${name}.json`).sort());
  }

  function files(): readonly string[] {
    const all = readdirSync(path.join(installation.nodes[0]?.kubeletDir ?? '', 'seccomp/operator'), {
      recursive: true,
      encoding: 'utf8',
    });
    return all
      .filter((file) => file.includes('/'))
      .map((file) => path.basename(file))
      .sort();
  }

  /** Status of a probe, on the port that the process was told in its environment. */
  async function probe({ pid }: RoleProcess, url: string): Promise<number> {
    const environment = readFileSync(`/proc/${String(pid)}/environ`, 'utf8');
    const [, port = ''] = /(?:^|\0)HEALTH_PORT=(\d+)/.exec(environment) ?? [];
    return (await fetch(`http://127.0.0.1:${port}${url}`)).status;
  }

  async function probes(): Promise<readonly number[]> {
    const asked = installation.roles.flatMap((role) => [probe(role, '/healthz'), probe(role, '/readyz')]);
    return Promise.all(asked);
  }

  function logOfManager(): string {
    return readFileSync(installation.manager.log ?? '', 'utf8');
  }

  it('refuses every second request, and breaks every tenth connection: all is installed in the end', async () => {
    const answers: readonly Trouble[] = [
      { status: 503, headers: { 'retry-after': '1' } },
      { status: 429, headers: { 'retry-after': '1' } },
      { status: 500 },
      { status: 504, body: 'a gateway says so' },
      'break',
    ];
    let asked = 0;
    proxy.trouble = () => (++asked % 2 === 0 ? answers[(asked / 2) % answers.length] : undefined);
    const names = rowOf('refused', 12);
    for (const name of names) await put(name);
    await sleep(3000);
    proxy.endWatches();
    await sleep(2000);
    await until(
      async () => asked > 20,
      PATIENCE_S,
      () => `only ${String(asked)} requests`,
    );
    proxy.trouble = () => undefined;
    await untilOnly(names);
    for (const name of names) await plane.admin.request('DELETE', at(name));
    await untilOnly([]);
  });

  it('takes a second for every answer: all is installed, and removed again', async () => {
    proxy.delayMs = 1000;
    const names = rowOf('slow', 12);
    for (const name of names) await put(name);
    await untilOnly(names);
    for (const name of names) await plane.admin.request('DELETE', at(name));
    await untilOnly([]);
    proxy.delayMs = 0;
  });

  it('falls silent for longer than a lease, with all connections open: the lead is given up and taken again', async () => {
    await put('before-silence');
    await untilOnly(['before-silence']);
    const before = logOfManager().split('this process leads now').length;
    plane.haltApiServer(true);
    await sleep(LONGER_THAN_A_LEASE_MS);
    expect(await probes()).to.deep.equal([200, 200, 200, 200]);
    await until(
      async () => logOfManager().includes('this process lost the lead'),
      PATIENCE_S,
      () => 'the manager keeps the lead',
    );
    plane.haltApiServer(false);
    await put('after-silence');
    await untilOnly(['after-silence', 'before-silence']);
    expect(logOfManager().split('this process leads now').length).to.be.greaterThan(before);
  });

  it('is gone for minutes: what is wanted afterwards comes about', async () => {
    await plane.stopApiServer('SIGKILL');
    await sleep(MINUTES_MS);
    expect(await probes()).to.deep.equal([200, 200, 200, 200]);
    await plane.startApiServer();
    await put('after-outage');
    await plane.admin.request('DELETE', at('before-silence'));
    await untilOnly(['after-outage', 'after-silence']);
  });

  it('got no event twice', async () => {
    const { body } = await plane.admin.request('GET', `/api/v1/namespaces/${NAMESPACE}/events`);
    const { items } = body as { readonly items: readonly EventObject[] };
    const counts = new Map<string, number>();
    for (const { reason, count = 1, involvedObject } of items) {
      const what = `${reason} ${involvedObject.name}`;
      counts.set(what, (counts.get(what) ?? 0) + count);
    }
    expect([...counts].filter(([, count]) => count > 1)).to.deep.equal([]);
    expect(counts.size).to.be.greaterThan(0);
  });
});
