// SPDX-License-Identifier: Apache-2.0
/*
 * Puts a compiled AppArmor profile into the kernel, or takes one out: the privileged part of the daemon, with two
 * capabilities of its file. MAC_ADMIN changes policy. SETGID lets it join the group root, and is given away then: the
 * kernel lets only root or that group look at policy at all. Started by Node.js for each change; it reads a policy from
 * standard input.
 *
 *   apparmor_loader SECURITYFS load NAME      a profile that is not there yet
 *   apparmor_loader SECURITYFS replace NAME   one that is ours, whether it is there or not
 *   apparmor_loader SECURITYFS remove NAME
 *   apparmor_loader SECURITYFS list           every profile of the kernel, a line each, as the kernel has it
 *
 * SECURITYFS is where the node's securityfs is. Ends with a status of enum outcome, and where that is not 0 with a
 * sentence on standard error.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "apparmor_loader/policy.h"

/* A status that a caller tells apart. */
enum outcome {
	DONE = 0,
	FAILED = 1,
	MISUSED = 2,
	REFUSED = 3, /* The policy is not what it should be. */
	FOREIGN = 4, /* A profile of that name is there already. */
	ABSENT = 5, /* No profile of that name is there. */
};

/* The largest policy: the largest that was seen, with all that one object may hold, has a tenth of it. */
#define POLICY_MAX (16 << 20)

/* The names of Kubernetes' objects are no longer. */
#define NAME_LENGTH_MAX 253

static unsigned char policy[POLICY_MAX + 1];

static int complain(enum outcome outcome, const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why);
	return outcome;
}

/* Only names of Kubernetes' objects: no other profile of the node can be meant, and none of a namespace of AppArmor. */
static bool is_name(const char *name)
{
	const size_t length = strlen(name);
	const char *allowed = "-.0123456789abcdefghijklmnopqrstuvwxyz";

	return length > 0 && length <= NAME_LENGTH_MAX && strspn(name, allowed) == length && name[0] != '.' && name[0] != '-';
}

/* Opens a file of AppArmor's in securityfs. Returns -1 with errno. */
static int open_file(const char *securityfs, const char *name, int flags)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/apparmor/%s", securityfs, name) >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(path, flags | O_CLOEXEC);
}

static int read_policy(size_t *length)
{
	ssize_t count;

	*length = 0;
	while ((count = read(STDIN_FILENO, policy + *length, sizeof(policy) - *length)) > 0)
		*length += (size_t)count;
	if (count < 0)
		return complain(FAILED, "the compiled policy cannot be read", strerror(errno));
	if (*length > POLICY_MAX)
		return complain(REFUSED, "the compiled policy is refused", "it has more than 16 MiB");
	return DONE;
}

/* The kernel takes what comes in one call, as a whole or not at all. Returns 0 or an errno. */
static int hand_over(const char *securityfs, const char *file, const void *bytes, size_t length)
{
	const int out = open_file(securityfs, file, O_WRONLY);
	int error = 0;

	if (out < 0)
		return errno;
	if (write(out, bytes, length) != (ssize_t)length)
		error = errno;
	close(out);
	return error;
}

static int put(const char *securityfs, const char *file, const char *name)
{
	struct policy_fault fault;
	size_t length;
	int status = read_policy(&length);

	if (status != DONE)
		return status;
	if (!policy_is_of(policy, length, name, &fault))
		return complain(REFUSED, name, fault.text);
	switch (errno = hand_over(securityfs, file, policy, length)) {
	case 0:
		return DONE;
	case EEXIST:
		return complain(FOREIGN, name, "a profile of this name is in the kernel already");
	case EPROTO:
	case EPROTONOSUPPORT:
	case EBADMSG:
		return complain(REFUSED, name, "the kernel does not understand the compiled policy");
	default:
		return complain(FAILED, name, strerror(errno));
	}
}

static int take_out(const char *securityfs, const char *name)
{
	switch (errno = hand_over(securityfs, ".remove", name, strlen(name))) {
	case 0:
		return DONE;
	case ENOENT:
		return complain(ABSENT, name, "no profile of this name is in the kernel");
	default:
		return complain(FAILED, name, strerror(errno));
	}
}

static int list(const char *securityfs)
{
	const int in = open_file(securityfs, "profiles", O_RDONLY);
	ssize_t count = -1;

	if (in >= 0) {
		while ((count = read(in, policy, sizeof(policy))) > 0) {
			if (fwrite(policy, 1, (size_t)count, stdout) != (size_t)count)
				break;
		}
		close(in);
	}
	if (count == 0 && fflush(stdout) == 0)
		return DONE;
	return complain(FAILED, "the profiles of the kernel cannot be listed", strerror(errno));
}

/* Keeps one capability, if it has it: what follows works on input of strangers. */
static bool keep_mac_admin(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
	struct __user_cap_data_struct kept[_LINUX_CAPABILITY_U32S_3] = {};
	const int index = CAP_TO_INDEX(CAP_MAC_ADMIN);

	if (syscall(SYS_capget, &header, data) != 0)
		return false;
	kept[index].permitted = data[index].permitted & CAP_TO_MASK(CAP_MAC_ADMIN);
	kept[index].effective = kept[index].permitted;
	return syscall(SYS_capset, &header, kept) == 0;
}

/* Without the right to it the kernel will refuse what follows, and say so. */
static bool join_group_root(void)
{
	if (getegid() != 0 && setresgid(0, 0, 0) != 0 && errno != EPERM)
		return false;
	return keep_mac_admin();
}

int main(int argc, char **argv)
{
	const char *verb = argc > 2 ? argv[2] : "";

	if (!join_group_root())
		return complain(FAILED, "the group root cannot be joined", strerror(errno));
	if (argc == 3 && strcmp(verb, "list") == 0)
		return list(argv[1]);
	if (argc != 4)
		return complain(MISUSED, "usage", "apparmor_loader SECURITYFS list | load NAME | replace NAME | remove NAME");
	if (!is_name(argv[3]))
		return complain(MISUSED, argv[3], "is no name of an object");
	if (strcmp(verb, "load") == 0)
		return put(argv[1], ".load", argv[3]);
	if (strcmp(verb, "replace") == 0)
		return put(argv[1], ".replace", argv[3]);
	if (strcmp(verb, "remove") == 0)
		return take_out(argv[1], argv[3]);
	return complain(MISUSED, verb, "is nothing that can be done");
}
