// SPDX-License-Identifier: Apache-2.0
#include "launcher/run_arguments.h"

#include <string.h>

/* The default of --profile in src/cli/profile-document.ts. */
#define DEFAULT_PROFILE "/tmp/profile.yaml"

/*
 * Takes the value of an option from this argument or the next. Returns how many arguments that were; 0 when it is
 * another option.
 */
static int take_value(char *const *argv, const char *brief, const char *full, const char **value)
{
	size_t length = strlen(full);

	if (strcmp(argv[0], brief) == 0 || strcmp(argv[0], full) == 0) {
		*value = argv[1];
		return argv[1] ? 2 : 0;
	}
	if (strncmp(argv[0], full, length) == 0 && argv[0][length] == '=') {
		*value = argv[0] + length + 1;
		return 1;
	}
	return 0;
}

bool run_arguments_read(struct run_arguments *arguments, char *const *argv)
{
	const char *type = "seccomp";
	int at = 1;

	arguments->profile = DEFAULT_PROFILE;
	while (argv[at] && argv[at][0] == '-') {
		int taken = take_value(argv + at, "-p", "--profile", &arguments->profile);

		if (taken == 0)
			taken = take_value(argv + at, "-t", "--type", &type);
		if (taken == 0)
			return false;
		at += taken;
	}
	arguments->command = at;
	return argv[at] && strcmp(type, "seccomp") == 0;
}
