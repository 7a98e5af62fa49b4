/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the parts of an installation are, found from the file of the launcher itself: through links, and from any
 * working directory.
 */
#pragma once

#include <stdbool.h>

#define LAYOUT_PATH_SIZE 4096

struct layout {
	char programs[LAYOUT_PATH_SIZE]; /* Folder of the compiled programs. */
	char bundle[LAYOUT_PATH_SIZE]; /* Folder of the bundles. */
	char node[LAYOUT_PATH_SIZE]; /* The Node.js that comes with the project. */
};

/* Whether the parts are there is found when they are needed. Returns false after a sentence on standard error. */
bool layout_find(struct layout *layout);

/* Writes FOLDER/NAME. Returns false when it is too long for a path. */
bool layout_join(char path[LAYOUT_PATH_SIZE], const char *folder, const char *name);
