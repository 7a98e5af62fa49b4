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

/** The pod's process, found by its arguments; undefined where there is none. */
function sleeperPid(): number | undefined {
  const { stdout } = spawnSync('pgrep', ['-f', `^/bin/busybox sleep ${SECONDS.replace('.', '\\.')}$`], {
    encoding: 'utf8',
  });
  return stdout === '' ? undefined : Number(stdout.trim());
}

/** The letter of a process's state in proc(5). */
function stateOf(pid: number): string | undefined {
  return /^State:\s+(\S)/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1];
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
    // Before all else, because on a busy machine the pod may be over before the cluster says that it is ready.
    const asleep = () => {
      const found = sleeperPid();
      return found !== undefined && stateOf(found) === 'S' ? found : undefined;
    };
    const pid = (await cluster.until('the program to sleep', asleep, (found) => found !== undefined)) ?? 0;
    process.kill(pid, 'SIGSTOP');
    await cluster.until(
      'the program to be stopped',
      () => stateOf(pid),
      (letter) => letter === 'T',
    );
    const isReady = () => cluster.value('pod', 'nap', namespace, '{.status.conditions[?(@.type=="Ready")].status}');
    await cluster.until('the pod to be ready', isReady, (answer) => answer === 'True');
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
