/* SPDX-License-Identifier: Apache-2.0 */
/* Explains why the kernel does not execute a program of ours. */
#pragma once

#include <stddef.h>

/*
 * Writes a sentence about a program that could not be executed. The kernel answers a bare EPERM when the file carries a
 * capability that this process may never gain; the sentence names it, and how to get it.
 */
void refusal_explain(const char *program, int error, char *why, size_t size);
