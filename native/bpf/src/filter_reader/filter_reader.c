// SPDX-License-Identifier: Apache-2.0
/*
 * Prints the seccomp filters that a task really has, as the kernel keeps them. It stops the task for that moment, as a
 * debugger does, and lets it go on, also when it is killed itself.
 *
 *   filter_reader PID
 *
 * A line for each filter, the one that was installed last first: its flags in decimal, then its instructions, each 16
 * hexadecimal digits: code (4), jump if true (2), jump if false (2), constant (8). A last line says "end". The kernel
 * asks for SYS_ADMIN and the right to trace the task, and refuses a caller who has a filter himself.
 * Ends with 0, or with 1 and a sentence on standard error.
 */
#include <errno.h>
#include <linux/filter.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Those of <linux/ptrace.h>, which does not go together with <sys/ptrace.h>'s constants everywhere. */
#define GET_FILTER 0x420c
#define GET_METADATA 0x420d

/* More than a task can have: the kernel bounds the instructions of all its filters together. */
#define FILTERS_MAX 8192

/* A task that sleeps in the kernel without being interruptible does not stop before it wakes up. */
#define SECONDS_TO_STOP 5

/* struct seccomp_metadata of the kernel's include/uapi/linux/ptrace.h. */
struct metadata {
	__u64 filter;
	__u64 flags;
};

static struct sock_filter instructions[BPF_MAXINSNS];

static int complain(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why);
	return 1;
}

/* A whole number from 1 to 2^31-1; 0 for everything else. */
static pid_t pid_of(const char *text)
{
	const size_t length = strlen(text);
	const unsigned long number = length <= 10 && strspn(text, "0123456789") == length ? strtoul(text, NULL, 10) : 0;

	return number <= 0x7fffffff ? (pid_t)number : 0;
}

/* Returns the signal that the task was about to get when it stopped, 0 for none, -1 where it has not stopped. */
static int wait_for_stop(pid_t pid, const sigset_t *children)
{
	const struct timespec most = { .tv_sec = SECONDS_TO_STOP };
	int status;

	for (;;) {
		const pid_t found = waitpid(pid, &status, __WALL | WNOHANG);

		if (found < 0)
			return -1;
		if (found == pid) {
			if (!WIFSTOPPED(status)) {
				errno = ESRCH;
				return -1;
			}
			return status >> 16 == PTRACE_EVENT_STOP ? 0 : WSTOPSIG(status);
		}
		if (sigtimedwait(children, NULL, &most) < 0 && errno != EINTR) {
			errno = ETIMEDOUT;
			return -1;
		}
	}
}

static void print_filter(unsigned long long flags, int length)
{
	printf("%llu ", flags);
	for (int i = 0; i < length; i++) {
		const struct sock_filter *one = &instructions[i];

		printf("%04x%02x%02x%08x", one->code, one->jt, one->jf, one->k);
	}
	putchar('\n');
}

/* Prints one filter. Returns 0 where there is none of that number, 1 where it was printed, -1 with errno. */
static int read_filter(pid_t pid, unsigned long number)
{
	struct metadata metadata = { .filter = number };
	const long length = ptrace(GET_FILTER, pid, (void *)number, NULL);

	if (length < 0)
		return errno == ENOENT && number > 0 ? 0 : -1;
	if (length > BPF_MAXINSNS) {
		errno = E2BIG;
		return -1;
	}
	/* The task is stopped and alone has the right to add filters, so the length is still that. */
	if (ptrace(GET_FILTER, pid, (void *)number, instructions) != length)
		return -1;
	/* Kernels before 4.16 tell no flags. */
	if (ptrace(GET_METADATA, pid, (void *)sizeof(metadata), &metadata) < 0)
		metadata.flags = 0;
	print_filter(metadata.flags, (int)length);
	return 1;
}

static const char *reason(int error)
{
	switch (error) {
	case EACCES:
		return "CAP_SYS_ADMIN is needed, and no filter of one's own";
	case EINVAL:
	case ENOENT:
		return "it has no filter, or this kernel does not show filters (CONFIG_CHECKPOINT_RESTORE)";
	case ETIMEDOUT:
		return "it does not stop";
	default:
		return strerror(error);
	}
}

int main(int argc, char **argv)
{
	const pid_t pid = argc == 2 ? pid_of(argv[1]) : 0;
	sigset_t children;
	int signal;
	int found = 1;

	if (pid == 0)
		return complain("usage", "filter_reader PID");
	sigemptyset(&children);
	sigaddset(&children, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &children, NULL) != 0)
		return complain("signals", strerror(errno));
	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) != 0)
		return complain("the process cannot be stopped", strerror(errno));
	if (ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) != 0)
		return complain("the process cannot be stopped", strerror(errno));
	signal = wait_for_stop(pid, &children);
	if (signal < 0)
		return complain("the process cannot be stopped", reason(errno));
	for (unsigned long number = 0; found == 1 && number < FILTERS_MAX; number++)
		found = read_filter(pid, number);
	if (found < 0)
		complain("its filters cannot be read", reason(errno));
	ptrace(PTRACE_DETACH, pid, NULL, (void *)(long)signal);
	if (found != 0)
		return 1;
	puts("end");
	return fflush(stdout) == 0 ? 0 : complain("standard output", strerror(errno));
}
