// SPDX-License-Identifier: Apache-2.0
#include "launcher/decider.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Variables of the caller that spoc itself looks at: who is behind sudo, where programs are, how times are shown. */
static const char *const known[] = { "SUDO_UID", "SUDO_GID", "PATH", "TZ", "TZDIR" };

/*
 * Commands that speak to registries or clusters and confine nothing. They need the user's world: its configuration
 * files, proxies and passwords, and what the programs need that know these.
 */
static const char *const outward[] = {
	"push", "p", "pull", "l", "doctor", "d", "support-dump", "diff", "ceiling", "evidence", "report",
};

/* Beginnings of variables that change Node.js or the loader itself, or are ours. */
static const char *const withheld[] = { "NODE_", "LD_", "UV_", "OPENSSL_", "SPOC_WIRE=", "SPOC_PROFILE=" };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Variables of ours, and the end of the list. */
#define OWN_COUNT 4

struct environment {
	char **list;
	size_t count;
};

static void add(struct environment *environment, const char *name, const char *value)
{
	if (asprintf(&environment->list[environment->count], "%s=%s", name, value) >= 0)
		environment->count++;
}

static bool goes_outward(const char *command)
{
	for (size_t i = 0; command && i < COUNT(outward); i++) {
		if (strcmp(command, outward[i]) == 0)
			return true;
	}
	return false;
}

static bool is_withheld(const char *variable)
{
	for (size_t i = 0; i < COUNT(withheld); i++) {
		if (strncmp(variable, withheld[i], strlen(withheld[i])) == 0)
			return true;
	}
	return false;
}

static void add_all(struct environment *environment)
{
	for (char **variable = environ; *variable; variable++) {
		if (!is_withheld(*variable))
			environment->list[environment->count++] = *variable;
	}
}

static void add_known(struct environment *environment)
{
	for (size_t i = 0; i < COUNT(known); i++) {
		if (getenv(known[i]))
			add(environment, known[i], getenv(known[i]));
	}
}

static bool make_room(struct environment *environment)
{
	size_t count = COUNT(known) + OWN_COUNT;

	for (char **variable = environ; *variable; variable++)
		count++;
	environment->list = calloc(count, sizeof(*environment->list));
	return environment->list != NULL;
}

static void add_descriptors(struct environment *environment, const char *name, const int *files, size_t count)
{
	char text[64] = "";

	for (size_t i = 0; i < count; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%d", i > 0 ? "," : "", files[i]);
	add(environment, name, text);
}

static void fill(struct environment *environment, const struct layout *layout, const struct decider_files *files)
{
	const int wire[] = { files->events, files->commands };
	char cache[LAYOUT_PATH_SIZE];

	if (layout_join(cache, layout->bundle, "cache"))
		add(environment, "NODE_COMPILE_CACHE", cache);
	if (files->commands >= 0)
		add_descriptors(environment, "SPOC_WIRE", wire, 2);
	if (files->profile >= 0)
		add_descriptors(environment, "SPOC_PROFILE", &files->profile, 1);
}

/*
 * Limits like those of memory or of open files would end Node.js before the command that they are meant for has begun.
 */
static void lift_limits(void)
{
	static const int lifted[] = { RLIMIT_AS,     RLIMIT_CPU,     RLIMIT_DATA,  RLIMIT_FSIZE,
				      RLIMIT_NOFILE, RLIMIT_MEMLOCK, RLIMIT_STACK, RLIMIT_RSS };

	for (size_t i = 0; i < sizeof(lifted) / sizeof(lifted[0]); i++) {
		struct rlimit limit;

		if (getrlimit(lifted[i], &limit) != 0 || limit.rlim_cur == limit.rlim_max)
			continue;
		limit.rlim_cur = limit.rlim_max;
		setrlimit(lifted[i], &limit);
	}
}

static void keep_open(int file)
{
	if (file >= 0)
		fcntl(file, F_SETFD, 0);
}

/* A clone that was not set up lacks Node.js or the bundle. */
static int explain_failure(const struct layout *layout)
{
	int error = errno;
	char main_file[LAYOUT_PATH_SIZE];

	if (error == ENOENT || (layout_join(main_file, layout->bundle, "main.cjs") && access(main_file, R_OK) != 0))
		fprintf(stderr, "spoc is not set up: run 'npm run setup' where its sources are\n");
	else
		fprintf(stderr, "spoc: start %s: %s\n", layout->node, strerror(error));
	return 1;
}

int decider_become(const struct layout *layout, char *const *arguments, const struct decider_files *files)
{
	struct environment environment = {};
	char main_file[LAYOUT_PATH_SIZE];
	size_t count = 0;
	char **argv;

	while (arguments[count])
		count++;
	argv = calloc(count + 4, sizeof(*argv));
	if (!argv || !make_room(&environment) || !layout_join(main_file, layout->bundle, "main.cjs") || access(main_file, R_OK) != 0)
		return explain_failure(layout);
	argv[0] = "node";
	argv[1] = main_file;
	argv[2] = "spoc";
	memcpy(argv + 3, arguments, count * sizeof(*argv));
	if (goes_outward(arguments[0]))
		add_all(&environment);
	else
		add_known(&environment);
	fill(&environment, layout, files);
	keep_open(files->commands);
	keep_open(files->events);
	keep_open(files->profile);
	lift_limits();
	execve(layout->node, argv, environment.list);
	return explain_failure(layout);
}

pid_t decider_start(const struct layout *layout, char *const *arguments, const struct decider_files *files)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	_exit(decider_become(layout, arguments, files));
}
