/* Generated from schemas/wire/recorder.json by npm run gen. Do not edit. */
/* SPDX-License-Identifier: Apache-2.0 */
/* Between spoc and the program that records system calls. Commands go down on file descriptor 3, events come up on 4, one JSON object a line. */
#pragma once

#include <stddef.h>

#include "program/wire.h"

#define RECORDER_PROTOCOL "be98f2bb57a1"

enum recorder_arch {
	RECORDER_ARCH_SCMP_ARCH_X86_64,
	RECORDER_ARCH_SCMP_ARCH_X86,
	RECORDER_ARCH_SCMP_ARCH_X32,
	RECORDER_ARCH_SCMP_ARCH_AARCH64,
	RECORDER_ARCH_SCMP_ARCH_ARM,
};

static const char *const recorder_arch_words[] __attribute__((unused)) = {
	"SCMP_ARCH_X86_64",
	"SCMP_ARCH_X86",
	"SCMP_ARCH_X32",
	"SCMP_ARCH_AARCH64",
	"SCMP_ARCH_ARM",
	NULL,
};

enum recorder_lost_reason {
	RECORDER_LOST_REASON_PROCESS,
	RECORDER_LOST_REASON_NUMBER,
	RECORDER_LOST_REASON_TRACE,
	RECORDER_LOST_REASON_RECORD,
};

static const char *const recorder_lost_reason_words[] __attribute__((unused)) = {
	"process",
	"number",
	"trace",
	"record",
	NULL,
};

/* Note who makes which calls how often, too. Sent before start or watch. */
struct recorder_trace {
	size_t arguments_count;
	int64_t arguments[256]; /* Calls of the machine's own architecture whose arguments are noted besides: 64 times the number, and the mask of the arguments. */
};

/* Prepare the held command, to record it and its descendants. */
struct recorder_start {
	int64_t arguments; /* How many of the last arguments are the command. */
	int64_t uid; /* User of the command; -1 to stay. */
	int64_t gid; /* Group of the command; -1 to stay. */
	size_t groups_count;
	int64_t groups[1024]; /* Supplementary groups of the command; not looked at when the user stays. */
	char user[257]; /* Value of the variables USER and LOGNAME of the command; empty to leave them and HOME as they are. */
	char home[4096]; /* Value of the variable HOME of the command; not looked at when the user is empty. */
	char profile[4096]; /* Name of an AppArmor profile in complain mode, which is in the kernel and the recorder's from here on: the command gets it with its execve, its records are told, and it is taken out at the end. Empty for none. */
};

/* Let the command begin, which waits since started. The end of the commands without it ends the command. The message release has no fields. */

/* Send a signal to the command, be it waiting or running. */
struct recorder_signal {
	int64_t number; /* The signal. */
};

/* Start nothing; record the processes of a name, running or to come, and their descendants, until stop. */
struct recorder_watch {
	char name[256]; /* The name as in /proc/PID/comm, of which the kernel keeps 15 bytes, or of the executable file. */
	char profile[4096]; /* Name of an AppArmor profile in complain mode, which is in the kernel and the recorder's from here on: its records are told, and it is taken out at the end. Empty for none. */
};

/* Send what was seen so far; the recording goes on. The message read has no fields. */

/* Send what was seen and end at once; the command and its descendants go on unrecorded, and a command that still waits is ended. The message stop has no fields. */

enum recorder_command_type {
	RECORDER_TRACE,
	RECORDER_START,
	RECORDER_RELEASE,
	RECORDER_SIGNAL,
	RECORDER_WATCH,
	RECORDER_READ,
	RECORDER_STOP,
};

struct recorder_command {
	enum recorder_command_type type;
	union {
		struct recorder_trace trace;
		struct recorder_start start;
		struct recorder_signal signal;
		struct recorder_watch watch;
	};
};

/* The first event: what the program speaks. */
static inline void recorder_emit_hello(struct wire_writer *out,
		const char *protocol)
{
	wire_begin(out, "hello");
	wire_put_string(out, "protocol", protocol);
	wire_end(out);
}

/* The command is there. It waits for release right before its execve, from which on it is recorded. */
static inline void recorder_emit_started(struct wire_writer *out,
		int64_t pid)
{
	wire_begin(out, "started");
	wire_put_integer(out, "pid", pid);
	wire_end(out);
}

/* Processes of the watched name are recorded from here on. */
static inline void recorder_emit_watching(struct wire_writer *out,
		int64_t running)
{
	wire_begin(out, "watching");
	wire_put_integer(out, "running", running);
	wire_end(out);
}

/* The system calls that were seen since the start, for one architecture. Sent for each architecture that made any, when the recording ends and at each read. */
static inline void recorder_emit_syscalls(struct wire_writer *out,
		enum recorder_arch architecture,
		const int64_t *numbers, size_t numbers_count)
{
	wire_begin(out, "syscalls");
	wire_put_string(out, "architecture", recorder_arch_words[architecture]);
	wire_put_integers(out, "numbers", numbers, numbers_count);
	wire_end(out);
}

/* Calls of one sort: of one number, by one executable, with the same of those arguments that are noted. Sent after syscalls, and only when a trace was asked for. */
static inline void recorder_emit_traced(struct wire_writer *out,
		enum recorder_arch architecture,
		int64_t number,
		const char *executable,
		int64_t noted,
		uint64_t argument0,
		uint64_t argument1,
		uint64_t argument2,
		uint64_t argument3,
		uint64_t argument4,
		uint64_t argument5,
		uint64_t count,
		uint64_t first,
		uint64_t last)
{
	wire_begin(out, "traced");
	wire_put_string(out, "architecture", recorder_arch_words[architecture]);
	wire_put_integer(out, "number", number);
	wire_put_string(out, "executable", executable);
	wire_put_integer(out, "noted", noted);
	wire_put_uint64(out, "argument0", argument0);
	wire_put_uint64(out, "argument1", argument1);
	wire_put_uint64(out, "argument2", argument2);
	wire_put_uint64(out, "argument3", argument3);
	wire_put_uint64(out, "argument4", argument4);
	wire_put_uint64(out, "argument5", argument5);
	wire_put_uint64(out, "count", count);
	wire_put_uint64(out, "first", first);
	wire_put_uint64(out, "last", last);
	wire_end(out);
}

/* The kernel's audit record of an access that the profile of start or watch does not allow, or of a program that ran within it. */
static inline void recorder_emit_access(struct wire_writer *out,
		const char *text)
{
	wire_begin(out, "access");
	wire_put_string(out, "text", text);
	wire_end(out);
}

/* What the recording lacks. Sent after syscalls, and only when there is any. */
static inline void recorder_emit_lost(struct wire_writer *out,
		enum recorder_lost_reason reason,
		uint64_t count)
{
	wire_begin(out, "lost");
	wire_put_string(out, "reason", recorder_lost_reason_words[reason]);
	wire_put_uint64(out, "count", count);
	wire_end(out);
}

/* The command has ended, and others of its tree still run. The recording goes on until they end or until stop. */
static inline void recorder_emit_orphans(struct wire_writer *out,
		int64_t count)
{
	wire_begin(out, "orphans");
	wire_put_integer(out, "count", count);
	wire_end(out);
}

/* Processes of the tree, or of the watched name, that live when the hooks are taken away: what they do from then on is not recorded. Sent before the last complete, and only when there are any. */
static inline void recorder_emit_left(struct wire_writer *out,
		int64_t count)
{
	wire_begin(out, "left");
	wire_put_integer(out, "count", count);
	wire_end(out);
}

/* The command has ended. */
static inline void recorder_emit_exited(struct wire_writer *out,
		int64_t code,
		int64_t signal)
{
	wire_begin(out, "exited");
	wire_put_integer(out, "code", code);
	wire_put_integer(out, "signal", signal);
	wire_end(out);
}

/* A signal has asked the program to end (only where the launcher has started it). */
static inline void recorder_emit_interrupt(struct wire_writer *out,
		int64_t signal,
		bool terminal)
{
	wire_begin(out, "interrupt");
	wire_put_integer(out, "signal", signal);
	wire_put_boolean(out, "terminal", terminal);
	wire_end(out);
}

/* The answer to a read or a stop, or the end of the tree, has been sent in full. */
static inline void recorder_emit_complete(struct wire_writer *out,
		bool final)
{
	wire_begin(out, "complete");
	wire_put_boolean(out, "final", final);
	wire_end(out);
}

/* The recording is not possible; nothing follows. */
static inline void recorder_emit_failed(struct wire_writer *out,
		const char *reason)
{
	wire_begin(out, "failed");
	wire_put_string(out, "reason", reason);
	wire_end(out);
}

static inline void recorder_echo_trace(struct wire_writer *out,
		const struct recorder_trace *message)
{
	wire_begin(out, "trace");
	wire_put_integers(out, "arguments", message->arguments, message->arguments_count);
	wire_end(out);
}

static inline void recorder_echo_start(struct wire_writer *out,
		const struct recorder_start *message)
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

static inline void recorder_echo_signal(struct wire_writer *out,
		const struct recorder_signal *message)
{
	wire_begin(out, "signal");
	wire_put_integer(out, "number", message->number);
	wire_end(out);
}

static inline void recorder_echo_watch(struct wire_writer *out,
		const struct recorder_watch *message)
{
	wire_begin(out, "watch");
	wire_put_string(out, "name", message->name);
	wire_put_string(out, "profile", message->profile);
	wire_end(out);
}

static const struct wire_field recorder_trace_fields[] = {
	{ .key = "arguments", .kind = WIRE_INTEGERS, .offset = offsetof(struct recorder_trace, arguments), .count_offset = offsetof(struct recorder_trace, arguments_count), .capacity = 256, .minimum = 0LL, .maximum = 65535LL },
};

static const struct wire_field recorder_start_fields[] = {
	{ .key = "arguments", .kind = WIRE_INTEGER, .offset = offsetof(struct recorder_start, arguments), .minimum = 1LL, .maximum = 4194304LL },
	{ .key = "uid", .kind = WIRE_INTEGER, .offset = offsetof(struct recorder_start, uid), .minimum = -1LL, .maximum = 4294967294LL },
	{ .key = "gid", .kind = WIRE_INTEGER, .offset = offsetof(struct recorder_start, gid), .minimum = -1LL, .maximum = 4294967294LL },
	{ .key = "groups", .kind = WIRE_INTEGERS, .offset = offsetof(struct recorder_start, groups), .count_offset = offsetof(struct recorder_start, groups_count), .capacity = 1024, .minimum = 0LL, .maximum = 4294967294LL },
	{ .key = "user", .kind = WIRE_STRING, .offset = offsetof(struct recorder_start, user), .capacity = 256 },
	{ .key = "home", .kind = WIRE_STRING, .offset = offsetof(struct recorder_start, home), .capacity = 4095 },
	{ .key = "profile", .kind = WIRE_STRING, .offset = offsetof(struct recorder_start, profile), .capacity = 4095 },
};

static const struct wire_field recorder_signal_fields[] = {
	{ .key = "number", .kind = WIRE_INTEGER, .offset = offsetof(struct recorder_signal, number), .minimum = 1LL, .maximum = 64LL },
};

static const struct wire_field recorder_watch_fields[] = {
	{ .key = "name", .kind = WIRE_STRING, .offset = offsetof(struct recorder_watch, name), .capacity = 255 },
	{ .key = "profile", .kind = WIRE_STRING, .offset = offsetof(struct recorder_watch, profile), .capacity = 4095 },
};

static const struct wire_message recorder_commands[] = {
	{ .name = "trace", .fields = recorder_trace_fields, .field_count = 1,
	  .offset = offsetof(struct recorder_command, trace), .size = sizeof(struct recorder_trace) },
	{ .name = "start", .fields = recorder_start_fields, .field_count = 7,
	  .offset = offsetof(struct recorder_command, start), .size = sizeof(struct recorder_start) },
	{ .name = "release" },
	{ .name = "signal", .fields = recorder_signal_fields, .field_count = 1,
	  .offset = offsetof(struct recorder_command, signal), .size = sizeof(struct recorder_signal) },
	{ .name = "watch", .fields = recorder_watch_fields, .field_count = 2,
	  .offset = offsetof(struct recorder_command, watch), .size = sizeof(struct recorder_watch) },
	{ .name = "read" },
	{ .name = "stop" },
};

/* Reads a line without its end. Returns false and says why in the fault, when the line is no command. */
static inline bool recorder_parse_command(const char *line, size_t length, struct recorder_command *command,
		struct wire_fault *fault)
{
	int type = wire_parse(line, length, recorder_commands, 7, command, fault);

	if (type < 0)
		return false;
	command->type = (enum recorder_command_type)type;
	return true;
}

/* Writes a command back, for the self-test and the fuzzer. */
static inline void recorder_echo_command(struct wire_writer *out, const struct recorder_command *command)
{
	switch (command->type) {
	case RECORDER_TRACE:
		recorder_echo_trace(out, &command->trace);
		break;
	case RECORDER_START:
		recorder_echo_start(out, &command->start);
		break;
	case RECORDER_RELEASE:
		wire_begin(out, "release");
		wire_end(out);
		break;
	case RECORDER_SIGNAL:
		recorder_echo_signal(out, &command->signal);
		break;
	case RECORDER_WATCH:
		recorder_echo_watch(out, &command->watch);
		break;
	case RECORDER_READ:
		wire_begin(out, "read");
		wire_end(out);
		break;
	case RECORDER_STOP:
		wire_begin(out, "stop");
		wire_end(out);
		break;
	}
}

/* Writes one of each event, with the values that are the hardest to carry. */
static inline void recorder_emit_samples(struct wire_writer *out)
{
	recorder_emit_hello(out, "\x01\"\\\x7f\xc3\xa9\xff");
	recorder_emit_started(out, 4194304LL);
	recorder_emit_watching(out, 4194304LL);
	recorder_emit_syscalls(out, RECORDER_ARCH_SCMP_ARCH_ARM, (const int64_t[]){ 0LL, 2147483647LL }, 2);
	recorder_emit_traced(out, RECORDER_ARCH_SCMP_ARCH_ARM, 2147483647LL, "\x01\"\\\x7f\xc3\xa9\xff", 63LL, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX);
	recorder_emit_access(out, "\x01\"\\\x7f\xc3\xa9\xff");
	recorder_emit_lost(out, RECORDER_LOST_REASON_RECORD, UINT64_MAX);
	recorder_emit_orphans(out, 4194304LL);
	recorder_emit_left(out, 4194304LL);
	recorder_emit_exited(out, 255LL, 64LL);
	recorder_emit_interrupt(out, 64LL, true);
	recorder_emit_complete(out, true);
	recorder_emit_failed(out, "\x01\"\\\x7f\xc3\xa9\xff");
}

/* Writes one of each event, then every command that comes in, as it was understood: for a test that needs no kernel. */
static inline void recorder_test_self(struct wire_lines *in, struct wire_writer *out)
{
	static struct recorder_command command;
	struct wire_fault fault;
	const char *line;
	size_t length;

	recorder_emit_samples(out);
	do {
		while (wire_next_line(in, &line, &length) == WIRE_LINE) {
			if (recorder_parse_command(line, length, &command, &fault))
				recorder_echo_command(out, &command);
			else
				recorder_emit_failed(out, fault.text);
		}
	} while (wire_fill(in) != WIRE_CLOSED);
}
