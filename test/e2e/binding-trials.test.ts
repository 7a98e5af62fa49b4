// SPDX-License-Identifier: Apache-2.0
// A profile that is tried before it is enforced, as a user meets it: its pods run under a twin that logs, then under
// the profile itself, and under the twin again when that denies something. The author's object is never changed.
import { expect } from 'chai';
import { BUSYBOX_IMAGE } from '../../tools/lab/images.ts';
import { startAuditWriter } from './audit-writer.ts';
import { BindingScene, WAIT } from './binding-scene.ts';
import { inNamespace, seccompProfile, shellPod, OPERATOR_NAMESPACE } from './cluster.ts';
import type { Cluster } from './cluster.ts';

const denying = (names: readonly string[]) => ({
  defaultAction: 'SCMP_ACT_ALLOW',
  flags: ['SECCOMP_FILTER_FLAG_LOG'],
  syscalls: [{ action: 'SCMP_ACT_ERRNO', names }],
});

describe('a ProfileBinding that tries its profile', function () {
  this.timeout(600_000);
  const namespace = 'e2e-trial';
  let cluster: Cluster;
  let scene: BindingScene;
  let endAudit: (() => void) | undefined;
  let twin: string;

  inNamespace(namespace, (ready) => {
    cluster = ready;
    scene = new BindingScene(cluster, namespace);
  });

  before(async () => {
    endAudit = await startAuditWriter();
    cluster.patchSpod({ enableLogEnricher: true });
    const log = ['-n', OPERATOR_NAMESPACE, 'logs', 'ds/spod', '-c', 'log-enricher'];
    await cluster.until(
      'the enricher',
      () => cluster.tryKubectl(log).stdout,
      (text) => text.includes('Reading from file'),
    );
    await cluster.untilRunning();
    await scene.install('tried', denying(['mkdir', 'mkdirat']));
  });

  after(async () => {
    cluster.patchSpod({ enableLogEnricher: null });
    await cluster.untilRunning();
    endAudit?.();
  });

  const profileOf = (pod: string): string =>
    scene.pod(pod, '{.spec.containers[0].securityContext.seccompProfile.localhostProfile}');

  const condition = (type: string): string => {
    const place = `{.status.conditions[?(@.type=="${type}")]`;
    return scene.binding('trial', `${place}.status}{" "}${place}.reason}{" "}${place}.message}`);
  };

  async function run(pod: string, command: string): Promise<void> {
    cluster.apply(shellPod(namespace, pod, `${command}; echo done; ${WAIT}`));
    await cluster.untilPod(namespace, pod, 'Running');
    await cluster.until(
      `what ${pod} did`,
      () => scene.log(pod),
      (text) => text.includes('done'),
    );
  }

  const untilCondition = (type: string, begin: string) =>
    cluster.until(
      `${type} ${begin}`,
      () => condition(type),
      (text) => text.startsWith(begin),
    );

  it('puts new pods under a twin that logs what the profile would refuse', async () => {
    const enforcement = { mode: 'Enforce', promote: { afterSeconds: 86_400, replicas: 1 } };
    await scene.bind('trial', 'tried', { image: BUSYBOX_IMAGE, enforcement });
    const named = () => scene.binding('trial', '{.status.trial.twinName}');
    twin = await cluster.until('the name of the twin', named, (name) => name !== '');
    const path = '{.spec.containers[0].securityContext.seccompProfile.localhostProfile}';
    const pod = shellPod(namespace, 'any', 'true');
    await cluster.untilAdmitted(pod, path, (text) => text === scene.localhost(twin));
    await run('logged', 'mkdir /tmp/new 2>&1');
    expect(twin).to.match(/^tried-audit-[0-9a-f]{12}$/);
    expect(profileOf('logged')).to.equal(scene.localhost(twin));
    expect(scene.log('logged')).to.equal('done\n');
    await untilCondition('Promotable', 'False CallsLogged logged, not denied: mkdir');
    await scene.untilEvent('trial', 'TrialBegun');
    expect(condition('Enforced')).to.match(/^False Auditing new pods run under tried-audit-/);
  });

  it('begins anew when the author has changed the profile, and promotes what shows nothing', async () => {
    cluster.apply(seccompProfile(namespace, 'tried', denying(['symlink', 'symlinkat'])));
    await untilCondition('Promotable', 'False TooFewReplicas');
    const promote = { spec: { enforcement: { promote: { afterSeconds: 2 } } } };
    scene.kubectl('patch', 'profilebinding', 'trial', '--type=merge', '-p', JSON.stringify(promote));
    await run('quiet', 'mkdir /tmp/new 2>&1');
    expect(profileOf('quiet')).to.equal(scene.localhost(twin));
    await untilCondition('Enforced', 'True Promoted');
    expect(condition('Enforced')).to.match(/2 older pods run under the log-only twin/);
    await scene.untilEvent('trial', 'Promoted');
  });

  it('rolls back once when the enforced profile denies something, and puts new pods under the twin again', async () => {
    await cluster.until(
      'a pod under the profile itself',
      () => {
        scene.kubectl('delete', 'pod', 'denied', '--now', '--ignore-not-found');
        cluster.apply(shellPod(namespace, 'denied', `sleep 2; ln -s a /tmp/b 2>&1; ${WAIT}`));
        return profileOf('denied');
      },
      (path) => path === scene.localhost('tried'),
    );
    await untilCondition('Enforced', 'False RolledBack denied: symlink');
    expect(scene.log('denied')).to.match(/Operation not permitted/);
    await scene.untilEvent('trial', 'RolledBack');
    await run('again', 'ln -s a /tmp/b 2>&1');
    expect(profileOf('again')).to.equal(scene.localhost(twin));
    expect(scene.log('again')).to.equal('done\n');
    const events = scene.kubectl('get', 'events', '--field-selector', 'reason=RolledBack', '-o', 'name');
    expect(events.trim().split('\n')).to.have.length(1);
  });

  it('has never changed the profile of the author', () => {
    const spec = JSON.parse(cluster.value('sp', 'tried', namespace, '{.spec}')) as object;
    // The API server adds the default of the kind's schema.
    expect(spec).to.deep.equal({ disabled: false, ...denying(['symlink', 'symlinkat']) });
    expect(cluster.value('sp', 'tried', namespace, '{.metadata.generation}')).to.equal('2');
  });

  it('takes the twin away with the binding, but not from a pod that uses it', async () => {
    scene.kubectl('delete', 'profilebinding', 'trial', '--wait=false');
    const isThere = () => cluster.tryKubectl(['-n', namespace, 'get', 'sp', twin]).status === 0;
    expect(isThere()).to.equal(true);
    scene.kubectl('delete', 'pods', '--all', '--now');
    await cluster.until('the end of the twin', isThere, (there) => !there);
    expect(cluster.tryKubectl(['-n', namespace, 'get', 'profilebinding', 'trial']).status).to.not.equal(0);
  });
});
