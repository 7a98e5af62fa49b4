// SPDX-License-Identifier: Apache-2.0
// Small programs for the corpus, chosen by the first argument: ways to make processes and to end them that a recorder
// may miss.
#define _GNU_SOURCE
#include <linux/sched.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void *thread_body(void *arg)
{
	(void)arg;
	syscall(SYS_sched_yield);
	syscall(SYS_getpgid, 0);
	return NULL;
}

static int threads(void)
{
	pthread_t all[16];

	for (int i = 0; i < 16; i++)
		if (pthread_create(&all[i], NULL, thread_body, NULL))
			return 1;
	for (int i = 0; i < 16; i++)
		pthread_join(all[i], NULL);
	return 0;
}

static int with_vfork(void)
{
	pid_t pid = vfork();

	if (pid == 0) {
		execl("/bin/true", "true", (char *)NULL);
		_exit(1);
	}
	return waitpid(pid, NULL, 0) == pid ? 0 : 1;
}

static int with_clone3(void)
{
	struct clone_args args;
	long pid;

	memset(&args, 0, sizeof(args));
	args.exit_signal = SIGCHLD;
	pid = syscall(SYS_clone3, &args, sizeof(args));
	if (pid == 0) {
		syscall(SYS_getpriority, 0, 0);
		_exit(0);
	}
	return pid > 0 && waitpid((pid_t)pid, NULL, 0) == pid ? 0 : 1;
}

static int with_spawn(void)
{
	char *argv[] = { "uname", "-a", NULL };
	pid_t pid;

	if (posix_spawn(&pid, "/bin/uname", NULL, NULL, argv, environ))
		return 1;
	return waitpid(pid, NULL, 0) == pid ? 0 : 1;
}

static int short_children(void)
{
	for (int i = 0; i < 200; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			if (i == 199)
				syscall(SYS_getpgrp);
			_exit(0);
		}
		if (pid < 0 || waitpid(pid, NULL, 0) != pid)
			return 1;
	}
	return 0;
}

static int killed(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		syscall(SYS_getsid, 0);
		for (;;)
			pause();
	}
	usleep(100000);
	kill(pid, SIGKILL);
	return waitpid(pid, NULL, 0) == pid ? 0 : 1;
}

static int outlives(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		if (fork() == 0) {
			usleep(200000);
			syscall(SYS_getitimer, 0, NULL);
			_exit(0);
		}
		_exit(0);
	}
	return waitpid(pid, NULL, 0) == pid ? 0 : 1;
}

static void *exec_body(void *arg)
{
	(void)arg;
	execl("/bin/true", "true", (char *)NULL);
	return NULL;
}

static int thread_exec(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, exec_body, NULL))
		return 1;
	pthread_join(thread, NULL);
	return 1;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	static const struct {
		const char *name;
		int (*run)(void);
	} all[] = {
		{ "threads", threads }, { "vfork", with_vfork }, { "clone3", with_clone3 }, { "spawn", with_spawn },
		{ "short-children", short_children }, { "killed", killed }, { "outlives", outlives },
		{ "thread-exec", thread_exec },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (strcmp(what, all[i].name) == 0)
			return all[i].run();
	return 2;
}
