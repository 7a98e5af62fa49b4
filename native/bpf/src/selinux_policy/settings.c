// SPDX-License-Identifier: Apache-2.0
#include "selinux_policy/settings.h"

#include <errno.h>
#include <limits.h>
#include <selinux/selinux.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static bool is_kept(const char *line)
{
	size_t length = strcspn(line, " \t=\n");

	for (const char *const *word = kept; *word; word++) {
		if (strlen(*word) == length && strncmp(*word, line, length) == 0)
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

static bool write_settings(const char *root, const char *file)
{
	char of_node[PATH_MAX];
	FILE *from, *to = fopen(file, "we");

	if (!to)
		return false;
	snprintf(of_node, sizeof(of_node), "%s%ssemanage.conf", root, selinux_path());
	/* A node without the file has the defaults. */
	from = fopen(of_node, "re");
	if (from) {
		copy_kept(from, to);
		fclose(from);
	}
	fputs(OWN, to);
	return fclose(to) == 0;
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

semanage_handle_t *settings_open(const char *root, const char *scratch, char *why, size_t size)
{
	char folder[PATH_MAX - 64], file[PATH_MAX];
	semanage_handle_t *handle = NULL;

	snprintf(folder, sizeof(folder), "%s/.semanage-XXXXXX", scratch);
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
