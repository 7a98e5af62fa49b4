// SPDX-License-Identifier: Apache-2.0
// The manual's examples for the spod object: each patch as it stands there, and what comes of it in the DaemonSet.
import { expect } from 'chai';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OPERATOR_NAMESPACE, inNamespace, seccompProfile, shellPod } from './cluster.ts';
import type { Cluster } from './cluster.ts';

const PATCHED = 'securityprofilesoperatordaemon.security-profiles-operator.x-k8s.io/spod patched\n';

describe('the spod examples of the manual', function () {
  this.timeout(600_000);
  const namespace = 'e2e-manual-spod';
  let cluster: Cluster;
  /** A context in the operator's namespace, which some of the manual's lines take for granted. */
  const folder = mkdtempSync(path.join(tmpdir(), 'e2e-'));
  const context = path.join(folder, 'kubeconfig');

  inNamespace(namespace, (ready) => {
    cluster = ready;
  });

  before(async () => {
    shell(`kubectl config view --raw > '${context}'`);
    shellInContext(`kubectl config set-context --current --namespace=${OPERATOR_NAMESPACE}`);
  });

  after(async () => {
    const fields =
      'priorityClassName verbosity selinuxTypeTag daemonResourceRequirements allowedSyscalls tolerations affinity enableMemoryOptimization enableProfiling hostProcVolumePath webhookOptions enableBpfRecorder enableLogEnricher imagePullSecrets';
    const spec = Object.fromEntries(fields.split(' ').map((field) => [field, null]));
    await take(`kubectl -n security-profiles-operator patch spod spod --type=merge -p '${JSON.stringify({ spec })}'`);
    cluster.kubectl(['delete', 'priorityclass', 'my-priority-class', '--ignore-not-found']);
    rmSync(folder, { recursive: true });
  });

  function shell(line: string): string {
    const { status, stdout, stderr } = cluster.shell(line);
    if (status !== 0) throw new Error(`${line}: ${stderr}`);
    return stdout;
  }

  const shellInContext = (line: string): string => shell(`export KUBECONFIG='${context}'; ${line}`);

  /** Runs a line that patches spod, and waits until its daemon runs everywhere. */
  async function take(line: string): Promise<void> {
    expect(shellInContext(line)).to.match(new RegExp(`^${PATCHED.trim()}( \\(no change\\))?\n$`));
    const generation = cluster.value('spod', 'spod', OPERATOR_NAMESPACE, '{.metadata.generation}');
    const seen = () =>
      cluster.value('spod', 'spod', OPERATOR_NAMESPACE, '{.status.observedGeneration} {.status.state}');
    await cluster.until('spod to run the new options', seen, (text) => text === `${generation} RUNNING`);
  }

  const daemonSet = (jsonpath: string): string => cluster.value('ds', 'spod', OPERATOR_NAMESPACE, jsonpath);
  const daemonPod = (jsonpath: string): string =>
    cluster.kubectl(['-n', OPERATOR_NAMESPACE, 'get', 'pods', '-l', 'name=spod', '-o', `jsonpath=${jsonpath}`]);
  const effect = (): string =>
    cluster.value('spod', 'spod', OPERATOR_NAMESPACE, '{.status.conditions[?(@.type=="OptionsInEffect")].message}');

  it('give the daemon another priority class', async () => {
    const name = 'my-priority-class';
    cluster.apply({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value: 1000 });
    await take(
      `kubectl -n security-profiles-operator patch spod spod --type=merge -p '{"spec":{"priorityClassName":"my-priority-class"}}'`,
    );
    expect(daemonPod('{.items[*].spec.priorityClassName}')).to.equal(name);
  });

  it('make the daemon talk more, which it says in its first line', async () => {
    await take(`kubectl -n security-profiles-operator patch spod spod --type=merge -p '{"spec":{"verbosity":1}}'`);
    const first = () =>
      cluster.shell(
        'kubectl -n security-profiles-operator logs --selector name=spod -c security-profiles-operator --tail=-1 | head -n1',
      ).stdout;
    const line = /^I\d{4} \d\d:\d\d:\d\d\.\d{6} +1 \S+:\d+\] {2}"msg"="Set logging verbosity to 1"\n$/;
    await cluster.until('the line', first, (text) => line.test(text));
  });

  it('run the daemon under another SELinux type', async () => {
    await take(
      `kubectl -n security-profiles-operator patch spod spod --type=merge -p '{"spec":{"selinuxTypeTag":"unconfined_t"}}'`,
    );
    const lines = shellInContext('kubectl get ds spod -o yaml | grep unconfined_t -B2');
    expect(lines).to.match(/^ +runAsUser: 65535\n +seLinuxOptions:\n +type: unconfined_t$/m);
    expect(lines).to.match(/^ +runAsUser: 0\n +seLinuxOptions:\n +type: unconfined_t$/m);
  });

  it('give the daemon other resources', async () => {
    await take(
      `kubectl -n security-profiles-operator patch spod spod --type merge -p '{"spec":{"daemonResourceRequirements": {"requests": {"memory": "256Mi", "cpu": "250m"}, "limits": {"memory": "512Mi", "cpu": "500m"}}}}'`,
    );
    expect(JSON.parse(daemonPod('{.items[0].spec.containers[0].resources}'))).to.deep.equal({
      requests: { memory: '256Mi', cpu: '250m' },
      limits: { memory: '512Mi', cpu: '500m' },
    });
  });

  it('restrict the system calls of profiles, without another daemon', async () => {
    const before = daemonPod('{.items[*].metadata.uid}');
    await take(
      `kubectl -n security-profiles-operator patch spod spod --type merge -p '{"spec":{"allowedSyscalls": ["exit", "exit_group", "futex", "nanosleep"]}}'`,
    );
    const allow = (...names: readonly string[]) => ({
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: [{ action: 'SCMP_ACT_ALLOW', names }],
    });
    cluster.apply(
      seccompProfile(namespace, 'subset', allow('exit', 'futex')),
      seccompProfile(namespace, 'beyond', allow('exit', 'mkdir')),
    );
    await cluster.untilProfile(namespace, 'subset', 'Installed');
    await cluster.untilProfile(namespace, 'beyond', 'Error');
    // An event is written after the status that it tells of.
    const described = () => cluster.kubectl(['-n', namespace, 'describe', 'sp', 'beyond']);
    await cluster.until('the event', described, (text) => /Warning +ProfileNotAllowed .*mkdir/.test(text));
    expect(daemonPod('{.items[*].metadata.uid}')).to.equal(before);
    await take(
      `kubectl -n security-profiles-operator patch spod spod --type merge -p '{"spec":{"allowedSyscalls":null}}'`,
    );
    await cluster.untilProfile(namespace, 'beyond', 'Installed');
  });

  it('say on which nodes the daemon runs, by tolerations and by affinity', async () => {
    const tolerations = [{ key: 'dedicated', operator: 'Equal', value: 'infra', effect: 'NoSchedule' }];
    const affinity = (os: string) => ({
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/os', operator: 'In', values: [os] }] }],
        },
      },
    });
    const patch = (spec: object) =>
      `kubectl -n security-profiles-operator patch spod spod --type merge -p '${JSON.stringify({ spec })}'`;
    await take(patch({ tolerations }));
    expect(daemonSet('{.spec.template.spec.tolerations[*].key}').split(' ')).to.include('dedicated');
    await take(patch({ affinity: affinity('linux') }));
    expect(daemonSet('{.status.numberReady}')).to.equal('1');
    await take(patch({ affinity: affinity('plan9') }));
    const pods = () => daemonPod('{.items[*].metadata.name}');
    await cluster.until('no daemon on the node', pods, (text) => text === '');
    await take(patch({ affinity: null, tolerations: null }));
    expect(daemonSet('{.status.numberReady}')).to.equal('1');
  });

  it('keep pods that are not to be recorded out of the memory of the daemon, and their profiles on the node', async () => {
    await take(
      `kubectl -n security-profiles-operator patch spod spod --type=merge -p '{"spec":{"enableMemoryOptimization":true}}'`,
    );
    expect(daemonPod('{.items[0].spec.containers[0].args}')).to.include('--with-mem-optim=true');
    cluster.apply(seccompProfile(namespace, 'in-use', { defaultAction: 'SCMP_ACT_ALLOW' }));
    await cluster.untilProfile(namespace, 'in-use', 'Installed');
    cluster.apply(shellPod(namespace, 'user', 'sleep 600', `operator/${namespace}/in-use.json`));
    await cluster.untilPod(namespace, 'user', 'Running');
    const finalizers = () => cluster.value('sp', 'in-use', namespace, '{.metadata.finalizers}');
    await cluster.until('the finalizer', finalizers, (text) => text.includes('in-use-by-active-pods'));
    cluster.apply(seccompProfile(namespace, 'in-use', { defaultAction: 'SCMP_ACT_ALLOW', disabled: true }));
    await cluster.untilProfile(namespace, 'in-use', 'Disabled');
    const there = () => existsSync(cluster.file(namespace, 'in-use'));
    expect(there()).to.equal(true);
    cluster.kubectl(['-n', namespace, 'delete', 'pod', 'user', '--now']);
    await cluster.until('the file to go', there, (is) => !is);
  });

  it('serve profiles of the daemon, and say where', async () => {
    await take(
      `kubectl -n security-profiles-operator patch spod spod --type=merge -p '{"spec":{"enableProfiling":true}}'`,
    );
    const line = () =>
      cluster.shell(
        'kubectl -n security-profiles-operator logs --selector name=spod -c security-profiles-operator --tail=-1 | grep "Starting profiling"',
      ).stdout;
    const told = /"msg"="Starting profiling server" {2}"endpoint"="localhost:6060"\n$/;
    await cluster.until('the line', line, (text) => told.test(text));
    const heap = (address: string) => `http://${address}:6060/debug/pprof/heap`;
    const cpu = (address: string) => `http://${address}:6060/debug/pprof/profile?seconds=1`;
    for (const url of [heap, cpu]) {
      const status = () => cluster.askDaemon(url, '-o', '/dev/null').stdout;
      await cluster.until('a profile', status, (text) => text.includes('200 1.1'));
    }
  });

  it('pull the images with a secret', async () => {
    await take(
      `kubectl -n security-profiles-operator patch spod spod --type=merge -p '{"spec":{"imagePullSecrets":[{"name":"my-registry"}]}}'`,
    );
    expect(daemonPod('{.items[*].spec.imagePullSecrets[*].name}')).to.equal('my-registry');
  });

  it('are said to have an effect, those for SELinux too', async () => {
    await take(
      'kubectl -nsecurity-profiles-operator patch spod spod -p "$(cat test/e2e/manual/spod-webhooks.yaml)" --type=merge',
    );
    expect(effect()).to.not.include('webhookOptions');
    await take('kubectl patch spod spod --type=merge -p "$(cat test/golden/manual/01-spod-patch.json)"');
    await take(
      `kubectl -n security-profiles-operator patch spod spod --type=merge -p '{"spec":{"enableSelinux":true}}'`,
    );
    expect(effect()).to.include('every option has an effect');
    expect(daemonPod('{.items[*].spec.containers[*].name}')).to.include('selinuxd');
  });

  it('go back to what the example of the configuration says when it is applied', async () => {
    cluster.kubectl(['apply', '-f', 'manifests/examples/spod.yaml']);
    await cluster.untilRunning();
    const own = '{.spec.template.spec.containers[?(@.name=="security-profiles-operator")].resources.limits.memory}';
    await cluster.until(
      'the resources',
      () => daemonSet(own),
      (text) => text === '128Mi',
    );
    await cluster.untilRunning();
  });
});
