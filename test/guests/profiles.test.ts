// SPDX-License-Identifier: Apache-2.0
// The manual's examples of SELinux and AppArmor, applied as they stand on nodes that have these modules, beside a node
// that has neither: installed where they can be, in force in the containers that name them and not in their neighbours,
// seen by the enricher, and gone without a trace when the last pod has ended.
import { expect } from 'chai';
import path from 'node:path';
import { guestNodeName } from '../../tools/lab/guest/node.ts';
import type { SecurityModule } from '../../tools/lab/guest/security-module.ts';
import { SECURITY_MODULES } from '../../tools/lab/guest/security-module.ts';
import { BUSYBOX_IMAGE } from '../../tools/lab/images.ts';
import { OPERATOR_NAMESPACE, shellPod } from '../e2e/cluster.ts';
import { onGuests, thenWait, tryWrite } from './scene.ts';
import type { Guests } from './scene.ts';

const manual = path.join(import.meta.dirname, '../golden/manual');
const SELINUX_EXAMPLE = path.join(manual, '09-selinuxprofile-nginx-secure.yaml');
const APPARMOR_EXAMPLE = path.join(manual, '11-apparmorprofile-test-profile.yaml');

/** The namespace of the manual's example. */
const SELINUX = 'nginx-deploy';
const APPARMOR = 'guests-apparmor';

/** All that other containers may, and what the node's /var/log is labelled with. */
const RAW_POLICY = `(blockinherit container)
(allow process var_log_t (dir (add_name getattr open read remove_name search write)))
(allow process var_log_t (file (append create getattr ioctl open read write)))
`;

const RAW = {
  apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha2',
  kind: 'RawSelinuxProfile',
  metadata: { namespace: SELINUX, name: 'log-writer' },
  spec: { policy: RAW_POLICY },
};

/** Everything may be read, and nothing be written. */
const READER = {
  apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
  kind: 'AppArmorProfile',
  metadata: { namespace: APPARMOR, name: 'guests-reader' },
  spec: {
    abstract: { executable: { allowedExecutables: ['/bin/busybox'] }, filesystem: { readOnlyPaths: ['/**'] } },
  },
};

describe('SELinux and AppArmor profiles on nodes with these modules', function () {
  this.timeout(600_000);
  let guests: Guests;

  onGuests(async (ready) => {
    guests = ready;
    for (const namespace of [SELINUX, APPARMOR]) guests.cluster.namespace(namespace);
    await Promise.all([
      guests.kubectl('apply', '-f', SELINUX_EXAMPLE),
      guests.kubectl('-n', APPARMOR, 'apply', '-f', APPARMOR_EXAMPLE),
    ]);
    guests.cluster.apply(RAW, READER);
  });

  after(async () => {
    await guests.kubectl('delete', 'namespace', SELINUX, APPARMOR, '--ignore-not-found', '--wait=false');
  });

  const log = (namespace: string, container: string): Promise<string> =>
    guests.kubectl('-n', namespace, 'logs', 'writers', '-c', container);

  /** The line of a container's denial, and the value of the counter with it. */
  async function denial(
    module: SecurityModule,
    container: string,
    what: string,
  ): Promise<Record<'line' | 'counted', string>> {
    const line = new RegExp(`^.*"msg"="audit".*"container"="${container}".*${what}.*"type"="${module}".*$`, 'm');
    const counter = new RegExp(
      `^security_profiles_operator_${module}_profile_audit_total\\{.*"${container}".*\\} \\d+$`,
      'm',
    );
    const log = await guests.until('the record', () => guests.operatorLog(module, 'log-enricher'), line);
    const metrics = await guests.until('the metric', () => guests.metrics(module), counter);
    return { line: line.exec(log)?.[0] ?? '', counted: counter.exec(metrics)?.[0] ?? '' };
  }

  it('are nodes beside this machine, which say what they have', async () => {
    const said = '{range .items[*]}{.nodeName}{range .status.conditions[*]} {.type}={.status}{end}{"\\n"}{end}';
    const statuses = await guests.kubectl('-n', OPERATOR_NAMESPACE, 'get', 'spns', '-o', `jsonpath=${said}`);
    const supports = (node: string): readonly string[] =>
      (new RegExp(`^${node} (.*)$`, 'm').exec(statuses)?.[1] ?? '').split(' ').sort();
    for (const [node, expected] of [
      ['lab', ['AppArmorSupported=False', 'SelinuxSupported=False']],
      [guestNodeName('apparmor'), ['AppArmorSupported=True', 'SelinuxSupported=False']],
      [guestNodeName('selinux'), ['AppArmorSupported=False', 'SelinuxSupported=True']],
    ] as const)
      expect(supports(node), statuses).to.include.members([...expected]);
  });

  it('are Installed where they can be, and tell of the nodes that cannot have them', async () => {
    await Promise.all([
      guests.kubectl(
        '-n',
        SELINUX,
        'wait',
        '--for=condition=ready',
        'selinuxprofile',
        'nginx-secure',
        '--timeout=300s',
      ),
      guests.installed(SELINUX, 'rawselinuxprofile/log-writer'),
      guests.installed(APPARMOR, 'apparmorprofile/test-profile', 'apparmorprofile/guests-reader'),
    ]);
    const status = async (namespace: string, profile: string): Promise<string> => {
      const what = '{.status.status} on {.status.nodes.installed}; {.status.conditions[?(@.type=="Ready")].message}';
      return guests.kubectl('-n', namespace, 'get', profile, '-o', `jsonpath=${what}`);
    };
    expect(await status(SELINUX, 'selinuxprofile/nginx-secure')).to.match(
      /^Installed on 1; .*lab, lab-apparmor cannot/,
    );
    expect(await status(APPARMOR, 'apparmorprofile/test-profile')).to.match(
      /^Installed on 1; .*lab, lab-selinux cannot/,
    );
    const usage = await guests.kubectl(
      '-n',
      SELINUX,
      'get',
      'selinuxprofile/nginx-secure',
      '-o',
      'jsonpath={.status.usage}',
    );
    expect(usage).to.equal('nginx-secure_nginx-deploy.process');
    expect(guests.loaded()).to.include.members(['test-profile', 'guests-reader']);
    expect(guests.modules()).to.include.members(['nginx-secure_nginx-deploy', 'log-writer_nginx-deploy']);
    // The manual looks into the folder of the pod, and into the store.
    const file = '/etc/selinux.d/nginx-secure_nginx-deploy.cil';
    const on = `--field-selector=spec.nodeName=${guestNodeName('selinux')}`;
    const pod = await guests.kubectl('-n', OPERATOR_NAMESPACE, 'get', 'pods', '-l', 'name=spod', on, '-o', 'name');
    const cil = await guests.kubectl(
      '-n',
      OPERATOR_NAMESPACE,
      'exec',
      pod.trim(),
      '-c',
      'selinuxd',
      '--',
      'node',
      '-p',
      `require('fs').readFileSync('${file}','utf8')`,
    );
    expect(cil).to.include('(block nginx-secure_nginx-deploy').and.include('(blockinherit container)');
  });

  it('confine the containers that name them, and not their neighbours', async () => {
    const key = 'container.apparmor.security.beta.kubernetes.io/annotated';
    const annotations = { [key]: 'localhost/test-profile' };
    const field = { appArmorProfile: { type: 'Localhost', localhostProfile: 'guests-reader' } };
    const type = (name: string): object => ({ seLinuxOptions: { type: `${name}_${SELINUX}.process` } });
    const bind = 'httpd -p 8080; echo "bind 8080 $?"; httpd -p 9090; echo "bind 9090 $?"';
    guests.cluster.apply(
      guests.pod(
        'apparmor',
        APPARMOR,
        'writers',
        [
          { name: 'annotated', command: thenWait(tryWrite('/data/annotated')) },
          { name: 'reader', command: thenWait(tryWrite('/data/reader')), securityContext: field },
          { name: 'other', command: thenWait(tryWrite('/data/other')) },
        ],
        { annotations },
      ),
      guests.pod('selinux', SELINUX, 'writers', [
        {
          name: 'nginx',
          command: thenWait(`${tryWrite('/data/nginx')}; ${bind}`),
          securityContext: type('nginx-secure'),
        },
        { name: 'raw', command: thenWait(tryWrite('/data/raw')), securityContext: type('log-writer') },
      ]),
    );
    const output = (namespace: string, container: string, end: RegExp): Promise<string> =>
      guests.until(`the output of ${container}`, () => log(namespace, container), end);
    const [annotated, reader, other, nginx, raw] = await Promise.all([
      output(APPARMOR, 'annotated', /\((enforce|complain)\)/),
      output(APPARMOR, 'reader', /\((enforce|complain)\)/),
      output(APPARMOR, 'other', /\((enforce|complain)\)/),
      output(SELINUX, 'nginx', /bind 9090 \d/),
      output(SELINUX, 'raw', /:s0:/),
    ]);
    expect(annotated).to.match(/Permission denied\nwrite 1\ntest-profile \(enforce\)/);
    expect(reader).to.match(/Permission denied\nwrite 1\nguests-reader \(enforce\)/);
    expect(other).to.match(/^write 0\ncri-containerd\.apparmor\.d \(enforce\)/);
    expect(nginx).to.match(/Permission denied\nwrite 1\nsystem_u:system_r:nginx-secure_nginx-deploy\.process:s0:/);
    expect(nginx)
      .to.match(/^bind 8080 0$/m)
      .and.match(/^bind 9090 1$/m);
    expect(raw).to.match(/^write 0\nsystem_u:system_r:log-writer_nginx-deploy\.process:s0:/);
  });

  it('leave records that the enricher prints and counts', async () => {
    const [refused, read] = await Promise.all([
      denial('selinux', 'nginx', '"tcontext"="[^"]*:var_log_t:'),
      denial('apparmor', 'reader', '"name"="/data/reader"'),
    ]);
    expect(refused.line).to.include('"namespace"="nginx-deploy"').and.include('"pod"="writers"');
    expect(refused.line).to.match(/"scontext"="system_u:system_r:nginx-secure_nginx-deploy\.process:/);
    expect(refused.counted).to.include('namespace="nginx-deploy"').and.include('pod="writers"');
    expect(read.line).to.match(/"apparmor"="DENIED".*"name"="\/data\/reader".*"profile"="guests-reader"/);
    expect(read.counted).to.include(`namespace="${APPARMOR}"`).and.include('profile="guests-reader"');
  });

  it('are bound to pods that name none, which come to a node that has the profile', async () => {
    const bind = (namespace: string, kind: string, name: string): object => ({
      apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
      kind: 'ProfileBinding',
      metadata: { namespace, name: 'bound' },
      spec: { profileRef: { kind, name }, image: BUSYBOX_IMAGE },
    });
    await guests.kubectl('label', 'namespace', SELINUX, APPARMOR, 'spo.x-k8s.io/enable-binding=');
    guests.cluster.apply(
      bind(SELINUX, 'SelinuxProfile', 'nginx-secure'),
      bind(APPARMOR, 'AppArmorProfile', 'test-profile'),
    );
    const state = '{.status.state}';
    const stateIn = (namespace: string): Promise<string> =>
      guests.kubectl('-n', namespace, 'get', 'profilebinding/bound', '-o', `jsonpath=${state}`);
    await Promise.all([SELINUX, APPARMOR].map((at) => guests.until(`the binding in ${at}`, () => stateIn(at), /\w/)));
    // Where no node is asked for, nodes without AppArmor are left out by the binding itself.
    const anywhere = shellPod(APPARMOR, 'bound', thenWait(tryWrite('/tmp/bound')));
    const shell = { name: 'shell', command: thenWait(tryWrite('/data/bound')) };
    guests.cluster.apply(anywhere, guests.pod('selinux', SELINUX, 'bound', [shell]));
    const output = (namespace: string): Promise<string> =>
      guests.until('the output', () => guests.kubectl('-n', namespace, 'logs', 'bound'), /^(.*\(enforce\)|.*:s0:.*)$/m);
    const [typed, armored] = await Promise.all([output(SELINUX), output(APPARMOR)]);
    expect(typed).to.match(/Permission denied\nwrite 1\nsystem_u:system_r:nginx-secure_nginx-deploy\.process:s0:/);
    expect(armored).to.match(/Permission denied\nwrite 1\ntest-profile \(enforce\)/);
    const node = guests.kubectl('-n', APPARMOR, 'get', 'pod/bound', '-o', 'jsonpath={.spec.nodeName}');
    expect(await node).to.equal(guestNodeName('apparmor'));
    await guests.kubectl('-n', SELINUX, 'delete', 'profilebinding/bound', 'pod/bound', '--now');
    await guests.kubectl('-n', APPARMOR, 'delete', 'profilebinding/bound', 'pod/bound', '--now');
  });

  it('are deleted when the last pod has ended, which their conditions name until then', async () => {
    const profiles = {
      [SELINUX]: ['selinuxprofile/nginx-secure', 'rawselinuxprofile/log-writer'],
      [APPARMOR]: ['apparmorprofile/test-profile', 'apparmorprofile/guests-reader'],
    } as const;
    const all = Object.entries(profiles).flatMap(([namespace, names]) =>
      names.map((name) => [namespace, name] as const),
    );
    const message = '{.status.status} {.status.conditions[?(@.type=="Ready")].message}';
    for (const [namespace, names] of Object.entries(profiles))
      await guests.kubectl('-n', namespace, 'delete', ...names, '--wait=false');
    await Promise.all(
      all.map(([namespace, name]) =>
        guests.until(
          `why ${name} stays`,
          () => guests.kubectl('-n', namespace, 'get', name, '-o', `jsonpath=${message}`),
          new RegExp(`^Terminating .*${namespace}/writers`),
        ),
      ),
    );
    expect(guests.loaded()).to.include.members(['test-profile', 'guests-reader']);
    expect(guests.knowsType('nginx-secure_nginx-deploy.process')).to.equal(true);
    await Promise.all(
      [SELINUX, APPARMOR].map((namespace) => guests.kubectl('-n', namespace, 'delete', 'pod', 'writers', '--now')),
    );
    await Promise.all(all.map(([namespace, name]) => guests.gone(namespace, name)));
    expect(guests.loaded()).to.not.include.any.members(['test-profile', 'guests-reader']);
    expect(guests.modules()).to.not.include.any.members(['nginx-secure_nginx-deploy', 'log-writer_nginx-deploy']);
    expect(guests.knowsType('nginx-secure_nginx-deploy.process')).to.equal(false);
    for (const module of SECURITY_MODULES) {
      const status = guestNodeName(module);
      const ask = ['-n', OPERATOR_NAMESPACE, 'get', 'spns', status, '-o', 'jsonpath={.status.profiles}'];
      const noneOfThese = /^(?!.*(SelinuxProfile|AppArmorProfile\/guests))/s;
      await guests.until(`the report of ${status}`, () => guests.kubectl(...ask), noneOfThese);
    }
  });
});
