// Generated from schemas/tables/base-syscalls.csv by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

/** System calls that an OCI runtime makes between installing the filter and the execve of the command: at the start of a container (run and create+start) and at an exec into it. Measured on Debian 12 with Linux 6.18 on x86-64 by tools/measure-base-syscalls.ts (noNewPrivileges on and off; root and user; capabilities and none; terminal and none; soft limit of open files below the hard one and equal): runc 1.1.5 (Go 1.19.8) and crun 1.8.1 of Debian; runc 1.5.2 (Go 1.26.8) of the lab. go: what Go's runtime does on the filtered thread in some runs only (preemption signals; locks; memory); its versions were seen to by records of the audit subsystem in 2400 starts and execs of each version under a filter that logs; sources: not seen in those runs but made by the runtime of Go 1.26 (sys_linux_amd64.s and netpoll_epoll.go). omitted: why a call is not among the base system calls although it was seen; 200 starts and 200 execs succeed without it */
export const BASE_SYSCALLS: readonly string[] = [
  'capget', // start: runc-1.1.5 runc-1.5.2; exec: runc-1.1.5 runc-1.5.2
  'capset', // start: runc-1.1.5 runc-1.5.2 crun-1.8.1; exec: runc-1.1.5 runc-1.5.2 crun-1.8.1
  'chdir', // start: runc-1.1.5 runc-1.5.2; exec: runc-1.1.5 runc-1.5.2
  'close', // start: runc-1.1.5 runc-1.5.2 crun-1.8.1; exec: runc-1.1.5 runc-1.5.2 crun-1.8.1
  'close_range', // start: runc-1.5.2; exec: runc-1.5.2
  'epoll_ctl', // start: runc-1.1.5 runc-1.5.2; exec: runc-1.1.5 runc-1.5.2
  'epoll_pwait', // go: sources
  'execve', // start: runc-1.1.5 runc-1.5.2 crun-1.8.1; exec: runc-1.1.5 runc-1.5.2 crun-1.8.1
  'exit_group', // go: sources
  'faccessat2', // start: runc-1.1.5 runc-1.5.2; exec: runc-1.1.5 runc-1.5.2
  'fchown', // start: runc-1.1.5 runc-1.5.2; exec: runc-1.1.5 runc-1.5.2 crun-1.8.1
  'fcntl', // start: runc-1.1.5 runc-1.5.2; exec: runc-1.1.5 runc-1.5.2
  'fstat', // start: runc-1.1.5 runc-1.5.2; exec: runc-1.1.5 runc-1.5.2
  'fstatfs', // start: runc-1.1.5 runc-1.5.2; exec: runc-1.1.5 runc-1.5.2
  'futex', // start: runc-1.1.5 runc-1.5.2; exec: runc-1.1.5 runc-1.5.2; go: go1.19 go1.26
  'getcwd', // start: runc-1.1.5 runc-1.5.2; exec: runc-1.1.5 runc-1.5.2
  'getdents64', // start: runc-1.1.5 runc-1.5.2; exec: runc-1.1.5 runc-1.5.2
  'getpid', // start: runc-1.1.5 runc-1.5.2; exec: runc-1.5.2; go: go1.19 go1.26
  'getppid', // start: runc-1.1.5 runc-1.5.2
  'ioctl', // exec: crun-1.8.1
  'madvise', // go: sources
  'mmap', // go: go1.26
  'munmap', // go: sources
  'nanosleep', // go: sources
  'newfstatat', // start: runc-1.1.5 runc-1.5.2; exec: runc-1.1.5 runc-1.5.2
  'openat', // start: runc-1.1.5 runc-1.5.2; exec: runc-1.1.5 runc-1.5.2 crun-1.8.1
  'openat2', // start: runc-1.5.2; exec: runc-1.5.2
  'prctl', // start: runc-1.1.5 runc-1.5.2 crun-1.8.1; exec: runc-1.1.5 runc-1.5.2 crun-1.8.1
  'prlimit64', // start: runc-1.5.2; exec: runc-1.5.2
  'pselect6', // start: crun-1.8.1
  'read', // start: runc-1.1.5 runc-1.5.2 crun-1.8.1; exec: runc-1.1.5 runc-1.5.2 crun-1.8.1
  'rt_sigaction', // start: crun-1.8.1
  'rt_sigprocmask', // start: crun-1.8.1; go: sources
  'rt_sigreturn', // start: runc-1.1.5 runc-1.5.2; exec: runc-1.1.5 runc-1.5.2; go: go1.19 go1.26
  'sched_yield', // go: go1.19 go1.26
  'setgid', // start: runc-1.1.5 runc-1.5.2; exec: runc-1.1.5 runc-1.5.2
  'setgroups', // start: runc-1.1.5 runc-1.5.2; exec: runc-1.1.5 runc-1.5.2 crun-1.8.1
  'setresgid', // start: crun-1.8.1; exec: crun-1.8.1
  'setresuid', // start: crun-1.8.1; exec: crun-1.8.1
  'setuid', // start: runc-1.1.5 runc-1.5.2; exec: runc-1.1.5 runc-1.5.2
  'sigaltstack', // go: sources
  'statx', // start: runc-1.5.2; exec: runc-1.5.2 crun-1.8.1
  'tgkill', // start: runc-1.5.2; exec: runc-1.5.2; go: go1.19 go1.26
  'umask', // exec: crun-1.8.1
  'write', // start: runc-1.1.5 runc-1.5.2 crun-1.8.1; exec: crun-1.8.1
];
