// Generated from schemas/tables/kernel-syscalls.csv and schemas/tables/older-syscalls.csv by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

/** System calls that a process makes without its program having a part in it, so that a recording has them only by chance. Unless a row says otherwise, measured on Linux 6.18 (x86-64, Debian 12) by refusing the call with EPERM */
export const KERNEL_SYSCALLS: readonly string[] = [
  'clock_getres', // the vDSO hands a clock over to the kernel that it cannot read
  'clock_gettime', // the vDSO hands a clock over to the kernel that it cannot read (clock sources hpet and acpi_pm; clocks of virtual machines)
  'clock_gettime64', // as clock_gettime in programs of 32 bits
  'exit', // a thread ends (after the recording was stopped)
  'exit_group', // the process ends (after the recording was stopped or the process was killed)
  'getcpu', // the vDSO or the vsyscall page hands the question over to the kernel
  'gettimeofday', // the vDSO or the vsyscall page hands the question over to the kernel
  'restart_syscall', // the kernel goes on with an interrupted nanosleep or clock_nanosleep or poll or futex: after SIGSTOP and SIGCONT; a debugger; a freeze of the cgroup
  'rt_sigreturn', // a signal handler returns
  'sigreturn', // a signal handler returns in a program of 32 bits
  'time', // the vDSO or the vsyscall page hands the question over to the kernel
  'uretprobe', // a probe of a tracing tool on the return of a function goes off
];

/** Older system calls to which programs turn when a newer one is refused: by an older kernel (ENOSYS), a file system (EOPNOTSUPP or EXDEV or EINVAL), a machine's settings (EPERM) or a filter made by a libseccomp that does not know the newer name (ENOSYS). Only calls newer than Linux 4.18 or refused by file systems and settings of machines in use, and only what does the same with the same means. Measured on Debian 12 (x86-64) with strace 6.1 (inject=CALL:error=ERROR): GNU C library 2.36; musl 1.2.3; coreutils 9.1; dash 0.5.12; CPython 3.11.2; Node.js 24.21; Go 1.26.8 */
export const OLDER_SYSCALLS: Readonly<Record<string, readonly string[]>> = {
  clone3: ['clone'],
  close_range: ['getdents64'],
  copy_file_range: ['sendfile', 'read', 'write'],
  faccessat2: ['faccessat'],
  fallocate: ['fcntl', 'fstatfs', 'pread64', 'pwrite64'],
  fchmodat2: ['fchmodat'],
  io_uring_setup: ['epoll_ctl'],
  pidfd_open: ['wait4'],
  pidfd_send_signal: ['kill', 'wait4'],
  preadv2: ['preadv', 'readv'],
  pwritev2: ['pwritev', 'writev'],
  renameat2: ['renameat'],
  sendfile: ['read', 'write'],
  statx: ['newfstatat', 'fstat', 'stat', 'lstat'],
  waitid: ['wait4'],
};
