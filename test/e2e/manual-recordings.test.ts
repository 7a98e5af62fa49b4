// SPDX-License-Identifier: Apache-2.0
// The manual's section on recording by eBPF: each step as it stands there, with an image that the node has.
import { expect } from 'chai';
import { BUSYBOX_IMAGE } from '../../tools/lab/images.ts';
import { inNamespace } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { untilRecorded } from './recorded.ts';

describe('the examples of the manual for recordings by eBPF', function () {
  this.timeout(600_000);
  const namespace = 'manual-recordings';
  let cluster: Cluster;

  inNamespace(namespace, (ready) => {
    cluster = ready;
  });

  before(() => {
    cluster.kubectl(['label', 'namespace', namespace, 'spo.x-k8s.io/enable-recording=']);
    // The steps name no namespace.
    shell(`kubectl config set-context --current --namespace=${namespace}`);
  });

  after(async () => {
    shell('kubectl config set-context --current --namespace=default');
    shell(
      `kubectl -n security-profiles-operator patch spod spod --type=merge -p '{"spec":{"enableBpfRecorder":null}}'`,
    );
    await cluster.untilRunning();
  });

  function shell(line: string): string {
    const { status, stdout, stderr } = cluster.shell(line);
    if (status !== 0) throw new Error(`${line}: ${stderr}`);
    return stdout;
  }

  const until = (line: string, pattern: RegExp): Promise<string> =>
    cluster.until(
      line,
      () => cluster.shell(line).stdout,
      (text) => pattern.test(text),
    );

  it('see that the build has the recorder', () => {
    // Of pods that a selector names, kubectl shows the last ten lines only.
    const logs = 'kubectl -n security-profiles-operator logs --selector name=security-profiles-operator --tail=-1';
    expect(shell(`${logs} | grep buildTags`))
      .to.match(/"buildTags"="[a-z,]*\bbpf"/)
      .and.not.to.contain('no_bpf');
  });

  it('switch the recorder on, and see that it runs', async () => {
    const patched = shell(
      `kubectl -n security-profiles-operator patch spod spod --type=merge -p '{"spec":{"enableBpfRecorder":true}}'`,
    );
    expect(patched).to.equal('securityprofilesoperatordaemon.security-profiles-operator.x-k8s.io/spod patched\n');
    const logs = 'kubectl -n security-profiles-operator logs --selector name=spod -c bpf-recorder --tail=-1';
    const log = await until(logs, /Unloading bpf module/);
    expect(log).to.contain('Doing BPF load/unload self-test');
    await cluster.untilRunning();
  });

  it('record a pod', async () => {
    shell('kubectl apply -f test/golden/manual/07-profilerecording-my-recording.yaml');
    await until('kubectl get profilerecording my-recording', /NoMatch/);
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'my-pod', namespace, labels: { app: 'my-app' } },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [
          {
            name: 'nginx',
            image: BUSYBOX_IMAGE,
            imagePullPolicy: 'IfNotPresent',
            command: ['sh', '-c', 'nc -l -p 8080'],
          },
        ],
      },
    };
    await untilRecorded(cluster, 'my-recording', pod);
    cluster.apply(pod);
    await until('kubectl get pods', /^NAME +READY +STATUS +RESTARTS +AGE\nmy-pod +1\/1 +Running +0 +[0-9ms]+$/m);
    await until(
      'kubectl -n security-profiles-operator logs --since=1m --selector name=spod -c bpf-recorder --tail=-1',
      /"msg"="Found container ID in cluster".*"containerName"="nginx"/,
    );
  });

  it('get its profile when the pod is removed', async () => {
    shell('kubectl delete pod my-pod');
    const shown = await until('kubectl get sp', /^NAME +STATUS +AGE\nmy-recording-nginx +Installed +[0-9ms]+$/m);
    expect(shown).to.contain('my-recording-nginx');
    expect(shell('kubectl get sp my-recording-nginx -o yaml')).to.match(/^ +- listen$/m);
    shell('kubectl delete profilerecording my-recording');
  });
});
