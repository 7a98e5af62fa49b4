// SPDX-License-Identifier: Apache-2.0
// A profile recorded on this machine carries a pod through its life: started, probed by exec, stopped and continued.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { parseDocument } from 'yaml';
import { BUSYBOX_IMAGE } from '../../tools/lab/images.ts';
import type { SeccompProfile } from '../../src/gen/crd/seccomp-profile.ts';
import { inNamespace, seccompProfile } from './cluster.ts';
import type { Cluster } from './cluster.ts';

const spoc = path.join(import.meta.dirname, '../../bin/spoc');

/** Seconds that the pod's program sleeps: a number that no other process sleeps. */
const SECONDS = '6.0625';

function recorded(): SeccompProfile['spec'] {
  const command = ['record', '-o', '/dev/stdout', '/bin/busybox', 'sleep', '0.01'];
  const text = execFileSync(spoc, command, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return (parseDocument(text).toJS() as SeccompProfile).spec;
}

/** The pod's process, found by its arguments. */
function sleeperPid(): number {
  const { stdout } = spawnSync('pgrep', ['-f', `^/bin/busybox sleep ${SECONDS.replace('.', '\\.')}$`], {
    encoding: 'utf8',
  });
  return Number(stdout.trim());
}

describe('a pod under a recorded profile', function () {
  this.timeout(600_000);
  const namespace = 'e2e-recorded';
  let cluster: Cluster;

  inNamespace(namespace, (ready) => {
    cluster = ready;
  });

  it('is started, answers exec probes, and sleeps to the end although it was stopped', async () => {
    cluster.apply(seccompProfile(namespace, 'nap', recorded()));
    await cluster.untilProfile(namespace, 'nap', 'Installed');
    const probe = { exec: { command: ['/bin/busybox', 'true'] }, periodSeconds: 1, failureThreshold: 1 };
    const container = { name: 'nap', image: BUSYBOX_IMAGE, imagePullPolicy: 'IfNotPresent', readinessProbe: probe };
    cluster.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace, name: 'nap' },
      spec: {
        restartPolicy: 'Never',
        securityContext: {
          seccompProfile: { type: 'Localhost', localhostProfile: `operator/${namespace}/nap.json` },
        },
        containers: [
          {
            ...container,
            command: ['/bin/busybox', 'sleep', SECONDS],
            securityContext: { allowPrivilegeEscalation: false },
          },
        ],
      },
    });
    const isReady = () => cluster.value('pod', 'nap', namespace, '{.status.conditions[?(@.type=="Ready")].status}');
    await cluster.until('the pod to be ready', isReady, (answer) => answer === 'True');
    const pid = sleeperPid();
    process.kill(pid, 'SIGSTOP');
    const state = () => /^State:\s+(\S)/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1];
    await cluster.until('the program to be stopped', state, (letter) => letter === 'T');
    process.kill(pid, 'SIGCONT');
    await cluster.untilPod(namespace, 'nap', 'Succeeded');
    const ended = '{.status.containerStatuses[0].state.terminated}';
    const { startedAt, finishedAt } = JSON.parse(cluster.value('pod', 'nap', namespace, ended)) as {
      readonly startedAt: string;
      readonly finishedAt: string;
    };
    // A program whose sleep fails ends at once, and busybox reports success then, too.
    expect(Date.parse(finishedAt) - Date.parse(startedAt)).to.be.at.least(6000);
    expect(cluster.kubectl(['-n', namespace, 'logs', 'nap'])).to.equal('');
  });
});
