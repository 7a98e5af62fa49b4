// SPDX-License-Identifier: Apache-2.0
// The configuration object: each option reaches the daemon, and taking it back takes it away again.
import { expect } from 'chai';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OPERATOR_NAMESPACE, inNamespace, seccompProfile, shellPod } from './cluster.ts';
import type { Cluster } from './cluster.ts';

const listed = ['exit', 'exit_group', 'futex', 'nanosleep'];

/** The modules of the kernel that the node of the lab shares with this machine. */
function modulesHere(): { readonly apparmor: boolean; readonly selinux: boolean } {
  const apparmor = existsSync('/sys/kernel/security/apparmor/features');
  return { apparmor, selinux: existsSync('/sys/fs/selinux/enforce') };
}

describe('spod', function () {
  this.timeout(600_000);
  const namespace = 'e2e-spod';
  let cluster: Cluster;
  const folder = mkdtempSync(path.join(tmpdir(), 'e2e-'));

  inNamespace(namespace, (ready) => {
    cluster = ready;
  });

  after(async () => {
    await patch(
      'verbosity enableProfiling daemonResourceRequirements allowedSyscalls priorityClassName selinuxTypeTag tolerations imagePullSecrets'
        .split(' ')
        .map((field): [string, unknown] => [field, null]),
    );
    rmSync(folder, { recursive: true });
  });

  function securityProfile(version: string, kind: string, spec: object): object {
    const apiVersion = `security-profiles-operator.x-k8s.io/${version}`;
    return { apiVersion, kind, metadata: { namespace, name: 'other-kinds' }, spec };
  }

  async function patch(fields: readonly (readonly [string, unknown])[]): Promise<void> {
    const spec = Object.fromEntries(fields);
    cluster.kubectl([
      '-n',
      OPERATOR_NAMESPACE,
      'patch',
      'spod',
      'spod',
      '--type=merge',
      '-p',
      JSON.stringify({ spec }),
    ]);
    const generation = Number(cluster.value('spod', 'spod', OPERATOR_NAMESPACE, '{.metadata.generation}'));
    const seen = () =>
      cluster.value('spod', 'spod', OPERATOR_NAMESPACE, '{.status.observedGeneration} {.status.state}');
    await cluster.until('spod to run the new options', seen, (text) => {
      const [observed, state] = text.split(' ');
      return Number(observed) >= generation && state === 'RUNNING';
    });
  }

  const daemonSet = (jsonpath: string) => cluster.value('ds', 'spod', OPERATOR_NAMESPACE, jsonpath);

  const logs = () =>
    cluster.tryKubectl([
      '-n',
      OPERATOR_NAMESPACE,
      'logs',
      '--selector',
      'name=spod',
      '-c',
      'security-profiles-operator',
      '--tail=-1',
    ]).stdout;

  it('says that it runs', () => {
    expect(cluster.kubectl(['-n', OPERATOR_NAMESPACE, 'get', 'spod', 'spod'])).to.match(
      /^NAME +STATE\nspod +RUNNING\n$/,
    );
    expect(daemonSet('{.spec.template.spec.priorityClassName}')).to.equal('system-node-critical');
  });

  it('makes the daemon talk more with verbosity 1', async () => {
    await patch([['verbosity', 1]]);
    await cluster.until('the log line', logs, (text) => text.includes('Set logging verbosity to 1'));
  });

  it('serves profiles that pprof reads, over HTTP/1.1, with enableProfiling', async () => {
    await patch([['enableProfiling', true]]);
    await cluster.until('the log line', logs, (text) => text.includes('Starting profiling server'));
    const heap = path.join(folder, 'heap');
    const url = (address: string) => `http://${address}:6060/debug/pprof/heap`;
    await cluster.until(
      'the answer',
      () => cluster.askDaemon(url, '-o', heap).stdout,
      (head) => head.endsWith('200 1.1'),
    );
    expect(cluster.shell(`go tool pprof -top ${heap}`).stdout).to.match(/^Type: /m);
  });

  it('gives the daemon the resources that are asked for, and takes them back', async () => {
    const resources = { requests: { memory: '256Mi', cpu: '250m' }, limits: { memory: '512Mi', cpu: '500m' } };
    await patch([['daemonResourceRequirements', resources]]);
    const own = '{.spec.template.spec.containers[?(@.name=="security-profiles-operator")].resources}';
    expect(JSON.parse(daemonSet(own))).to.deep.equal(resources);
    await patch([['daemonResourceRequirements', null]]);
    expect(JSON.parse(daemonSet(own))).not.to.deep.equal(resources);
  });

  it('sets the SELinux type, tolerations and pull secrets, and removes them when they are taken back', async () => {
    const tolerations = [{ key: 'e2e', operator: 'Exists' }];
    await patch([
      ['selinuxTypeTag', 'unconfined_t'],
      ['tolerations', tolerations],
      ['imagePullSecrets', [{ name: 'pull' }]],
    ]);
    expect(daemonSet('{..seLinuxOptions.type}')).to.include('unconfined_t');
    expect(daemonSet('{.spec.template.spec.tolerations[*].key}')).to.include('e2e');
    expect(daemonSet('{.spec.template.spec.imagePullSecrets[*].name}')).to.equal('pull');
    await patch([
      ['selinuxTypeTag', null],
      ['tolerations', null],
      ['imagePullSecrets', null],
    ]);
    expect(daemonSet('{..seLinuxOptions.type}')).to.include('spc_t');
    expect(daemonSet('{.spec.template.spec.tolerations[*].key}')).not.to.include('e2e');
    expect(daemonSet('{.spec.template.spec.imagePullSecrets[*].name}')).to.equal('');
  });

  it('runs what SELinux and AppArmor need, and says of a node without them that it cannot have such profiles', async () => {
    await patch([
      ['enableSelinux', true],
      ['enableAppArmor', true],
    ]);
    expect(daemonSet('{.spec.template.spec.containers[*].name}')).to.include('selinuxd');
    cluster.apply(
      securityProfile('v1alpha1', 'AppArmorProfile', { policy: 'profile other-kinds {\n  file,\n}\n' }),
      securityProfile('v1alpha2', 'SelinuxProfile', { allow: { '@self': { tcp_socket: ['listen'] } } }),
    );
    const answer = (kind: string) => () =>
      cluster.value(kind, 'other-kinds', namespace, '{.status.status} {.status.conditions[?(@.type=="Ready")].reason}');
    const settled = (hasModule: boolean, reason: string) => (text: string) =>
      hasModule ? text.startsWith('Installed ') : text === `Pending ${reason}`;
    const { apparmor, selinux } = modulesHere();
    await cluster.until('AppArmor', answer('apparmorprofile'), settled(apparmor, 'AppArmorNotSupportedOnNode'));
    await cluster.until('SELinux', answer('selinuxprofile'), settled(selinux, 'SelinuxNotSupportedOnNode'));
    cluster.kubectl(['-n', namespace, 'delete', 'apparmorprofile/other-kinds', 'selinuxprofile/other-kinds']);
    await patch([
      ['enableSelinux', null],
      ['enableAppArmor', null],
    ]);
    expect(daemonSet('{.spec.template.spec.containers[*].name}')).to.not.include('selinuxd');
  });

  it('allows only the listed system calls: what goes beyond is rejected, and taken away when the list shrinks', async () => {
    const allow = (names: readonly string[]) => ({
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: [{ action: 'SCMP_ACT_ALLOW', names }],
    });
    cluster.apply(seccompProfile(namespace, 'before', allow([...listed, 'mkdir'])));
    await cluster.untilProfile(namespace, 'before', 'Installed');
    await patch([['allowedSyscalls', listed]]);
    cluster.apply(
      seccompProfile(namespace, 'exact', allow(listed)),
      seccompProfile(namespace, 'block-all', { defaultAction: 'SCMP_ACT_ERRNO' }),
      seccompProfile(namespace, 'more', allow([...listed, 'mkdir'])),
      seccompProfile(namespace, 'all', { defaultAction: 'SCMP_ACT_ALLOW' }),
    );
    await cluster.untilProfile(namespace, 'exact', 'Installed');
    await cluster.untilProfile(namespace, 'block-all', 'Installed');
    await cluster.untilProfile(namespace, 'more', 'Error');
    await cluster.untilProfile(namespace, 'all', 'Error');
    expect(existsSync(cluster.file(namespace, 'more'))).to.equal(false);
    const left = () => existsSync(cluster.file(namespace, 'before'));
    await cluster.until('the old file to be removed', left, (there) => !there);
    await cluster.untilProfile(namespace, 'before', 'Error');
    await patch([['allowedSyscalls', null]]);
    await cluster.untilProfile(namespace, 'before', 'Installed');
  });

  it('keeps a profile that has become forbidden as long as a pod uses it', async () => {
    const spec = { defaultAction: 'SCMP_ACT_ALLOW' };
    cluster.apply(seccompProfile(namespace, 'in-use', spec));
    await cluster.untilProfile(namespace, 'in-use', 'Installed');
    cluster.apply(shellPod(namespace, 'holder', 'sleep 600', `operator/${namespace}/in-use.json`));
    await cluster.untilPod(namespace, 'holder', 'Running');
    await patch([['allowedSyscalls', listed]]);
    const there = () => existsSync(cluster.file(namespace, 'in-use'));
    await cluster.untilProfile(namespace, 'in-use', 'Error');
    expect(there()).to.equal(true);
    cluster.kubectl(['-n', namespace, 'delete', 'pod', 'holder', '--now']);
    await cluster.until('the file to go', there, (answer) => !answer);
    await patch([['allowedSyscalls', null]]);
  });

  it('says ERROR, with the words of the API server, where it asks for what no cluster takes, and recovers', async () => {
    const refused = [{ key: 'e2e', operator: 'Exists', value: 'which Exists must not have' }];
    const body = JSON.stringify({ spec: { tolerations: refused } });
    cluster.kubectl(['-n', OPERATOR_NAMESPACE, 'patch', 'spod', 'spod', '--type=merge', '-p', body]);
    const state = () => cluster.value('spod', 'spod', OPERATOR_NAMESPACE, '{.status.state}');
    await cluster.until('ERROR', state, (text) => text === 'ERROR');
    const ready = '{.status.conditions[?(@.type=="Ready")].message}';
    expect(cluster.value('spod', 'spod', OPERATOR_NAMESPACE, ready)).to.include('tolerations[0]');
    const events = () => cluster.kubectl(['-n', OPERATOR_NAMESPACE, 'get', 'events']);
    await cluster.until('the event', events, (text) => /Warning +CannotUpdateSPOD .*tolerations\[0\]/.test(text));
    await patch([['tolerations', null]]);
  });
});
