// SPDX-License-Identifier: Apache-2.0
// Manager and daemon together on a working API server in memory, each with its own permissions and no others: a profile
// becomes a file and a status, with as few writes as were promised.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import {
  SECCOMP_PROFILE,
  SECURITY_PROFILE_NODE_STATUS,
  SECURITY_PROFILES_OPERATOR_DAEMON,
} from '../../src/gen/kinds.ts';
import {
  CONFIG_MAP,
  DAEMON_SET,
  DEPLOYMENT,
  EVENT,
  NODE,
  SECRET,
  SERVICE,
  SERVICE_MONITOR,
} from '../../src/runtime/kinds.ts';
import type { KubeObject, Resource } from '../../src/runtime/object.ts';
import { FakeCluster, operatorNamespace as operator, until } from '../fakes/cluster.ts';
import { seccompProfile } from '../fakes/profiles.ts';

function newProfile(name: string, names?: readonly string[], more?: { spec?: object }): KubeObject {
  return { ...seccompProfile(name, names, more), metadata: { name, namespace: 'ns' } };
}

describe('manager and daemon', () => {
  let cluster: FakeCluster;
  beforeEach(() => (cluster = new FakeCluster()));
  afterEach(() => cluster.stop());

  async function start(): Promise<void> {
    await cluster.manager();
    await cluster.daemon();
    await until('the report', () => cluster.server.list(SECURITY_PROFILE_NODE_STATUS).length === 1);
    await until('the DaemonSet', () => cluster.server.list(DAEMON_SET).length === 1);
    await cluster.rest();
  }

  it('set the operator up, with no call that their roles forbid', async () => {
    await start();
    expect(cluster.server.list(SECRET)).to.have.length(4);
    expect(cluster.refused()).to.deep.equal([]);
    const before = cluster.server.writes.length;
    await sleep(500);
    expect(cluster.writesSince(before), 'at rest').to.deep.equal([]);
  });

  const operands: readonly (readonly [Resource, string])[] = [
    [DAEMON_SET, 'spod'],
    [SERVICE, 'metrics'],
    [SERVICE, 'manager-metrics'],
    [CONFIG_MAP, 'security-profiles-operator-profile'],
    [SECRET, 'security-profiles-operator-ca'],
    [SECRET, 'metrics-server-cert'],
    [SECRET, 'manager-metrics-cert'],
    [SECRET, 'webhook-server-cert'],
    [SERVICE, 'webhook-service'],
    [DEPLOYMENT, 'security-profiles-operator-webhook'],
    [SECRET, 'metrics-token'],
    [SERVICE_MONITOR, 'security-profiles-operator-monitor'],
    [SECURITY_PROFILE_NODE_STATUS, 'worker'],
  ];
  const monitorCrd: KubeObject = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'servicemonitors.monitoring.coreos.com' },
  };

  it('make whatever somebody deletes of theirs again', async () => {
    cluster.server.put(monitorCrd);
    await start();
    cluster.server.put(newProfile('a'));
    await until('Installed', () => cluster.state('a') === 'Installed');
    for (const [resource, name] of operands) {
      const uid = (): string | undefined => cluster.server.get(resource, { namespace: operator, name })?.metadata.uid;
      const before = uid();
      expect(before, name).to.not.equal(undefined);
      cluster.server.delete(resource, { namespace: operator, name });
      await until(`${resource.kind} ${name}`, () => uid() !== undefined && uid() !== before);
    }
    const report = (): string =>
      JSON.stringify(cluster.server.get(SECURITY_PROFILE_NODE_STATUS, { namespace: operator, name: 'worker' }));
    await until('the report', () => report().includes('"SeccompProfile/ns/a":{'));
    expect(cluster.refused()).to.deep.equal([]);
  });

  it('put right whatever somebody changes of theirs', async () => {
    await start();
    const labels = (resource: Resource, name: string): object =>
      cluster.server.get(resource, { namespace: operator, name })?.metadata.labels ?? {};
    for (const [resource, name] of operands.slice(0, 10)) {
      const live = cluster.server.get(resource, { namespace: operator, name })!;
      const before = labels(resource, name);
      cluster.server.put({ ...live, metadata: { ...live.metadata, labels: { app: 'forged' } } });
      await until(name, () => JSON.stringify(labels(resource, name)) === JSON.stringify(before));
    }
  });

  it('end well when a spod is deleted and made again while its objects are still being collected', async () => {
    await start();
    const spodKey = { namespace: operator, name: 'spod' };
    const mine = operands.slice(0, 10);
    for (const delay of [0, 0, 5, 20, 50]) {
      const old = cluster.server.get(SECURITY_PROFILES_OPERATOR_DAEMON, spodKey)!;
      const uids = mine.map(
        ([resource, name]) => cluster.server.get(resource, { namespace: operator, name })?.metadata.uid,
      );
      cluster.server.delete(SECURITY_PROFILES_OPERATOR_DAEMON, spodKey);
      const made = cluster.server.put({ ...old, metadata: { name: 'spod', namespace: operator } });
      expect(made.metadata.uid).to.not.equal(old.metadata.uid);
      for (const [place, [resource, name]] of mine.entries()) {
        await sleep(delay);
        const live = cluster.server.get(resource, { namespace: operator, name });
        if (live?.metadata.uid === uids[place]) cluster.server.delete(resource, { namespace: operator, name });
      }
      for (const [resource, name] of mine) {
        const owner = (): string | undefined =>
          cluster.server.get(resource, { namespace: operator, name })?.metadata.ownerReferences?.[0]?.uid;
        await until(`${name} of the new spod`, () => owner() === made.metadata.uid);
      }
    }
  });

  it('install a profile with four writes', async () => {
    await start();
    const before = cluster.server.writes.length;
    cluster.server.put(newProfile('a'));
    await until('Installed', () => cluster.state('a') === 'Installed');
    await until('the event', () => cluster.server.list(EVENT).length === 1);
    await cluster.rest();
    expect([...cluster.files.texts.keys()]).to.deep.equal(['ns/a.json']);
    expect(cluster.writesSince(before)).to.have.length(4);
    expect(cluster.refused()).to.deep.equal([]);
  });

  it('install a hundred with 250 writes at the most', async () => {
    await start();
    const before = cluster.server.writes.length;
    for (let i = 0; i < 100; i++) cluster.server.put(newProfile(`p${String(i)}`));
    const all = Array.from({ length: 100 }, (_, i) => `p${String(i)}`);
    await until('all Installed', () => all.every((name) => cluster.state(name) === 'Installed'));
    await cluster.rest();
    expect(cluster.writesSince(before).length).to.be.within(201, 250);
  });

  it('bring a changed base to its dependants at once', async () => {
    await start();
    cluster.server.put(newProfile('base', ['read']));
    cluster.server.put(newProfile('top', ['exit'], { spec: { baseProfileName: 'base' } }));
    await until('Installed', () => cluster.state('top') === 'Installed');
    cluster.server.put(newProfile('base', ['read', 'write']));
    await until('the file', () => cluster.files.texts.get('ns/top.json')?.includes('write') === true);
    const annotation = (): string => cluster.profile('top')?.metadata.annotations?.['syscalls'] ?? '';
    await until('the annotation', () => annotation().includes('write'));
  });

  it('bring a changed base to the annotations of its dependants, though no node says anything', async () => {
    await cluster.manager();
    await cluster.rest();
    cluster.server.put(newProfile('base', ['read']));
    cluster.server.put(newProfile('middle', ['exit'], { spec: { baseProfileName: 'base' } }));
    cluster.server.put(newProfile('top', ['brk'], { spec: { baseProfileName: 'middle' } }));
    const annotation = (name: string): string => cluster.profile(name)?.metadata.annotations?.['syscalls'] ?? '';
    const both = ['middle', 'top'];
    await until('the annotations', () => both.every((name) => annotation(name).includes('read')));
    await until('Pending', () => ['base', ...both].every((name) => cluster.state(name) === 'Pending'));
    await cluster.rest();
    const before = cluster.server.writes.length;
    cluster.server.put(newProfile('base', ['write']));
    await until('the new annotations', () => both.every((name) => annotation(name).includes('write')));
    await cluster.rest();
    const paths = cluster.server.writes.slice(before).map(({ path }) => path.split('/').slice(-1)[0]);
    expect(paths.filter((name) => both.includes(name ?? ''))).to.have.members(both);
  });

  it('tell what is wrong with a profile, and install it when it is mended', async () => {
    await start();
    cluster.server.put(newProfile('a', ['opne']));
    await until('Error', () => cluster.state('a') === 'Error');
    await until('the event', () => cluster.server.list(EVENT).some((event) => 'reason' in event));
    cluster.server.put(newProfile('a', ['open']));
    await until('Installed', () => cluster.state('a') === 'Installed');
  });

  it('keep a profile that a pod uses, and delete it with the last pod', async () => {
    await start();
    const localhostProfile = 'operator/ns/a.json';
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'ns' },
      spec: { nodeName: 'worker', securityContext: { seccompProfile: { type: 'Localhost', localhostProfile } } },
      status: { phase: 'Running' },
    };
    cluster.server.put(newProfile('a'));
    cluster.server.put(pod);
    const finalizers = (): readonly string[] => cluster.profile('a')?.metadata.finalizers ?? [];
    await until('protection', () => finalizers().includes('in-use-by-active-pods'));
    await until('workloads', () => cluster.profile('a')?.status?.activeWorkloads?.[0] === 'ns/p');
    cluster.server.delete(SECCOMP_PROFILE, { namespace: 'ns', name: 'a' });
    await until('Terminating', () => cluster.state('a') === 'Terminating');
    expect(cluster.files.texts.size).to.equal(1);
    cluster.server.put({ ...pod, status: { phase: 'Succeeded' } } as KubeObject);
    await until('the end', () => cluster.profile('a') === undefined);
    await until('the file to go', () => cluster.files.texts.size === 0);
    expect(cluster.refused()).to.deep.equal([]);
  });

  it('take installed profiles from the nodes that a new limit forbids, and give them back when it is widened', async () => {
    await start();
    cluster.server.put(newProfile('good', ['exit']));
    cluster.server.put(newProfile('bad', ['exit', 'mount']));
    await until('Installed', () => cluster.state('bad') === 'Installed' && cluster.state('good') === 'Installed');
    const [spod] = cluster.server.list(SECURITY_PROFILES_OPERATOR_DAEMON);
    cluster.server.put({ ...spod!, spec: { allowedSyscalls: ['exit'] } } as KubeObject);
    await until('refusal', () => cluster.state('bad') === 'Error');
    cluster.server.put(newProfile('worse', ['mount']));
    await until('refusal', () => cluster.state('worse') === 'Error');
    expect([...cluster.files.texts.keys()]).to.deep.equal(['ns/good.json']);
    const [limited] = cluster.server.list(SECURITY_PROFILES_OPERATOR_DAEMON);
    cluster.server.put({ ...limited!, spec: { allowedSyscalls: ['exit', 'mount'] } } as KubeObject);
    await until('all', () => ['good', 'bad', 'worse'].every((name) => cluster.state(name) === 'Installed'));
    expect([...cluster.files.texts.keys()].sort()).to.deep.equal(['ns/bad.json', 'ns/good.json', 'ns/worse.json']);
    expect(cluster.refused()).to.deep.equal([]);
  });

  const foreign = {
    annotations: { syscalls: 'x' },
    finalizers: ['spo.x-k8s.io/installed-on-nodes', 'in-use-by-active-pods', 'other.example.com/hold'],
  };

  it('keep the limit while there is no spod, through restarts, until somebody takes it out of one', async () => {
    await start();
    const spodKey = { namespace: operator, name: 'spod' };
    const specify = (spec: object): void => {
      const [spod] = cluster.server.list(SECURITY_PROFILES_OPERATOR_DAEMON);
      cluster.server.put({ ...spod!, spec } as KubeObject);
    };
    specify({ allowedSyscalls: ['read', 'exit_group'] });
    await until('the node to keep it', () => cluster.limit.allowedSyscalls?.length === 2);
    cluster.server.delete(SECURITY_PROFILES_OPERATOR_DAEMON, spodKey);
    await until('the spod to be gone', () => cluster.server.list(SECURITY_PROFILES_OPERATOR_DAEMON).length === 0);
    cluster.server.put(newProfile('open', ['read'], { spec: { defaultAction: 'SCMP_ACT_ALLOW' } }));
    cluster.server.put(newProfile('good', ['read']));
    await until('the good one', () => cluster.files.texts.has('ns/good.json'));
    await cluster.rest();
    await cluster.stop();
    await cluster.daemon();
    cluster.server.put(newProfile('other', ['write']));
    cluster.server.put(newProfile('better', ['exit_group']));
    await until('the better one', () => cluster.files.texts.has('ns/better.json'));
    // The manager makes a spod where there is none; it is nobody's word.
    await cluster.manager();
    await until('the default spod', () => cluster.server.list(SECURITY_PROFILES_OPERATOR_DAEMON).length === 1);
    await until('the answer', () => cluster.state('open') === 'Error' && cluster.state('other') === 'Error');
    expect([...cluster.files.texts.keys()].sort()).to.deep.equal(['ns/better.json', 'ns/good.json']);
    expect(cluster.limit.allowedSyscalls).to.deep.equal(['read', 'exit_group']);
    specify({ verbosity: 1 });
    await until('all', () => cluster.files.texts.size === 4);
    expect(cluster.limit).to.deep.equal({});
  });

  it('have the last word on their metadata, whoever else has written it, and let the profile go', async () => {
    await start();
    const made = newProfile('a');
    cluster.server.put({ ...made, metadata: { ...made.metadata, ...foreign } });
    await until('Installed', () => cluster.state('a') === 'Installed');
    await cluster.rest();
    const { annotations = {}, labels = {}, finalizers } = cluster.profile('a')?.metadata ?? {};
    expect(annotations).to.deep.equal({});
    expect(labels).to.deep.equal({ 'spo.x-k8s.io/profile-id': 'SeccompProfile-a' });
    expect(finalizers).to.have.members(['other.example.com/hold', 'spo.x-k8s.io/installed-on-nodes']);
    await sleep(1000); // what waited for more of its kind looks once more
    await cluster.rest();
    const before = await cluster.passes();
    await sleep(1500);
    expect((await cluster.passes()) - before, 'passes at rest').to.equal(0);
    cluster.server.delete(SECCOMP_PROFILE, { namespace: 'ns', name: 'a' });
    const left = (): readonly string[] => cluster.profile('a')?.metadata.finalizers ?? [];
    await until('release', () => left().join() === 'other.example.com/hold');
    const last = cluster.profile('a')!;
    cluster.server.put({ ...last, metadata: { ...last.metadata, finalizers: [] } });
    await until('the end', () => cluster.profile('a') === undefined);
    expect(cluster.files.texts.size).to.equal(0);
  });

  it('write statuses also where somebody takes their label away each time, and do not race with him', async () => {
    await start();
    const strip = setInterval(() => {
      const live = cluster.profile('a');
      if (live?.metadata.labels !== undefined)
        cluster.server.put({ ...live, metadata: { ...live.metadata, labels: {} } });
    }, 1);
    const before = await cluster.passes();
    cluster.server.put(newProfile('a'));
    await until('Installed', () => cluster.state('a') === 'Installed');
    await sleep(3000);
    clearInterval(strip);
    expect((await cluster.passes()) - before, 'passes').to.be.lessThan(40);
    await until('the label', () => cluster.profile('a')?.metadata.labels?.['spo.x-k8s.io/profile-id'] !== undefined);
  });

  it('let profiles of a node that has vanished go', async () => {
    await start();
    cluster.server.put({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'other', uid: 'o' } });
    cluster.server.put(newProfile('a'));
    await until('Installed', () => cluster.state('a') === 'Installed');
    const uid = cluster.profile('a')?.metadata.uid;
    cluster.server.put({
      apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
      kind: 'SecurityProfileNodeStatus',
      metadata: { name: 'other', namespace: operator },
      ...{ nodeName: 'other', status: { profiles: { 'SeccompProfile/ns/a': { state: 'Installed', uid } } } },
    });
    cluster.server.delete(SECCOMP_PROFILE, { namespace: 'ns', name: 'a' });
    await sleep(200);
    expect(cluster.profile('a'), 'held by the other node').to.not.equal(undefined);
    cluster.server.delete(NODE, { name: 'other' });
    await until('the end', () => cluster.profile('a') === undefined);
  });

  it('find everything in place after a restart, and write nothing', async () => {
    await start();
    for (const name of ['a', 'b']) cluster.server.put(newProfile(name));
    await until('Installed', () => ['a', 'b'].every((name) => cluster.state(name) === 'Installed'));
    await cluster.rest();
    await cluster.stop();
    cluster.server.delete(SECCOMP_PROFILE, { namespace: 'ns', name: 'a' });
    cluster.files.texts.set('ns/garbage.json', '{}');
    await cluster.daemon();
    await until('the files', () => [...cluster.files.texts.keys()].join() === 'ns/b.json');
    await cluster.manager();
    await until('the end', () => cluster.profile('a') === undefined);
    await cluster.rest();
    await cluster.stop();
    const before = cluster.server.writes.length;
    await cluster.daemon();
    await sleep(300);
    expect(cluster.writesSince(before)).to.deep.equal([]);
  });

  for (const { what, path, reason } of [
    { what: 'reports', path: /securityprofilenodestatuses/, reason: 'CannotUpdateNodeStatus' },
    { what: 'statuses', path: /\/seccompprofiles\/a\/status$/, reason: 'CannotUpdateSeccompProfile' },
  ]) {
    it(`count ${what} that the API server does not take, and make up for them`, async () => {
      await start();
      let left = 2;
      cluster.server.fault = (request) => {
        if (request.method !== 'PATCH' || !path.test(request.path) || left === 0) return undefined;
        left -= 1;
        return left === 1 ? new Error('connection reset') : { status: 500, body: {} };
      };
      cluster.server.put(newProfile('a'));
      await until('Installed', () => cluster.state('a') === 'Installed');
      expect(cluster.counted).to.deep.equal([reason, reason]);
    });
  }

  it('look at nothing outside of the namespaces that they are restricted to', async () => {
    const env = { RESTRICT_TO_NAMESPACE: 'ns', NODE_NAME: 'worker' };
    await cluster.manager(env);
    await cluster.daemon([], env);
    await until('the DaemonSet', () => cluster.server.list(DAEMON_SET).length === 1);
    cluster.server.put(newProfile('a'));
    cluster.server.put({ ...newProfile('b'), metadata: { name: 'b', namespace: 'other' } });
    await until('Installed', () => cluster.state('a') === 'Installed');
    await sleep(100);
    expect([...cluster.files.texts.keys()]).to.deep.equal(['ns/a.json']);
    const everywhere = cluster.server.requests
      .map(({ path }) => path)
      .filter(
        (path) =>
          !path.includes('/namespaces/') &&
          !/\/(nodes|customresourcedefinitions|\w+webhookconfigurations|namespaces|clusterrole\w+)$/.test(path),
      );
    expect(everywhere).to.deep.equal([]);
    const [spod] = cluster.server.list(DAEMON_SET);
    expect(JSON.stringify(spod)).to.contain('{"name":"RESTRICT_TO_NAMESPACE","value":"ns"}');
  });

  it('work with memory optimization on: the manager guards what pods use', async () => {
    await cluster.manager();
    await cluster.daemon(['--with-mem-optim=true']);
    await until('the DaemonSet', () => cluster.server.list(DAEMON_SET).length === 1);
    cluster.server.put(newProfile('a'));
    await until('Installed', () => cluster.state('a') === 'Installed');
    const watched = cluster.server.requests.filter(({ path }) => path === '/api/v1/pods').map(({ query }) => query);
    const ofDaemon = watched.filter((query) => query['fieldSelector'] === 'spec.nodeName=worker');
    expect(ofDaemon.map((query) => query['labelSelector'])).to.include('spo.x-k8s.io/enable-recording');
  });
});
