// SPDX-License-Identifier: Apache-2.0
#include "program/held_child.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Where commands are looked up without the variable PATH. */
#define DEFAULT_PATH "/usr/local/bin:/usr/bin:/bin"

static int keep_only_admin(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};

	data[CAP_TO_INDEX(CAP_SYS_ADMIN)].permitted = CAP_TO_MASK(CAP_SYS_ADMIN);
	data[CAP_TO_INDEX(CAP_SYS_ADMIN)].effective = CAP_TO_MASK(CAP_SYS_ADMIN);
	return (int)syscall(SYS_capset, &header, data);
}

static int become(const struct command_plan *plan)
{
	uid_t uid = (uid_t)plan->uid;
	gid_t gid = (gid_t)plan->gid;

	if (plan->uid >= 0 && setgroups(plan->group_count, plan->groups) != 0)
		return errno;
	if (plan->gid >= 0 && setresgid(gid, gid, gid) != 0)
		return errno;
	if (plan->uid <= 0)
		return plan->uid < 0 || setresuid(uid, uid, uid) == 0 ? 0 : errno;
	if (plan->keep_admin && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0)
		return errno;
	if (setresuid(uid, uid, uid) != 0)
		return errno;
	return plan->keep_admin && keep_only_admin() != 0 ? errno : 0;
}

static bool names(const char *variable, const char *name)
{
	size_t length = strlen(name);

	return strncmp(variable, name, length) == 0 && variable[length] == '=';
}

static char *variable(const char *name, const char *value)
{
	char *text = NULL;

	return asprintf(&text, "%s=%s", name, value) < 0 ? NULL : text;
}

/*
 * The environment with the user's own variables; all others stay as they are, whatever they look like. NULL with errno.
 */
static char **environment_of(const struct command_plan *plan)
{
	size_t count = 0, used = 0;
	char **list;

	if (plan->user[0] == '\0')
		return environ;
	while (environ[count])
		count++;
	list = calloc(count + 4, sizeof(*list));
	if (!list)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		if (!names(environ[i], "USER") && !names(environ[i], "LOGNAME") && !names(environ[i], "HOME"))
			list[used++] = environ[i];
	}
	list[used] = variable("USER", plan->user);
	list[used + 1] = variable("LOGNAME", plan->user);
	list[used + 2] = variable("HOME", plan->home);
	return list[used] && list[used + 1] && list[used + 2] ? list : NULL;
}

static bool is_executable(const char *file)
{
	struct stat status;

	return stat(file, &status) == 0 && S_ISREG(status.st_mode) && eaccess(file, X_OK) == 0;
}

/* Looks a name without a slash up in PATH. An empty folder there is the working directory. */
static bool search(const char *name, char *file)
{
	const char *folder = getenv("PATH") ? getenv("PATH") : DEFAULT_PATH;

	for (;;) {
		int length = (int)strcspn(folder, ":");
		int written = snprintf(file, COMMAND_FILE_SIZE, "%.*s%s%s", length, folder, length > 0 ? "/" : "./", name);

		if (written < COMMAND_FILE_SIZE && is_executable(file))
			return true;
		if (folder[length] == '\0')
			return false;
		folder += length + 1;
	}
}

static void fail(struct command_report *report, enum held_step step, int error)
{
	report->error = error;
	report->failed = step;
	_exit(127);
}

static void find(struct command_report *report, const char *name)
{
	char file[COMMAND_FILE_SIZE];

	if (strlen(name) >= sizeof(report->file))
		fail(report, HELD_STEP_ACCESS, ENAMETOOLONG);
	if (name[0] == '\0')
		fail(report, HELD_STEP_NAME, 0);
	if (!strchr(name, '/')) {
		if (!search(name, file))
			fail(report, HELD_STEP_FIND, 0);
		memcpy(report->file, file, sizeof(file));
	} else if (eaccess(name, X_OK) != 0) {
		fail(report, HELD_STEP_ACCESS, errno);
	}
}

static int install_filter(const struct command_plan *plan)
{
	const struct sock_fprog program = {
		.len = (unsigned short)plan->instruction_count,
		.filter = (struct sock_filter *)plan->instructions,
	};

	if (plan->no_new_privs && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return errno;
	if (plan->instruction_count == 0)
		return 0;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, plan->filter_flags, &program) == 0 ? 0 : errno;
}

static bool read_whole(int file, void *bytes, size_t size)
{
	size_t used = 0;

	while (used < size) {
		ssize_t count = read(file, (char *)bytes + used, size - used);

		if (count == 0 || (count < 0 && errno != EINTR))
			return false;
		used += count > 0 ? (size_t)count : 0;
	}
	return true;
}

/*
 * Everything that needs a system call is done before the child waits: after the release only the command makes calls. A
 * file that cannot be executed is found before as well, before the command is reported as there.
 */
_Noreturn void held_child_run(struct command_report *report, int argc, char *const *argv, int wait_here, int say_here)
{
	static struct command_plan plan;
	char *const *command;
	char **environment;
	char byte = 0;
	int error;

	if (!read_whole(wait_here, &plan, sizeof(plan)) || plan.argument_count > (uint32_t)argc)
		_exit(0);
	command = argv + argc - plan.argument_count;
	snprintf(report->file, sizeof(report->file), "%s", plan.argument_count > 0 ? command[0] : "");
	/* While it is the caller's: a kernel may forbid it to other users. */
	error = plan.profile[0] != '\0' ? own_profile_at_exec(plan.profile) : 0;
	if (error)
		fail(report, HELD_STEP_PROFILE, error);
	error = become(&plan);
	if (error)
		fail(report, HELD_STEP_USER, error);
	environment = environment_of(&plan);
	if (!environment)
		fail(report, HELD_STEP_USER, ENOMEM);
	find(report, plan.argument_count > 0 ? command[0] : "");
	if (write(say_here, &byte, 1) != 1 || !read_whole(wait_here, &byte, 1))
		_exit(0);
	error = install_filter(&plan);
	if (error)
		fail(report, HELD_STEP_FILTER, error);
	execve(report->file, command, environment);
	fail(report, HELD_STEP_EXECVE, errno);
	_exit(127);
}
