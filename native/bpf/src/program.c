// SPDX-License-Identifier: Apache-2.0
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

char **program_command(char **words)
{
	for (words++; *words; words++) {
		if (strcmp(*words, "--") == 0)
			return words[1] ? words + 1 : NULL;
	}
	return NULL;
}

bool program_has_option(char **words, const char *option)
{
	for (words++; *words && strcmp(*words, "--") != 0; words++) {
		if (strcmp(*words, option) == 0)
			return true;
	}
	return false;
}

int program_open(const char *name, struct wire_lines *in, struct wire_writer *out, sigset_t *inherited)
{
	/*
	 * The terminal's signals are for the command; blocked here, and not ignored, so that the command does not inherit it. The end of
	 * our parent is seen on the wire.
	 */
	static const int blocked[] = { SIGINT, SIGQUIT, SIGHUP, SIGPIPE, SIGCHLD, SIGTERM };
	sigset_t mask, heard;
	int signals;

	if (fcntl(PROGRAM_COMMANDS_FD, F_SETFD, FD_CLOEXEC) != 0 || fcntl(PROGRAM_EVENTS_FD, F_SETFD, FD_CLOEXEC) != 0) {
		fprintf(stderr, "%s: started by spoc, it takes commands on file descriptor %d and emits events on %d\n", name,
			PROGRAM_COMMANDS_FD, PROGRAM_EVENTS_FD);
		return -1;
	}
	in->fd = PROGRAM_COMMANDS_FD;
	out->fd = PROGRAM_EVENTS_FD;
	sigemptyset(&mask);
	for (size_t i = 0; i < sizeof(blocked) / sizeof(blocked[0]); i++)
		sigaddset(&mask, blocked[i]);
	sigprocmask(SIG_BLOCK, &mask, inherited);
	sigemptyset(&heard);
	sigaddset(&heard, SIGCHLD);
	sigaddset(&heard, SIGTERM);
	signals = signalfd(-1, &heard, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals < 0)
		fprintf(stderr, "%s: signalfd: %s\n", name, strerror(errno));
	return signals;
}

int program_next_signal(int signals)
{
	struct signalfd_siginfo information;

	if (read(signals, &information, sizeof(information)) != (ssize_t)sizeof(information))
		return 0;
	return (int)information.ssi_signo;
}
