// SPDX-License-Identifier: Apache-2.0
// Names that no AppArmorProfile may have: the kernel of a node knows every profile by its name alone.
import { OBJECT } from '../names.ts';

/**
 * Profiles that container runtimes load for all containers which name none, when the first of them starts: an object of
 * that name could confine every pod. Sources: containerd's internal/cri/server/helpers.go
 * (appArmorDefaultProfileName), CRI-O's internal/config/apparmor (DefaultProfile), moby's profiles/apparmor,
 * containers/common's pkg/apparmor (ProfilePrefix), which has a version behind it.
 */
const RUNTIME_NAMES: readonly RegExp[] = [
  /^(cri-containerd\.apparmor\.d|nerdctl-default|docker-default|buildkit-default)$/,
  /^(crio-default|containers-default|lxc-container-default)(-.*)?$/,
];

/** Words that stand for something else where pods name a profile, or in AppArmor's own language. */
const WORDS: readonly string[] = ['unconfined', 'runtime', 'default'];

/**
 * Why the profile of an object cannot have its name in the kernel, as the rest of a sentence; undefined for one that it
 * can have.
 *
 * @param operatorNamespace - the only one that may have the profile under which containers are recorded
 */
export function faultOfNodeName(name: string, namespace: string, operatorNamespace: string): string | undefined {
  if (name === OBJECT.traceProfile && namespace !== operatorNamespace)
    return `${name} is the operator's own profile for recordings, which only its namespace ${operatorNamespace} can have`;
  if (RUNTIME_NAMES.some((pattern) => pattern.test(name)))
    return `${name} is the profile that a container runtime gives to all containers without one`;
  return WORDS.includes(name) ? `${name} is a word of AppArmor's and names no profile` : undefined;
}
