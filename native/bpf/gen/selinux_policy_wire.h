/* Generated from schemas/wire/selinux-policy.json by npm run gen. Do not edit. */
/* SPDX-License-Identifier: Apache-2.0 */
/* Between the process selinuxd and the program that changes the SELinux policy of its node. Commands go down on file descriptor 3, events come up on 4, one JSON object a line. */
#pragma once

#include <stddef.h>

#include "program/wire.h"

#define SELINUX_POLICY_PROTOCOL "4266f7b1609d"

/* Send all modules, closed by listed. The message list has no fields. */

/* A piece of the CIL text of the module that the next install names. */
struct selinux_policy_cil {
	char text[8193]; /* Its bytes. */
};

/* Add to the transaction: this module, with the pieces of text that came before. */
struct selinux_policy_install {
	char name[256]; /* Name of the module. */
};

/* Add to the transaction: the module of this name is not there any more. */
struct selinux_policy_remove {
	char name[256]; /* Name of the module. */
};

/* Do all of the transaction, or nothing of it. Answered by committed or refused; the next transaction is empty. The message commit has no fields. */

/* End the program. Answered by stopped. The message stop has no fields. */

enum selinux_policy_command_type {
	SELINUX_POLICY_LIST,
	SELINUX_POLICY_CIL,
	SELINUX_POLICY_INSTALL,
	SELINUX_POLICY_REMOVE,
	SELINUX_POLICY_COMMIT,
	SELINUX_POLICY_STOP,
};

struct selinux_policy_command {
	enum selinux_policy_command_type type;
	union {
		struct selinux_policy_cil cil;
		struct selinux_policy_install install;
		struct selinux_policy_remove remove;
	};
};

/* The first event: what the program speaks. */
static inline void selinux_policy_emit_hello(struct wire_writer *out,
		const char *protocol)
{
	wire_begin(out, "hello");
	wire_put_string(out, "protocol", protocol);
	wire_end(out);
}

/* A module of the node's store. Several may have one name: the one with the highest priority is in effect. */
static inline void selinux_policy_emit_module(struct wire_writer *out,
		const char *name,
		int64_t priority,
		bool enabled,
		const char *checksum,
		const char *last_line)
{
	wire_begin(out, "module");
	wire_put_string(out, "name", name);
	wire_put_integer(out, "priority", priority);
	wire_put_boolean(out, "enabled", enabled);
	wire_put_string(out, "checksum", checksum);
	wire_put_string(out, "lastLine", last_line);
	wire_end(out);
}

/* There are no more modules. */
static inline void selinux_policy_emit_listed(struct wire_writer *out)
{
	wire_begin(out, "listed");
	wire_end(out);
}

/* A line that libsemanage or libsepol has said of the transaction. Sent before committed and refused. */
static inline void selinux_policy_emit_words(struct wire_writer *out,
		const char *text)
{
	wire_begin(out, "words");
	wire_put_string(out, "text", text);
	wire_end(out);
}

/* All of the transaction is in the store, and in the kernel's policy where SELinux is on. */
static inline void selinux_policy_emit_committed(struct wire_writer *out)
{
	wire_begin(out, "committed");
	wire_end(out);
}

/* The policy cannot be built with the transaction: the store is as it was before. */
static inline void selinux_policy_emit_refused(struct wire_writer *out)
{
	wire_begin(out, "refused");
	wire_end(out);
}

/* The store cannot be read or changed, whatever the transaction holds; nothing follows. */
static inline void selinux_policy_emit_failed(struct wire_writer *out,
		const char *reason)
{
	wire_begin(out, "failed");
	wire_put_string(out, "reason", reason);
	wire_end(out);
}

/* Answer to stop; nothing follows. */
static inline void selinux_policy_emit_stopped(struct wire_writer *out)
{
	wire_begin(out, "stopped");
	wire_end(out);
}

static inline void selinux_policy_echo_cil(struct wire_writer *out,
		const struct selinux_policy_cil *message)
{
	wire_begin(out, "cil");
	wire_put_string(out, "text", message->text);
	wire_end(out);
}

static inline void selinux_policy_echo_install(struct wire_writer *out,
		const struct selinux_policy_install *message)
{
	wire_begin(out, "install");
	wire_put_string(out, "name", message->name);
	wire_end(out);
}

static inline void selinux_policy_echo_remove(struct wire_writer *out,
		const struct selinux_policy_remove *message)
{
	wire_begin(out, "remove");
	wire_put_string(out, "name", message->name);
	wire_end(out);
}

static const struct wire_field selinux_policy_cil_fields[] = {
	{ .key = "text", .kind = WIRE_STRING, .offset = offsetof(struct selinux_policy_cil, text), .capacity = 8192 },
};

static const struct wire_field selinux_policy_install_fields[] = {
	{ .key = "name", .kind = WIRE_STRING, .offset = offsetof(struct selinux_policy_install, name), .capacity = 255 },
};

static const struct wire_field selinux_policy_remove_fields[] = {
	{ .key = "name", .kind = WIRE_STRING, .offset = offsetof(struct selinux_policy_remove, name), .capacity = 255 },
};

static const struct wire_message selinux_policy_commands[] = {
	{ .name = "list" },
	{ .name = "cil", .fields = selinux_policy_cil_fields, .field_count = 1,
	  .offset = offsetof(struct selinux_policy_command, cil), .size = sizeof(struct selinux_policy_cil) },
	{ .name = "install", .fields = selinux_policy_install_fields, .field_count = 1,
	  .offset = offsetof(struct selinux_policy_command, install), .size = sizeof(struct selinux_policy_install) },
	{ .name = "remove", .fields = selinux_policy_remove_fields, .field_count = 1,
	  .offset = offsetof(struct selinux_policy_command, remove), .size = sizeof(struct selinux_policy_remove) },
	{ .name = "commit" },
	{ .name = "stop" },
};

/* Reads a line without its end. Returns false and says why in the fault, when the line is no command. */
static inline bool selinux_policy_parse_command(const char *line, size_t length, struct selinux_policy_command *command,
		struct wire_fault *fault)
{
	int type = wire_parse(line, length, selinux_policy_commands, 6, command, fault);

	if (type < 0)
		return false;
	command->type = (enum selinux_policy_command_type)type;
	return true;
}

/* Writes a command back, for the self-test and the fuzzer. */
static inline void selinux_policy_echo_command(struct wire_writer *out, const struct selinux_policy_command *command)
{
	switch (command->type) {
	case SELINUX_POLICY_LIST:
		wire_begin(out, "list");
		wire_end(out);
		break;
	case SELINUX_POLICY_CIL:
		selinux_policy_echo_cil(out, &command->cil);
		break;
	case SELINUX_POLICY_INSTALL:
		selinux_policy_echo_install(out, &command->install);
		break;
	case SELINUX_POLICY_REMOVE:
		selinux_policy_echo_remove(out, &command->remove);
		break;
	case SELINUX_POLICY_COMMIT:
		wire_begin(out, "commit");
		wire_end(out);
		break;
	case SELINUX_POLICY_STOP:
		wire_begin(out, "stop");
		wire_end(out);
		break;
	}
}

/* Writes one of each event, with the values that are the hardest to carry. */
static inline void selinux_policy_emit_samples(struct wire_writer *out)
{
	selinux_policy_emit_hello(out, "\x01\"\\\x7f\xc3\xa9\xff");
	selinux_policy_emit_module(out, "\x01\"\\\x7f\xc3\xa9\xff", 999LL, true, "\x01\"\\\x7f\xc3\xa9\xff", "\x01\"\\\x7f\xc3\xa9\xff");
	selinux_policy_emit_listed(out);
	selinux_policy_emit_words(out, "\x01\"\\\x7f\xc3\xa9\xff");
	selinux_policy_emit_committed(out);
	selinux_policy_emit_refused(out);
	selinux_policy_emit_failed(out, "\x01\"\\\x7f\xc3\xa9\xff");
	selinux_policy_emit_stopped(out);
}

/* Writes one of each event, then every command that comes in, as it was understood: for a test that needs no kernel. */
static inline void selinux_policy_test_self(struct wire_lines *in, struct wire_writer *out)
{
	static struct selinux_policy_command command;
	struct wire_fault fault;
	const char *line;
	size_t length;

	selinux_policy_emit_samples(out);
	do {
		while (wire_next_line(in, &line, &length) == WIRE_LINE) {
			if (selinux_policy_parse_command(line, length, &command, &fault))
				selinux_policy_echo_command(out, &command);
			else
				selinux_policy_emit_failed(out, fault.text);
		}
	} while (wire_fill(in) != WIRE_CLOSED);
}
