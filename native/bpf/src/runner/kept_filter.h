/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compiled filters of profiles that ran before. They lie in a folder of the user that runs spoc, and nothing is
 * believed of a file that another user could have written: the folder and the file belong to that user and only that
 * user may write them, neither is a link, and the file carries the key that was asked for and a digest of itself. The
 * key covers the profile's text, the kernel's release, and the programs that understood the profile, so that a new
 * version never meets an old filter.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "program/command.h"
#include "runner/sha256.h"

/* Where the launcher hands the folder to the runner. */
#define KEPT_FILTER_FOLDER_FD 8

/* A key as text: hexadecimal digits and an end. */
#define KEPT_FILTER_KEY_SIZE (2 * SHA256_SIZE + 1)

/*
 * Lines that were logged about a profile, each with its end of line. More than this are not kept, and the filter
 * neither.
 */
struct kept_notes {
	bool overflowed;
	size_t size;
	char text[8192];
};

/* Adds a line; an empty one stands for a line that was too long to be kept. */
void kept_notes_add(struct kept_notes *notes, const char *line);

/*
 * The folder of this user's kept filters, made where it is missing. Returns a descriptor, or -1 when there is none to
 * be trusted.
 */
int kept_filter_open_folder(void);

/*
 * The key of a profile's text. The programs, NULL at their end, are those that turn it into a filter. Returns false
 * when one of them cannot be looked at.
 */
bool kept_filter_key(const char *const *programs, const void *text, size_t size, char key[KEPT_FILTER_KEY_SIZE]);

/* Fills in the filter of a plan and its notes. Returns false when there is none that can be trusted. */
bool kept_filter_load(int folder, const char *key, struct command_plan *plan, struct kept_notes *notes);

/* Keeps the filter of a plan; does nothing when that is not possible. */
void kept_filter_store(int folder, const char *key, const struct command_plan *plan, const struct kept_notes *notes);
