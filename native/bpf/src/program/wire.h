/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of flat JSON: the base of the generated headers in gen/. Nothing allocates; a reader is given its line, a
 * writer holds one line at a time. Input may be hostile.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest line of any protocol, a path of 4095 escaped bytes and 1024 groups included. */
#define WIRE_LINE_MAX 65536

/* One line that is being written. With a file descriptor below 0 the last line stays in bytes. */
struct wire_writer {
	int fd;
	bool broken; /* There is no reader any more, or a line was too long: nothing is written from then on. */
	size_t used;
	char bytes[WIRE_LINE_MAX];
};

void wire_begin(struct wire_writer *out, const char *message);
void wire_put_string(struct wire_writer *out, const char *key, const char *value);
void wire_put_uint64(struct wire_writer *out, const char *key, uint64_t value);
void wire_put_integer(struct wire_writer *out, const char *key, int64_t value);
void wire_put_boolean(struct wire_writer *out, const char *key, bool value);
void wire_put_integers(struct wire_writer *out, const char *key, const int64_t *values, size_t count);
void wire_end(struct wire_writer *out);

enum wire_kind {
	WIRE_STRING,
	WIRE_CHOICE,
	WIRE_UINT64,
	WIRE_INTEGER,
	WIRE_BOOLEAN,
	WIRE_INTEGERS,
};

/* A field of a message, and where its value goes in the message's structure. */
struct wire_field {
	const char *key;
	enum wire_kind kind;
	size_t offset;
	size_t count_offset; /* Of the number of integers. */
	size_t capacity; /* Bytes of a string without its end, or integers. */
	int64_t minimum;
	int64_t maximum;
	const char *const *words; /* Of a choice; ended by NULL. */
};

/* A message that can be read, and where its structure is in the structure of all commands. */
struct wire_message {
	const char *name;
	const struct wire_field *fields;
	size_t field_count;
	size_t offset;
	size_t size;
};

/* Why a line is no message, as a sentence. */
struct wire_fault {
	char text[256];
};

/*
 * Reads a line into target. The property "type" comes first, all others are required and come once, in any order.
 * Returns the index of the message, or -1 with a fault.
 */
int wire_parse(const char *line, size_t length, const struct wire_message *messages, size_t count, void *target,
	       struct wire_fault *fault);

/* Lines that come in on a file descriptor. */
struct wire_lines {
	int fd;
	size_t used;
	size_t taken; /* Bytes of the line that was handed out last, with its end. */
	char bytes[WIRE_LINE_MAX];
};

enum wire_next {
	WIRE_LINE, /* There is a line. */
	WIRE_WAIT, /* There is no whole line yet. */
	WIRE_CLOSED, /* The other side has gone. */
	WIRE_TOO_LONG,
};

/* The next whole line of what was read; it is valid until the next call. */
enum wire_next wire_next_line(struct wire_lines *in, const char **line, size_t *length);

/* Reads what there is, waiting for something. */
enum wire_next wire_fill(struct wire_lines *in);
