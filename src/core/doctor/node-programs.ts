// SPDX-License-Identifier: Apache-2.0
// Findings about the programs of a machine: our own, container runtimes, and what a kubelet and the operator keep.
import { OPERATOR_ROOT } from '../names.ts';
import { findingsOf } from './finding.ts';
import type { Finding } from './finding.ts';
import type { KubeletFacts, NodeFacts, Room, RuntimeFacts } from './node-facts.ts';

/** Below so many bytes there is no room for the profiles of a full namespace (PROFILE_BUDGET, 8 MiB) and a few more. */
const LITTLE_ROOM = 64 << 20;

/** The same in files: a namespace may have 2000. */
const FEW_INODES = 4096;

const { ok, warn, fail, unknown } = findingsOf('node');

/** The compiled programs that belong to this version. */
export function judgePrograms({ missingPrograms }: NodeFacts): Finding {
  if (missingPrograms.length === 0) return ok('programs', 'recorder and runner are there');
  const message = `cannot be started: ${missingPrograms.join(', ')}`;
  return fail('programs', message, 'build or install this version again (in a clone: npm run build:native)');
}

/** Container runtimes that are installed. */
export function judgeRuntimes({ sockets, programs }: RuntimeFacts): readonly Finding[] {
  const check = 'runtime';
  if (sockets.length === 0 && programs.length === 0) {
    return [unknown(check, 'no container runtime is seen here', 'look on the node itself, outside of a container')];
  }
  return [
    ...sockets.map((socket) => ok(check, `serves at ${socket}`)),
    ...programs.map(({ path, version }) =>
      version.type === 'seen'
        ? ok(check, `${path}: ${version.value}`)
        : unknown(check, `${path}: ${version.why}`, `ask it yourself: ${path} --version`),
    ),
  ];
}

/** The files that a kubelet and the operator keep on the machine. */
export function judgeKubelet(facts: KubeletFacts): readonly Finding[] {
  const left = judgeFiles(facts);
  if (!facts.isThere) {
    const advice = 'no concern without Kubernetes; where the kubelet has another directory, name it by --kubelet-dir';
    return [...left, unknown('kubelet', `no kubelet has its files in ${facts.directory}`, advice)];
  }
  return [ok('kubelet', `has its files in ${facts.directory}`), judgeRoom(facts), judgeLink(facts), ...left];
}

function judgeRoom({ room, directory }: KubeletFacts): Finding {
  const check = 'room';
  if (room.type === 'unseen') return unknown(check, room.why, 'look again as root, on the node');
  const { bytes, inodes, allInodes } = room.value;
  const message = `${roomText(room.value)} for profiles`;
  const isShort = bytes < LITTLE_ROOM || (allInodes > 0 && inodes < FEW_INODES);
  const advice = `make room on the file system of ${OPERATOR_ROOT}, which ${directory}/seccomp/operator leads to`;
  return isShort ? fail(check, message, advice) : ok(check, message);
}

function roomText({ bytes, inodes, allInodes }: Room): string {
  const files = allInodes === 0 ? '' : ` and ${String(inodes)} files`;
  return `room of ${String(Math.floor(bytes / (1 << 20)))} MiB${files}`;
}

function judgeLink({ link, directory, daemonRuns }: KubeletFacts): Finding {
  const check = 'profile-link';
  const file = `${directory}/seccomp/operator`;
  if (link.type === 'unseen') return unknown(check, link.why, 'look again as root, on the node');
  if (link.value === OPERATOR_ROOT) return ok(check, `${file} leads to ${OPERATOR_ROOT}`);
  const runs = daemonRuns.type === 'seen' && daemonRuns.value;
  const message = link.value === undefined ? `there is no ${file}` : `${file} leads to ${link.value}`;
  if (!runs && link.value === undefined) return ok(check, `${message}, as no daemon has run here`);
  const advice = `delete the daemon's pod of this node: its init container makes the link to ${OPERATOR_ROOT}`;
  return fail(check, message, advice);
}

/** Files of an operator that runs no more. */
function judgeFiles({ profiles, daemonRuns, directory }: KubeletFacts): readonly Finding[] {
  const check = 'node-files';
  if (profiles.type === 'unseen') return [unknown(check, profiles.why, 'look again as root, on the node')];
  if (profiles.value === undefined) return [];
  const message = `${String(profiles.value)} profiles in ${OPERATOR_ROOT}`;
  if (daemonRuns.type === 'unseen') return [unknown(check, message, `is a daemon running? ${daemonRuns.why}`)];
  if (daemonRuns.value) return [ok(check, message)];
  const advice =
    'left by an operator that runs here no more: when no pod uses them, ' +
    `rm -r ${OPERATOR_ROOT} ${directory}/seccomp/operator`;
  return [warn(check, message, advice)];
}
