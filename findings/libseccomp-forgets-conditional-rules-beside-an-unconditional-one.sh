#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# An unconditional rule for a call takes all its conditional rules out of the filter, whatever their actions and whichever of
# them was added first; libseccomp reports success for each. A reader of a profile takes "getpid: allow" with "getpid with a
# first argument of 1: errno 5" for a rule and its exception, and container runtimes hand both over as they are written.
#
# Seen (libseccomp 2.5.4-1+deb12u1 of Debian 12):
#   allow first: added 0 and 0, getpid(1) is allowed
#   condition first: added 0 and 0, getpid(1) is allowed
#   condition alone: added 0 and 0, getpid(1) gets errno 5
#
# Needs Debian 12, gcc and apt's archives; no privilege. Ends with 0 if it is so, else with 1.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download libseccomp2=2.5.4-1+deb12u1 libseccomp-dev=2.5.4-1+deb12u1 > /dev/null 2>&1
for package in ./*.deb; do dpkg-deb -x "$package" root; done
library=$(dirname "$(find root -name 'libseccomp.a')")
cat > rules.c << 'PROGRAM'
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum order { ALLOW_FIRST, CONDITION_FIRST, CONDITION_ALONE };

static const char *const names[] = { "allow first", "condition first", "condition alone" };

static int add_allow(scmp_filter_ctx filter, int wanted)
{
	return wanted ? seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(getpid), 0) : 0;
}

static void try_order(enum order order)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_LOG);
	int first = add_allow(filter, order == ALLOW_FIRST);
	int condition = seccomp_rule_add(filter, SCMP_ACT_ERRNO(5), SCMP_SYS(getpid), 1, SCMP_A0(SCMP_CMP_EQ, 1, 0));
	int last = add_allow(filter, order == CONDITION_FIRST);
	long result;

	if (!filter || seccomp_load(filter) != 0)
		_exit(2);
	errno = 0;
	result = syscall(SYS_getpid, 1L);
	printf("%s: added %d and %d, getpid(1) ", names[order], first + last, condition);
	if (result < 0)
		printf("gets errno %d\n", errno);
	else
		printf("is allowed\n");
	fflush(stdout);
}

int main(void)
{
	for (enum order order = ALLOW_FIRST; order <= CONDITION_ALONE; order++) {
		pid_t child = fork();

		if (child == 0) {
			try_order(order);
			_exit(0);
		}
		waitpid(child, NULL, 0);
	}
	return 0;
}
PROGRAM
gcc -std=c11 -D_GNU_SOURCE -Wall -Wextra -Iroot/usr/include rules.c -o rules "$library/libseccomp.a"
seen=$(./rules)
echo "$seen"
[ "$seen" = 'allow first: added 0 and 0, getpid(1) is allowed
condition first: added 0 and 0, getpid(1) is allowed
condition alone: added 0 and 0, getpid(1) gets errno 5' ]
