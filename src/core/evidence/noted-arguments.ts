// SPDX-License-Identifier: Apache-2.0
// The arguments that a trace notes: those by which a profile can tell calls of one name apart and that have few values
// in one program, such as families, flags and requests. Pointers, sizes and descriptors are others at each call, and
// what a pointer leads to no filter sees. The places are those of the section 2 manual pages.
import { syscallNumber } from '../seccomp/syscalls.ts';
import type { KnownArchitecture } from '../seccomp/syscalls.ts';

/** By name, the places of the arguments, from 0. */
export const NOTED_ARGUMENTS: Readonly<Record<string, readonly number[]>> = {
  arch_prctl: [0],
  bpf: [0],
  clone: [0],
  fchmod: [1],
  fchmodat: [2],
  fcntl: [1],
  finit_module: [2],
  futex: [1],
  getsockopt: [1, 2],
  ioctl: [1],
  keyctl: [0],
  madvise: [2],
  membarrier: [0],
  memfd_create: [1],
  mknod: [1],
  mknodat: [2],
  mmap: [2, 3],
  mount: [3],
  mprotect: [2],
  msgctl: [1],
  open: [1],
  openat: [2],
  perf_event_open: [4],
  personality: [0],
  pkey_mprotect: [2],
  prctl: [0],
  prlimit64: [1],
  ptrace: [0],
  quotactl: [0],
  reboot: [0, 1, 2],
  sched_setscheduler: [1],
  seccomp: [0],
  semctl: [2],
  setns: [1],
  setsockopt: [1, 2],
  shmctl: [1],
  socket: [0, 1, 2],
  socketpair: [0, 1, 2],
  umount2: [1],
  unshare: [0],
  userfaultfd: [0],
};

/** The words of the message `trace` (schemas/wire/recorder.json) for a machine's own architecture. */
export function notedWords(native: KnownArchitecture): readonly number[] {
  return Object.entries(NOTED_ARGUMENTS).flatMap(([name, places]) => {
    const number = syscallNumber(native, name);
    const mask = places.reduce((bits, place) => bits | (1 << place), 0);
    return number === undefined ? [] : [number * 64 + mask];
  });
}
