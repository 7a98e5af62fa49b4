// SPDX-License-Identifier: Apache-2.0
// The seccomp profiles that confine our own daemon and the eBPF recorder: what a container runtime needs to start them
// and what Node.js needs to run them. A call that is not listed answers ENOSYS, as an older kernel would, so a newer
// libc falls back instead of failing.
import { BASE_SYSCALLS } from '../../gen/base-syscalls.ts';
import { KERNEL_SYSCALLS } from '../../gen/unseen-syscalls.ts';
import { OBJECT, OWN_SECCOMP_PROFILE, RECORDER_SECCOMP_PROFILE } from '../names.ts';
import { mergeProfiles } from '../seccomp/merge.ts';
import { renderOciText } from '../seccomp/render.ts';
import { sha256Hex } from '../sha256.ts';
import type { Manifest, OwnerReference } from './manifest.ts';
import { ownedMeta } from './manifest.ts';

/** ENOSYS, include/uapi/asm-generic/errno.h. */
const ENOSYS = 38;

/**
 * System calls of Node.js 24 beyond those of container runtimes, in groups: files; sockets; threads and memory; time
 * and identity; waiting. Measured with strace -f on the daemon (start, install, remove, metrics, profiling, stop) on
 * x86_64 and read for arm64 in libuv and V8; io_uring is left out on purpose, libuv does without.
 */
const NODE_SYSCALLS: readonly string[] = [
  'access,chmod,chown,copy_file_range,dup,dup2,dup3,eventfd2,faccessat,fadvise64,fallocate,fchmod,fchmodat,fchownat,fdatasync',
  'flock,fsync,ftruncate,getdents,inotify_add_watch,inotify_init1,inotify_rm_watch,ioctl,lchown,link,linkat,lseek,lstat,mkdir',
  'mkdirat,open,pipe,pipe2,pread64,preadv,pwrite64,pwritev,readlink,readlinkat,readv,rename,renameat,renameat2,rmdir,sendfile',
  'stat,statfs,statx,symlink,symlinkat,truncate,umask,unlink,unlinkat,utime,utimensat,write,writev',
  'accept,accept4,bind,connect,getpeername,getsockname,getsockopt,listen,recvfrom,recvmmsg,recvmsg,sendmmsg,sendmsg,sendto',
  'setsockopt,shutdown,socket,socketpair',
  'arch_prctl,brk,clone,clone3,exit,get_mempolicy,get_robust_list,madvise,membarrier,mlock,mprotect,mremap,munlock,pkey_alloc',
  'pkey_free,pkey_mprotect,rseq,sched_getaffinity,sched_getparam,sched_getscheduler,sched_setaffinity,sched_setscheduler',
  'set_robust_list,set_tid_address,sigaltstack,uname,sysinfo',
  'clock_getres,clock_gettime,clock_nanosleep,getcpu,getegid,geteuid,getgid,getgroups,getpgrp,getpriority,getrandom,getresgid',
  'getresuid,getrlimit,getrusage,getsid,gettid,gettimeofday,getuid,kill,prlimit64,restart_syscall,setpriority,tgkill,time',
  'epoll_create,epoll_create1,epoll_pwait2,epoll_wait,poll,ppoll,pselect6,rt_sigpending,rt_sigsuspend,rt_sigtimedwait,select',
  'timer_create,timer_delete,timer_settime,timerfd_create,timerfd_settime,wait4,waitid',
].flatMap((group) => group.split(','));

/**
 * Calls of the eBPF recorder's program beyond those. Measured with strace on its start, hooks that come and go, and its
 * end. Programs are attached by bpf(2), too.
 */
const RECORDER_SYSCALLS: readonly string[] = ['bpf', 'signalfd4'];

/** The text of the daemon's profile. */
export function ownProfileText(): string {
  return profileText(NODE_SYSCALLS);
}

/** The text of the profile of the eBPF recorder. */
export function recorderProfileText(): string {
  return profileText([...NODE_SYSCALLS, ...RECORDER_SYSCALLS]);
}

function profileText(calls: readonly string[]): string {
  const names = [...BASE_SYSCALLS, ...KERNEL_SYSCALLS, ...calls];
  return renderOciText(
    mergeProfiles([
      {
        defaultAction: 'SCMP_ACT_ERRNO',
        defaultErrno: ENOSYS,
        architectures: [],
        rules: [{ names, action: 'SCMP_ACT_ALLOW', args: [] }],
      },
    ]),
  );
}

/** The ConfigMap from which the init container copies our own profiles. */
export function ownProfilesConfigMap(namespace: string, owner: OwnerReference): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: ownedMeta(OBJECT.profilesConfigMap, namespace, owner),
    data: { [OWN_SECCOMP_PROFILE]: ownProfileText(), [RECORDER_SECCOMP_PROFILE]: recorderProfileText() },
  };
}

/** Differs when our own profiles do. */
export function ownProfilesHash(): string {
  return sha256Hex(ownProfileText() + recorderProfileText()).slice(0, 16);
}
