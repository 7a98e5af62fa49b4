// SPDX-License-Identifier: Apache-2.0
#include "selinux_policy/settings.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <selinux/selinux.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* How the name begins of the folder that is made for a moment. */
#define FOLDER ".semanage-"

/* Settings of the node that are kept. */
static const char *const kept[] = {
	"store-root", "ignore-module-cache", "target-platform", "expand-check",   "file-mode",  "save-previous",
	"save-linked", "handle-unknown",     "bzip-small",      "bzip-blocksize", "remove-hll", NULL,
};

/*
 * Homes in other places than /home are known from /etc/passwd of the node, which a container has not: the file with
 * the contexts of homes is left as it is. Our modules name no files.
 */
static const char OWN[] = "module-store = direct\n"
			  "disable-genhomedircon = true\n"
			  "[sefcontext_compile]\n"
			  "path = /usr/sbin/sefcontext_compile\n"
			  "args = $@\n"
			  "[end]\n";

static bool begins_with(const char *line, const char *word)
{
	size_t length = strcspn(line, " \t=\n");

	return strlen(word) == length && strncmp(word, line, length) == 0;
}

static bool is_kept(const char *line)
{
	for (const char *const *word = kept; *word; word++) {
		if (begins_with(line, *word))
			return true;
	}
	return false;
}

static void copy_kept(FILE *from, FILE *to)
{
	char line[PATH_MAX + 64];

	while (fgets(line, sizeof(line), from)) {
		const char *begin = line + strspn(line, " \t");

		if (is_kept(begin))
			fprintf(to, "%s%s", begin, strchr(begin, '\n') ? "" : "\n");
	}
}

/* NULL where the node has none: it has the defaults then. */
static FILE *open_of_node(const char *root)
{
	char of_node[PATH_MAX];

	snprintf(of_node, sizeof(of_node), "%s%ssemanage.conf", root, selinux_path());
	return fopen(of_node, "re");
}

static bool write_settings(const char *root, const char *file)
{
	FILE *from, *to = fopen(file, "we");

	if (!to)
		return false;
	from = open_of_node(root);
	if (from) {
		copy_kept(from, to);
		fclose(from);
	}
	fputs(OWN, to);
	return fclose(to) == 0;
}

void settings_store_root(const char *root, char *room, size_t size)
{
	FILE *from = open_of_node(root);
	char line[PATH_MAX + 64];

	snprintf(room, size, "/var/lib/selinux");
	while (from && fgets(line, sizeof(line), from)) {
		const char *begin = line + strspn(line, " \t");
		const char *value = begin + strcspn(begin, "=\n");

		if (!begins_with(begin, "store-root") || *value != '=')
			continue;
		value += 1 + strspn(value + 1, " \t");
		snprintf(room, size, "%.*s", (int)strcspn(value, " \t\n"), value);
	}
	if (from)
		fclose(from);
}

/* Makes, or with false removes again, the folders that libsemanage looks for its file in. */
static bool folders(const char *folder, bool make)
{
	char file[PATH_MAX], selinux[PATH_MAX], etc[PATH_MAX];

	snprintf(etc, sizeof(etc), "%s/etc", folder);
	snprintf(selinux, sizeof(selinux), "%s/etc/selinux", folder);
	snprintf(file, sizeof(file), "%s/etc/selinux/semanage.conf", folder);
	if (make)
		return mkdir(etc, 0700) == 0 && mkdir(selinux, 0700) == 0;
	unlink(file);
	return rmdir(selinux) == 0 && rmdir(etc) == 0 && rmdir(folder) == 0;
}

/* A folder that no link leads to and that this user has made. Returns -1 for others. */
static int open_own(int parent, const char *name)
{
	struct stat facts;
	int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (folder >= 0 && (fstat(folder, &facts) != 0 || facts.st_uid != geteuid())) {
		close(folder);
		folder = -1;
	}
	return folder;
}

/* The same as `folders` for one that others could have exchanged meanwhile. */
static void remove_left(int scratch, const char *name)
{
	int folder = open_own(scratch, name);
	int etc = folder < 0 ? -1 : open_own(folder, "etc");
	int selinux = etc < 0 ? -1 : open_own(etc, "selinux");

	if (selinux >= 0) {
		unlinkat(selinux, "semanage.conf", 0);
		close(selinux);
	}
	if (etc >= 0) {
		unlinkat(etc, "selinux", AT_REMOVEDIR);
		close(etc);
	}
	if (folder >= 0) {
		unlinkat(folder, "etc", AT_REMOVEDIR);
		unlinkat(scratch, name, AT_REMOVEDIR);
		close(folder);
	}
}

/* Removes what processes have left that were killed while they read settings. One reads them at a time. */
static void sweep(const char *scratch)
{
	DIR *folder = opendir(scratch);
	struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		if (strncmp(entry->d_name, FOLDER, strlen(FOLDER)) == 0)
			remove_left(dirfd(folder), entry->d_name);
	}
	if (folder)
		closedir(folder);
}

semanage_handle_t *settings_open(const char *root, const char *scratch, char *why, size_t size)
{
	char folder[PATH_MAX - 64], file[PATH_MAX];
	semanage_handle_t *handle = NULL;

	sweep(scratch);
	snprintf(folder, sizeof(folder), "%s/" FOLDER "XXXXXX", scratch);
	if (!mkdtemp(folder)) {
		snprintf(why, size, "make a folder in %s: %s", scratch, strerror(errno));
		return NULL;
	}
	snprintf(file, sizeof(file), "%s/etc/selinux/semanage.conf", folder);
	if (!folders(folder, true) || !write_settings(root, file))
		snprintf(why, size, "write %s: %s", file, strerror(errno));
	else if (semanage_set_root(folder) != 0 || !(handle = semanage_handle_create()))
		snprintf(why, size, "libsemanage refuses the settings that are made of the node's semanage.conf");
	folders(folder, false);
	if (handle && semanage_set_root(root) != 0)
		snprintf(why, size, "libsemanage takes no root %s", root);
	return handle;
}
