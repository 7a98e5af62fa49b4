// SPDX-License-Identifier: Apache-2.0
/*
 * The init container of the daemon: what needs root on a node, done once, so that everything after it can do without.
 * Makes the directories and gives them to user 65535, links the kubelet's directory to ours, and copies our own
 * profiles. Every step may be repeated. Its inputs come in the environment; it reads no network and starts
 * nothing.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "enabler/hand_over.h"
#include "enabler/host_files.h"
#include "enabler/say.h"

/*
 * The operator's directory on a node; the link to it in <kubelet>/seccomp; the file in it that names the kubelet's
 * directory.
 */
#define OPERATOR_ROOT "/var/lib/security-profiles-operator"
#define LINK_NAME "operator"
#define KUBELET_CONFIG "kubelet-config.json"

/* A ConfigMap, from which our profiles come, holds no more. */
#define PROFILE_SIZE_MAX (1 << 20)

static struct {
	const char *mount;                    /* The node's root as we see it. */
	const char *profiles;                 /* The directory with our own profiles. */
	const char *audit_log;                /* The directory for the JSON enricher's file; NULL where it writes none. */
	char kubelet[PATH_MAX];               /* The kubelet's directory, on the node. */
	char seccomp[PATH_MAX + 16];          /* Its directory of profiles. */
	bool by_node;                         /* A label of the node says which directory that is. */
	char text[PROFILE_SIZE_MAX + 1];      /* The file that is being copied. */
} self;

/*
 * Reads a whole regular file. Returns its length, or -1 with errno, which is EFBIG for one that is larger than the
 * room.
 */
static ssize_t read_file(int directory, const char *name, int flags, char *room, size_t size)
{
	/* Not to be kept waiting by a pipe of that name. */
	const int file = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags);
	size_t length = 0;
	ssize_t count = -1;
	struct stat stats;

	if (file < 0)
		return -1;
	if (fstat(file, &stats) == 0 && !S_ISREG(stats.st_mode))
		errno = EINVAL;
	else {
		while (length < size && (count = read(file, room + length, size - length)) > 0)
			length += (size_t)count;
		if (count > 0)
			errno = EFBIG;
	}
	close(file);
	return count == 0 ? (ssize_t)length : -1;
}

/* Where nodes have directories of their own, the container before us has asked for that of this one. */
static bool read_kubelet_directory(void)
{
	const char *file = getenv("KUBELET_DIR_FILE");
	ssize_t length;

	if (!file)
		return host_complain("KUBELET_DIR_FILE must name the file with the kubelet's directory");
	length = read_file(AT_FDCWD, file, O_NOFOLLOW, self.kubelet, sizeof(self.kubelet) - 1);
	if (length < 0)
		return host_complain("%s cannot be read: %s", file, strerror(errno));
	self.kubelet[length] = '\0';
	if ((size_t)length != strlen(self.kubelet) || !host_is_clean(self.kubelet))
		return host_complain("%s must hold an absolute directory without . and ..", file);
	return true;
}

static bool read_environment(void)
{
	const char *by_node = getenv("KUBELET_DIR_FROM_NODE");
	const char *kubelet = getenv("KUBELET_DIR");

	self.mount = getenv("HOST_MOUNT");
	self.profiles = getenv("OWN_PROFILES");
	self.audit_log = getenv("AUDIT_LOG_DIR");
	if (!self.mount || !self.profiles)
		return host_complain("HOST_MOUNT must name the directory of the node, OWN_PROFILES that of our own profiles");
	self.by_node = by_node && strcmp(by_node, "true") == 0;
	if (self.by_node) {
		if (!read_kubelet_directory())
			return false;
	} else if (kubelet && host_is_clean(kubelet)) {
		strcpy(self.kubelet, kubelet);
	} else {
		return host_complain("KUBELET_DIR must be an absolute directory without . and ..");
	}
	if (self.audit_log && !host_is_clean(self.audit_log))
		return host_complain("AUDIT_LOG_DIR must be an absolute directory without . and ..");
	snprintf(self.seccomp, sizeof(self.seccomp), "%s/seccomp", self.kubelet);
	return true;
}

static bool write_kubelet_config(int operator_root)
{
	const int length = snprintf(self.text, sizeof(self.text), "{\"kubeletDir\":\"%s\"}", self.kubelet);

	return host_replace(operator_root, OPERATOR_ROOT, KUBELET_CONFIG, self.text, (size_t)length);
}

static bool prepare_operator_root(int root)
{
	const int operator_root = host_own_directory(root, OPERATOR_ROOT);
	bool good;

	if (operator_root < 0)
		return false;
	good = host_hand_over(operator_root, OPERATOR_ROOT) && write_kubelet_config(operator_root);
	if (good)
		SAY("directory %s belongs to %d", OPERATOR_ROOT, HOST_OWNER);
	close(operator_root);
	return good;
}

/*
 * Our profiles, and no others: the directory that they come to holds those of the node's administrator, too, and the
 * manager, which has written the ConfigMap, could put anything in their place.
 */
static int is_profile(const struct dirent *entry)
{
	return strcmp(entry->d_name, "security-profiles-operator.json") == 0 || strcmp(entry->d_name, "bpf-recorder.json") == 0;
}

/* The files of a ConfigMap are links in its own directory, which the kubelet makes. */
static bool copy_profile(int from, int to, const char *name)
{
	const ssize_t length = read_file(from, name, 0, self.text, sizeof(self.text));

	if (length < 0)
		return host_complain("our own profile %s/%s cannot be read: %s", self.profiles, name, strerror(errno));
	if (!host_replace(to, self.seccomp, name, self.text, (size_t)length))
		return false;
	SAY("profile %s/%s is in place", self.seccomp, name);
	return true;
}

static bool copy_profiles(int to)
{
	const int from = open(self.profiles, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent **entries = NULL;
	const int count = from < 0 ? -1 : scandirat(from, ".", &entries, is_profile, alphasort);
	bool good = count >= 0;

	if (!good)
		host_complain("our own profiles cannot be read from %s: %s", self.profiles, strerror(errno));
	for (int i = 0; i < count; i++) {
		good = good && copy_profile(from, to, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	if (from >= 0)
		close(from);
	return good;
}

static bool prepare_kubelet(int root)
{
	int seccomp;
	bool good;

	/* Labels are set by many, and what is made below the directory is given away. */
	if (self.by_node && !host_is_kubelet(root, self.kubelet))
		return false;
	seccomp = host_own_directory(root, self.seccomp);
	if (seccomp < 0)
		return false;
	good = host_link(seccomp, self.seccomp, LINK_NAME, OPERATOR_ROOT);
	if (good)
		SAY("link %s/%s leads to %s", self.seccomp, LINK_NAME, OPERATOR_ROOT);
	good = good && copy_profiles(seccomp);
	close(seccomp);
	return good;
}

static bool prepare_audit_log(int root)
{
	const int folder = self.audit_log ? host_own_directory(root, self.audit_log) : -1;

	if (folder < 0)
		return !self.audit_log;
	SAY("directory %s belongs to %d", self.audit_log, HOST_OWNER);
	close(folder);
	return true;
}

static bool prepare(void)
{
	const int root = open(self.mount, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good;

	if (root < 0)
		return host_complain("the node cannot be seen at %s: %s", self.mount, strerror(errno));
	good = prepare_operator_root(root) && prepare_kubelet(root) && prepare_audit_log(root);
	close(root);
	return good;
}

int main(void)
{
	umask(022);
	return read_environment() && prepare() ? EXIT_SUCCESS : EXIT_FAILURE;
}
