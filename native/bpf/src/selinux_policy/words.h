/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines that the libraries say while they work, kept until somebody wants them: they say why, the return values do
 * not.
 */
#pragma once

#include <semanage/handle.h>
#include <stdbool.h>
#include <stddef.h>

/* Takes the words of libsepol and libselinux, which have no handle, from standard error. To be called once. */
void words_listen(void);

/* Takes the words of a handle of libsemanage. */
void words_listen_to(semanage_handle_t *handle);

/* Adds a line of our own. */
void words_add(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Forgets all. */
void words_clear(void);

/* Hands the lines to a function, in their order, and forgets them. */
void words_take(void (*take)(const char *line));

/* The lines as one text, parted by semicolons and cut to the room; they stay. */
void words_join(char *room, size_t size);
