// SPDX-License-Identifier: Apache-2.0
// The lab's nodes with AppArmor and SELinux, by themselves: their runtimes confine pods, and a profile that is put into
// a node's kernel confines the container that asks for it and not its neighbour. Everything there happens on emulated
// processors, which the limits of time allow for.
import { expect } from 'chai';
import { guestNodeName } from '../../../tools/lab/guest/node.ts';
import type { SecurityModule } from '../../../tools/lab/guest/security-module.ts';
import { SECURITY_MODULES } from '../../../tools/lab/guest/security-module.ts';
import { BUSYBOX_IMAGE } from '../../../tools/lab/images.ts';
import { START_TIMEOUT, useNodes } from '../cluster.ts';
import type { Cluster } from '../cluster.ts';

/** Limit for a pod on an emulated processor of a busy machine, in seconds. */
const SLOW = 600;

/** Writes a file, and says how that went and what the process is confined by, in one stream that keeps the order. */
const WRITE = 'exec 2>&1; echo text >/data/file; echo "status $?"; cat /proc/self/attr/current';

const APPARMOR = `profile no-write flags=(attach_disconnected) {
  file,
  deny /** w,
}
`;

/** Everything that the other containers may, and one folder's label besides. */
const SELINUX = `(block writer
  (blockinherit container)
  (allow process var_log_t (dir (add_name getattr open read remove_name search write)))
  (allow process var_log_t (file (append create getattr ioctl open read write))))
`;

describe('the nodes of the lab that are guests', function () {
  this.timeout(1_500_000);
  let cluster: Cluster;

  before(async function () {
    this.timeout(START_TIMEOUT);
    cluster = await useNodes(SECURITY_MODULES);
  });

  /** A pod of two containers that write to the node's /var/log, of which one is under a profile. */
  function writers(module: SecurityModule, securityContext: object): object {
    const common = {
      image: BUSYBOX_IMAGE,
      imagePullPolicy: 'IfNotPresent',
      command: ['sh', '-c', WRITE],
      volumeMounts: [{ name: 'data', mountPath: '/data' }],
    };
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace: 'default', name: `writers-${module}` },
      spec: {
        nodeSelector: { 'kubernetes.io/hostname': guestNodeName(module) },
        restartPolicy: 'Never',
        volumes: [{ name: 'data', hostPath: { path: '/var/log' } }],
        containers: [
          { ...common, name: 'profiled', securityContext },
          { ...common, name: 'other' },
        ],
      },
    };
  }

  async function outputs(module: SecurityModule): Promise<Readonly<Record<'profiled' | 'other', string>>> {
    const pod = `writers-${module}`;
    const phase = (): string => cluster.value('pod', pod, 'default', '{.status.phase}');
    await cluster.until(`the end of ${pod}`, phase, (now) => now === 'Succeeded' || now === 'Failed', SLOW);
    const log = (container: string): string => cluster.kubectl(['logs', pod, '-c', container]);
    const both = { profiled: log('profiled'), other: log('other') };
    cluster.kubectl(['delete', 'pod', pod, '--now']);
    return both;
  }

  it('are Ready beside the node that is this machine', () => {
    const names = cluster.kubectl(['get', 'nodes', '-o', 'jsonpath={.items[*].metadata.name}']);
    expect(names.split(' ')).to.have.members(['lab', ...SECURITY_MODULES.map(guestNodeName)]);
  });

  it('refuse a write by AppArmor', async () => {
    cluster.onGuest('apparmor', `echo '${APPARMOR}' >/run/no-write && apparmor_parser --replace /run/no-write`);
    cluster.apply(writers('apparmor', { appArmorProfile: { type: 'Localhost', localhostProfile: 'no-write' } }));
    const { profiled, other } = await outputs('apparmor');
    expect(profiled).to.match(/Permission denied\nstatus 1\nno-write \(enforce\)/);
    expect(other).to.match(/^status 0\ncri-containerd\.apparmor\.d \(enforce\)/);
  });

  it('allow a write by SELinux', async () => {
    cluster.onGuest('selinux', `echo '${SELINUX}' >/run/writer.cil && semodule -i /run/writer.cil`);
    cluster.apply(writers('selinux', { seLinuxOptions: { type: 'writer.process' } }));
    const { profiled, other } = await outputs('selinux');
    expect(profiled).to.match(/^status 0\nsystem_u:system_r:writer\.process:s0:/);
    expect(other).to.match(/Permission denied\nstatus 1\nsystem_u:system_r:container_t:s0:/);
  });
});
