/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The settings of libsemanage for this program. The node's own semanage.conf cannot be taken as it is: one of a newer
 * version has words that this version refuses, and it names programs by their paths on the node.
 */
#pragma once

#include <semanage/handle.h>
#include <stddef.h>

/*
 * Makes a handle by the node's settings, as far as they say how a policy is built.
 *
 * root: where the node's root is; "" for the root of this process.
 * scratch: a folder in which a folder can be made for the time of this call.
 * Returns NULL and writes a sentence when that is not possible.
 */
semanage_handle_t *settings_open(const char *root, const char *scratch, char *why, size_t size);

/* The folder of all stores, by the node's settings; without `root` before it. */
void settings_store_root(const char *root, char *room, size_t size);
