// SPDX-License-Identifier: Apache-2.0
// The manual's chapter on seccomp profiles, step by step: its objects are in manual/, its commands are
// here.
import { expect } from 'chai';
import { existsSync, lstatSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { nativeArchitecture } from '../../src/core/seccomp/libseccomp/filter.ts';
import { BUSYBOX_IMAGE } from '../../tools/lab/images.ts';
import { inNamespace, shellPod } from './cluster.ts';
import type { Cluster } from './cluster.ts';

const manual = (file: string): string => path.join('test/e2e/manual', file);

/** Fields of `kubectl explain` and whether each is explained: the name, perhaps its values, then at least one line. */
function unexplained(text: string): readonly string[] {
  const fields = text.slice(text.indexOf('FIELDS:')).split(/^ {2}(?=\S+\t)/m);
  return fields.slice(1).filter((field) => !/^\S+\t<.*\n(?: *enum:.*\n)? {4}\S/.test(field));
}

describe('the seccomp examples of the manual', function () {
  this.timeout(600_000);
  const namespace = 'my-namespace';
  let cluster: Cluster;

  inNamespace(namespace, (ready) => {
    cluster = ready;
  });

  const read = (): unknown => JSON.parse(readFileSync(cluster.file(namespace, 'profile1'), 'utf8'));
  const message = (): string =>
    cluster.value('sp', 'profile1', namespace, '{.status.conditions[?(@.type=="Ready")].message}');
  const shell = (line: string): string => {
    const { status, stdout, stderr } = cluster.shell(line);
    if (status !== 0) throw new Error(`${line}: ${stderr}`);
    return stdout;
  };

  it('install profile1 at its path, by way of the link to the directory that needs no root', () => {
    cluster.kubectl(['apply', '-f', manual('profile.yaml')]);
    cluster.kubectl(['-n', namespace, 'wait', '--for=condition=ready', 'seccompprofile/profile1', '--timeout=240s']);
    expect(read()).to.deep.equal({
      defaultAction: 'SCMP_ACT_LOG',
      architectures: [nativeArchitecture(process.arch)],
    });
    const link = path.dirname(path.dirname(cluster.file(namespace, 'profile1')));
    expect(lstatSync(link).isSymbolicLink()).to.equal(true);
    expect(path.resolve(path.dirname(link), readlinkSync(link))).to.equal('/var/lib/security-profiles-operator');
    expect(cluster.value('sp', 'profile1', namespace, '{.status.path}')).to.equal(
      '/var/lib/kubelet/seccomp/operator/my-namespace/profile1.json',
    );
  });

  it('show the path of the profile in the wide output', () => {
    const wide = shell('kubectl --namespace my-namespace get seccompprofile profile1 --output wide');
    expect(wide).to.match(
      /^NAME +STATUS +AGE +SECCOMPPROFILE\.LOCALHOSTPROFILE\nprofile1 +Installed +\w+ +operator\/my-namespace\/profile1\.json\n$/,
    );
  });

  it('describe a profile with its label, its state and its event', async () => {
    const describe = () => shell('kubectl -n my-namespace describe seccompprofile profile1');
    const saved = /Normal +SavedSeccompProfile .* Successfully saved profile to disk on /;
    // An event is written after the status that it tells of.
    const text = await cluster.until('the event', describe, (now) => saved.test(now));
    expect(text).to.match(/^Labels: +spo\.x-k8s\.io\/profile-id=SeccompProfile-profile1$/m);
    // Its default lets everything happen, but programs of architectures that it does not list are killed.
    expect(text).to.match(
      /^ +Message: +the profile is installed on all nodes; .*the default action SCMP_ACT_LOG does not/m,
    );
    expect(text).to.match(/^ +Status: +Installed$/m);
  });

  it('run a pod under the profile that logs every call', async () => {
    cluster.kubectl(['apply', '-f', 'test/golden/manual/10-seccompprofile-log.yaml']);
    await cluster.untilProfile('default', 'log', 'Installed');
    cluster.apply(shellPod('default', 'log-pod', 'grep Seccomp: /proc/self/status', 'operator/default/log.json'));
    await cluster.untilPod('default', 'log-pod', 'Succeeded');
    // 2 is SECCOMP_MODE_FILTER, proc_pid_status(5).
    expect(cluster.kubectl(['logs', 'log-pod'])).to.equal('Seccomp:\t2\n');
    cluster.kubectl(['delete', 'pod/log-pod', 'sp/log', '--timeout=240s']);
  });

  it('find an explanation of every field', () => {
    for (const topic of 'sp sp.spec sp.spec.syscalls sp.spec.syscalls.args sp.status spod.spec spod.status'.split(
      ' ',
    )) {
      const text = cluster.kubectl(['explain', topic]);
      expect(text, topic).to.match(/^DESCRIPTION:\n {4}\S/m);
      expect(unexplained(text), topic).to.deep.equal([]);
    }
  });

  it('count a pod that names the profile among its workloads, in the field or in the old annotation', async () => {
    const users = () => cluster.value('sp', 'profile1', namespace, '{.status.activeWorkloads}');
    for (const file of ['pod.yaml', 'pod-with-annotation.yaml']) {
      cluster.kubectl(['-n', namespace, 'apply', '-f', manual(file)]);
      await cluster.until(`the user of ${file}`, users, (text) => text === '["my-namespace/test-pod"]');
      cluster.kubectl(['-n', namespace, 'delete', 'pod', 'test-pod', '--now']);
      await cluster.until('no user', users, (text) => text === '' || text === '[]');
    }
  });

  it('put a Deployment under the profile, and keep the profile as long as it runs', async () => {
    const command = 'trap exit TERM; grep Seccomp: /proc/self/status; sleep 600 & wait';
    const create = ['create', 'deployment', 'myapp', `--image=${BUSYBOX_IMAGE}`, '--', 'sh', '-c', command];
    cluster.kubectl(['-n', namespace, ...create]);
    expect(
      shell(
        `kubectl --namespace my-namespace patch deployment myapp --patch '{"spec": {"template": {"spec": {"securityContext": {"seccompProfile": {"type": "Localhost", "localhostProfile": "'$(kubectl --namespace my-namespace get seccompprofile profile1 --output=jsonpath='{.status.seccompProfile\\.localhostProfile}')'"}}}}}}'`,
      ),
    ).to.equal('deployment.apps/myapp patched\n');
    cluster.kubectl(['-n', namespace, 'rollout', 'status', 'deployment/myapp', '--timeout=240s']);
    const context = shell(
      "kubectl --namespace my-namespace get deployment myapp --output=jsonpath='{.spec.template.spec.securityContext}' | jq -S .",
    );
    expect(context).to.equal(
      '{\n  "seccompProfile": {\n    "localhostProfile": "operator/my-namespace/profile1.json",\n    "type": "Localhost"\n  }\n}\n',
    );
    const log = () => cluster.tryKubectl(['-n', namespace, 'logs', '--selector', 'app=myapp']).stdout;
    // 2 is SECCOMP_MODE_FILTER, proc_pid_status(5).
    await cluster.until('the pod to say that it has a filter', log, (text) => text.includes('Seccomp:\t2'));
  });

  it('tell whoever deletes the profile in use for which pod that waits', async () => {
    const pod = () => cluster.value('sp', 'profile1', namespace, '{.status.activeWorkloads[0]}');
    await cluster.until('the pod of the Deployment', pod, (text) => text.startsWith('my-namespace/myapp-'));
    const finalizers = () => cluster.value('sp', 'profile1', namespace, '{.metadata.finalizers}');
    await cluster.until('the finalizer', finalizers, (text) => text.includes('in-use-by-active-pods'));
    const { status } = cluster.tryKubectl(['-n', namespace, 'delete', 'sp', 'profile1', '--timeout=3s']);
    expect(status).not.to.equal(0);
    await cluster.untilProfile(namespace, 'profile1', 'Terminating');
    const describe = () => shell('kubectl -n my-namespace describe sp profile1');
    await cluster.until('the event', describe, (text) => /Warning +ProfileInUse .*my-namespace\/myapp-/.test(text));
    expect(shell('kubectl -n my-namespace get sp profile1')).to.match(/^profile1 +Terminating /m);
    expect(existsSync(cluster.file(namespace, 'profile1'))).to.equal(true);
    cluster.kubectl(['-n', namespace, 'delete', 'deployment', 'myapp']);
    cluster.kubectl(['-n', namespace, 'delete', 'pods', '--all', '--now']);
    cluster.kubectl(['-n', namespace, 'wait', '--for=delete', 'sp/profile1', '--timeout=240s']);
    expect(existsSync(cluster.file(namespace, 'profile1'))).to.equal(false);
  });

  it('stack a profile on the base that the examples bring, and show the sum in an annotation', async () => {
    cluster.kubectl(['-n', namespace, 'apply', '-f', 'manifests/examples/baseprofile-runc.yaml']);
    cluster.kubectl(['apply', '-f', manual('profile-with-base.yaml')]);
    cluster.kubectl(['-n', namespace, 'wait', '--for=condition=ready', 'sp/profile1', '--timeout=240s']);
    const describe = () => shell('kubectl -n my-namespace describe seccompprofile profile1');
    const annotated = /^Annotations: +syscalls:\s+\[\{"names":\[.*"capset"/m;
    await cluster.until('the annotation', describe, (text) => annotated.test(text));
    expect(JSON.stringify(read())).to.include('"exit_group"').and.include('"capset"');
  });

  it('are answered with what is missing where the base lies in a registry that nobody is trusted for', async () => {
    cluster.kubectl(['apply', '-f', manual('profile-with-oci-base.yaml')]);
    await cluster.until('the reason', message, (text) => text.includes('spec.ociVerification of the spod'));
  });
});
