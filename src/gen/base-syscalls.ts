// Generated from schemas/tables/base-syscalls.csv by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

/** System calls that an OCI runtime makes between installing the filter and the execve of the container's command, measured on Debian 12 by tools/measure-base-syscalls.ts (noNewPrivileges on and off, root and user, capabilities and none, terminal and none): runc 1.1.5 and crun 1.8.1 of Debian, runc 1.5.2 of the lab. go: what Go's scheduler may do in runc at any moment, of which a run shows some by chance */
export const BASE_SYSCALLS: readonly string[] = [
  'capget', // runc-1.1.5 runc-1.5.2
  'capset', // runc-1.1.5 runc-1.5.2 crun-1.8.1
  'chdir', // runc-1.1.5 runc-1.5.2
  'close', // runc-1.1.5 runc-1.5.2 crun-1.8.1
  'close_range', // runc-1.5.2
  'epoll_ctl', // runc-1.1.5 runc-1.5.2
  'epoll_pwait', // go
  'execve', // runc-1.1.5 runc-1.5.2 crun-1.8.1
  'exit_group', // go
  'faccessat2', // runc-1.1.5 runc-1.5.2
  'fchown', // runc-1.1.5 runc-1.5.2
  'fcntl', // runc-1.1.5 runc-1.5.2
  'fstat', // runc-1.1.5 runc-1.5.2
  'fstatfs', // runc-1.1.5 runc-1.5.2
  'futex', // runc-1.1.5 runc-1.5.2
  'getcwd', // runc-1.1.5 runc-1.5.2
  'getdents64', // runc-1.1.5 runc-1.5.2
  'getpid', // runc-1.1.5 runc-1.5.2
  'getppid', // runc-1.1.5 runc-1.5.2
  'madvise', // go
  'mmap', // go
  'munmap', // go
  'nanosleep', // go
  'newfstatat', // runc-1.1.5 runc-1.5.2
  'openat', // runc-1.1.5 runc-1.5.2
  'openat2', // runc-1.5.2
  'prctl', // runc-1.1.5 runc-1.5.2 crun-1.8.1
  'read', // runc-1.1.5 runc-1.5.2
  'rt_sigaction', // crun-1.8.1
  'rt_sigprocmask', // crun-1.8.1 go
  'rt_sigreturn', // runc-1.1.5 runc-1.5.2
  'sched_yield', // go
  'setgid', // runc-1.1.5 runc-1.5.2
  'setgroups', // runc-1.1.5 runc-1.5.2
  'setresgid', // crun-1.8.1
  'setresuid', // crun-1.8.1
  'setuid', // runc-1.1.5 runc-1.5.2
  'statx', // runc-1.5.2
  'tgkill', // runc-1.5.2
  'write', // runc-1.1.5 runc-1.5.2 crun-1.8.1
];
