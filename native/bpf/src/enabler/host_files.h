/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file operations of the non-root enabler on the node. Names on the node are hostile: nothing here follows a link
 * out of the node's root.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* User and group of everything that needs no root, and the modes that users' checks expect. */
#define HOST_OWNER 65535
#define HOST_DIRECTORY_MODE 0744
#define HOST_FILE_MODE 0644

/* Says on standard error, as one line, why the node could not be prepared. Returns false. */
__attribute__((format(printf, 1, 2))) bool host_complain(const char *format, ...);

/* Whether a path is absolute, names no directory by . or .., and can be printed between quotes as it is. */
bool host_is_clean(const char *path);

/*
 * Opens the directory `path` below the directory `root`, made if need be, with our owner and mode. Returns -1 after a
 * complaint.
 */
int host_own_directory(int root, const char *path);

/*
 * Whether a directory below `root` is a kubelet's: root's, written by nobody else, with its pods in it, and with a
 * directory of profiles that is no link, if any. Returns false after a complaint.
 */
bool host_is_kubelet(int root, const char *path);

/*
 * Makes `name` in a directory a link to `target`, in one step, so that no pod finds it missing. A thing of our
 * owner's in its place is moved aside; one of another user's is refused.
 */
bool host_link(int directory, const char *path, const char *name, const char *target);

/*
 * Writes a file aside and renames it: a container may be starting with the old one at this moment. A directory of that
 * name is moved aside.
 */
bool host_replace(int directory, const char *path, const char *name, const char *text, size_t length);
