// SPDX-License-Identifier: Apache-2.0
// Real containers of pods that a recording wants, on a machine without a kubelet: the test makes the pods, runs the
// containers in control groups of the pods' UIDs, and tells their status.
import { readdirSync, readFileSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { recordingPrefix, printRequest } from '../../src/core/recording/request.ts';
import type { Recorder } from '../../src/core/recording/request.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { textAt } from '../../tools/lab/json-path.ts';
import { newContainerId } from '../native/container-recordings.ts';
import { fixture } from '../native/fixtures.ts';
import type { Containers } from '../native/container-recordings.ts';
import { namesIn, showMachine, traced } from '../native/strace-judge.ts';

const GROUP = 'security-profiles-operator.x-k8s.io';

/** A program in each container that makes calls: `native:NUMBER`. */
export const CALL = '/call';

/** Control groups of the test's pods. */
const PARENT = 'spo-recorded';

/** A container to record. */
export interface RecordedLife {
  readonly name: string;
  readonly recorder: Recorder;
  /** Command line; its first word is the path of a program of this machine. */
  readonly argv: readonly [string, ...string[]];
  /** strace follows it. */
  readonly isJudged: boolean;
  /** It is ended by a signal after so many milliseconds. */
  readonly killedAfterMs?: number;
}

/** One that has ended. */
export interface EndedLife extends RecordedLife {
  readonly pod: string;
  /** Names of its calls as strace has them; undefined where it was not judged. */
  readonly traced?: readonly string[];
}

/** Runs containers of pods of one namespace on one node. */
export class RecordedContainers {
  private readonly plane: ControlPlane;
  private readonly containers: Containers;
  private readonly namespace: string;
  private readonly node: string;
  private readonly folder: string;

  constructor(
    plane: ControlPlane,
    containers: Containers,
    place: Readonly<Record<'namespace' | 'node' | 'folder', string>>,
  ) {
    this.plane = plane;
    this.containers = containers;
    this.namespace = place.namespace;
    this.node = place.node;
    this.folder = place.folder;
  }

  /** Makes a recording of the same name, the pod and its container, and returns when the container has ended. */
  async live(life: RecordedLife): Promise<EndedLife> {
    const { name, recorder } = life;
    const spec = { kind: 'SeccompProfile', recorder, podSelector: { matchLabels: { app: name } } };
    await this.insist('POST', `/apis/${GROUP}/v1alpha1/namespaces/${this.namespace}/profilerecordings`, {
      apiVersion: `${GROUP}/v1alpha1`,
      kind: 'ProfileRecording',
      metadata: { name },
      spec,
    });
    await this.insist('POST', this.pods, this.podOf(life));
    const pod = textAt(await this.insist('GET', `${this.pods}/${name}`), 'metadata', 'uid') ?? '';
    const id = newContainerId();
    const startedAt = new Date().toISOString().replace(/\.\d+/, '');
    const names = await this.run(life, pod, id, () => this.tell(name, 'Running', id, { running: { startedAt } }));
    const finishedAt = new Date().toISOString().replace(/\.\d+/, '');
    await this.tell(name, 'Succeeded', id, { terminated: { startedAt, finishedAt, exitCode: 0 } });
    return { ...life, pod, ...(names === undefined ? {} : { traced: names }) };
  }

  /** Takes the control groups of the pods away. */
  clean(): void {
    for (const { root, isGroups } of hierarchies()) {
      const parent = path.join(root, PARENT);
      if (!isGroups) continue;
      try {
        for (const pod of readdirSync(parent, { withFileTypes: true }))
          if (pod.isDirectory()) rmdirSync(path.join(parent, pod.name));
        rmdirSync(parent);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
  }

  private get pods(): string {
    return `/api/v1/namespaces/${this.namespace}/pods`;
  }

  private podOf({ name, recorder }: RecordedLife): object {
    const request = { recording: name, container: 'main', nonce: 'abcde', since: Math.floor(Date.now() / 1000) };
    const annotations = { [`${recordingPrefix('SeccompProfile', recorder) ?? ''}main`]: printRequest(request) };
    return {
      metadata: { name, labels: { app: name }, annotations },
      spec: { nodeName: this.node, restartPolicy: 'Never', containers: [{ name: 'main', image: 'i' }] },
    };
  }

  private async tell(name: string, phase: string, id: string, state: object): Promise<void> {
    const containerStatus = { name: 'main', containerID: `containerd://${id}`, image: 'i', imageID: 'i@sha256:1' };
    const containerStatuses = [{ ...containerStatus, ready: false, restartCount: 0, state }];
    const status = { status: { phase, containerStatuses } };
    await this.insist('PATCH', `${this.pods}/${name}/status`, status, 'application/merge-patch+json');
  }

  private async run(life: RecordedLife, pod: string, id: string, onStart: () => Promise<void>) {
    const seccomp = life.recorder === 'logs' ? { defaultAction: 'SCMP_ACT_LOG' } : undefined;
    const bundle = this.containers.bundle(life.argv, { seccomp }, (configuration) => {
      showMachine(configuration);
      (configuration['mounts'] as unknown[]).push({
        destination: CALL,
        type: 'bind',
        source: fixture('call'),
        options: ['bind', 'ro'],
      });
      (configuration['linux'] as Record<string, unknown>)['cgroupsPath'] = `/${PARENT}/pod${pod}/${id}`;
    });
    const log = path.join(this.folder, `strace-${life.name}`);
    const pid = await this.containers.create(bundle, id);
    const judge = life.isJudged ? await traced(pid, log) : undefined;
    await this.containers.call('start', id);
    const told = onStart();
    if (life.killedAfterMs !== undefined) await sleep(life.killedAfterMs);
    if (life.killedAfterMs !== undefined) await this.containers.call('kill', id, 'KILL');
    await judge?.end;
    while (isAlive(pid)) await sleep(5);
    await this.containers.call('delete', '--force', id);
    await told;
    return judge === undefined ? undefined : namesIn(readFileSync(log, 'utf8'), life.argv[0]);
  }

  /** Asks until there is an API server that answers. */
  private async insist(method: string, resource: string, object?: object, type?: string): Promise<unknown> {
    for (;;) {
      const answer = await this.plane.admin.request(method, resource, object, type).catch(() => undefined);
      if (answer !== undefined && (answer.status < 300 || answer.status === 409)) return answer.body;
      if (answer !== undefined && answer.status < 500 && answer.status !== 404 && answer.status !== 429)
        throw new Error(`${method} ${resource}: ${String(answer.status)} ${JSON.stringify(answer.body)}`);
      await sleep(50);
    }
  }
}

/** A process that has ended and is not waited for counts as one that has. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\t[ZX]/m.test(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function hierarchies(): readonly { readonly root: string; readonly isGroups: boolean }[] {
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
  return mounts.map((line) => {
    const [, root = '', type = ''] = line.split(' ');
    return { root, isGroups: type.startsWith('cgroup') };
  });
}
