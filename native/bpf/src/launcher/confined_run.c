// SPDX-License-Identifier: Apache-2.0
#include "launcher/confined_run.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launcher/log.h"
#include "program/capability.h"
#include "program/program.h"

static void log_notes(const struct kept_notes *notes)
{
	for (size_t at = 0; at < notes->size;) {
		size_t length = strcspn(notes->text + at, "\n");

		log_line("%.*s", (int)length, notes->text + at);
		at += length + 1;
	}
}

/* Passes signals on until the command has ended. Returns its wait status. */
static int wait_for(pid_t pid, const sigset_t *heard)
{
	siginfo_t information;
	int status;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		int number = sigwaitinfo(heard, &information);
		const struct signalfd_siginfo signal = { .ssi_signo = (uint32_t)number, .ssi_code = information.si_code };

		if (number > 0 && number != SIGCHLD && !program_is_from_terminal(&signal))
			kill(pid, number);
	}
	return status;
}

/*
 * The command runs, and its pipes to us are closed. Nothing of the caller's but standard error stays open here: a pipe
 * would not end for its reader when the command has closed it.
 */
static void leave_descriptors(void)
{
	int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

	dup2(nowhere, STDIN_FILENO);
	dup2(nowhere, STDOUT_FILENO);
	close_range(STDERR_FILENO + 1, ~0U, 0);
}

static int report_end(int status)
{
	int number = program_exit_signal(status);
	int code = program_exit_code(status);

	if (number != 0) {
		log_line("Command did not exit successfully: signal %d", number);
		return program_end_by(number);
	}
	if (code != 0)
		log_line("Command did not exit successfully: exit status %d", code);
	return code;
}

static int refuse(const char *why)
{
	log_line("Error: %s", why);
	return 1;
}

int confined_run(struct command *command, struct command_plan *plan, const char *profile, const struct kept_notes *notes)
{
	static const int numbers[] = { SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2, SIGTERM, SIGCHLD };
	bool privileged = capability_is_effective(CAP_SYS_ADMIN);
	char why[PROGRAM_REASON_SIZE];
	sigset_t heard;

	sigemptyset(&heard);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigaddset(&heard, numbers[i]);
	sigprocmask(SIG_BLOCK, &heard, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	log_line("Reading file %s", profile);
	log_line("Setting up seccomp");
	log_notes(notes);
	log_line("Load seccomp profile");
	plan->uid = -1;
	plan->gid = -1;
	plan->keep_admin = privileged;
	plan->no_new_privs = !privileged;
	if (!command_prepare(command, plan, why, sizeof(why)))
		return refuse(why);
	log_line("Running command with PID: %d", command->pid);
	if (!command_release(command, why, sizeof(why)))
		return refuse(why);
	leave_descriptors();
	return report_end(wait_for(command->pid, &heard));
}
