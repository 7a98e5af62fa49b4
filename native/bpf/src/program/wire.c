// SPDX-License-Identifier: Apache-2.0
/* Writing lines, and cutting what comes in into lines. Reading a line is in wire_parse.c. */
#include "program/wire.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void put_bytes(struct wire_writer *out, const char *bytes, size_t length)
{
	if (length > sizeof(out->bytes) - out->used) {
		out->broken = true;
		return;
	}
	memcpy(out->bytes + out->used, bytes, length);
	out->used += length;
}

static void put_text(struct wire_writer *out, const char *text)
{
	put_bytes(out, text, strlen(text));
}

static void put_number(struct wire_writer *out, bool negative, uint64_t value)
{
	char digits[21];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	if (negative)
		digits[--at] = '-';
	put_bytes(out, digits + at, sizeof(digits) - at);
}

static void put_signed(struct wire_writer *out, int64_t value)
{
	put_number(out, value < 0, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

static void put_quoted(struct wire_writer *out, const char *text)
{
	static const char hex[] = "0123456789abcdef";

	put_text(out, "\"");
	for (; *text != '\0'; text++) {
		unsigned char byte = (unsigned char)*text;
		const char escape[] = { '\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15] };

		if (byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\')
			put_bytes(out, text, 1);
		else
			put_bytes(out, escape, sizeof(escape));
	}
	put_text(out, "\"");
}

static void put_key(struct wire_writer *out, const char *key)
{
	put_text(out, ",\"");
	put_text(out, key);
	put_text(out, "\":");
}

void wire_begin(struct wire_writer *out, const char *message)
{
	out->used = 0;
	put_text(out, "{\"type\":\"");
	put_text(out, message);
	put_text(out, "\"");
}

void wire_put_string(struct wire_writer *out, const char *key, const char *value)
{
	put_key(out, key);
	put_quoted(out, value);
}

void wire_put_uint64(struct wire_writer *out, const char *key, uint64_t value)
{
	put_key(out, key);
	put_text(out, "\"");
	put_number(out, false, value);
	put_text(out, "\"");
}

void wire_put_integer(struct wire_writer *out, const char *key, int64_t value)
{
	put_key(out, key);
	put_signed(out, value);
}

void wire_put_boolean(struct wire_writer *out, const char *key, bool value)
{
	put_key(out, key);
	put_text(out, value ? "true" : "false");
}

void wire_put_integers(struct wire_writer *out, const char *key, const int64_t *values, size_t count)
{
	put_key(out, key);
	put_text(out, "[");
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			put_text(out, ",");
		put_signed(out, values[i]);
	}
	put_text(out, "]");
}

void wire_end(struct wire_writer *out)
{
	size_t written = 0;

	put_text(out, "}\n");
	while (out->fd >= 0 && !out->broken && written < out->used) {
		ssize_t count = write(out->fd, out->bytes + written, out->used - written);

		if (count >= 0)
			written += (size_t)count;
		else if (errno != EINTR)
			out->broken = true;
	}
}

enum wire_next wire_next_line(struct wire_lines *in, const char **line, size_t *length)
{
	const char *end;

	in->used -= in->taken;
	memmove(in->bytes, in->bytes + in->taken, in->used);
	in->taken = 0;
	end = memchr(in->bytes, '\n', in->used);
	if (!end)
		return in->used == sizeof(in->bytes) ? WIRE_TOO_LONG : WIRE_WAIT;
	*line = in->bytes;
	*length = (size_t)(end - in->bytes);
	in->taken = *length + 1;
	return WIRE_LINE;
}

enum wire_next wire_fill(struct wire_lines *in)
{
	ssize_t count;

	do {
		count = read(in->fd, in->bytes + in->used, sizeof(in->bytes) - in->used);
	} while (count < 0 && errno == EINTR);
	if (count <= 0)
		return WIRE_CLOSED;
	in->used += (size_t)count;
	return WIRE_WAIT;
}
