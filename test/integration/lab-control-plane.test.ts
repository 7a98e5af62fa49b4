// SPDX-License-Identifier: Apache-2.0
// The lab's control plane as tests use it: a real API server that comes and goes with the test.
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { startControlPlane } from '../../tools/lab/control-plane.ts';
import { Instance } from '../../tools/lab/instance.ts';
import { until } from '../../tools/lab/launch.ts';
import { programs } from './lab-traces.ts';

const namespaces = '/api/v1/namespaces';

describe('startControlPlane()', () => {
  let plane: ControlPlane;

  before(async function () {
    // The first run on a machine builds the programs, which takes minutes.
    this.timeout(1_200_000);
    plane = await startControlPlane({ controllerManager: true });
  });

  after(async () => plane.stop());

  it('lets its administrator do everything', async () => {
    const made = await plane.admin.request('POST', namespaces, { metadata: { name: 'made' } });
    expect(made.status).to.equal(201);
    expect(await plane.kubectl('get', 'namespace', 'made', '-o', 'name')).to.equal('namespace/made\n');
  });

  it('lets a user do what RBAC grants the groups of his certificate', async () => {
    const jane = await plane.identities.user('jane', ['readers']);
    expect((await jane.client.request('GET', namespaces)).status).to.equal(403);
    await plane.kubectl('create', 'clusterrolebinding', 'readers', '--clusterrole=view', '--group=readers');
    await until(
      async () => (await jane.client.request('GET', namespaces)).status === 200,
      120,
      () => 'the role binding has no effect',
    );
    expect((await jane.client.request('POST', namespaces, { metadata: { name: 'refused' } })).status).to.equal(403);
  });

  it('gives tokens to service accounts', async () => {
    const robot = await plane.identities.serviceAccount('made', 'robot');
    const { status, body } = await robot.client.request('GET', namespaces);
    expect(status).to.equal(403);
    expect(body).to.have.property('message').that.contains('system:serviceaccount:made:robot');
  });

  it('keeps its data and its port when the API server is killed and started again', async () => {
    await plane.stopApiServer();
    const refused = await plane.admin.request('GET', namespaces).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(Error);
    await plane.startApiServer();
    expect((await plane.admin.request('GET', `${namespaces}/made`)).status).to.equal(200);
  }).timeout(300_000);

  it('runs beside another one, which leaves nothing behind when it stops', async () => {
    const other = await startControlPlane();
    const folder = path.dirname(other.kubeconfig);
    expect(other.url).not.to.equal(plane.url);
    expect((await other.admin.request('GET', `${namespaces}/made`)).status).to.equal(404);
    expect(programs(folder)).to.have.members(['etcd', 'kube-apiserver']);
    await other.stop();
    expect(programs(folder)).to.deep.equal([]);
    expect(existsSync(folder)).to.equal(false);
  }).timeout(300_000);

  it('ends when the process that started it is killed', async () => {
    const script = `import { startControlPlane } from '${path.resolve('tools/lab/control-plane.ts')}';
      console.log((await startControlPlane()).kubeconfig); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const folder = path.dirname(await new Promise((resolve) => createInterface(child.stdout).once('line', resolve)));
    expect(programs(folder)).to.have.members(['etcd', 'kube-apiserver']);
    child.kill('SIGKILL');
    await until(
      async () => programs(folder).length === 0,
      120,
      () => `still running: ${programs(folder).join(', ')}`,
    );
    rmSync(folder, { recursive: true });
  }).timeout(300_000);
});

describe('npm run lab -- up --control-plane', function () {
  this.timeout(300_000);
  const instance = new Instance('lab-test');

  const lab = (...args: readonly string[]) =>
    spawnSync(process.execPath, ['tools/lab/main.ts', ...args, '--name', instance.name], { encoding: 'utf8' });

  after(() => {
    lab('down');
  });

  it('starts an API server that goes on, and says that it runs when it is started once more', () => {
    expect(lab('up', '--control-plane').stderr).to.match(/^lab: up after [0-9.]+ s, at https:\/\/127\.0\.0\.1:\d+$/m);
    expect(lab('up', '--control-plane').stderr).to.match(/^lab: is up already, at https:/m);
    expect(programs(instance.folder)).to.have.members(['etcd', 'kube-apiserver']);
  });

  it('prints an environment in which kubectl reaches it', () => {
    const { stdout } = lab('env');
    const { status, stderr } = spawnSync('sh', ['-c', `${stdout}\nkubectl get namespace default`], {
      encoding: 'utf8',
    });
    expect(status, stderr).to.equal(0);
  });

  it('shows its logs, and goes on with what is added', async () => {
    expect(lab('logs').stdout).to.match(/^etcd +\d+ bytes\nkube-apiserver +\d+ bytes$/m);
    const args = ['tools/lab/main.ts', 'logs', 'kube-apiserver', '-f', '--name', instance.name];
    const follower = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
    const lines: string[] = [];
    createInterface(follower.stdout).on('line', (line) => lines.push(line));
    const untilLine = (text: string) =>
      until(
        async () => lines.some((line) => line.includes(text)),
        120,
        () => `no line with '${text}' was shown`,
      );
    try {
      await untilLine('Serving securely on');
      appendFileSync(instance.file('log', 'kube-apiserver.log'), 'a line that is added\n');
      await untilLine('a line that is added');
    } finally {
      process.kill(-(follower.pid ?? 0));
    }
  });

  it('leaves nothing behind when it is taken down', () => {
    // Before it there is a line about waiting where another test's lab starts or stops at the same time.
    expect(lab('down').stderr).to.match(/^lab: lab-test is down\n$/m);
    expect(programs(instance.folder)).to.deep.equal([]);
    expect(existsSync(instance.folder)).to.equal(false);
  });
});
