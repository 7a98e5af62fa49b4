// Generated from schemas/tables/siblings.csv by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

/** Calls that do the same with the same means, so that another C library, another version of it or another architecture makes one where a recording saw another. calls: the siblings; source: what tells of them together, mostly a manual page (newfstatat is the kernel's name of fstatat); date: when it was looked into (of the manual pages of manpages-dev 6.03 the passages that name the calls) */
export const SIBLINGS: readonly (readonly string[])[] = [
  ['accept', 'accept4'],
  ['access', 'faccessat', 'faccessat2'],
  ['chmod', 'fchmodat', 'fchmodat2'],
  ['chown', 'fchownat'],
  ['creat', 'open', 'openat', 'openat2'],
  ['dup2', 'dup3'],
  ['epoll_create', 'epoll_create1'],
  ['epoll_pwait', 'epoll_pwait2', 'epoll_wait'],
  ['eventfd', 'eventfd2'],
  ['futimesat', 'utime', 'utimensat', 'utimes'],
  ['getdents', 'getdents64'],
  ['inotify_init', 'inotify_init1'],
  ['link', 'linkat'],
  ['lstat', 'newfstatat', 'stat', 'statx'],
  ['mkdir', 'mkdirat'],
  ['pipe', 'pipe2'],
  ['poll', 'ppoll'],
  ['preadv', 'preadv2', 'readv'],
  ['pselect6', 'select'],
  ['pwritev', 'pwritev2', 'writev'],
  ['readlink', 'readlinkat'],
  ['rename', 'renameat', 'renameat2'],
  ['rmdir', 'unlink', 'unlinkat'],
  ['signalfd', 'signalfd4'],
  ['symlink', 'symlinkat'],
];
