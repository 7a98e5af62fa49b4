// SPDX-License-Identifier: Apache-2.0
// crun as the other container runtime of the lab's nodes, beside runc: pods choose it by the RuntimeClass of its name.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ApiClient } from './api-client.ts';

/** Name of the program, of containerd's handler and of the RuntimeClass. */
export const CRUN = 'crun';

/**
 * containerd's bundles say a version of the runtime specification that Debian's crun does not know, so it is told an
 * older one. And it refuses a machine that has control groups of both versions, so there it is shown those of version 2
 * only. Their controllers are taken by version 1, and a limit that cannot be set would keep a container from being
 * made: there the kubelet's limits are taken out. A bundle and its config.json are the container's own; containerd
 * names it by --bundle. Mounts that come later still have to reach crun, hence the propagation.
 */
const SCRIPT = `#!/bin/sh
set -eu
groups=/sys/fs/cgroup
change='.ociVersion = "1.0.2"'
if [ "$(stat -fc %T $groups)" != cgroup2fs ]; then
  if [ -z "\${SPO_LAB_CRUN:-}" ]; then SPO_LAB_CRUN=1 exec unshare --mount --propagation slave "$0" "$@"; fi
  umount -R $groups
  mount -t cgroup2 none $groups
  change="$change | del(.linux.resources)"
fi
unset SPO_LAB_CRUN
previous=
for word in "$@"; do
  if [ "$previous" = --bundle ]; then
    jq -c "$change" "$word/config.json" >"$word/config.json.new"
    mv "$word/config.json.new" "$word/config.json"
  fi
  previous=$word
done
exec ${CRUN} "$@"
`;

/** Writes into a folder what is called as crun, and returns its path. */
export async function prepareCrun(folder: string): Promise<string> {
  const file = path.join(folder, CRUN);
  await writeFile(file, SCRIPT, { mode: 0o755 });
  return file;
}

/**
 * Makes the RuntimeClass by which pods choose crun.
 * @throws Error when the API server refuses it
 */
export async function makeRuntimeClass(admin: ApiClient): Promise<void> {
  const body = { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name: CRUN }, handler: CRUN };
  const answer = await admin.request('POST', '/apis/node.k8s.io/v1/runtimeclasses', body);
  if (answer.status !== 201) throw new Error(`RuntimeClass ${CRUN}: status ${String(answer.status)}`);
}
