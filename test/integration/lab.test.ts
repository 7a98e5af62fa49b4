// SPDX-License-Identifier: Apache-2.0
// The lab's cluster from its start to its end, through the commands that people type. It is the one test that starts
// and stops the cluster itself, so it does not run while one is up.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { clusterInstance } from '../../tools/lab/cluster.ts';
import { BUSYBOX_IMAGE, writeBusyboxImage } from '../../tools/lab/images.ts';
import { isRunning } from '../../tools/lab/instance.ts';
import { until } from '../../tools/lab/launch.ts';
import type { Traces } from './lab-traces.ts';
import { newTraces, programs, tracesOf } from './lab-traces.ts';

interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const main = path.resolve('tools/lab/main.ts');

const pod = `
apiVersion: v1
kind: Pod
metadata: { name: pair, labels: { app: pair } }
spec:
  containers:
    - name: free
      image: ${BUSYBOX_IMAGE}
      command: [sh, -c, 'mkdir /www && echo found >/www/index.html && exec httpd -f -p 8080 -h /www']
    - name: confined
      image: ${BUSYBOX_IMAGE}
      command: [sh, -c, 'mkdir /new; exec sleep 1000']
      securityContext: { seccompProfile: { type: Localhost, localhostProfile: lab-test.json } }
---
apiVersion: v1
kind: Service
metadata: { name: pair }
spec: { clusterIP: 10.96.7.7, selector: { app: pair }, ports: [{ port: 80, targetPort: 8080 }] }
`;

const profile = {
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [{ names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_ERRNO', errnoRet: 1 }],
};

function lab(...args: readonly string[]): Result {
  return spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
}

/** Runs a line in a shell that has evaluated what `lab env` printed. */
function shell(line: string): Result {
  return spawnSync('sh', ['-c', `eval "$("$0" "$1" env)" && ${line}`, process.execPath, main], { encoding: 'utf8' });
}

/** The lab's own cluster is up, or this machine cannot carry one: nothing of it can be started here. */
function isBusy(): boolean {
  const record = clusterInstance().read();
  return (record !== undefined && isRunning(record)) || process.geteuid?.() !== 0;
}

describe('npm run lab, while its programs are being built', function () {
  this.timeout(300_000);

  it('has no record of a cluster yet, for which an interruption would end the pods of another one', function () {
    if (isBusy()) this.skip();
    const folder = mkdtempSync(path.join(tmpdir(), 'lab-build-'));
    try {
      const [instances, seen] = [path.join(folder, 'instances'), path.join(folder, 'seen')];
      const go = `#!/bin/sh\n{ echo built; ls -R ${instances}; } >>${seen}\nexit 1\n`;
      writeFileSync(path.join(folder, 'go'), go, { mode: 0o755 });
      const PATH = `${folder}:${process.env['PATH'] ?? ''}`;
      const env = { ...process.env, PATH, SPO_LAB_FOLDER: instances, XDG_CACHE_HOME: path.join(folder, 'cache') };
      const { status, stderr } = spawnSync(process.execPath, [main, 'up'], { encoding: 'utf8', env });
      expect(status, stderr).to.equal(1);
      expect(stderr).to.contain("needed to build the lab's programs");
      expect(readFileSync(seen, 'utf8')).to.equal('built\n');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('npm run lab', function () {
  this.timeout(300_000);
  const instance = clusterInstance();
  let folder: string;
  let earlier: Traces;
  let skipped = false;

  before(function () {
    // The first run on a machine builds the programs, which takes minutes.
    this.timeout(1_800_000);
    const record = instance.read();
    skipped = isBusy();
    if (skipped) {
      console.error(
        'NOT TESTED: starting and stopping the lab, because one is up (npm run lab -- down) or this is not root',
      );
      this.skip();
    }
    folder = mkdtempSync(path.join(tmpdir(), 'lab-test-'));
    // A lab whose processes were killed has left traces that are not those of the machine without a lab.
    if (record !== undefined) lab('down');
    earlier = tracesOf();
    const started = Date.now();
    const { status, stderr } = lab('up');
    expect(status, stderr).to.equal(0);
    expect(stderr).to.match(/^lab: up after [0-9.]+ s, at https:\/\/127\.0\.0\.1:\d+$/m);
    console.log(`      (node Ready after ${((Date.now() - started) / 1000).toFixed(1)} s)`);
  });

  after(() => {
    if (skipped) return;
    lab('down');
    rmSync(folder, { recursive: true, force: true });
  });

  it('says that it runs when it is started once more', () => {
    const { status, stderr } = lab('up');
    expect(status).to.equal(0);
    expect(stderr).to.match(/^lab: is up already, at https:/m);
  });

  it('has a node that is Ready, of the releases that go.mod pins', () => {
    const path_ = '{.status.nodeInfo.kubeletVersion} {.status.nodeInfo.containerRuntimeVersion}';
    const { stdout } = shell(
      `kubectl wait --for=condition=Ready node/lab --timeout=240s && kubectl get node lab -o jsonpath='${path_}'`,
    );
    const pinned = (module: string, name: string): string =>
      new RegExp(`^\\s*${name} v(\\S+)`, 'm').exec(readFileSync(`tools/lab/${module}/go.mod`, 'utf8'))?.[1] ?? '';
    const kubelet = pinned('kubernetes', 'k8s.io/kubernetes');
    const containerd = pinned('node', 'github.com/containerd/containerd/v2');
    expect(stdout).to.contain(`v${kubelet} containerd://${containerd}`);
  });

  it('runs a pod from an image that was loaded, one of its containers under a profile of the node', async () => {
    const archive = path.join(folder, 'busybox.tar');
    await writeBusyboxImage(archive, console.error);
    expect(lab('load', archive).status).to.equal(0);
    const manifest = path.join(folder, 'pod.yaml');
    writeFileSync(manifest, pod);
    const { stdout: kubelet } = shell('printf %s "$KUBELET_DIR"');
    mkdirSync(path.join(kubelet, 'seccomp'), { recursive: true });
    writeFileSync(path.join(kubelet, 'seccomp', 'lab-test.json'), JSON.stringify(profile));
    const { status, stderr } = shell(
      `kubectl apply -f ${manifest} && kubectl wait --for=condition=Ready pod/pair --timeout=240s`,
    );
    expect(status, stderr).to.equal(0);
  });

  it("takes docker's archives as well", () => {
    const storage = [
      '--storage-driver',
      'vfs',
      '--root',
      path.join(folder, 'store'),
      '--runroot',
      path.join(folder, 'run'),
    ];
    const buildah = (...args: readonly string[]): string => {
      const { status, stdout, stderr } = spawnSync('buildah', [...storage, ...args], { encoding: 'utf8' });
      expect(status, stderr).to.equal(0);
      return stdout.trim();
    };
    const id = buildah('pull', '--quiet', `oci-archive:${path.join(folder, 'busybox.tar')}`);
    const archive = path.join(folder, 'docker.tar');
    buildah('push', '--quiet', id, `docker-archive:${archive}:lab.local/docker:1`);
    expect(spawnSync('tar', ['--list', '--file', archive], { encoding: 'utf8' }).stdout).to.contain('manifest.json');
    expect(lab('load', archive).status).to.equal(0);
    expect(shell('ctr images list --quiet').stdout).to.contain('lab.local/docker:1\n');
  });

  it('shows in the logs that the profile refuses a call', async () => {
    // The container is Ready before its command has come so far.
    const refused = "mkdir: can't create directory '/new': Operation not permitted\n";
    await until(
      async () => shell('kubectl logs pair -c confined').stdout === refused,
      120,
      () => `it says: ${shell('kubectl logs pair -c confined').stdout}`,
    );
    expect(shell('kubectl logs pair -c free').stdout).to.equal('');
  });

  it('runs commands in a container, under its profile', () => {
    expect(shell('kubectl exec pair -c free -- mkdir /other').status).to.equal(0);
    expect(shell('kubectl exec pair -c confined -- mkdir /other').stderr).to.contain('Operation not permitted');
  });

  it('leads from a Service to the pod behind it, also when that is who asks', async () => {
    const ask = "printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 5 10.96.7.7 80";
    // A moment after the pod is Ready the Service knows it.
    for (const line of [
      `kubectl exec pair -c confined -- sh -c "${ask}"`,
      `nsenter --net="$LAB_NETWORK" busybox sh -c "${ask}"`,
    ])
      await until(
        async () => shell(line).stdout.includes('found'),
        120,
        () => `${line}: nothing`,
      );
  });

  it('has no way out of its network', () => {
    expect(shell('nsenter --net="$LAB_NETWORK" ip route show default').stdout).to.equal('');
  });

  it('tells what is up, and shows logs', () => {
    expect(lab('status').stdout).to.match(/^lab: a cluster that is up, .*\n(.*\n)*\s+kubelet\s+pid \d+\s+\d+ MiB$/m);
    expect(lab('logs').stdout).to.match(/^kube-apiserver\s+\d+ bytes$/m);
    expect(lab('logs', 'kubelet').stdout).to.contain('Successfully registered node');
    expect(lab('logs', 'nothing').stderr).to.contain("no log of 'nothing'; there are: audit, containerd, etcd");
  });

  it('is taken down and made anew when a part of it has died', async () => {
    const [kubelet] = instance.read()?.processes.filter(({ name }) => name === 'kubelet') ?? [];
    process.kill(kubelet!.pid, 'SIGKILL');
    await until(
      async () => lab('env').status !== 0,
      120,
      () => 'the lab does not see that kubelet has died',
    );
    const { status, stderr } = lab('up');
    expect(status, stderr).to.equal(0);
    expect(stderr).to.contain('an earlier cluster has lost kubelet: taking it down first');
    expect(shell('kubectl get pods').stdout).to.equal('');
    expect(programs('httpd')).to.deep.equal([]);
  });

  it('leaves nothing behind when it is taken down while a pod runs', async () => {
    expect(lab('load', path.join(folder, 'busybox.tar')).status).to.equal(0);
    shell(
      `kubectl run left --image=${BUSYBOX_IMAGE} -- sleep 1000 && kubectl wait --for=condition=Ready pod/left --timeout=240s`,
    );
    const wanted = [
      `mount ${instance.file('network')}`,
      'kernel setting vm.overcommit_memory = 1',
      'folder /var/lib/cni',
    ];
    const traces = new Set(newTraces(earlier));
    expect(wanted.filter((trace) => !traces.has(trace))).to.deep.equal([]);
    const { status, stderr } = lab('down');
    expect(status, stderr).to.equal(0);
    expect(programs(instance.folder)).to.deep.equal([]);
    expect(existsSync(instance.folder)).to.equal(false);
    // Others may be at work on the machine: what they do passes.
    await until(
      async () => newTraces(earlier).length === 0,
      120,
      () => `left: ${newTraces(earlier).join(', ')}`,
    );
  });

  it('says that there is nothing to take down', () => {
    expect(lab('down').stderr).to.equal('lab: lab was not up\n');
    expect(lab('status').stdout).not.to.contain('lab: a cluster');
  });
});
