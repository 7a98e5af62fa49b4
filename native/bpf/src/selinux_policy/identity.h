/* SPDX-License-Identifier: Apache-2.0 */
/* The user that this program is while it works. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * Becomes root without a capability: files of a policy store must be root's, and root's is all that they are. Neither
 * this process nor one that it starts gets a capability again. Returns false and writes a sentence.
 */
bool identity_become_root(char *why, size_t size);
