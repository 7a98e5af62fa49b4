// Generated from schemas/tables/dangers.csv and schemas/tables/bypasses.csv and schemas/tables/vulnerabilities.csv by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

/** Bits of an argument that have a value. */
export interface ArgumentBits {
  readonly index: number;
  readonly mask: bigint;
  readonly value: bigint;
}

/** A call, with any arguments or with these. */
export interface Use {
  readonly call: string;
  readonly args: readonly ArgumentBits[];
}

/** A use that is dangerous to the node or to others on it. */
export interface Danger {
  readonly use: Use;
  /** 1 to 6. */
  readonly points: number;
  readonly capability?: string;
  readonly danger: string;
  readonly source: string;
}

/** Calls that together do what other calls do. */
export interface Bypass {
  readonly calls: readonly string[];
  readonly architecture?: string;
  readonly undoes: readonly string[];
  readonly how: string;
  readonly source: string;
}

/** A vulnerability that cannot be reached without one use of each list. */
export interface Vulnerability {
  readonly cve: string;
  readonly needs: readonly (readonly Use[])[];
  readonly effect: string;
  readonly source: string;
}

/** Calls that are dangerous to the node or to other containers where a workload may make them. call: its name and where it matters the arguments that are dangerous (INDEX&MASK=VALUE joined by +; the kernel cuts int arguments to 32 bits, so masks do). points: 1 to 6, how much of the node is lost at worst: 6 the kernel itself, 4 other processes or namespaces, 2 more of the kernel to attack; our own judgement. capability: that the kernel asks for besides, if any. source: where the danger is told; date: when the source was looked into (of the section 2 and 7 manual pages of manpages-dev and manpages 6.03 the passages that name the call, not the whole page: what follows for containers is our own reading) */
export const DANGERS: readonly Danger[] = [
  { use: { call: 'acct', args: [] }, points: 1, capability: 'CAP_SYS_PACCT', danger: "switches process accounting of the node on and off", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'add_key', args: [] }, points: 3, danger: "reaches the kernel's keyrings: they belong to no container", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'bpf', args: [] }, points: 6, capability: 'CAP_BPF', danger: "loads programs into the kernel", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'chroot', args: [] }, points: 1, capability: 'CAP_SYS_CHROOT', danger: "changes the root directory: a way out of another one", source: "https://man7.org/linux/man-pages/man2/chroot.2.html" },
  { use: { call: 'clock_adjtime', args: [] }, points: 2, capability: 'CAP_SYS_TIME', danger: "changes the time of the whole node", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'clock_settime', args: [] }, points: 2, capability: 'CAP_SYS_TIME', danger: "changes the time of the whole node", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'clone', args: [{ index: 0, mask: 0x10000000n, value: 0x10000000n }] }, points: 4, danger: "makes a user namespace: all capabilities within it and with them much more of the kernel", source: "https://man7.org/linux/man-pages/man7/user_namespaces.7.html" },
  { use: { call: 'clone', args: [{ index: 0, mask: 0x20000n, value: 0x20000n }] }, points: 2, capability: 'CAP_SYS_ADMIN', danger: "makes a mount namespace", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'delete_module', args: [] }, points: 5, capability: 'CAP_SYS_MODULE', danger: "takes code out of the kernel", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'fanotify_init', args: [] }, points: 1, capability: 'CAP_SYS_ADMIN', danger: "watches accesses to files of whole file systems", source: "https://man7.org/linux/man-pages/man2/fanotify_init.2.html" },
  { use: { call: 'finit_module', args: [] }, points: 6, capability: 'CAP_SYS_MODULE', danger: "loads code into the kernel", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'fsconfig', args: [] }, points: 3, capability: 'CAP_SYS_ADMIN', danger: "sets up a file system to be mounted: parsers of the kernel read its words", source: "https://www.cve.org/CVERecord?id=CVE-2022-0185" },
  { use: { call: 'init_module', args: [] }, points: 6, capability: 'CAP_SYS_MODULE', danger: "loads code into the kernel", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'io_uring_setup', args: [] }, points: 5, danger: "makes a ring whose operations no filter sees", source: "https://github.com/netblue30/firejail/issues/7058" },
  { use: { call: 'ioctl', args: [{ index: 1, mask: 0xffffffffn, value: 0x5412n }] }, points: 2, danger: "TIOCSTI: types into a terminal that it shares with others", source: "https://man7.org/linux/man-pages/man2/ioctl_tty.2.html" },
  { use: { call: 'ioctl', args: [{ index: 1, mask: 0xffffffffn, value: 0x541cn }] }, points: 1, danger: "TIOCLINUX: pastes into a console that it shares with others", source: "https://man7.org/linux/man-pages/man2/ioctl_console.2.html" },
  { use: { call: 'ioperm', args: [] }, points: 4, capability: 'CAP_SYS_RAWIO', danger: "reaches the ports of devices", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'iopl', args: [] }, points: 4, capability: 'CAP_SYS_RAWIO', danger: "reaches the ports of devices", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'kcmp', args: [] }, points: 1, capability: 'CAP_SYS_PTRACE', danger: "looks into other processes", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'kexec_file_load', args: [] }, points: 6, capability: 'CAP_SYS_BOOT', danger: "replaces the kernel", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'kexec_load', args: [] }, points: 6, capability: 'CAP_SYS_BOOT', danger: "replaces the kernel", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'keyctl', args: [] }, points: 3, danger: "reaches the kernel's keyrings: they belong to no container", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'lookup_dcookie', args: [] }, points: 1, capability: 'CAP_SYS_ADMIN', danger: "tells paths of files of the node", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'mbind', args: [] }, points: 1, danger: "changes where memory lies", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'mknod', args: [{ index: 1, mask: 0xf000n, value: 0x2000n }] }, points: 3, capability: 'CAP_MKNOD', danger: "makes the file of a character device", source: "https://man7.org/linux/man-pages/man2/mknod.2.html" },
  { use: { call: 'mknod', args: [{ index: 1, mask: 0xf000n, value: 0x6000n }] }, points: 3, capability: 'CAP_MKNOD', danger: "makes the file of a block device", source: "https://man7.org/linux/man-pages/man2/mknod.2.html" },
  { use: { call: 'mknodat', args: [{ index: 2, mask: 0xf000n, value: 0x2000n }] }, points: 3, capability: 'CAP_MKNOD', danger: "makes the file of a character device", source: "https://man7.org/linux/man-pages/man2/mknod.2.html" },
  { use: { call: 'mknodat', args: [{ index: 2, mask: 0xf000n, value: 0x6000n }] }, points: 3, capability: 'CAP_MKNOD', danger: "makes the file of a block device", source: "https://man7.org/linux/man-pages/man2/mknod.2.html" },
  { use: { call: 'modify_ldt', args: [] }, points: 2, danger: "installs descriptors of segments: rarely used code of the kernel", source: "https://man7.org/linux/man-pages/man2/modify_ldt.2.html" },
  { use: { call: 'mount', args: [] }, points: 5, capability: 'CAP_SYS_ADMIN', danger: "mounts file systems", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'mount_setattr', args: [] }, points: 3, capability: 'CAP_SYS_ADMIN', danger: "changes mounts: read-only ones too", source: "https://man7.org/linux/man-pages/man2/mount_setattr.2.html" },
  { use: { call: 'move_pages', args: [] }, points: 1, capability: 'CAP_SYS_NICE', danger: "changes where memory lies: of other processes too", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'open_by_handle_at', args: [] }, points: 5, capability: 'CAP_DAC_READ_SEARCH', danger: "opens files by their number: also outside of the container", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'perf_event_open', args: [] }, points: 4, capability: 'CAP_PERFMON', danger: "measures the kernel and other processes", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'personality', args: [{ index: 0, mask: 0xffffffffn, value: 0x40000n }] }, points: 1, danger: "switches off that addresses are random", source: "https://man7.org/linux/man-pages/man2/personality.2.html" },
  { use: { call: 'pidfd_getfd', args: [] }, points: 3, capability: 'CAP_SYS_PTRACE', danger: "takes open files from other processes", source: "https://man7.org/linux/man-pages/man2/pidfd_getfd.2.html" },
  { use: { call: 'pivot_root', args: [] }, points: 3, capability: 'CAP_SYS_ADMIN', danger: "changes the root of a mount namespace", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'process_vm_readv', args: [] }, points: 2, capability: 'CAP_SYS_PTRACE', danger: "reads memory of other processes", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'process_vm_writev', args: [] }, points: 3, capability: 'CAP_SYS_PTRACE', danger: "writes memory of other processes", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'ptrace', args: [] }, points: 3, capability: 'CAP_SYS_PTRACE', danger: "controls other processes", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'quotactl', args: [] }, points: 1, capability: 'CAP_SYS_ADMIN', danger: "changes quotas of file systems", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'reboot', args: [] }, points: 5, capability: 'CAP_SYS_BOOT', danger: "restarts the node", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'request_key', args: [] }, points: 3, danger: "reaches the kernel's keyrings: they belong to no container", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'set_mempolicy', args: [] }, points: 1, danger: "changes where memory lies", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'setns', args: [] }, points: 4, capability: 'CAP_SYS_ADMIN', danger: "enters namespaces of others", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'settimeofday', args: [] }, points: 2, capability: 'CAP_SYS_TIME', danger: "changes the time of the whole node", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'socket', args: [{ index: 0, mask: 0xffffffffn, value: 17n }] }, points: 2, capability: 'CAP_NET_RAW', danger: "AF_PACKET: reads and writes packets of a network as they are", source: "https://man7.org/linux/man-pages/man7/packet.7.html" },
  { use: { call: 'socket', args: [{ index: 0, mask: 0xffffffffn, value: 38n }] }, points: 3, danger: "AF_ALG: drives the kernel's cryptography", source: "https://github.com/moby/moby/pull/52494" },
  { use: { call: 'socket', args: [{ index: 0, mask: 0xffffffffn, value: 40n }] }, points: 2, danger: "AF_VSOCK: speaks to the hypervisor", source: "https://github.com/containerd/containerd/issues/7442" },
  { use: { call: 'socket', args: [{ index: 0, mask: 0xffffffffn, value: 16n }, { index: 2, mask: 0xffffffffn, value: 12n }] }, points: 2, capability: 'CAP_NET_ADMIN', danger: "NETLINK_NETFILTER: programs the packet filter", source: "https://man7.org/linux/man-pages/man7/netlink.7.html" },
  { use: { call: 'swapoff', args: [] }, points: 2, capability: 'CAP_SYS_ADMIN', danger: "takes memory from the node", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'swapon', args: [] }, points: 2, capability: 'CAP_SYS_ADMIN', danger: "has the node write its memory into a file", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'syslog', args: [] }, points: 2, capability: 'CAP_SYSLOG', danger: "reads and clears the log of the kernel", source: "https://man7.org/linux/man-pages/man2/syslog.2.html" },
  { use: { call: 'umount2', args: [] }, points: 2, capability: 'CAP_SYS_ADMIN', danger: "takes mounts away: those that hide something too", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'unshare', args: [{ index: 0, mask: 0x10000000n, value: 0x10000000n }] }, points: 4, danger: "makes a user namespace: all capabilities within it and with them much more of the kernel", source: "https://man7.org/linux/man-pages/man7/user_namespaces.7.html" },
  { use: { call: 'userfaultfd', args: [] }, points: 3, danger: "holds the kernel at a chosen access to memory: a race can be won at leisure", source: "https://git.zx2c4.com/linux-dev/commit/?id=d0d4730ac2e404a5b0da9a87ef38c73e51cb1664" },
  { use: { call: 'vm86', args: [] }, points: 1, danger: "runs code of 16 bits: rarely used code of the kernel", source: "https://docs.docker.com/engine/security/seccomp/" },
  { use: { call: 'vm86old', args: [] }, points: 1, danger: "runs code of 16 bits: rarely used code of the kernel", source: "https://docs.docker.com/engine/security/seccomp/" },
];

/** Calls that do what another call does, so that refusing only the other one is without effect. calls: all of these must be permitted; architecture: on which it is possible (empty for all); undoes: the calls whose refusal it undoes; source: where it is told; date: when the source was looked into (of the section 2 and 7 manual pages of manpages-dev and manpages 6.03 the passages that name the call, not the whole page: what follows for containers is our own reading) */
export const BYPASSES: readonly Bypass[] = [
  { calls: ['io_uring_setup'], undoes: ['accept', 'accept4', 'bind', 'connect', 'fallocate', 'fgetxattr', 'fsetxattr', 'fsync', 'ftruncate', 'futex', 'getxattr', 'linkat', 'listen', 'madvise', 'mkdirat', 'open', 'openat', 'openat2', 'pread64', 'preadv', 'preadv2', 'pwrite64', 'pwritev', 'pwritev2', 'read', 'readv', 'recvfrom', 'recvmsg', 'renameat', 'renameat2', 'sendmsg', 'sendto', 'setxattr', 'shutdown', 'socket', 'splice', 'statx', 'symlinkat', 'sync_file_range', 'tee', 'unlinkat', 'waitid', 'write', 'writev'], how: "operations of a ring are carried out in the kernel: no filter sees them", source: "https://github.com/containers/common/pull/1264" },
  { calls: ['clone3'], undoes: ['clone'], how: "its flags lie in memory: a filter cannot compare them", source: "https://man7.org/linux/man-pages/man2/clone.2.html" },
  { calls: ['socketcall'], architecture: 'SCMP_ARCH_X86', undoes: ['accept', 'accept4', 'bind', 'connect', 'getpeername', 'getsockname', 'getsockopt', 'listen', 'recvfrom', 'recvmmsg', 'recvmsg', 'sendmmsg', 'sendmsg', 'sendto', 'setsockopt', 'shutdown', 'socket', 'socketpair'], how: "its arguments lie in memory: a filter sees only which call is meant", source: "https://man7.org/linux/man-pages/man2/socketcall.2.html" },
  { calls: ['fsopen', 'fsconfig', 'fsmount', 'move_mount'], undoes: ['mount'], how: "the same in four steps", source: "https://man.archlinux.org/man/fsmount.2.en.txt" },
  { calls: ['open_tree', 'move_mount'], undoes: ['mount'], how: "moves and binds mounts", source: "https://man.archlinux.org/man/fsmount.2.en.txt" },
];

/** Vulnerabilities of the kernel that need certain calls of a local user: a profile that refuses them closes the way to it, whatever the kernel's version. needs: the calls that it takes, spaces between those that are all needed, / between those of which one is enough, arguments as in dangers.csv; by the record, and where that names a part of the kernel only, by the calls that lead to it. Only calls without which it cannot be reached are listed: what else an attack needs may be refused besides. source: the record of the CVE list, or what tells more, that was read; date: when it was read */
export const VULNERABILITIES: readonly Vulnerability[] = [
  { cve: 'CVE-2013-2094', needs: [[{ call: 'perf_event_open', args: [] }]], effect: "a wrong type of a number in performance events: privileges", source: "https://www.cve.org/CVERecord?id=CVE-2013-2094" },
  { cve: 'CVE-2014-3153', needs: [[{ call: 'futex', args: [] }]], effect: "requeueing of futexes onto the same address: privileges", source: "https://www.cve.org/CVERecord?id=CVE-2014-3153" },
  { cve: 'CVE-2014-7970', needs: [[{ call: 'pivot_root', args: [] }]], effect: "a loop of mounts: denial of service", source: "https://www.cve.org/CVERecord?id=CVE-2014-7970" },
  { cve: 'CVE-2014-9529', needs: [[{ call: 'keyctl', args: [] }]], effect: "a race with the garbage collector of keys: memory of the kernel is damaged", source: "https://www.cve.org/CVERecord?id=CVE-2014-9529" },
  { cve: 'CVE-2015-7550', needs: [[{ call: 'keyctl', args: [] }]], effect: "a race of reading and revoking a key: the kernel falls", source: "https://www.cve.org/CVERecord?id=CVE-2015-7550" },
  { cve: 'CVE-2015-7613', needs: [[{ call: 'shmget', args: [] }, { call: 'msgget', args: [] }]], effect: "objects of IPC are seen before they are ready: privileges", source: "https://www.cve.org/CVERecord?id=CVE-2015-7613" },
  { cve: 'CVE-2016-0728', needs: [[{ call: 'keyctl', args: [] }]], effect: "references to keyrings overflow: memory is used after it was freed: privileges", source: "https://www.cve.org/CVERecord?id=CVE-2016-0728" },
  { cve: 'CVE-2016-2383', needs: [[{ call: 'bpf', args: [] }]], effect: "wrong jumps of the verifier: memory of the kernel is read", source: "https://www.cve.org/CVERecord?id=CVE-2016-2383" },
  { cve: 'CVE-2016-4557', needs: [[{ call: 'bpf', args: [] }]], effect: "a descriptor is not kept properly: memory is used after it was freed: privileges", source: "https://www.cve.org/CVERecord?id=CVE-2016-4557" },
  { cve: 'CVE-2016-8655', needs: [[{ call: 'socket', args: [{ index: 0, mask: 0xffffffffn, value: 17n }] }]], effect: "a race in packet sockets: privileges", source: "https://www.cve.org/CVERecord?id=CVE-2016-8655" },
  { cve: 'CVE-2016-9604', needs: [[{ call: 'keyctl', args: [] }]], effect: "root joins the internal keyrings: the signatures of modules are bypassed", source: "https://www.cve.org/CVERecord?id=CVE-2016-9604" },
  { cve: 'CVE-2017-5123', needs: [[{ call: 'waitid', args: [] }]], effect: "data of users are not checked: a way out of sandboxes", source: "https://www.cve.org/CVERecord?id=CVE-2017-5123" },
  { cve: 'CVE-2017-6001', needs: [[{ call: 'perf_event_open', args: [] }]], effect: "a race of moving groups of events: privileges", source: "https://www.cve.org/CVERecord?id=CVE-2017-6001" },
  { cve: 'CVE-2017-6074', needs: [[{ call: 'socket', args: [{ index: 1, mask: 0xfn, value: 6n }] }]], effect: "DCCP frees a packet twice: root", source: "https://www.cve.org/CVERecord?id=CVE-2017-6074" },
  { cve: 'CVE-2017-7308', needs: [[{ call: 'socket', args: [{ index: 0, mask: 0xffffffffn, value: 17n }] }]], effect: "sizes of the blocks of a ring of packets are not checked: privileges", source: "https://www.cve.org/CVERecord?id=CVE-2017-7308" },
  { cve: 'CVE-2017-11176', needs: [[{ call: 'mq_notify', args: [] }]], effect: "a socket is used after it was freed: denial of service or worse", source: "https://www.cve.org/CVERecord?id=CVE-2017-11176" },
  { cve: 'CVE-2017-12192', needs: [[{ call: 'keyctl', args: [] }]], effect: "a negative key is read: the kernel falls", source: "https://www.cve.org/CVERecord?id=CVE-2017-12192" },
  { cve: 'CVE-2017-14140', needs: [[{ call: 'move_pages', args: [] }]], effect: "tells addresses of set-uid programs", source: "https://www.cve.org/CVERecord?id=CVE-2017-14140" },
  { cve: 'CVE-2017-15274', needs: [[{ call: 'add_key', args: [] }, { call: 'keyctl', args: [] }]], effect: "a payload without an address: the kernel falls", source: "https://www.cve.org/CVERecord?id=CVE-2017-15274" },
  { cve: 'CVE-2017-16939', needs: [[{ call: 'socket', args: [{ index: 0, mask: 0xffffffffn, value: 16n }, { index: 2, mask: 0xffffffffn, value: 6n }] }]], effect: "XFRM uses memory after it was freed: privileges", source: "https://www.cve.org/CVERecord?id=CVE-2017-16939" },
  { cve: 'CVE-2017-16995', needs: [[{ call: 'bpf', args: [] }]], effect: "a wrong extension of signs in the verifier: memory of the kernel is damaged", source: "https://www.cve.org/CVERecord?id=CVE-2017-16995" },
  { cve: 'CVE-2019-13272', needs: [[{ call: 'ptrace', args: [] }]], effect: "a tracer is linked with the wrong credentials: root", source: "https://www.cve.org/CVERecord?id=CVE-2019-13272" },
  { cve: 'CVE-2020-8835', needs: [[{ call: 'bpf', args: [] }]], effect: "wrong bounds of 32 bits in the verifier: memory of the kernel is read and written", source: "https://www.cve.org/CVERecord?id=CVE-2020-8835" },
  { cve: 'CVE-2020-14386', needs: [[{ call: 'socket', args: [{ index: 0, mask: 0xffffffffn, value: 17n }] }]], effect: "memory of packet sockets is damaged: root", source: "https://github.com/flatcar-archive/coreos-overlay/pull/566" },
  { cve: 'CVE-2021-3490', needs: [[{ call: 'bpf', args: [] }]], effect: "wrong bounds of bitwise operations in the verifier: code in the kernel", source: "https://www.cve.org/CVERecord?id=CVE-2021-3490" },
  { cve: 'CVE-2021-4154', needs: [[{ call: 'fsconfig', args: [] }]], effect: "the parser of cgroups of version 1 uses memory after it was freed: a way out of containers", source: "https://www.cve.org/CVERecord?id=CVE-2021-4154" },
  { cve: 'CVE-2021-22555', needs: [[{ call: 'setsockopt', args: [{ index: 2, mask: 0xffffffffn, value: 64n }] }, { call: 'setsockopt', args: [{ index: 2, mask: 0xffffffffn, value: 96n }] }]], effect: "netfilter writes beyond its memory: privileges", source: "https://www.cve.org/CVERecord?id=CVE-2021-22555" },
  { cve: 'CVE-2021-26708', needs: [[{ call: 'socket', args: [{ index: 0, mask: 0xffffffffn, value: 40n }] }]], effect: "races of virtual sockets: privileges", source: "https://www.cve.org/CVERecord?id=CVE-2021-26708" },
  { cve: 'CVE-2021-31440', needs: [[{ call: 'bpf', args: [] }]], effect: "programs are not checked properly: code in the kernel", source: "https://www.cve.org/CVERecord?id=CVE-2021-31440" },
  { cve: 'CVE-2021-41073', needs: [[{ call: 'io_uring_setup', args: [] }]], effect: "a buffer of the kernel is freed: privileges", source: "https://www.cve.org/CVERecord?id=CVE-2021-41073" },
  { cve: 'CVE-2022-0185', needs: [[{ call: 'fsconfig', args: [] }]], effect: "the length of words of a file system is not checked: privileges", source: "https://www.cve.org/CVERecord?id=CVE-2022-0185" },
  { cve: 'CVE-2022-0847', needs: [[{ call: 'splice', args: [] }, { call: 'sendfile', args: [] }, { call: 'sendfile64', args: [] }]], effect: "Dirty Pipe: writes into files that are read-only", source: "https://www.cve.org/CVERecord?id=CVE-2022-0847" },
  { cve: 'CVE-2022-1015', needs: [[{ call: 'socket', args: [{ index: 0, mask: 0xffffffffn, value: 16n }, { index: 2, mask: 0xffffffffn, value: 12n }] }]], effect: "nf_tables writes out of bounds: privileges", source: "https://www.cve.org/CVERecord?id=CVE-2022-1015" },
  { cve: 'CVE-2022-2602', needs: [[{ call: 'io_uring_setup', args: [] }]], effect: "a file is used after the garbage collector of UNIX sockets freed it", source: "https://www.cve.org/CVERecord?id=CVE-2022-2602" },
  { cve: 'CVE-2022-23222', needs: [[{ call: 'bpf', args: [] }]], effect: "arithmetic with pointers that may be null in the verifier: privileges", source: "https://www.cve.org/CVERecord?id=CVE-2022-23222" },
  { cve: 'CVE-2022-29582', needs: [[{ call: 'io_uring_setup', args: [] }]], effect: "a race of timeouts: memory is used after it was freed", source: "https://www.cve.org/CVERecord?id=CVE-2022-29582" },
  { cve: 'CVE-2022-30594', needs: [[{ call: 'ptrace', args: [] }]], effect: "PTRACE_SEIZE suspends seccomp without a privilege", source: "https://www.cve.org/CVERecord?id=CVE-2022-30594" },
  { cve: 'CVE-2022-34918', needs: [[{ call: 'socket', args: [{ index: 0, mask: 0xffffffffn, value: 16n }, { index: 2, mask: 0xffffffffn, value: 12n }] }]], effect: "nf_tables takes one type for another: root", source: "https://www.cve.org/CVERecord?id=CVE-2022-34918" },
  { cve: 'CVE-2023-0386', needs: [[{ call: 'mount', args: [] }, { call: 'fsmount', args: [] }]], effect: "overlayfs copies a file with capabilities from a nosuid mount: privileges", source: "https://www.cve.org/CVERecord?id=CVE-2023-0386" },
  { cve: 'CVE-2023-2163', needs: [[{ call: 'bpf', args: [] }]], effect: "wrong pruning in the verifier: memory of the kernel is read and written; a way out of containers", source: "https://www.cve.org/CVERecord?id=CVE-2023-2163" },
  { cve: 'CVE-2023-2598', needs: [[{ call: 'io_uring_setup', args: [] }]], effect: "physical memory beyond a registered buffer: privileges", source: "https://www.cve.org/CVERecord?id=CVE-2023-2598" },
  { cve: 'CVE-2023-32233', needs: [[{ call: 'socket', args: [{ index: 0, mask: 0xffffffffn, value: 16n }, { index: 2, mask: 0xffffffffn, value: 12n }] }]], effect: "an anonymous set of nf_tables is used after it was freed: root", source: "https://www.cve.org/CVERecord?id=CVE-2023-32233" },
  { cve: 'CVE-2024-0582', needs: [[{ call: 'io_uring_setup', args: [] }]], effect: "pages of a ring of buffers stay mapped after they were freed: privileges", source: "https://www.cve.org/CVERecord?id=CVE-2024-0582" },
  { cve: 'CVE-2024-1086', needs: [[{ call: 'socket', args: [{ index: 0, mask: 0xffffffffn, value: 16n }, { index: 2, mask: 0xffffffffn, value: 12n }] }]], effect: "nf_tables frees a packet twice: privileges", source: "https://www.cve.org/CVERecord?id=CVE-2024-1086" },
  { cve: 'CVE-2026-31431', needs: [[{ call: 'socket', args: [{ index: 0, mask: 0xffffffffn, value: 38n }] }]], effect: "AF_ALG writes into the page cache of files: root", source: "https://github.com/moby/moby/pull/52494" },
];
