#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A call by the vsyscall page of x86-64 (time, gettimeofday, getcpu; static programs of old C libraries make them) is judged by
# seccomp filters like the system call of the same name, but strace does not show it, and neither do the tracepoints
# raw_syscalls:sys_enter and sys_exit. So a profile made of what a tracer saw makes these programs read the time -1.
#
# The kernel emulates such a call in its handler of page faults: it asks seccomp there, and enters no system call.
#
# Seen (Linux 6.18 with LEGACY_VSYSCALL_XONLY, strace 6.1):
#   calls of time shown by strace: 0
#   time allowed: a time; time refused with EPERM: -1
#
# Needs gcc, libc6-dev and strace (apt), no privilege. Ends with 0 if it is so, with 1 if not, with 2 on kernels without the page.
set -eu
grep -q vsyscall /proc/self/maps || { echo 'this kernel has no vsyscall page'; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > ask.c <<'END'
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

/* Asks for the time by the vsyscall page; with an argument, under a filter that refuses the system call time. */
int main(int argc, char **argv)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_time, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };
	long (*vsyscall)(long *) = (long (*)(long *))0xffffffffff600400;

	(void)argv;
	if (argc > 1 && (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)))
		return 1;
	printf("%ld\n", vsyscall(NULL));
	return 0;
}
END
gcc -O1 -o ask ask.c
strace -o trace ./ask > plain
shown=$(grep -c '^time(' trace || true)
refused=$(./ask refuse)
echo "calls of time shown by strace: $shown"
echo "time allowed: $(cat plain); time refused with EPERM: $refused"
[ "$shown" = 0 ] && [ "$(cat plain)" -gt 0 ] && [ "$refused" = -1 ]
