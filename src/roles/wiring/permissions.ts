// SPDX-License-Identifier: Apache-2.0
// The permissions of manager, daemon and webhook: all are wired as they run, but never started, and asked for their
// rules. No list of permissions is kept by hand.
import { Registry } from 'prom-client';
import type { DaemonSettings, ManagerSettings, Settings } from '../../core/config.ts';
import type { Log } from '../../core/log.ts';
import { Captures } from '../../core/recording/captures.ts';
import { appArmorSupported } from '../../core/status/support.ts';
import type { ProfileCounters } from '../../handlers/node/profile-kind.ts';
import { SYSTEM_CLOCK } from '../../io/clock.ts';
import type { PolicyRule } from '../../runtime/handler.ts';
import type { ControllerManagerParts } from '../../runtime/controller-manager.ts';
import { RuntimeMetrics } from '../../runtime/metrics.ts';
import { EVENT_RULE } from '../../runtime/rules.ts';
import type { ArtifactSide } from '../process/artifacts.ts';
import { wireBpfRecorder } from './bpf-recorder.ts';
import { wireDaemon } from './daemon.ts';
import { wireLogEnricher } from './log-enricher.ts';
import { wireManager } from './manager.ts';
import type { AppArmorSide } from './profile-kinds.ts';
import { wireStandAside } from './stand-aside.ts';
import { servingRules } from './webhook-in-manager.ts';
import { wireWebhook } from './webhook.ts';

/** Nothing is pulled where only permissions are asked for. */
export const NO_ARTIFACTS: ArtifactSide = {
  cryptography: { byCertificate: unasked, byKey: unasked, signerName: unasked },
  certificateCryptography: never,
  machine: '',
  pullLimitMs: 0,
  openRegistry: unasked,
  parseYaml: never,
};

/** The rules of the manager's role. */
export function permissionsOfManager(settings: ManagerSettings, log: Log): readonly PolicyRule[] {
  const certificates = {
    makeAuthority: never,
    issueServer: never,
    validityOf: () => undefined,
    authorityValidity: () => undefined,
  };
  const gates = { opened: () => undefined, gated: () => undefined };
  const side = {
    certificates,
    counters: { failed: () => undefined },
    gates,
    artifacts: NO_ARTIFACTS,
    onCertificate: () => undefined,
    servesWebhooks: () => false,
    standAside: () => undefined,
  };
  const parts = unconnected(log);
  const first = wireStandAside(settings, parts)
    .operator.rules()
    .filter((rule) => rule !== EVENT_RULE);
  return [...first, ...wireManager(settings, parts, side).rules(), ...servingRules(settings, parts)];
}

/**
 * The rules of the daemon's role, which is also the log enricher's and the eBPF recorder's. It is one role for all
 * nodes, so what one daemon needs of its node, it grants of every node.
 */
export function permissionsOfDaemon(settings: DaemonSettings, log: Log): readonly PolicyRule[] {
  const kernel = { release: '', machine: '', actions: undefined };
  const counters = { done: () => undefined, failed: () => undefined };
  const files = { files: never, write: never, read: never, remove: never };
  const seccomp = { files, inventory: [], counters };
  const appArmor = appArmorStandIn(counters);
  const selinuxd = { state: never, remove: never };
  const changes = { subscribe: () => undefined, attend: () => undefined, expect: () => undefined, installed: never };
  const selinux = { state: 'on', files, selinuxd, changes, counters } as const;
  const aside = { paths: () => [], follow: () => undefined };
  const limit = { before: {}, save: never };
  const side = { kernel, digest: () => '', limit, aside, seccomp, appArmor, selinux };
  const { nodeName } = settings;
  const captures = new Captures({ changed: () => undefined, dropped: () => undefined });
  const meter = { seen: () => undefined, gone: () => undefined };
  const recording = { native: 'SCMP_ARCH_X86_64', captures, meter, changed: () => undefined } as const;
  const listener = { placed: () => undefined, left: () => undefined };
  const enricher = wireLogEnricher(settings, unconnected(log), { ...recording, listener });
  const recorder = wireBpfRecorder(settings, unconnected(log), recording);
  const rules = [wireDaemon(settings, unconnected(log), side), enricher, recorder].flatMap((wiring) => wiring.rules());
  return rules.map(({ resourceNames, ...rule }) =>
    resourceNames === undefined || resourceNames.includes(nodeName) ? rule : { ...rule, resourceNames },
  );
}

/** A node with AppArmor: the permissions are those of such nodes. */
function appArmorStandIn(counters: ProfileCounters): AppArmorSide {
  const kernel = {
    compiler: '',
    capabilities: new Set<string>(),
    has: never,
    identity: never,
    compile: never,
    load: never,
    replace: never,
    remove: never,
  };
  const records = { all: () => [], get: () => undefined, save: never, forget: never };
  return { support: appArmorSupported(''), node: { kernel, records, counters, switchedOffBy: never } };
}

/** The rules of the webhook's role. */
export function permissionsOfWebhook(settings: Settings, log: Log): readonly PolicyRule[] {
  return wireWebhook(settings, unconnected(log)).rules();
}

function unconnected(log: Log): ControllerManagerParts {
  const metrics = new RuntimeMetrics(new Registry());
  return { transport: { request: never, stream: never }, clock: SYSTEM_CLOCK, log, metrics, instance: '', kinds: [] };
}

function unasked(): never {
  throw new Error('only permissions are asked for');
}

function never(): Promise<never> {
  return Promise.reject(new Error('this process was wired to be asked for its permissions, not to run'));
}
