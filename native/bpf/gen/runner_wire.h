/* Generated from schemas/wire/runner.json by npm run gen. Do not edit. */
/* SPDX-License-Identifier: Apache-2.0 */
/* Between spoc and the program that runs a command under a seccomp filter. Commands go down on file descriptor 3, events come up on 4, one JSON object a line. */
#pragma once

#include <stddef.h>

#include "program/wire.h"

#define RUNNER_PROTOCOL "ac3cb0b0fa2d"

enum runner_arch {
	RUNNER_ARCH_SCMP_ARCH_X86_64,
	RUNNER_ARCH_SCMP_ARCH_X86,
	RUNNER_ARCH_SCMP_ARCH_X32,
	RUNNER_ARCH_SCMP_ARCH_AARCH64,
	RUNNER_ARCH_SCMP_ARCH_ARM,
};

static const char *const runner_arch_words[] __attribute__((unused)) = {
	"SCMP_ARCH_X86_64",
	"SCMP_ARCH_X86",
	"SCMP_ARCH_X32",
	"SCMP_ARCH_AARCH64",
	"SCMP_ARCH_ARM",
	NULL,
};

enum runner_condition_op {
	RUNNER_CONDITION_OP_SCMP_CMP_NE,
	RUNNER_CONDITION_OP_SCMP_CMP_LT,
	RUNNER_CONDITION_OP_SCMP_CMP_LE,
	RUNNER_CONDITION_OP_SCMP_CMP_EQ,
	RUNNER_CONDITION_OP_SCMP_CMP_GE,
	RUNNER_CONDITION_OP_SCMP_CMP_GT,
	RUNNER_CONDITION_OP_SCMP_CMP_MASKED_EQ,
};

static const char *const runner_condition_op_words[] __attribute__((unused)) = {
	"SCMP_CMP_NE",
	"SCMP_CMP_LT",
	"SCMP_CMP_LE",
	"SCMP_CMP_EQ",
	"SCMP_CMP_GE",
	"SCMP_CMP_GT",
	"SCMP_CMP_MASKED_EQ",
	NULL,
};

/* Begin a filter: what happens to calls that no rule is about. */
struct runner_filter {
	int64_t default_action; /* A SECCOMP_RET value with its data. */
	bool log; /* SECCOMP_FILTER_FLAG_LOG: log every action but allow. */
	bool spec_allow; /* SECCOMP_FILTER_FLAG_SPEC_ALLOW: no mitigation of speculative store bypass. */
};

/* An architecture that the filter is for; calls of others are killed. The rules of an architecture follow it. */
struct runner_architecture {
	enum runner_arch name; /* The architecture. */
	int64_t newest; /* Calls with larger numbers get ENOSYS, whatever the rules say; -1 when none does. That of x32 without the bit 0x40000000. */
};

/* A comparison that the next rule makes, on one argument. All conditions of a rule must hold. */
struct runner_condition {
	int64_t index; /* Which argument. */
	enum runner_condition_op op; /* The comparison, in the words of the OCI runtime specification. */
	uint64_t value; /* What is compared with; the mask for SCMP_CMP_MASKED_EQ. */
	uint64_t value_two; /* What the masked argument equals for SCMP_CMP_MASKED_EQ; else 0. */
};

/* What happens to some calls of the last named architecture when the conditions sent since the rule before hold. */
struct runner_rule {
	size_t numbers_count;
	int64_t numbers[1024]; /* Numbers of that architecture; those of x32 without the bit 0x40000000. */
	int64_t action; /* A SECCOMP_RET value with its data. */
};

/* A line that was logged about the profile, to be logged again when the kept filter is used without asking. */
struct runner_note {
	char text[4097]; /* The line, without its time; empty for one that is too long, with which the filter is not kept. */
};

/* Prepare the held command, to run it under the filter. */
struct runner_start {
	int64_t arguments; /* How many of the last arguments are the command. */
	int64_t uid; /* User of the command; -1 to stay. */
	int64_t gid; /* Group of the command; -1 to stay. */
	size_t groups_count;
	int64_t groups[1024]; /* Supplementary groups of the command; not looked at when the user stays. */
	char user[257]; /* Value of the variables USER and LOGNAME of the command; empty to leave them and HOME as they are. */
	char home[4096]; /* Value of the variable HOME of the command; not looked at when the user is empty. */
	char profile[4096]; /* Name of an AppArmor profile, which is in the kernel and the runner's from here on: the command gets it with its execve, and it is taken out when nothing runs under it any more at the end. Empty for none; without one there must be a filter. */
};

/* Let the command begin, which waits since started. The end of the commands without it ends the command. The message release has no fields. */

/* Send a signal to the command, be it waiting or running. */
struct runner_signal {
	int64_t number; /* The signal. */
};

/* Ask the kernel what the filter does with a call that is never executed (program try_syscalls). Answered by outcome. */
struct runner_try {
	enum runner_arch architecture; /* How the call is made. */
	int64_t number; /* The number, for x32 without the bit 0x40000000. */
	uint64_t first; /* Argument 0. */
	uint64_t second; /* Argument 1. */
	uint64_t third; /* Argument 2. */
	uint64_t fourth; /* Argument 3. */
	uint64_t fifth; /* Argument 4. */
	uint64_t sixth; /* Argument 5. */
};

enum runner_command_type {
	RUNNER_FILTER,
	RUNNER_ARCHITECTURE,
	RUNNER_CONDITION,
	RUNNER_RULE,
	RUNNER_NOTE,
	RUNNER_START,
	RUNNER_RELEASE,
	RUNNER_SIGNAL,
	RUNNER_TRY,
};

struct runner_command {
	enum runner_command_type type;
	union {
		struct runner_filter filter;
		struct runner_architecture architecture;
		struct runner_condition condition;
		struct runner_rule rule;
		struct runner_note note;
		struct runner_start start;
		struct runner_signal signal;
		struct runner_try try;
	};
};

/* The first event: what the program speaks. */
static inline void runner_emit_hello(struct wire_writer *out,
		const char *protocol)
{
	wire_begin(out, "hello");
	wire_put_string(out, "protocol", protocol);
	wire_end(out);
}

/* The command is there. It waits for release, and then the filter is installed right before its execve. */
static inline void runner_emit_started(struct wire_writer *out,
		int64_t pid)
{
	wire_begin(out, "started");
	wire_put_integer(out, "pid", pid);
	wire_end(out);
}

/* The command has ended, and others still run under its AppArmor profile, which therefore stays in the kernel. Sent before exited. */
static inline void runner_emit_kept(struct wire_writer *out)
{
	wire_begin(out, "kept");
	wire_end(out);
}

/* The command has ended; nothing follows. */
static inline void runner_emit_exited(struct wire_writer *out,
		int64_t code,
		int64_t signal)
{
	wire_begin(out, "exited");
	wire_put_integer(out, "code", code);
	wire_put_integer(out, "signal", signal);
	wire_end(out);
}

/* Numbers of a foreign architecture that libseccomp has no name for, so that no rule for them was added. Sent once for a rule, before started. */
static inline void runner_emit_unknown(struct wire_writer *out,
		enum runner_arch architecture,
		const int64_t *numbers, size_t numbers_count)
{
	wire_begin(out, "unknown");
	wire_put_string(out, "architecture", runner_arch_words[architecture]);
	wire_put_integers(out, "numbers", numbers, numbers_count);
	wire_end(out);
}

/* What the kernel does with one tried call (program try_syscalls). */
static inline void runner_emit_outcome(struct wire_writer *out,
		int64_t action)
{
	wire_begin(out, "outcome");
	wire_put_integer(out, "action", action);
	wire_end(out);
}

/* The command cannot be run; nothing follows. */
static inline void runner_emit_failed(struct wire_writer *out,
		const char *reason)
{
	wire_begin(out, "failed");
	wire_put_string(out, "reason", reason);
	wire_end(out);
}

static inline void runner_echo_filter(struct wire_writer *out,
		const struct runner_filter *message)
{
	wire_begin(out, "filter");
	wire_put_integer(out, "defaultAction", message->default_action);
	wire_put_boolean(out, "log", message->log);
	wire_put_boolean(out, "specAllow", message->spec_allow);
	wire_end(out);
}

static inline void runner_echo_architecture(struct wire_writer *out,
		const struct runner_architecture *message)
{
	wire_begin(out, "architecture");
	wire_put_string(out, "name", runner_arch_words[message->name]);
	wire_put_integer(out, "newest", message->newest);
	wire_end(out);
}

static inline void runner_echo_condition(struct wire_writer *out,
		const struct runner_condition *message)
{
	wire_begin(out, "condition");
	wire_put_integer(out, "index", message->index);
	wire_put_string(out, "op", runner_condition_op_words[message->op]);
	wire_put_uint64(out, "value", message->value);
	wire_put_uint64(out, "valueTwo", message->value_two);
	wire_end(out);
}

static inline void runner_echo_rule(struct wire_writer *out,
		const struct runner_rule *message)
{
	wire_begin(out, "rule");
	wire_put_integers(out, "numbers", message->numbers, message->numbers_count);
	wire_put_integer(out, "action", message->action);
	wire_end(out);
}

static inline void runner_echo_note(struct wire_writer *out,
		const struct runner_note *message)
{
	wire_begin(out, "note");
	wire_put_string(out, "text", message->text);
	wire_end(out);
}

static inline void runner_echo_start(struct wire_writer *out,
		const struct runner_start *message)
{
	wire_begin(out, "start");
	wire_put_integer(out, "arguments", message->arguments);
	wire_put_integer(out, "uid", message->uid);
	wire_put_integer(out, "gid", message->gid);
	wire_put_integers(out, "groups", message->groups, message->groups_count);
	wire_put_string(out, "user", message->user);
	wire_put_string(out, "home", message->home);
	wire_put_string(out, "profile", message->profile);
	wire_end(out);
}

static inline void runner_echo_signal(struct wire_writer *out,
		const struct runner_signal *message)
{
	wire_begin(out, "signal");
	wire_put_integer(out, "number", message->number);
	wire_end(out);
}

static inline void runner_echo_try(struct wire_writer *out,
		const struct runner_try *message)
{
	wire_begin(out, "try");
	wire_put_string(out, "architecture", runner_arch_words[message->architecture]);
	wire_put_integer(out, "number", message->number);
	wire_put_uint64(out, "first", message->first);
	wire_put_uint64(out, "second", message->second);
	wire_put_uint64(out, "third", message->third);
	wire_put_uint64(out, "fourth", message->fourth);
	wire_put_uint64(out, "fifth", message->fifth);
	wire_put_uint64(out, "sixth", message->sixth);
	wire_end(out);
}

static const struct wire_field runner_filter_fields[] = {
	{ .key = "defaultAction", .kind = WIRE_INTEGER, .offset = offsetof(struct runner_filter, default_action), .minimum = 0LL, .maximum = 4294967295LL },
	{ .key = "log", .kind = WIRE_BOOLEAN, .offset = offsetof(struct runner_filter, log) },
	{ .key = "specAllow", .kind = WIRE_BOOLEAN, .offset = offsetof(struct runner_filter, spec_allow) },
};

static const struct wire_field runner_architecture_fields[] = {
	{ .key = "name", .kind = WIRE_CHOICE, .offset = offsetof(struct runner_architecture, name), .words = runner_arch_words },
	{ .key = "newest", .kind = WIRE_INTEGER, .offset = offsetof(struct runner_architecture, newest), .minimum = -1LL, .maximum = 1073741823LL },
};

static const struct wire_field runner_condition_fields[] = {
	{ .key = "index", .kind = WIRE_INTEGER, .offset = offsetof(struct runner_condition, index), .minimum = 0LL, .maximum = 5LL },
	{ .key = "op", .kind = WIRE_CHOICE, .offset = offsetof(struct runner_condition, op), .words = runner_condition_op_words },
	{ .key = "value", .kind = WIRE_UINT64, .offset = offsetof(struct runner_condition, value) },
	{ .key = "valueTwo", .kind = WIRE_UINT64, .offset = offsetof(struct runner_condition, value_two) },
};

static const struct wire_field runner_rule_fields[] = {
	{ .key = "numbers", .kind = WIRE_INTEGERS, .offset = offsetof(struct runner_rule, numbers), .count_offset = offsetof(struct runner_rule, numbers_count), .capacity = 1024, .minimum = 0LL, .maximum = 2147483647LL },
	{ .key = "action", .kind = WIRE_INTEGER, .offset = offsetof(struct runner_rule, action), .minimum = 0LL, .maximum = 4294967295LL },
};

static const struct wire_field runner_note_fields[] = {
	{ .key = "text", .kind = WIRE_STRING, .offset = offsetof(struct runner_note, text), .capacity = 4096 },
};

static const struct wire_field runner_start_fields[] = {
	{ .key = "arguments", .kind = WIRE_INTEGER, .offset = offsetof(struct runner_start, arguments), .minimum = 1LL, .maximum = 4194304LL },
	{ .key = "uid", .kind = WIRE_INTEGER, .offset = offsetof(struct runner_start, uid), .minimum = -1LL, .maximum = 4294967294LL },
	{ .key = "gid", .kind = WIRE_INTEGER, .offset = offsetof(struct runner_start, gid), .minimum = -1LL, .maximum = 4294967294LL },
	{ .key = "groups", .kind = WIRE_INTEGERS, .offset = offsetof(struct runner_start, groups), .count_offset = offsetof(struct runner_start, groups_count), .capacity = 1024, .minimum = 0LL, .maximum = 4294967294LL },
	{ .key = "user", .kind = WIRE_STRING, .offset = offsetof(struct runner_start, user), .capacity = 256 },
	{ .key = "home", .kind = WIRE_STRING, .offset = offsetof(struct runner_start, home), .capacity = 4095 },
	{ .key = "profile", .kind = WIRE_STRING, .offset = offsetof(struct runner_start, profile), .capacity = 4095 },
};

static const struct wire_field runner_signal_fields[] = {
	{ .key = "number", .kind = WIRE_INTEGER, .offset = offsetof(struct runner_signal, number), .minimum = 1LL, .maximum = 64LL },
};

static const struct wire_field runner_try_fields[] = {
	{ .key = "architecture", .kind = WIRE_CHOICE, .offset = offsetof(struct runner_try, architecture), .words = runner_arch_words },
	{ .key = "number", .kind = WIRE_INTEGER, .offset = offsetof(struct runner_try, number), .minimum = -1LL, .maximum = 2147483647LL },
	{ .key = "first", .kind = WIRE_UINT64, .offset = offsetof(struct runner_try, first) },
	{ .key = "second", .kind = WIRE_UINT64, .offset = offsetof(struct runner_try, second) },
	{ .key = "third", .kind = WIRE_UINT64, .offset = offsetof(struct runner_try, third) },
	{ .key = "fourth", .kind = WIRE_UINT64, .offset = offsetof(struct runner_try, fourth) },
	{ .key = "fifth", .kind = WIRE_UINT64, .offset = offsetof(struct runner_try, fifth) },
	{ .key = "sixth", .kind = WIRE_UINT64, .offset = offsetof(struct runner_try, sixth) },
};

static const struct wire_message runner_commands[] = {
	{ .name = "filter", .fields = runner_filter_fields, .field_count = 3,
	  .offset = offsetof(struct runner_command, filter), .size = sizeof(struct runner_filter) },
	{ .name = "architecture", .fields = runner_architecture_fields, .field_count = 2,
	  .offset = offsetof(struct runner_command, architecture), .size = sizeof(struct runner_architecture) },
	{ .name = "condition", .fields = runner_condition_fields, .field_count = 4,
	  .offset = offsetof(struct runner_command, condition), .size = sizeof(struct runner_condition) },
	{ .name = "rule", .fields = runner_rule_fields, .field_count = 2,
	  .offset = offsetof(struct runner_command, rule), .size = sizeof(struct runner_rule) },
	{ .name = "note", .fields = runner_note_fields, .field_count = 1,
	  .offset = offsetof(struct runner_command, note), .size = sizeof(struct runner_note) },
	{ .name = "start", .fields = runner_start_fields, .field_count = 7,
	  .offset = offsetof(struct runner_command, start), .size = sizeof(struct runner_start) },
	{ .name = "release" },
	{ .name = "signal", .fields = runner_signal_fields, .field_count = 1,
	  .offset = offsetof(struct runner_command, signal), .size = sizeof(struct runner_signal) },
	{ .name = "try", .fields = runner_try_fields, .field_count = 8,
	  .offset = offsetof(struct runner_command, try), .size = sizeof(struct runner_try) },
};

/* Reads a line without its end. Returns false and says why in the fault, when the line is no command. */
static inline bool runner_parse_command(const char *line, size_t length, struct runner_command *command,
		struct wire_fault *fault)
{
	int type = wire_parse(line, length, runner_commands, 9, command, fault);

	if (type < 0)
		return false;
	command->type = (enum runner_command_type)type;
	return true;
}

/* Writes a command back, for the self-test and the fuzzer. */
static inline void runner_echo_command(struct wire_writer *out, const struct runner_command *command)
{
	switch (command->type) {
	case RUNNER_FILTER:
		runner_echo_filter(out, &command->filter);
		break;
	case RUNNER_ARCHITECTURE:
		runner_echo_architecture(out, &command->architecture);
		break;
	case RUNNER_CONDITION:
		runner_echo_condition(out, &command->condition);
		break;
	case RUNNER_RULE:
		runner_echo_rule(out, &command->rule);
		break;
	case RUNNER_NOTE:
		runner_echo_note(out, &command->note);
		break;
	case RUNNER_START:
		runner_echo_start(out, &command->start);
		break;
	case RUNNER_RELEASE:
		wire_begin(out, "release");
		wire_end(out);
		break;
	case RUNNER_SIGNAL:
		runner_echo_signal(out, &command->signal);
		break;
	case RUNNER_TRY:
		runner_echo_try(out, &command->try);
		break;
	}
}

/* Writes one of each event, with the values that are the hardest to carry. */
static inline void runner_emit_samples(struct wire_writer *out)
{
	runner_emit_hello(out, "\x01\"\\\x7f\xc3\xa9\xff");
	runner_emit_started(out, 4194304LL);
	runner_emit_kept(out);
	runner_emit_exited(out, 255LL, 64LL);
	runner_emit_unknown(out, RUNNER_ARCH_SCMP_ARCH_ARM, (const int64_t[]){ 0LL, 2147483647LL }, 2);
	runner_emit_outcome(out, 4294967295LL);
	runner_emit_failed(out, "\x01\"\\\x7f\xc3\xa9\xff");
}

/* Writes one of each event, then every command that comes in, as it was understood: for a test that needs no kernel. */
static inline void runner_test_self(struct wire_lines *in, struct wire_writer *out)
{
	static struct runner_command command;
	struct wire_fault fault;
	const char *line;
	size_t length;

	runner_emit_samples(out);
	do {
		while (wire_next_line(in, &line, &length) == WIRE_LINE) {
			if (runner_parse_command(line, length, &command, &fault))
				runner_echo_command(out, &command);
			else
				runner_emit_failed(out, fault.text);
		}
	} while (wire_fill(in) != WIRE_CLOSED);
}
