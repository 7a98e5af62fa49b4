// SPDX-License-Identifier: Apache-2.0
// Recordings of the kinds SelinuxProfile and AppArmorProfile on nodes with these modules: a pod does what its runtime's
// own profile would refuse, the profile that comes of it is installed, and under it the same work is done and no other.
import { expect } from 'chai';
import type { SecurityModule } from '../../tools/lab/guest/security-module.ts';
import { SECURITY_MODULES } from '../../tools/lab/guest/security-module.ts';
import { onGuests } from './scene.ts';
import type { Guests } from './scene.ts';

const NAMESPACE = 'guests-recording';

/** The command of a container that makes a folder, and writes to a file of it and to one of the node. */
const MAKE = 'mkdir /tmp/made && echo text >/tmp/made/file && echo text >/data/recorded';

/** The command of one that writes to a file of the node and serves. */
const serve = (file: string): string => `echo text >/data/${file} && cat /data/${file} && httpd -p 8080`;

/**
 * The work that is recorded of each module, the same done again, and more that the profile must refuse. A file of the
 * first pod with SELinux has the categories of that pod, which keep out every other one: the second takes its own.
 */
const CASES = {
  apparmor: {
    kind: 'AppArmorProfile',
    resource: 'apparmorprofile',
    work: MAKE,
    again: MAKE,
    more: 'echo text >/data/other',
    under: (name: string): object => ({ appArmorProfile: { type: 'Localhost', localhostProfile: name } }),
  },
  selinux: {
    kind: 'SelinuxProfile',
    resource: 'selinuxprofile',
    work: serve('recorded'),
    again: serve('again'),
    more: 'httpd -p 9090',
    under: (name: string): object => ({ seLinuxOptions: { type: `${name}_${NAMESPACE}.process` } }),
  },
} as const;

describe('recordings on nodes with SELinux and AppArmor', function () {
  this.timeout(600_000);
  let guests: Guests;

  onGuests((ready) => {
    guests = ready;
    guests.cluster.namespace(NAMESPACE);
    guests.cluster.kubectl(['label', 'namespace', NAMESPACE, 'spo.x-k8s.io/enable-recording=']);
    guests.cluster.apply(...SECURITY_MODULES.map(recording));
  });

  after(async () => {
    await guests.kubectl('delete', 'namespace', NAMESPACE, '--ignore-not-found', '--wait=false');
  });

  function recording(module: SecurityModule): object {
    const spec = { kind: CASES[module].kind, recorder: 'logs', podSelector: { matchLabels: { app: module } } };
    return {
      apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
      kind: 'ProfileRecording',
      metadata: { namespace: NAMESPACE, name: module },
      spec,
    };
  }

  /** A record needs a moment until it is read, and its process is to be there still. */
  function recorded(module: SecurityModule): object {
    const shell = { name: 'shell', command: `${CASES[module].work} && sleep 5` };
    return guests.pod(module, NAMESPACE, `recorded-${module}`, [shell], { labels: { app: module } });
  }

  function confined(module: SecurityModule, name: string, command: string): object {
    const securityContext = CASES[module].under(`${module}-shell`);
    return guests.pod(module, NAMESPACE, `${name}-${module}`, [{ name: 'shell', command, securityContext }]);
  }

  const phase = (pod: string, value: string): Promise<void> =>
    guests.wait(NAMESPACE, `pod/${pod}`, '{.status.phase}', value);

  const profileOf = (module: SecurityModule): string => `${CASES[module].resource}/${module}-shell`;

  it('let the workload do what it does, and make a profile of it', async () => {
    await Promise.all(
      SECURITY_MODULES.map((module) =>
        guests.until(
          `the recording of ${module}`,
          () => guests.kubectl('-n', NAMESPACE, 'get', `profilerecording/${module}`, '-o', 'jsonpath={.status.state}'),
          /\w/,
        ),
      ),
    );
    guests.cluster.apply(...SECURITY_MODULES.map(recorded));
    await Promise.all(SECURITY_MODULES.map((module) => phase(`recorded-${module}`, 'Succeeded')));
    await Promise.all(
      SECURITY_MODULES.map(async (module) => {
        const find = (): Promise<string> => guests.kubectl('-n', NAMESPACE, 'get', profileOf(module), '-o', 'name');
        await guests.until(`the profile of ${module}`, find, /-shell\n$/);
        await guests.installed(NAMESPACE, profileOf(module));
      }),
    );
    const spec = (module: SecurityModule): Promise<string> =>
      guests.kubectl('-n', NAMESPACE, 'get', profileOf(module), '-o', 'jsonpath={.spec}');
    expect(await spec('apparmor'))
      .to.include('/data/recorded')
      .and.include('/tmp/made/file');
    expect(await spec('selinux')).to.match(/"http_cache_port_t":\{"tcp_socket":\["name_bind"\]\}/);
  });

  it('let it run under the profile, and nothing else', async () => {
    guests.cluster.apply(
      ...SECURITY_MODULES.map((module) => confined(module, 'again', CASES[module].again)),
      ...SECURITY_MODULES.map((module) => confined(module, 'more', CASES[module].more)),
    );
    await Promise.all(
      SECURITY_MODULES.flatMap((module) => [phase(`again-${module}`, 'Succeeded'), phase(`more-${module}`, 'Failed')]),
    );
    for (const module of SECURITY_MODULES)
      expect(await guests.kubectl('-n', NAMESPACE, 'logs', `more-${module}`)).to.include('ermission denied');
  });
});
