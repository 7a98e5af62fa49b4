// SPDX-License-Identifier: Apache-2.0
// The init container: what needs root on a node, done once, so that everything after it can do without.
import { parseSettings } from '../core/config.ts';
import type { Environment } from '../core/config.ts';
import { HOST_MOUNT } from '../core/deploy/daemon-container.ts';
import { kubeletDirFromLabel, LABEL, OWN_PROFILES_MOUNT } from '../core/names.ts';
import { KubeConnection, loadKubeConfig } from '../io/kube-connection.ts';
import { KubeTransport } from '../io/kube-transport.ts';
import { createLog } from '../io/log.ts';
import { prepareHost } from '../io/host-directories.ts';
import { KubeClient } from '../runtime/client.ts';
import { NODE } from '../runtime/kinds.ts';
import { VERSION } from '../core/version.ts';

/** Prepares the node; the exit status. HOST_MOUNT and OWN_PROFILES in the environment are for use outside of a pod. */
export async function nonRootEnabler(_args: readonly string[], env: Environment, signal: AbortSignal): Promise<number> {
  const settings = parseSettings(env);
  const log = createLog({ stream: process.stdout, verbosity: settings.verbosity }).named('non-root-enabler');
  const kubeletDir = (await kubeletDirOfNode(env, signal)) ?? settings.kubeletDir;
  const done = await prepareHost({
    mount: env['HOST_MOUNT'] ?? HOST_MOUNT,
    kubeletDir,
    ownProfiles: env['OWN_PROFILES'] ?? OWN_PROFILES_MOUNT,
  });
  for (const sentence of done) log.info(sentence);
  return 0;
}

/** The directory of this very node, where the manager has seen nodes that have their own. */
async function kubeletDirOfNode(env: Environment, signal: AbortSignal): Promise<string | undefined> {
  const name = env['NODE_NAME'];
  if (env['KUBELET_DIR_FROM_NODE'] !== 'true' || name === undefined) return undefined;
  const transport = new KubeTransport(new KubeConnection(loadKubeConfig()), {
    userAgent: `security-profiles-operator-non-root-enabler/${VERSION}`,
  });
  const node = await new KubeClient(transport).get(NODE, { name }, signal);
  const label = node?.metadata.labels?.[LABEL.kubeletDir];
  return label === undefined ? undefined : kubeletDirFromLabel(label);
}
