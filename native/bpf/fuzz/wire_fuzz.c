// SPDX-License-Identifier: Apache-2.0
/*
 * Feeds lines to the parsers of all protocols. An accepted line is written, read and written again: both texts must be
 * the same, or the writer and the reader do not mean the same language.
 */
#include <stdlib.h>
#include <string.h>

#include "container_recorder_wire.h"
#include "recorder_wire.h"
#include "runner_wire.h"
#include "selinux_policy_wire.h"

static struct wire_writer first = { .fd = -1 };
static struct wire_writer second = { .fd = -1 };

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static void try_recorder(const char *line, size_t length)
{
	static struct recorder_command command;
	struct wire_fault fault;

	if (!recorder_parse_command(line, length, &command, &fault)) {
		demand(strnlen(fault.text, sizeof(fault.text)) < sizeof(fault.text));
		return;
	}
	recorder_echo_command(&first, &command);
	demand(!first.broken && recorder_parse_command(first.bytes, first.used - 1, &command, &fault));
	recorder_echo_command(&second, &command);
	demand(first.used == second.used && memcmp(first.bytes, second.bytes, first.used) == 0);
}

static void try_runner(const char *line, size_t length)
{
	static struct runner_command command;
	struct wire_fault fault;

	if (!runner_parse_command(line, length, &command, &fault)) {
		demand(strnlen(fault.text, sizeof(fault.text)) < sizeof(fault.text));
		return;
	}
	runner_echo_command(&first, &command);
	demand(!first.broken && runner_parse_command(first.bytes, first.used - 1, &command, &fault));
	runner_echo_command(&second, &command);
	demand(first.used == second.used && memcmp(first.bytes, second.bytes, first.used) == 0);
}

static void try_container_recorder(const char *line, size_t length)
{
	static struct container_recorder_command command;
	struct wire_fault fault;

	if (!container_recorder_parse_command(line, length, &command, &fault)) {
		demand(strnlen(fault.text, sizeof(fault.text)) < sizeof(fault.text));
		return;
	}
	container_recorder_echo_command(&first, &command);
	demand(!first.broken && container_recorder_parse_command(first.bytes, first.used - 1, &command, &fault));
	container_recorder_echo_command(&second, &command);
	demand(first.used == second.used && memcmp(first.bytes, second.bytes, first.used) == 0);
}

static void try_selinux_policy(const char *line, size_t length)
{
	static struct selinux_policy_command command;
	struct wire_fault fault;

	if (!selinux_policy_parse_command(line, length, &command, &fault)) {
		demand(strnlen(fault.text, sizeof(fault.text)) < sizeof(fault.text));
		return;
	}
	selinux_policy_echo_command(&first, &command);
	demand(!first.broken && selinux_policy_parse_command(first.bytes, first.used - 1, &command, &fault));
	selinux_policy_echo_command(&second, &command);
	demand(first.used == second.used && memcmp(first.bytes, second.bytes, first.used) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	try_recorder((const char *)data, size);
	try_runner((const char *)data, size);
	try_container_recorder((const char *)data, size);
	try_selinux_policy((const char *)data, size);
	return 0;
}
