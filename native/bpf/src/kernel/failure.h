/* SPDX-License-Identifier: Apache-2.0 */
/* Why BPF programs cannot be loaded or attached. */
#pragma once

#include <stddef.h>

/*
 * Writes a sentence that begins with a program's name and says what it lacks. `error` is the negative errno of loading
 * or attaching.
 */
void failure_explain(const char *who, int error, char *why, size_t size);
