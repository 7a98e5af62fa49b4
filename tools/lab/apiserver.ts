// SPDX-License-Identifier: Apache-2.0
// kube-apiserver: alone on loopback for integration tests, or as the head of a cluster with a node.
import type { ApiClient } from './api-client.ts';
import { auditArgs } from './audit.ts';
import type { Ground, Running } from './launch.ts';
import { launch, untilReady } from './launch.ts';
import type { Pki } from './pki.ts';

/** Range of the addresses of Services. */
export const SERVICE_RANGE = '10.96.0.0/16';
/** The address of the API server's own Service: the first of the range. */
export const SERVICE_ADDRESS = '10.96.0.1';

const READY_SECONDS = 180;

/** Where an API server is and what it talks to. */
export interface ApiServerPlace {
  /** Address that it listens on. */
  readonly address: string;
  readonly port: number;
  readonly etcd: string;
  /** There are nodes: pods reach it by its Service, and it reaches kubelets. */
  readonly nodes: boolean;
  /** More arguments, for tests. They come last and win. */
  readonly extraArgs: readonly string[];
}

/** Starts the API server, and returns before it is ready. */
export async function startApiServer(ground: Ground, pki: Pki, place: ApiServerPlace): Promise<Running> {
  const args = [
    ...addressArgs(place),
    ...identityArgs(pki),
    ...aggregationArgs(pki),
    ...ACCESS_ARGS,
    ...(place.nodes ? auditArgs(ground.logs) : []),
    ...place.extraArgs,
  ];
  return launch(ground, { name: 'kube-apiserver', program: 'kube-apiserver', args });
}

/**
 * Waits for the API server.
 * @throws Error when it ends, or isn't ready in time
 */
export async function apiServerReady(running: Running, client: ApiClient): Promise<void> {
  await untilReady(running, async () => (await client.request('GET', '/readyz')).status === 200, READY_SECONDS);
}

function addressArgs({ address, port, etcd, nodes }: ApiServerPlace): readonly string[] {
  return [
    `--etcd-servers=${etcd}`,
    `--bind-address=${address}`,
    `--secure-port=${port}`,
    `--external-hostname=${address}`,
    `--service-cluster-ip-range=${SERVICE_RANGE}`,
    // Loopback cannot be reached by a Service.
    ...(nodes ? [`--advertise-address=${address}`] : ['--endpoint-reconciler-type=none']),
  ];
}

function identityArgs(pki: Pki): readonly string[] {
  return [
    `--client-ca-file=${pki.file('ca.crt')}`,
    `--tls-cert-file=${pki.file('apiserver.crt')}`,
    `--tls-private-key-file=${pki.file('apiserver.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${pki.file('sa.pub')}`,
    `--service-account-signing-key-file=${pki.file('sa.key')}`,
    `--kubelet-certificate-authority=${pki.file('ca.crt')}`,
    `--kubelet-client-certificate=${pki.file('apiserver-kubelet-client.crt')}`,
    `--kubelet-client-key=${pki.file('apiserver-kubelet-client.key')}`,
    '--kubelet-preferred-address-types=InternalIP',
  ];
}

function aggregationArgs(pki: Pki): readonly string[] {
  return [
    `--requestheader-client-ca-file=${pki.file('front-proxy-ca.crt')}`,
    '--requestheader-allowed-names=front-proxy-client',
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    `--proxy-client-cert-file=${pki.file('front-proxy-client.crt')}`,
    `--proxy-client-key-file=${pki.file('front-proxy-client.key')}`,
    // No kube-proxy beside the API server itself: it finds the pods behind a Service by itself.
    '--enable-aggregator-routing=true',
  ];
}

const ACCESS_ARGS: readonly string[] = [
  '--authorization-mode=Node,RBAC',
  '--enable-admission-plugins=NodeRestriction',
  '--allow-privileged=true',
  '--anonymous-auth=false',
  '--profiling=false',
  // Long runs of tests judge by events, which are kept for an hour by default.
  '--event-ttl=24h',
];
