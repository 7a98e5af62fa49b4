// SPDX-License-Identifier: Apache-2.0
// Parts that containers of ours have in common: variables of the environment, ports, and how the kubelet probes them.
import type { SecurityProfilesOperatorDaemonSpec } from '../../gen/crd/security-profiles-operator-daemon.ts';
import { ENV } from '../env.ts';
import { PORT } from '../names.ts';

/** A variable of a container's environment. */
export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly fieldRef: { readonly fieldPath: string } };
}

/** A variable that holds a field of the pod. */
export function fieldVar(name: string, fieldPath: string): EnvVar {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}

/** The namespaces that the operator is restricted to; no variable where it is not. */
export function restrictionVars(namespaces: readonly string[]): readonly EnvVar[] {
  return namespaces.length === 0 ? [] : [{ name: ENV.restrictTo, value: namespaces.join(',') }];
}

/** The argument of a process of a node that looks at pods, where the spod wants it to look at few of them. */
export function memoryArgs({ enableMemoryOptimization }: SecurityProfilesOperatorDaemonSpec): readonly string[] {
  return enableMemoryOptimization === true ? ['--with-mem-optim=true'] : [];
}

/** The ports of every process that serves metrics and probes. */
export const SERVED_PORTS = [
  { name: 'metrics', containerPort: PORT.metrics, protocol: 'TCP' },
  { name: 'health', containerPort: PORT.health, protocol: 'TCP' },
] as const;

/** A probe of the kubelet at the health port; answers come at once, or the process is in trouble. */
export function probeOf(path: '/healthz' | '/readyz' | '/startz', timing: object, port: number = PORT.health): object {
  return { httpGet: { path, port }, timeoutSeconds: 2, ...timing };
}

/** A process of a busy or slow node can take more than a minute, and to begin again would take it as long. */
const STARTUP_SECONDS = 300;

/** Startup is probed every second, because the readiness of a roll-out waits for it; afterwards probes come seldom. */
export const STARTUP_PROBE = startupProbe(PORT.health);

/** The probes of a process that runs on every node. */
export function nodeProbes(port: number): object {
  return {
    startupProbe: startupProbe(port),
    readinessProbe: probeOf('/readyz', { periodSeconds: 10, failureThreshold: 3 }, port),
    livenessProbe: probeOf('/healthz', { periodSeconds: 10, failureThreshold: 3 }, port),
  };
}

/** Where a process of the daemon's pod runs. */
export const PLACE_VARS: readonly EnvVar[] = [
  fieldVar(ENV.nodeName, 'spec.nodeName'),
  fieldVar(ENV.podName, 'metadata.name'),
  fieldVar(ENV.namespace, 'metadata.namespace'),
];

/** How much a process tells of itself, and at which port it can be profiled. */
export function tellingVars(spec: SecurityProfilesOperatorDaemonSpec, profilingPort: number): readonly EnvVar[] {
  return [
    { name: ENV.verbosity, value: String(spec.verbosity ?? 0) },
    { name: ENV.profiling, value: String(spec.enableProfiling ?? false) },
    { name: ENV.profilingPort, value: String(profilingPort) },
  ];
}

function startupProbe(port: number): object {
  return probeOf('/startz', { periodSeconds: 1, failureThreshold: STARTUP_SECONDS }, port);
}
