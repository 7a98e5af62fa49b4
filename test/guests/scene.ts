// SPDX-License-Identifier: Apache-2.0
// The nodes with AppArmor and SELinux, with the operator on them, for all suites of this folder. Everything in a guest
// takes ten times as long as on this machine, and both guests share its processors: so objects for both are applied
// first, waiting is left to `kubectl wait`, and what must be asked again is asked twice a second.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { AUDIT_LOGS } from '../../src/core/names.ts';
import { guestNodeName } from '../../tools/lab/guest/node.ts';
import type { SecurityModule } from '../../tools/lab/guest/security-module.ts';
import { SECURITY_MODULES } from '../../tools/lab/guest/security-module.ts';
import { BUSYBOX_IMAGE } from '../../tools/lab/images.ts';
import { fixture } from '../native/fixtures.ts';
import { OPERATOR_NAMESPACE, START_TIMEOUT, useGuests } from '../e2e/cluster.ts';
import type { Cluster } from '../e2e/cluster.ts';

const exec = promisify(execFile);

/** Limit for one step on an emulated processor of a busy machine, in seconds. */
export const SLOW = 300;

/** The options of the spod: all that these suites need, so that there is one roll-out. */
const SPOD = {
  enableAppArmor: true,
  enableSelinux: true,
  enableLogEnricher: true,
  selinuxOptions: { allowedSystemProfiles: ['container'] },
};

/** A container of a pod: a shell that does this and goes on, in a security context. */
export interface Shell {
  readonly name: string;
  readonly command: string;
  readonly securityContext?: object;
}

/** The cluster with its guests. */
export class Guests {
  readonly cluster: Cluster;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  /** Runs kubectl beside whatever else goes on; rejects when it fails. Returns what it printed. */
  async kubectl(...args: readonly string[]): Promise<string> {
    const { stdout } = await exec('kubectl', args, { env: this.cluster.env, maxBuffer: 1 << 26 });
    return stdout;
  }

  /** Waits until a value of an object is this one. */
  async wait(namespace: string, object: string, jsonpath: string, value: string): Promise<void> {
    try {
      await this.kubectl('-n', namespace, 'wait', object, `--for=jsonpath=${jsonpath}=${value}`, `--timeout=${SLOW}s`);
    } catch (cause) {
      const now = await this.kubectl('-n', namespace, 'get', object, '-o', 'json').catch(String);
      throw new Error(`${namespace} ${object} ${jsonpath} is not ${value}: ${now}`, { cause });
    }
  }

  /** Waits until all profiles are Installed; each is `KIND/NAME`. */
  async installed(namespace: string, ...profiles: readonly string[]): Promise<void> {
    await Promise.all(profiles.map((profile) => this.wait(namespace, profile, '{.status.status}', 'Installed')));
  }

  /** Runs a line of shell as root of a guest, beside whatever else goes on; rejects when it fails. Its output. */
  async onGuest(module: SecurityModule, line: string): Promise<string> {
    const words = ['tools/lab/main.ts', 'exec', guestNodeName(module), '--', 'sh', '-c', line];
    return (await exec(process.execPath, words, { env: this.cluster.env })).stdout;
  }

  /** Waits until an object has gone. */
  async gone(namespace: string, object: string): Promise<void> {
    await this.kubectl('-n', namespace, 'wait', object, '--for=delete', `--timeout=${SLOW}s`);
  }

  /** Asks again until the answer fits; what fails counts as no answer. */
  async until(what: string, ask: () => Promise<string>, pattern: RegExp): Promise<string> {
    const end = Date.now() + SLOW * 1000;
    for (;;) {
      const answer = await ask().catch(String);
      if (pattern.test(answer)) return answer;
      if (Date.now() > end) throw new Error(`${what}: not within ${String(SLOW)} s, last seen: ${answer.slice(-4000)}`);
      await sleep(500);
    }
  }

  /** The log of a container of the operator on a guest. */
  async operatorLog(module: SecurityModule, container: string): Promise<string> {
    return this.kubectl(
      '-n',
      OPERATOR_NAMESPACE,
      'logs',
      await this.daemonOf(module, '.metadata.name'),
      '-c',
      container,
    );
  }

  /** The daemon's metrics on a guest. */
  async metrics(module: SecurityModule): Promise<string> {
    const token = await this.kubectl('-n', OPERATOR_NAMESPACE, 'create', 'token', 'default');
    const address = await this.daemonOf(module, '.status.podIP');
    const bearer = `Authorization: Bearer ${token.trim()}`;
    return this.cluster.ask(`https://${address}:9443/metrics-spod`, '-H', bearer).stdout;
  }

  /** Names of the profiles in the kernel of the guest with AppArmor. */
  loaded(): readonly string[] {
    const lines = this.cluster.onGuest('apparmor', 'cat /sys/kernel/security/apparmor/profiles').split('\n');
    return lines.map((line) => line.replace(/ \(.*/, ''));
  }

  /** Names of the modules in the policy store of the guest with SELinux. */
  modules(): readonly string[] {
    return this.cluster.onGuest('selinux', 'ls /var/lib/selinux/default/active/modules/*').split('\n');
  }

  /** Whether the kernel of the guest with SELinux knows a type of processes. */
  knowsType(type: string): boolean {
    const context = `system_u:system_r:${type}:s0`;
    const ask = `printf %s ${context} >/sys/fs/selinux/context 2>/dev/null && echo known || echo unknown`;
    return this.cluster.onGuest('selinux', ask).trim() === 'known';
  }

  /** A pod on a guest, with the node's /var/log as /data. */
  pod(module: SecurityModule, namespace: string, name: string, shells: readonly Shell[], more: object = {}): object {
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace, name, ...more },
      spec: {
        nodeSelector: { 'kubernetes.io/hostname': guestNodeName(module) },
        restartPolicy: 'Never',
        terminationGracePeriodSeconds: 0,
        volumes: [{ name: 'data', hostPath: { path: '/var/log' } }],
        containers: shells.map(({ command, ...rest }) => ({
          ...rest,
          image: BUSYBOX_IMAGE,
          imagePullPolicy: 'IfNotPresent',
          command: ['sh', '-c', command],
          volumeMounts: [{ name: 'data', mountPath: '/data' }],
        })),
      },
    };
  }

  private async daemonOf(module: SecurityModule, jsonpath: string): Promise<string> {
    const on = `--field-selector=spec.nodeName=${guestNodeName(module)}`;
    return this.kubectl(
      ...['-n', OPERATOR_NAMESPACE, 'get', 'pods', '-l', 'name=spod', on, '-o', `jsonpath={.items[0]${jsonpath}}`],
    );
  }
}

/** A command that does this, and goes on until its pod is deleted. */
export function thenWait(command: string): string {
  return `${command}; sleep 3600`;
}

/** A command that writes to the node and says how that went, and what it runs under. */
export function tryWrite(file: string): string {
  return `echo text >${file}; echo "write $?"; cat /proc/self/attr/current; echo`;
}

let guests: Promise<Guests> | undefined;

async function start(): Promise<Guests> {
  const cluster = await useGuests(SPOD);
  const [log] = AUDIT_LOGS;
  const writer = `mkdir -p ${path.dirname(log)} && setsid ${fixture('audit_log')} ${log} >/run/audit_log 2>&1 &`;
  for (const module of SECURITY_MODULES)
    cluster.onGuest(module, `${writer} until grep -qs ready /run/audit_log; do :; done`);
  return new Guests(cluster);
}

/** Gives the nodes to the tests of a suite; the first one starts them, for all. */
export function onGuests(ready: (guests: Guests) => Promise<void> | void): void {
  before(async function () {
    this.timeout(START_TIMEOUT);
    guests ??= start();
    await ready(await guests);
  });
}
