/* Generated from schemas/wire/container-recorder.json by npm run gen. Do not edit. */
/* SPDX-License-Identifier: Apache-2.0 */
/* Between the process bpf-recorder and the program that records system calls of containers. Commands go down on file descriptor 3, events come up on 4, one JSON object a line. */
#pragma once

#include <stddef.h>

#include "program/wire.h"

#define CONTAINER_RECORDER_PROTOCOL "c33481048bef"

enum container_recorder_arch {
	CONTAINER_RECORDER_ARCH_SCMP_ARCH_X86_64,
	CONTAINER_RECORDER_ARCH_SCMP_ARCH_X86,
	CONTAINER_RECORDER_ARCH_SCMP_ARCH_X32,
	CONTAINER_RECORDER_ARCH_SCMP_ARCH_AARCH64,
	CONTAINER_RECORDER_ARCH_SCMP_ARCH_ARM,
};

static const char *const container_recorder_arch_words[] __attribute__((unused)) = {
	"SCMP_ARCH_X86_64",
	"SCMP_ARCH_X86",
	"SCMP_ARCH_X32",
	"SCMP_ARCH_AARCH64",
	"SCMP_ARCH_ARM",
	NULL,
};

enum container_recorder_lost_reason {
	CONTAINER_RECORDER_LOST_REASON_PROCESS,
	CONTAINER_RECORDER_LOST_REASON_NUMBER,
	CONTAINER_RECORDER_LOST_REASON_CONTAINER,
	CONTAINER_RECORDER_LOST_REASON_EVENT,
	CONTAINER_RECORDER_LOST_REASON_DETACHED,
};

static const char *const container_recorder_lost_reason_words[] __attribute__((unused)) = {
	"process",
	"number",
	"container",
	"event",
	"detached",
	NULL,
};

/* Take the hooks. Answered by attached. Void when they are there. The message attach has no fields. */

/* Take the hooks away. Answered, for each container that runs and was entered or is recorded, by ended, its calls and lost (detached), then by detached. The message detach has no fields. */

/* The container is one to be recorded. Of one that was running, the processes are recorded from here on. Void for a key that is not known. */
struct container_recorder_record {
	uint64_t key; /* The container. */
};

/* The container is none to be recorded. What was kept of it is thrown away, and nothing more is said of it. */
struct container_recorder_ignore {
	uint64_t key; /* The container. */
};

/* Send what was seen so far, closed by complete; the recording goes on. For a key that is not known it is complete alone. */
struct container_recorder_read {
	uint64_t key; /* The container. */
};

/* The result is not needed any more: its room is free for another container. One that has not ended is recorded no longer. */
struct container_recorder_forget {
	uint64_t key; /* The container. */
};

/* End the program: as detach, then stopped. The message stop has no fields. */

enum container_recorder_command_type {
	CONTAINER_RECORDER_ATTACH,
	CONTAINER_RECORDER_DETACH,
	CONTAINER_RECORDER_RECORD,
	CONTAINER_RECORDER_IGNORE,
	CONTAINER_RECORDER_READ,
	CONTAINER_RECORDER_FORGET,
	CONTAINER_RECORDER_STOP,
};

struct container_recorder_command {
	enum container_recorder_command_type type;
	union {
		struct container_recorder_record record;
		struct container_recorder_ignore ignore;
		struct container_recorder_read read;
		struct container_recorder_forget forget;
	};
};

/* The first event: what the program speaks. */
static inline void container_recorder_emit_hello(struct wire_writer *out,
		const char *protocol)
{
	wire_begin(out, "hello");
	wire_put_string(out, "protocol", protocol);
	wire_end(out);
}

/* The hooks are there. A container that was there before is told of when one of its processes makes a call, all others when they are made. */
static inline void container_recorder_emit_attached(struct wire_writer *out)
{
	wire_begin(out, "attached");
	wire_end(out);
}

/* No hook is there any more, and no container is known. */
static inline void container_recorder_emit_detached(struct wire_writer *out)
{
	wire_begin(out, "detached");
	wire_end(out);
}

/* There is a control group that may be a container's. What it calls is kept until an answer comes: record or ignore. */
static inline void container_recorder_emit_container(struct wire_writer *out,
		uint64_t key,
		const char *path,
		bool running)
{
	wire_begin(out, "container");
	wire_put_uint64(out, "key", key);
	wire_put_string(out, "path", path);
	wire_put_boolean(out, "running", running);
	wire_end(out);
}

/* A program of the container's own has begun, its entry point or one that was executed in it: from here on calls are seen. Sent once. */
static inline void container_recorder_emit_entered(struct wire_writer *out,
		uint64_t key,
		int64_t mount_namespace)
{
	wire_begin(out, "entered");
	wire_put_uint64(out, "key", key);
	wire_put_integer(out, "mountNamespace", mount_namespace);
	wire_end(out);
}

/* The calls that were seen since the container began, for one architecture. Sent for each architecture that made any, at each read and at the end. */
static inline void container_recorder_emit_syscalls(struct wire_writer *out,
		uint64_t key,
		enum container_recorder_arch architecture,
		const int64_t *numbers, size_t numbers_count)
{
	wire_begin(out, "syscalls");
	wire_put_uint64(out, "key", key);
	wire_put_string(out, "architecture", container_recorder_arch_words[architecture]);
	wire_put_integers(out, "numbers", numbers, numbers_count);
	wire_end(out);
}

/* The calls that a filter has refused since the container began, for one architecture. A call can be both seen and refused, as filters look at arguments. Sent after syscalls, only when there are any. */
static inline void container_recorder_emit_refused(struct wire_writer *out,
		uint64_t key,
		enum container_recorder_arch architecture,
		const int64_t *numbers, size_t numbers_count)
{
	wire_begin(out, "refused");
	wire_put_uint64(out, "key", key);
	wire_put_string(out, "architecture", container_recorder_arch_words[architecture]);
	wire_put_integers(out, "numbers", numbers, numbers_count);
	wire_end(out);
}

/* What the recording lacks, in all. Of a container it is sent after its calls, only when there is any; of no container that is known as soon as it is seen. */
static inline void container_recorder_emit_lost(struct wire_writer *out,
		uint64_t key,
		enum container_recorder_lost_reason reason,
		uint64_t count)
{
	wire_begin(out, "lost");
	wire_put_uint64(out, "key", key);
	wire_put_string(out, "reason", container_recorder_lost_reason_words[reason]);
	wire_put_uint64(out, "count", count);
	wire_end(out);
}

/* The last process of the container has gone, or its control group. Its calls follow, closed by complete. */
static inline void container_recorder_emit_ended(struct wire_writer *out,
		uint64_t key)
{
	wire_begin(out, "ended");
	wire_put_uint64(out, "key", key);
	wire_end(out);
}

/* The answer to a read, or what follows ended, has been sent in full. */
static inline void container_recorder_emit_complete(struct wire_writer *out,
		uint64_t key)
{
	wire_begin(out, "complete");
	wire_put_uint64(out, "key", key);
	wire_end(out);
}

/* The answer to stop; nothing follows. */
static inline void container_recorder_emit_stopped(struct wire_writer *out)
{
	wire_begin(out, "stopped");
	wire_end(out);
}

/* Recording is not possible; nothing follows. */
static inline void container_recorder_emit_failed(struct wire_writer *out,
		const char *reason)
{
	wire_begin(out, "failed");
	wire_put_string(out, "reason", reason);
	wire_end(out);
}

static inline void container_recorder_echo_record(struct wire_writer *out,
		const struct container_recorder_record *message)
{
	wire_begin(out, "record");
	wire_put_uint64(out, "key", message->key);
	wire_end(out);
}

static inline void container_recorder_echo_ignore(struct wire_writer *out,
		const struct container_recorder_ignore *message)
{
	wire_begin(out, "ignore");
	wire_put_uint64(out, "key", message->key);
	wire_end(out);
}

static inline void container_recorder_echo_read(struct wire_writer *out,
		const struct container_recorder_read *message)
{
	wire_begin(out, "read");
	wire_put_uint64(out, "key", message->key);
	wire_end(out);
}

static inline void container_recorder_echo_forget(struct wire_writer *out,
		const struct container_recorder_forget *message)
{
	wire_begin(out, "forget");
	wire_put_uint64(out, "key", message->key);
	wire_end(out);
}

static const struct wire_field container_recorder_record_fields[] = {
	{ .key = "key", .kind = WIRE_UINT64, .offset = offsetof(struct container_recorder_record, key) },
};

static const struct wire_field container_recorder_ignore_fields[] = {
	{ .key = "key", .kind = WIRE_UINT64, .offset = offsetof(struct container_recorder_ignore, key) },
};

static const struct wire_field container_recorder_read_fields[] = {
	{ .key = "key", .kind = WIRE_UINT64, .offset = offsetof(struct container_recorder_read, key) },
};

static const struct wire_field container_recorder_forget_fields[] = {
	{ .key = "key", .kind = WIRE_UINT64, .offset = offsetof(struct container_recorder_forget, key) },
};

static const struct wire_message container_recorder_commands[] = {
	{ .name = "attach" },
	{ .name = "detach" },
	{ .name = "record", .fields = container_recorder_record_fields, .field_count = 1,
	  .offset = offsetof(struct container_recorder_command, record), .size = sizeof(struct container_recorder_record) },
	{ .name = "ignore", .fields = container_recorder_ignore_fields, .field_count = 1,
	  .offset = offsetof(struct container_recorder_command, ignore), .size = sizeof(struct container_recorder_ignore) },
	{ .name = "read", .fields = container_recorder_read_fields, .field_count = 1,
	  .offset = offsetof(struct container_recorder_command, read), .size = sizeof(struct container_recorder_read) },
	{ .name = "forget", .fields = container_recorder_forget_fields, .field_count = 1,
	  .offset = offsetof(struct container_recorder_command, forget), .size = sizeof(struct container_recorder_forget) },
	{ .name = "stop" },
};

/* Reads a line without its end. Returns false and says why in the fault, when the line is no command. */
static inline bool container_recorder_parse_command(const char *line, size_t length, struct container_recorder_command *command,
		struct wire_fault *fault)
{
	int type = wire_parse(line, length, container_recorder_commands, 7, command, fault);

	if (type < 0)
		return false;
	command->type = (enum container_recorder_command_type)type;
	return true;
}

/* Writes a command back, for the self-test and the fuzzer. */
static inline void container_recorder_echo_command(struct wire_writer *out, const struct container_recorder_command *command)
{
	switch (command->type) {
	case CONTAINER_RECORDER_ATTACH:
		wire_begin(out, "attach");
		wire_end(out);
		break;
	case CONTAINER_RECORDER_DETACH:
		wire_begin(out, "detach");
		wire_end(out);
		break;
	case CONTAINER_RECORDER_RECORD:
		container_recorder_echo_record(out, &command->record);
		break;
	case CONTAINER_RECORDER_IGNORE:
		container_recorder_echo_ignore(out, &command->ignore);
		break;
	case CONTAINER_RECORDER_READ:
		container_recorder_echo_read(out, &command->read);
		break;
	case CONTAINER_RECORDER_FORGET:
		container_recorder_echo_forget(out, &command->forget);
		break;
	case CONTAINER_RECORDER_STOP:
		wire_begin(out, "stop");
		wire_end(out);
		break;
	}
}

/* Writes one of each event, with the values that are the hardest to carry. */
static inline void container_recorder_emit_samples(struct wire_writer *out)
{
	container_recorder_emit_hello(out, "\x01\"\\\x7f\xc3\xa9\xff");
	container_recorder_emit_attached(out);
	container_recorder_emit_detached(out);
	container_recorder_emit_container(out, UINT64_MAX, "\x01\"\\\x7f\xc3\xa9\xff", true);
	container_recorder_emit_entered(out, UINT64_MAX, 4294967295LL);
	container_recorder_emit_syscalls(out, UINT64_MAX, CONTAINER_RECORDER_ARCH_SCMP_ARCH_ARM, (const int64_t[]){ 0LL, 2147483647LL }, 2);
	container_recorder_emit_refused(out, UINT64_MAX, CONTAINER_RECORDER_ARCH_SCMP_ARCH_ARM, (const int64_t[]){ 0LL, 2147483647LL }, 2);
	container_recorder_emit_lost(out, UINT64_MAX, CONTAINER_RECORDER_LOST_REASON_DETACHED, UINT64_MAX);
	container_recorder_emit_ended(out, UINT64_MAX);
	container_recorder_emit_complete(out, UINT64_MAX);
	container_recorder_emit_stopped(out);
	container_recorder_emit_failed(out, "\x01\"\\\x7f\xc3\xa9\xff");
}

/* Writes one of each event, then every command that comes in, as it was understood: for a test that needs no kernel. */
static inline void container_recorder_test_self(struct wire_lines *in, struct wire_writer *out)
{
	static struct container_recorder_command command;
	struct wire_fault fault;
	const char *line;
	size_t length;

	container_recorder_emit_samples(out);
	do {
		while (wire_next_line(in, &line, &length) == WIRE_LINE) {
			if (container_recorder_parse_command(line, length, &command, &fault))
				container_recorder_echo_command(out, &command);
			else
				container_recorder_emit_failed(out, fault.text);
		}
	} while (wire_fill(in) != WIRE_CLOSED);
}
