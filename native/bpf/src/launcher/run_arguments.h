/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The arguments of `spoc run`, as far as they must be understood to look for a kept filter. Anything but the plain
 * forms is left to Node.js, which knows all of them and explains what is wrong.
 */
#pragma once

#include <stdbool.h>

struct run_arguments {
	const char *profile; /* Path of the profile. */
	int command; /* Index of the command in argv. */
};

/* Returns false where the arguments, which begin with run, are not of a plain form. */
bool run_arguments_read(struct run_arguments *arguments, char *const *argv);
