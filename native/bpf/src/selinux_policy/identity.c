// SPDX-License-Identifier: Apache-2.0
#include "selinux_policy/identity.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool drop_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};

	return syscall(SYS_capset, &header, none) == 0;
}

bool identity_become_root(char *why, size_t size)
{
	const char *step = NULL;

	if (geteuid() != 0 && (setgroups(0, NULL) != 0 || setresgid(0, 0, 0) != 0 || setresuid(0, 0, 0) != 0))
		step = "become root";
	else if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		step = "give up privileges of programs that are started";
	else if (!drop_capabilities())
		step = "drop capabilities";
	if (step)
		snprintf(why, size, "%s: %s", step, strerror(errno));
	return step == NULL;
}
