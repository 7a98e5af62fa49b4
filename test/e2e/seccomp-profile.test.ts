// SPDX-License-Identifier: Apache-2.0
// The main job: a profile that is applied lies on the node, says so, and pods run under it.
import { expect } from 'chai';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { OPERATOR_NAMESPACE, inNamespace, seccompProfile, shellPod } from './cluster.ts';
import type { Cluster } from './cluster.ts';

const denyMkdir = {
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [{ action: 'SCMP_ACT_ERRNO', names: ['mkdir', 'mkdirat'] }],
};

describe('a SeccompProfile on a node', function () {
  this.timeout(600_000);
  const namespace = 'e2e-seccomp';
  let cluster: Cluster;

  inNamespace(namespace, (ready) => {
    cluster = ready;
  });

  it('lies in a directory of mode 744 that belongs to 65535', () => {
    const { mode, uid, gid } = statSync(path.dirname(path.dirname(cluster.file('x', 'y'))));
    expect([(mode & 0o777).toString(8), uid, gid]).to.deep.equal(['744', 65535, 65535]);
  });

  it('becomes Installed, with a file that holds what the runtime reads and nothing else', async () => {
    cluster.apply(seccompProfile(namespace, 'deny-mkdir', denyMkdir));
    await cluster.untilProfile(namespace, 'deny-mkdir', 'Installed');
    const file = JSON.parse(readFileSync(cluster.file(namespace, 'deny-mkdir'), 'utf8')) as Record<string, unknown>;
    expect(file).to.deep.include({ defaultAction: 'SCMP_ACT_ALLOW' });
    expect(Object.keys(file)).to.have.members(['defaultAction', 'architectures', 'syscalls']);
  });

  it('shows itself as in the manual', async () => {
    const get = cluster.kubectl(['-n', namespace, 'get', 'sp', 'deny-mkdir']);
    expect(get).to.match(/^NAME +STATUS +AGE\ndeny-mkdir +Installed +\w+\n$/);
    const wide = cluster.kubectl(['-n', namespace, 'get', 'sp', 'deny-mkdir', '-o', 'wide']);
    expect(wide).to.match(/^NAME +STATUS +AGE +SECCOMPPROFILE.LOCALHOSTPROFILE\n/);
    expect(wide).to.include(`operator/${namespace}/deny-mkdir.json`);
    cluster.kubectl(['-n', namespace, 'wait', '--for=condition=ready', 'sp/deny-mkdir', '--timeout=240s']);
    // An event is written after the status that it tells of.
    const described = () => cluster.kubectl(['-n', namespace, 'describe', 'sp', 'deny-mkdir']);
    await cluster.until('the event', described, (text) => text.includes('SavedSeccompProfile'));
    expect(cluster.kubectl(['explain', 'seccompprofile.spec.defaultAction'])).to.match(
      /What the kernel does with a system call/,
    );
  });

  it('confines a pod: the call that it forbids fails, others work', async () => {
    const command = 'mkdir /tmp/new 2>&1; echo status $?; echo done';
    cluster.apply(shellPod(namespace, 'confined', command, `operator/${namespace}/deny-mkdir.json`));
    await cluster.untilPod(namespace, 'confined', 'Succeeded');
    const log = cluster.kubectl(['-n', namespace, 'logs', 'confined']);
    expect(log).to.match(/Operation not permitted\nstatus 1\ndone\n/);
  });

  it('follows an edit at once', async () => {
    cluster.apply(seccompProfile(namespace, 'edited', { defaultAction: 'SCMP_ACT_ALLOW' }));
    await cluster.untilProfile(namespace, 'edited', 'Installed');
    cluster.apply(seccompProfile(namespace, 'edited', { defaultAction: 'SCMP_ACT_LOG' }));
    const read = () => readFileSync(cluster.file(namespace, 'edited'), 'utf8');
    await cluster.until('the new text', read, (text) => text.includes('SCMP_ACT_LOG'));
  });

  it('takes names of 72 characters', async () => {
    const name = 'a'.repeat(72);
    cluster.apply(seccompProfile(namespace, name, { defaultAction: 'SCMP_ACT_ALLOW' }));
    await cluster.untilProfile(namespace, name, 'Installed');
    expect(existsSync(cluster.file(namespace, name))).to.equal(true);
  });

  it('stacks its base profile, says what came out, and follows a change of the base', async () => {
    cluster.apply(
      seccompProfile(namespace, 'base', {
        defaultAction: 'SCMP_ACT_ERRNO',
        syscalls: [{ action: 'SCMP_ACT_ALLOW', names: ['read'] }],
      }),
      seccompProfile(namespace, 'stacked', {
        defaultAction: 'SCMP_ACT_ERRNO',
        baseProfileName: 'base',
        syscalls: [{ action: 'SCMP_ACT_ALLOW', names: ['exit_group'] }],
      }),
    );
    await cluster.untilProfile(namespace, 'stacked', 'Installed');
    const text = () => readFileSync(cluster.file(namespace, 'stacked'), 'utf8');
    expect(text()).to.include('"read"').and.include('"exit_group"');
    const annotation = () => cluster.value('sp', 'stacked', namespace, '{.metadata.annotations.syscalls}');
    await cluster.until('the annotation', annotation, (value) => value.includes('"read"'));
    cluster.apply(
      seccompProfile(namespace, 'base', {
        defaultAction: 'SCMP_ACT_ERRNO',
        syscalls: [{ action: 'SCMP_ACT_ALLOW', names: ['read', 'write'] }],
      }),
    );
    await cluster.until('write in the stacked profile', text, (content) => content.includes('"write"'));
  });

  it('adds the denials of a base that is a deny list to those of the profile', async () => {
    const denying = (name: string, names: string[], spec = {}) =>
      seccompProfile(namespace, name, {
        defaultAction: 'SCMP_ACT_ALLOW',
        syscalls: [{ action: 'SCMP_ACT_ERRNO', names }],
        ...spec,
      });
    cluster.apply(
      denying('deny-chmod', ['chmod', 'fchmod', 'fchmodat']),
      denying('deny-both', ['mkdir'], { baseProfileName: 'deny-chmod' }),
    );
    await cluster.untilProfile(namespace, 'deny-both', 'Installed');
    const rules = '[{"names":["chmod","fchmod","fchmodat","mkdir"],"action":"SCMP_ACT_ERRNO"}]';
    const written = JSON.parse(readFileSync(cluster.file(namespace, 'deny-both'), 'utf8')) as { syscalls: unknown };
    expect(written.syscalls).to.deep.equal(JSON.parse(rules));
    const annotation = () => cluster.value('sp', 'deny-both', namespace, '{.metadata.annotations.syscalls}');
    await cluster.until('the annotation', annotation, (value) => value === rules);
  });

  it('tells of a base that is missing, and installs once it is there', async () => {
    cluster.apply(seccompProfile(namespace, 'orphan', { defaultAction: 'SCMP_ACT_ERRNO', baseProfileName: 'later' }));
    const message = () => cluster.value('sp', 'orphan', namespace, '{.status.conditions[?(@.type=="Ready")].message}');
    await cluster.until('a message', message, (text) => text.includes('later'));
    cluster.apply(
      seccompProfile(namespace, 'later', {
        defaultAction: 'SCMP_ACT_ERRNO',
        syscalls: [{ action: 'SCMP_ACT_ALLOW', names: ['read'] }],
      }),
    );
    await cluster.untilProfile(namespace, 'orphan', 'Installed');
  });

  it('rejects a circle of bases and names it', async () => {
    cluster.apply(
      seccompProfile(namespace, 'ring-a', { defaultAction: 'SCMP_ACT_ERRNO', baseProfileName: 'ring-b' }),
      seccompProfile(namespace, 'ring-b', { defaultAction: 'SCMP_ACT_ERRNO', baseProfileName: 'ring-a' }),
    );
    await cluster.untilProfile(namespace, 'ring-a', 'Error');
    expect(cluster.value('sp', 'ring-a', namespace, '{.status.conditions[?(@.type=="Ready")].message}')).to.match(
      /ring-b/,
    );
  });

  it('does not install a disabled profile, and removes one that is disabled', async () => {
    cluster.apply(seccompProfile(namespace, 'switch', { defaultAction: 'SCMP_ACT_ALLOW' }));
    await cluster.untilProfile(namespace, 'switch', 'Installed');
    cluster.apply(seccompProfile(namespace, 'switch', { defaultAction: 'SCMP_ACT_ALLOW', disabled: true }));
    await cluster.untilProfile(namespace, 'switch', 'Disabled');
    const there = () => existsSync(cluster.file(namespace, 'switch'));
    await cluster.until('the file to go', there, (answer) => !answer);
  });

  it('rejects a profile whose system calls do not exist, with an event and the error counter', async () => {
    cluster.apply(
      seccompProfile(namespace, 'misspelt', {
        defaultAction: 'SCMP_ACT_ERRNO',
        syscalls: [{ action: 'SCMP_ACT_ALLOW', names: ['opne'] }],
      }),
    );
    await cluster.untilProfile(namespace, 'misspelt', 'Error');
    const events = () =>
      cluster.kubectl(['-n', namespace, 'get', 'events', '--field-selector', 'involvedObject.name=misspelt']);
    await cluster.until('an event', events, (text) => text.includes('InvalidSeccompProfile'));
    expect(existsSync(cluster.file(namespace, 'misspelt'))).to.equal(false);
  });

  it('gives the daemon a profile of its own', () => {
    const own = path.join(cluster.env['KUBELET_DIR'] ?? '/var/lib/kubelet', 'seccomp/security-profiles-operator.json');
    const expected = cluster.value(
      'configmap',
      'security-profiles-operator-profile',
      OPERATOR_NAMESPACE,
      '{.data.security-profiles-operator\\.json}',
    );
    expect(JSON.parse(readFileSync(own, 'utf8'))).to.deep.equal(JSON.parse(expected));
  });
});
