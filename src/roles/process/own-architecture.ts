// SPDX-License-Identifier: Apache-2.0
// The architecture of the machine that a process runs on, in the words of system calls.
import { nativeArchitecture } from '../../core/seccomp/libseccomp/filter.ts';
import type { KnownArchitecture } from '../../core/seccomp/syscalls.ts';

/** @throws Error for a machine whose system calls are not known */
export function ownArchitecture(): KnownArchitecture {
  const native = nativeArchitecture(process.arch);
  if (native === undefined) throw new Error(`system calls of ${process.arch} are in no table of ours`);
  return native;
}
