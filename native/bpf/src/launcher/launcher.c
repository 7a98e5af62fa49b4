// SPDX-License-Identifier: Apache-2.0
/*
 * spoc, as users start it. Before anything else it forks the command that is to be recorded or run, so that the command
 * gets the caller's world as it is; Node.js, started beside it, only decides. Becomes the recorder, the runner or
 * Node.js, or gives an answer by itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launcher/answers.h"
#include "launcher/confined_run.h"
#include "launcher/decider.h"
#include "launcher/layout.h"
#include "launcher/log.h"
#include "launcher/refusal.h"
#include "launcher/run_arguments.h"
#include "program/command.h"
#include "program/program.h"
#include "runner/kept_filter.h"

/* A longer profile is left to Node.js alone; the kernel takes no filter that needs it. */
#define PROFILE_MAX (1024 * 1024)

/* Of a program that becomes the recorder or the runner. */
struct launch {
	struct layout layout;
	struct command command;
	int kept_folder; /* Below 0: nothing is kept. */
	char key[KEPT_FILTER_KEY_SIZE];
	int profile; /* A file without a name that holds the profile's text; below 0: none. */
};

static int complain(const char *what)
{
	fprintf(stderr, "spoc: %s: %s\n", what, strerror(errno));
	return 1;
}

static bool is_one_of(const char *word, const char *name, const char *alias)
{
	return strcmp(word, name) == 0 || strcmp(word, alias) == 0;
}

/*
 * Takes the places of standard descriptors that the caller has closed, so that no pipe of ours gets one of them and is
 * written to as standard error. The command gets them closed, as they were.
 */
static bool occupy_closed(void)
{
	for (int file = STDIN_FILENO; file <= STDERR_FILENO; file++) {
		if (fcntl(file, F_GETFD) < 0 && open("/dev/null", O_RDWR | O_CLOEXEC) != file)
			return false;
	}
	return true;
}

/* Moves a descriptor to its place for the program that we become. */
static bool place(int file, int wanted)
{
	return file < 0 || file == wanted || (dup2(file, wanted) == wanted && close(file) == 0);
}

/* Descriptors out of the way of the places, so that none of them is overwritten before it has been moved. */
static int lift(int file)
{
	int lifted = file < 0 ? -1 : fcntl(file, F_DUPFD_CLOEXEC, KEPT_FILTER_FOLDER_FD + 1);

	if (file >= 0)
		close(file);
	return lifted;
}

/*
 * Leaves the program its wire, the held command and nothing of the caller's: a pipe that it kept open would never end
 * for its reader. Only standard error stays.
 */
static bool place_all(struct launch *launch, int commands, int events)
{
	int files[] = { lift(commands), lift(events), lift(launch->command.release), lift(launch->command.status),
			lift(launch->command.report_fd), lift(launch->kept_folder) };
	static const int places[] = { PROGRAM_COMMANDS_FD, PROGRAM_EVENTS_FD,  COMMAND_RELEASE_FD,
				      COMMAND_STATUS_FD,   COMMAND_REPORT_FD, KEPT_FILTER_FOLDER_FD };
	int nowhere = lift(open("/dev/null", O_RDWR | O_CLOEXEC));

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (!place(files[i], places[i]))
			return false;
	}
	if (dup2(nowhere, STDIN_FILENO) < 0 || dup2(nowhere, STDOUT_FILENO) < 0 || fcntl(STDERR_FILENO, F_SETFD, 0) != 0)
		return false;
	return close_range(launch->kept_folder < 0 ? KEPT_FILTER_FOLDER_FD : KEPT_FILTER_FOLDER_FD + 1, ~0U, 0) == 0;
}

/* Becomes the recorder or the runner, with a decider as its child. */
static int become(struct launch *launch, const char *name, char *const *arguments)
{
	char path[LAYOUT_PATH_SIZE], held[32], decider[32], keep[KEPT_FILTER_KEY_SIZE + 16];
	char *argv[] = { (char *)name, held, decider, launch->kept_folder < 0 ? NULL : keep, NULL };
	char *none[] = { NULL };
	char why[PROGRAM_REASON_SIZE];
	int down[2], up[2];
	pid_t pid;

	if (!layout_join(path, launch->layout.programs, name) || pipe2(down, O_CLOEXEC) != 0 || pipe2(up, O_CLOEXEC) != 0)
		return complain("open a pipe");
	const struct decider_files files = { .commands = down[1], .events = up[0], .profile = launch->profile };

	pid = decider_start(&launch->layout, arguments, &files);
	if (pid < 0)
		return complain("start Node.js");
	snprintf(held, sizeof(held), "--held=%d", launch->command.pid);
	snprintf(decider, sizeof(decider), "--decider=%d", pid);
	snprintf(keep, sizeof(keep), "--keep=%s", launch->key);
	if (!place_all(launch, down[0], up[1]))
		return complain("arrange descriptors");
	execve(path, argv, none);
	refusal_explain(path, errno, why, sizeof(why));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	log_line("Error: %s", why);
	return 1;
}

/* The user or group behind sudo by its variable; root's where there is none. */
static unsigned long behind_sudo(const char *variable)
{
	const char *text = getenv(variable);

	return text ? strtoul(text, NULL, 10) : 0;
}

/*
 * Root runs under no profile that another user may have written (src/io/input-file.ts): it may answer a call that gives
 * up root with success. Such a file is left to Node.js, which refuses it in words.
 */
static bool is_trusted(const struct stat *status)
{
	bool owned = status->st_uid == 0 || status->st_uid == behind_sudo("SUDO_UID");
	bool grouped = status->st_gid == 0 || status->st_gid == behind_sudo("SUDO_GID");
	bool shared = (status->st_mode & S_IWOTH) || ((status->st_mode & S_IWGRP) && !grouped);

	return geteuid() != 0 || (owned && !shared);
}

/* Reads a regular file whole into a file without a name. Returns its size; 0 when it is to be left to Node.js. */
static size_t read_profile(struct launch *launch, const char *path, char *text)
{
	int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat status;
	ssize_t size = 0;

	if (file < 0)
		return 0;
	if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size < PROFILE_MAX && is_trusted(&status))
		size = read(file, text, PROFILE_MAX);
	close(file);
	if (size <= 0 || size == PROFILE_MAX)
		return 0;
	launch->profile = memfd_create("profile", MFD_CLOEXEC);
	if (launch->profile < 0 || write(launch->profile, text, (size_t)size) != size || lseek(launch->profile, 0, SEEK_SET) != 0)
		return 0;
	return (size_t)size;
}

/* Finds the key of the profile, and where filters are kept. Returns false when the profile cannot be looked up. */
static bool find_key(struct launch *launch, const char *path)
{
	static char text[PROFILE_MAX];
	char runner[LAYOUT_PATH_SIZE], bundle[LAYOUT_PATH_SIZE];
	const char *const programs[] = { runner, bundle, NULL };
	size_t size = read_profile(launch, path, text);

	if (size == 0 || !layout_join(runner, launch->layout.programs, "runner") ||
	    !layout_join(bundle, launch->layout.bundle, "roles/spoc-run.cjs") ||
	    !kept_filter_key(programs, text, size, launch->key))
		return false;
	launch->kept_folder = kept_filter_open_folder();
	return launch->kept_folder >= 0;
}

static int run(struct launch *launch, int argc, char *const *arguments)
{
	static struct command_plan plan;
	static struct kept_notes notes;
	struct run_arguments parsed;

	if (!run_arguments_read(&parsed, arguments) || !find_key(launch, parsed.profile))
		return become(launch, "runner", arguments);
	plan.argument_count = (uint32_t)(argc - parsed.command);
	if (!kept_filter_load(launch->kept_folder, launch->key, &plan, &notes))
		return become(launch, "runner", arguments);
	return confined_run(&launch->command, &plan, parsed.profile, &notes);
}

int main(int argc, char **argv)
{
	static struct launch launch = { .kept_folder = -1, .profile = -1 };
	const struct decider_files none = { .commands = -1, .events = -1, .profile = -1 };
	char *const *arguments = argv + (argc > 0 ? 1 : 0);
	const char *word = arguments[0] ? arguments[0] : "";
	bool records = is_one_of(word, "record", "r");

	if (!occupy_closed())
		return 1;
	if (!layout_find(&launch.layout))
		return 1;
	if (answers_print(&launch.layout, arguments))
		return 0;
	if (records || is_one_of(word, "run", "x")) {
		if (!command_hold(&launch.command, argc, argv))
			return complain("hold the command");
		return records ? become(&launch, "recorder", arguments) : run(&launch, argc - 1, arguments);
	}
	return decider_become(&launch.layout, arguments, &none);
}
