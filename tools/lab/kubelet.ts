// SPDX-License-Identifier: Apache-2.0
// kubelet and kube-proxy of a node of the lab: their files, and how they are started.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'yaml';
import { issue } from './certificates.ts';
import { renderKubeconfig } from './kubeconfig.ts';
import type { Launch } from './launch.ts';
import { POD_RANGE } from './network.ts';
import type { Pki } from './pki.ts';
import { issueTo } from './pki.ts';

/** Name of the node that is this machine. */
export const NODE_NAME = 'lab';

/** Where kubelet's root directory is, unless the machine has a kubelet of its own: what manifests expect. */
export const USUAL_KUBELET_FOLDER = '/var/lib/kubelet';

/** A node: what its programs have to know of each other and of the cluster. */
export interface NodePlace {
  readonly name: string;
  readonly address: string;
  /** Folder for their configuration. */
  readonly folder: string;
  /** URL of the API server, from inside of the network. */
  readonly url: string;
  /** Root directory of kubelet. */
  readonly root: string;
  /** Socket of containerd. */
  readonly containerd: string;
  /** Longest time that a container which has ended waits until it is started again, such as `1s`; else five minutes. */
  readonly restartPeriod?: string;
}

/** Writes kubelet's files, and returns how it is started; that its node is Ready says that it is. */
export async function prepareKubelet(pki: Pki, place: NodePlace): Promise<Launch> {
  const { name, address } = place;
  await mkdir(place.folder, { recursive: true });
  const authority = pki.authority;
  await issueTo(place.folder, 'serving', authority, { commonName: name, hosts: [name, address] });
  const pair = await issue(authority, { commonName: `system:node:${name}`, organizations: ['system:nodes'] });
  const kubeconfig = path.join(place.folder, 'kubeconfig');
  await writeFile(kubeconfig, renderKubeconfig(place.url, authority.certificate, pair), { mode: 0o600 });
  const config = path.join(place.folder, 'config.yaml');
  await writeFile(config, stringify(kubeletConfig(pki, place)));
  return {
    name: 'kubelet',
    program: 'kubelet',
    args: [
      `--config=${config}`,
      `--kubeconfig=${kubeconfig}`,
      `--root-dir=${place.root}`,
      `--hostname-override=${name}`,
      `--node-ip=${address}`,
    ],
  };
}

function kubeletConfig(pki: Pki, { folder, address, containerd, restartPeriod }: NodePlace): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    ...accessConfig(pki, folder),
    address,
    containerRuntimeEndpoint: `unix://${containerd}`,
    cgroupDriver: 'cgroupfs',
    // Machines with control groups of version 1 do for a test.
    failCgroupV1: false,
    failSwapOn: false,
    // No name service runs, and the machine's own is out of reach.
    resolvConf: '',
    podLogsDir: path.join(folder, 'pods'),
    volumePluginDir: path.join(folder, 'plugins'),
    staticPodPath: '',
    // A nearly full disk must not stop tests, and images that were imported can't be pulled again.
    evictionHard: {
      'memory.available': '50Mi',
      'nodefs.available': '1%',
      'imagefs.available': '1%',
      'nodefs.inodesFree': '1%',
    },
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    serializeImagePulls: false,
    // Emulated processors take their time.
    runtimeRequestTimeout: '5m',
    ...(restartPeriod === undefined ? {} : { crashLoopBackOff: { maxContainerRestartPeriod: restartPeriod } }),
  };
}

function accessConfig(pki: Pki, folder: string): object {
  return {
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: pki.file('ca.crt') },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: path.join(folder, 'serving.crt'),
    tlsPrivateKeyFile: path.join(folder, 'serving.key'),
  };
}

/** Writes kube-proxy's files, and returns how it is started; it needs no waiting for. */
export async function prepareProxy(pki: Pki, { folder, url, name, address }: NodePlace): Promise<Launch> {
  const pair = await issue(pki.authority, { commonName: 'system:kube-proxy' });
  const kubeconfig = path.join(folder, 'kube-proxy.kubeconfig');
  await writeFile(kubeconfig, renderKubeconfig(url, pki.authority.certificate, pair), { mode: 0o600 });
  return {
    name: 'kube-proxy',
    program: 'kube-proxy',
    args: [
      `--kubeconfig=${kubeconfig}`,
      `--hostname-override=${name}`,
      '--proxy-mode=iptables',
      `--cluster-cidr=${POD_RANGE}`,
      // These limits are the machine's, and can't be set from inside of a network namespace.
      '--conntrack-max-per-core=0',
      '--conntrack-tcp-timeout-established=0',
      '--conntrack-tcp-timeout-close-wait=0',
      `--metrics-bind-address=${address}:10249`,
      `--healthz-bind-address=${address}:10256`,
    ],
  };
}
