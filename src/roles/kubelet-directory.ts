// SPDX-License-Identifier: Apache-2.0
// The init container that asks which directory the kubelet of its node uses, where nodes have directories of their own.
// It has no privilege, and passes the answer in a file to the program that has privileges and no connection.
import { writeFile } from 'node:fs/promises';
import { parseSettings } from '../core/config.ts';
import { ENV } from '../core/env.ts';
import type { Environment } from '../core/env.ts';
import { kubeletDirFromLabel, LABEL } from '../core/names.ts';
import { VERSION } from '../core/version.ts';
import { KubeConnection, loadKubeConfig } from '../io/kube/connection.ts';
import { KubeTransport } from '../io/kube/transport.ts';
import { createLog } from '../io/log.ts';
import { KubeClient } from '../runtime/client.ts';
import { NODE } from '../runtime/kinds.ts';

/** Writes the directory of the node NODE_NAME into the file KUBELET_DIR_FILE; the exit status. */
export async function kubeletDirectory(
  _args: readonly string[],
  env: Environment,
  signal: AbortSignal,
): Promise<number> {
  const settings = parseSettings(env);
  const { [ENV.nodeName]: name, [ENV.kubeletDirFile]: file } = env;
  if (name === undefined) throw new RangeError(`${ENV.nodeName} must hold the name of the node`);
  if (file === undefined) throw new RangeError(`${ENV.kubeletDirFile} must name the file for the kubelet's directory`);
  const userAgent = `security-profiles-operator-kubelet-directory/${VERSION}`;
  const client = new KubeClient(new KubeTransport(new KubeConnection(loadKubeConfig()), { userAgent }));
  const directory = await directoryOf(client, name, settings.kubeletDir, signal);
  await writeFile(file, directory);
  const log = createLog({ stream: process.stdout, verbosity: settings.verbosity }).named('kubelet-directory');
  log.info('the kubelet has its directory', { node: name, directory });
  return 0;
}

/**
 * The kubelet's directory on a node: what its label says, or the one that all nodes have.
 * @throws RangeError when the label names no directory
 */
export async function directoryOf(
  client: KubeClient,
  name: string,
  ofAll: string,
  signal: AbortSignal,
): Promise<string> {
  const node = await client.get(NODE, { name }, signal);
  const label = node?.metadata.labels?.[LABEL.kubeletDir];
  return label === undefined ? ofAll : kubeletDirFromLabel(label);
}
