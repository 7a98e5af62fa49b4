// SPDX-License-Identifier: Apache-2.0
// Manager and daemon together on a working API server in memory, each with its own permissions and no others.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Registry } from 'prom-client';
import { parseDaemonSettings, parseManagerSettings } from '../../src/core/config.ts';
import type { Environment } from '../../src/core/env.ts';
import { sha256Hex } from '../../src/core/sha256.ts';
import type { Limit } from '../../src/core/seccomp/allowed.ts';
import { appArmorUnsupported } from '../../src/core/status/support.ts';
import type { SeccompProfile } from '../../src/gen/crd/seccomp-profile.ts';
import {
  APP_ARMOR_PROFILE,
  PROFILE_BINDING,
  PROFILE_RECORDING,
  SELINUX_PROFILE,
  SECCOMP_PROFILE,
  SECURITY_PROFILE_NODE_STATUS,
  SECURITY_PROFILES_OPERATOR_DAEMON,
} from '../../src/gen/kinds.ts';
import { authorityValidity, issueServer, makeAuthority, validityOf } from '../../src/io/http/certificates.ts';
import { wireDaemon } from '../../src/roles/wiring/daemon.ts';
import { wireManager } from '../../src/roles/wiring/manager.ts';
import { PROFILE_KINDS } from '../../src/roles/wiring/profile-kinds.ts';
import type { AppArmorSide, WiredKind } from '../../src/roles/wiring/profile-kinds.ts';
import type { Transport } from '../../src/runtime/api.ts';
import { makeCryptography } from '../../src/io/signature/cryptography.ts';
import { certificateCryptography } from '../../src/roles/process/artifacts.ts';
import { parseYaml } from '../../src/io/yaml.ts';
import type { RegistryAccess } from '../../src/roles/process/artifacts.ts';
import { FakeApiServer } from './api-server.ts';
import { FakeArtifactStore, openedStore } from './artifact-store.ts';
import { testParts } from './operator.ts';
import type { LogLine } from './operator.ts';
import { KERNEL, MemoryFiles } from './profiles.ts';
import { FakeSelinuxd } from './selinuxd.ts';

/** The operator's namespace. */
export const operatorNamespace = 'security-profiles-operator';
const unused: Transport = {
  request: () => Promise.reject(new Error('unused')),
  stream: () => Promise.reject(new Error('unused')),
};

/** An operator without a cluster: its processes may be started and stopped, its node is in memory. */
export class FakeCluster {
  readonly server: FakeApiServer;
  readonly files = new MemoryFiles();
  /** The node's SELinux, which is on. */
  readonly selinuxd = new FakeSelinuxd();
  /** The only registry that there is, and how it was opened last. */
  readonly registry = new FakeArtifactStore();
  /** Clients of it that nobody has closed. */
  openRegistries = 0;
  access: RegistryAccess | undefined;
  readonly lines: LogLine[] = [];
  readonly counted: string[] = [];
  /** Namespaces of older operators, for which the manager would have ended. */
  readonly rivals: string[] = [];
  /** Pods with our scheduling gate, as the last manager counts them. */
  gated = 0;
  /** AppArmor of the node; the daemon's next start sees it. */
  appArmor: AppArmorSide = { support: appArmorUnsupported('the node is an old one'), node: undefined };
  /** Entries that were moved aside on the node. */
  movedAside: readonly string[] = [];
  /** The limit that the node keeps. */
  limit: Limit = {};
  private managers: Registry[] = [];
  private readonly stops: (() => Promise<void>)[] = [];

  private readonly kinds: readonly WiredKind[];

  /** `kinds`: the kinds of profiles that the operator handles. */
  constructor(kinds: readonly WiredKind[] = PROFILE_KINDS) {
    this.kinds = kinds;
    const resources = kinds.map(({ kind }) => kind.resource);
    this.server = new FakeApiServer({
      kinds: [
        ...new Set([...resources, SELINUX_PROFILE, APP_ARMOR_PROFILE]),
        PROFILE_BINDING,
        PROFILE_RECORDING,
        SECURITY_PROFILE_NODE_STATUS,
        SECURITY_PROFILES_OPERATOR_DAEMON,
      ],
    });
    this.server.put({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker', uid: 'n' } });
  }

  /** Starts a manager. */
  async manager(env: Environment = {}): Promise<void> {
    this.gated = 0;
    const settings = parseManagerSettings(['--leader-elect=false'], env);
    const certificates = { makeAuthority, issueServer, validityOf, authorityValidity };
    const counters = { failed: (reason: string) => this.counted.push(reason) };
    const gates = {
      opened: (end: string) => this.counted.push(`gate ${end}`),
      gated: (pods: number) => void (this.gated = pods),
    };
    const artifacts = {
      cryptography: makeCryptography(),
      certificateCryptography,
      machine: KERNEL.machine,
      parseYaml,
      pullLimitMs: 500,
      openRegistry: (access: RegistryAccess) => {
        this.access = access;
        this.openRegistries += 1;
        return openedStore(this.registry, access.signal, () => void (this.openRegistries -= 1));
      },
    };
    const side = {
      certificates,
      counters,
      gates,
      artifacts,
      onCertificate: () => undefined,
      servesWebhooks: () => false,
      standAside: (rival: string) => void this.rivals.push(rival),
    };
    const rules = wireManager(settings, testParts(unused), side, this.kinds).rules();
    const parts = {
      ...testParts(this.server.as(rules, operatorNamespace), this.lines),
      namespaces: settings.restrictTo,
    };
    this.managers.push(parts.registry);
    const { operator: running, started, leave } = wireManager(settings, parts, side, this.kinds);
    this.stops.push(() => running.stop());
    this.endManager = async () => {
      await leave();
      await running.stop();
    };
    await running.start();
    started();
  }

  /** Ends the manager that was started last, as a signal does. */
  endManager = async (): Promise<void> => undefined;

  /** Ends the daemon that was started last, as a signal does. */
  endDaemon = async (): Promise<void> => undefined;

  /** Starts the daemon of the node `worker`. */
  async daemon(args: readonly string[] = [], env: Environment = { NODE_NAME: 'worker' }): Promise<void> {
    const settings = parseDaemonSettings(args, env);
    const counters = { done: () => undefined, failed: (reason: string) => this.counted.push(reason) };
    const inventory = [...this.files.texts.keys()].map((key) => file(key));
    const save = async (limit: Limit): Promise<void> => void (this.limit = limit);
    const limit = { before: this.limit, save };
    const seccomp = { files: this.files, inventory, counters };
    const { files, selinuxd, changes } = this.selinuxd;
    const selinux = { state: 'on', files, selinuxd, changes, counters } as const;
    const aside = { paths: () => this.movedAside, follow: () => undefined };
    const side = { kernel: KERNEL, digest: sha256Hex, limit, aside, seccomp, appArmor: this.appArmor, selinux };
    const rules = wireDaemon(settings, testParts(unused), side, this.kinds).rules();
    const parts = {
      ...testParts(this.server.as(rules, operatorNamespace), this.lines),
      namespaces: settings.restrictTo,
    };
    const { operator: running, started, end, withdraw } = wireDaemon(settings, parts, side, this.kinds);
    this.stops.push(() => running.stop());
    this.endDaemon = async () => {
      const why = await end();
      await running.stop();
      await withdraw(why);
    };
    await running.start();
    await started();
  }

  async stop(): Promise<void> {
    for (const stop of this.stops.splice(0)) await stop();
  }

  /** Waits until nobody has written for a while, looked at several times: a machine that stands still is no rest. */
  async rest(): Promise<void> {
    for (let [before, looks] = [-1, 0]; looks < 5; looks += 1) {
      if (before !== this.server.writes.length) [before, looks] = [this.server.writes.length, 0];
      await sleep(60);
    }
  }

  /** Reconciles that managers have made. */
  async passes(): Promise<number> {
    const texts = await Promise.all(this.managers.map((registry) => registry.metrics()));
    const lines = texts.flatMap((text) => text.split('\n'));
    const counts = lines.filter((line) => line.startsWith('controller_runtime_reconcile_total{'));
    return counts.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  profile(name: string): SeccompProfile | undefined {
    return this.server.get(SECCOMP_PROFILE, { namespace: 'ns', name }) as SeccompProfile | undefined;
  }

  state(name: string): string | undefined {
    return this.profile(name)?.status?.status;
  }

  refused(): readonly string[] {
    return this.server.requests.filter(({ status }) => status === 403).map(({ method, path }) => `${method} ${path}`);
  }

  writesSince(count: number): readonly string[] {
    return this.server.writes.slice(count).map(({ method, path, status }) => `${method} ${path} ${String(status)}`);
  }
}

function file(key: string): { directory: string; file: string } {
  const [directory = '', name = ''] = key.split('/');
  return { directory, file: name };
}

/** Waits until something holds; fails with what was waited for. */
export async function until(what: string, holds: () => boolean, ms = 60_000): Promise<void> {
  const end = Date.now() + ms;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`${what} did not come about within ${String(ms)} ms`);
    await sleep(5);
  }
}
