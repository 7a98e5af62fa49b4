/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of the log in klog's form, as the other processes of the operator write them. */
#pragma once

#include <stdio.h>

/* Prints the beginning of a line, up to the text. */
void say_head(const char *file, int line);

/* A line. The printed texts hold no quotes. */
#define SAY(format, ...)                                                                                                           \
	do {                                                                                                                       \
		say_head(__FILE__, __LINE__);                                                                                      \
		printf(format "\"\n", __VA_ARGS__);                                                                                \
	} while (0)
