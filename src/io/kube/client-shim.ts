// SPDX-License-Identifier: Apache-2.0
// The module that the bundles get in place of @kubernetes/client-node: its KubeConfig, and names for what the framework
// only mentions. The package itself loads 2,700 files of generated models and costs a process 30 MiB.
import { KubeConfig as FullKubeConfig } from '@kubernetes/client-node/dist/config.js';

/** client-node's KubeConfig. The framework makes an API client in its constructor, which nothing uses. */
export class KubeConfig extends FullKubeConfig {
  override makeApiClient(): never {
    return undefined as never;
  }
}

/** The class that the framework's own watch would use; the runtime's reflector takes its place. */
export function Watch(): never {
  throw new Error('watches of client-node are not part of this program');
}

/** Named by the framework as an argument of `makeApiClient`. */
export const CoreV1Api = undefined;
/** Named by the framework as an argument of `makeApiClient`. */
export const ApiextensionsV1Api = undefined;

/** Used by the framework to read CRDs, which come with the manifests here. */
export function loadYaml(): never {
  throw new Error('CRDs are installed from the manifests, not by the operator');
}
