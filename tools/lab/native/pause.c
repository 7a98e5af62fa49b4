// SPDX-License-Identifier: Apache-2.0
/*
 * The first process of every pod: holds the pod's namespaces open, and reaps what is left to it where the pod shares
 * its pid namespace. Ends when the runtime asks it to.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

int main(void)
{
	sigset_t set;
	int number;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0) {
		perror("sigprocmask");
		return 1;
	}
	for (;;) {
		if (sigwait(&set, &number) != 0)
			return 1;
		if (number != SIGCHLD)
			return 0;
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
	}
}
