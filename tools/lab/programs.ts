// SPDX-License-Identifier: Apache-2.0
// The table of the programs that a cluster consists of: from which package of which Go module each is built, how, and
// how long that takes. Versions are those that the go.mod files pin.
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Folder of a Go module beside this file. */
export type ModuleName = 'kubernetes' | 'node' | 'registry' | 'cosign' | 'oras' | 'helm' | 'olm';

/** A program and the way to build it. */
export interface Program {
  readonly name: string;
  readonly module: ModuleName;
  /** Import path of its main package. */
  readonly package: string;
  /** The release that the lab is made for, without the leading v. */
  readonly version: string;
  /** Arguments that make it print its version; none for what has no such option, which is never taken from PATH. */
  readonly versionArgs?: readonly string[];
  readonly cgo: boolean;
  readonly tags: readonly string[];
  readonly ldflags: readonly string[];
  /** Seconds of a build with empty caches on two cores, measured one after the other in the order of this table. */
  readonly seconds: number;
}

/** Folder of a Go module. */
export function moduleFolder(name: ModuleName): string {
  return path.join(import.meta.dirname, name);
}

function pinned(module: ModuleName, dependency: string): string {
  const text = readFileSync(path.join(moduleFolder(module), 'go.mod'), 'utf8');
  const escaped = dependency.replaceAll('.', '\\.');
  const version = new RegExp(`^\\s+(?:require )?${escaped} v(\\S+)`, 'm').exec(text)?.[1];
  if (version === undefined) throw new Error(`tools/lab/${module}/go.mod does not name ${dependency}`);
  return version;
}

const kubernetesVersion = pinned('kubernetes', 'k8s.io/kubernetes');
const [major = '', minor = ''] = kubernetesVersion.split('.');
const KUBERNETES_FLAGS = {
  gitVersion: `v${kubernetesVersion}`,
  gitMajor: major,
  gitMinor: minor,
  gitTreeState: 'clean',
};
const STRIP = ['-s', '-w'];

function kubernetes(name: string, seconds: number, versionArgs: readonly string[] = ['--version']): Program {
  // Without these the API server and kubectl call themselves v0.0.0, and clients that look at the version go astray.
  const flags = Object.entries(KUBERNETES_FLAGS).map(
    ([key, value]) => `-X=k8s.io/component-base/version.${key}=${value}`,
  );
  return {
    name,
    module: 'kubernetes',
    package: `k8s.io/kubernetes/cmd/${name}`,
    version: kubernetesVersion,
    versionArgs,
    cgo: false,
    tags: [],
    ldflags: [...STRIP, ...flags],
    seconds,
  };
}

const CONTAINERD_MODULE = 'github.com/containerd/containerd/v2';

function containerd(name: string, seconds: number, versionArgs?: readonly string[]): Program {
  const version = pinned('node', CONTAINERD_MODULE);
  return {
    name,
    module: 'node',
    package: `${CONTAINERD_MODULE}/cmd/${name}`,
    version,
    ...(versionArgs === undefined ? {} : { versionArgs }),
    cgo: false,
    // File systems that the lab doesn't use, two of which need headers of their own.
    tags: ['no_btrfs', 'no_devmapper', 'no_zfs'],
    ldflags: [...STRIP, `-X=${CONTAINERD_MODULE}/version.Version=v${version}`],
    seconds,
  };
}

function plugin(folder: string, seconds: number): Program {
  const module = 'github.com/containernetworking/plugins';
  return {
    name: path.basename(folder),
    module: 'node',
    package: `${module}/plugins/${folder}`,
    version: pinned('node', module),
    cgo: false,
    tags: [],
    ldflags: STRIP,
    seconds,
  };
}

const ETCD: Program = {
  name: 'etcd',
  module: 'node',
  package: 'go.etcd.io/etcd/server/v3',
  version: pinned('node', 'go.etcd.io/etcd/server/v3'),
  versionArgs: ['--version'],
  cgo: false,
  tags: [],
  ldflags: STRIP,
  seconds: 60,
};

const RUNC: Program = {
  name: 'runc',
  module: 'node',
  package: 'github.com/opencontainers/runc',
  version: pinned('node', 'github.com/opencontainers/runc'),
  versionArgs: ['--version'],
  // Seccomp filters are made by libseccomp, which is C.
  cgo: true,
  tags: ['seccomp'],
  ldflags: [...STRIP, `-X=main.version=${pinned('node', 'github.com/opencontainers/runc')}`],
  seconds: 10,
};

const DISTRIBUTION = 'github.com/distribution/distribution/v3';

/** The registry of artifacts, which the cluster does not need. */
export const REGISTRY: Program = {
  name: 'registry',
  module: 'registry',
  package: `${DISTRIBUTION}/cmd/registry`,
  version: pinned('registry', DISTRIBUTION),
  // Debian's is of another series, and this one prints no version that a build from a module would know.
  cgo: false,
  tags: [],
  ldflags: STRIP,
  seconds: 110,
};

const COSIGN_MODULE = 'github.com/sigstore/cosign/v3';

/** The other side of signatures, for tests. */
export const COSIGN: Program = {
  name: 'cosign',
  module: 'cosign',
  package: `${COSIGN_MODULE}/cmd/cosign`,
  version: pinned('cosign', COSIGN_MODULE),
  cgo: false,
  tags: [],
  ldflags: [...STRIP, `-X=sigs.k8s.io/release-utils/version.gitVersion=v${pinned('cosign', COSIGN_MODULE)}`],
  seconds: 220,
};

const ORAS_MODULE = 'oras.land/oras';

/** The other client of artifacts: it copies them with their signatures, and pulls files. */
export const ORAS: Program = {
  name: 'oras',
  module: 'oras',
  package: `${ORAS_MODULE}/cmd/oras`,
  version: pinned('oras', ORAS_MODULE),
  cgo: false,
  tags: [],
  ldflags: STRIP,
  seconds: 25,
};

const HELM_MODULE = 'helm.sh/helm/v4';

/** The program with which users install the chart, for its tests. */
export const HELM: Program = {
  name: 'helm',
  module: 'helm',
  package: `${HELM_MODULE}/cmd/helm`,
  version: pinned('helm', HELM_MODULE),
  versionArgs: ['version', '--short'],
  cgo: false,
  tags: [],
  ldflags: [...STRIP, `-X=${HELM_MODULE}/internal/version.version=v${pinned('helm', HELM_MODULE)}`],
  seconds: 190,
};

const OLM_MODULE = 'github.com/operator-framework/api';

/** The program that loads and judges bundles as OLM does. Its newest release that the proxy of modules has is old. */
export const OPERATOR_VERIFY: Program = {
  name: 'operator-verify',
  module: 'olm',
  package: `${OLM_MODULE}/cmd/operator-verify`,
  version: pinned('olm', OLM_MODULE),
  cgo: false,
  tags: [],
  ldflags: STRIP,
  seconds: 60,
};

/** The programs that tests of packages need, which users install by. */
export const PACKAGE_PROGRAMS: readonly Program[] = [HELM, OPERATOR_VERIFY];

/** The programs that tests of artifacts need beside each other. */
export const ARTIFACT_PROGRAMS: readonly Program[] = [REGISTRY, COSIGN, ORAS];

/** The programs of a control plane, in the order in which a cold build is worth waiting for. */
export function controlPlanePrograms(controllerManager: boolean): readonly Program[] {
  const head = [ETCD, kubernetes('kube-apiserver', 257), kubernetes('kubectl', 20, ['version', '--client'])];
  return controllerManager ? [...head, kubernetes('kube-controller-manager', 88)] : head;
}

/** The programs of a cluster with a node. */
export function clusterPrograms(): readonly Program[] {
  return [
    ...controlPlanePrograms(true),
    kubernetes('kube-scheduler', 9),
    kubernetes('kubelet', 22),
    kubernetes('kube-proxy', 11),
    containerd('containerd', 25, ['--version']),
    containerd('containerd-shim-runc-v2', 3, ['-v']),
    containerd('ctr', 3, ['--version']),
    RUNC,
    plugin('main/bridge', 3),
    plugin('main/loopback', 1),
    plugin('ipam/host-local', 1),
    plugin('meta/portmap', 1),
  ];
}
