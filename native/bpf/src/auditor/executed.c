// SPDX-License-Identifier: Apache-2.0
#include "auditor/executed.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "executed.lskel.h"

int executed_open(struct executed *executed)
{
	struct executed_bpf *skeleton = executed_bpf__open();
	int error;

	executed->map = -1;
	if (!skeleton)
		return ENOMEM;
	error = executed_bpf__load(skeleton);
	if (!error)
		error = executed_bpf__attach(skeleton);
	/* The skeleton's attach gives the last link's file descriptor. */
	if (error < 0) {
		executed_bpf__destroy(skeleton);
		return -error;
	}
	executed->map = skeleton->maps.executed.map_fd;
	executed->skeleton = skeleton;
	return 0;
}

bool executed_find(const struct executed *executed, pid_t pid, struct executed_program *program)
{
	__u32 key = (__u32)pid;
	union bpf_attr attributes = {
		.map_fd = (__u32)executed->map,
		.key = (__u64)(uintptr_t)&key,
		.value = (__u64)(uintptr_t)program,
	};

	return executed->map >= 0 && syscall(SYS_bpf, BPF_MAP_LOOKUP_ELEM, &attributes, sizeof(attributes)) == 0;
}

static bool is_of_id(char letter)
{
	return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
	       letter == '-';
}

/* The value of a variable that stands at `at`; its length, 0 where another one stands there or it is no id. */
static size_t value_of(const char *at, const char *end, const char *name, const char **value)
{
	size_t length = strlen(name);
	const char *last;

	if ((size_t)(end - at) <= length || memcmp(at, name, length) != 0)
		return 0;
	*value = at + length;
	for (last = *value; last < end && is_of_id(*last); last++)
		;
	/* One that the end of the piece cuts off is none. */
	return last < end && *last == '\0' ? (size_t)(last - *value) : 0;
}

size_t executed_request(const struct executed_program *program, const char **request)
{
	static const char *const names[] = { "SPO_EXEC_REQUEST_UID=", "KUBERNETES_EXEC_AUDIT_ID=" };
	const char *end = program->environment + program->environment_length;

	for (size_t name = 0; name < sizeof(names) / sizeof(names[0]); name++) {
		for (const char *at = program->environment; at && at < end;) {
			size_t length = value_of(at, end, names[name], request);

			if (length > 0)
				return length;
			at = memchr(at, '\0', (size_t)(end - at));
			at = at ? at + 1 : NULL;
		}
	}
	return 0;
}
