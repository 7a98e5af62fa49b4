// SPDX-License-Identifier: Apache-2.0
/*
 * Reads one line of flat JSON by the tables of a generated header. Strict: it refuses anything that our own printer
 * does not write.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "program/wire.h"

/* The longest word that a property or a choice may be. */
#define WORD_MAX 64

struct cursor {
	const char *at;
	const char *end;
	struct wire_fault *fault;
};

__attribute__((format(printf, 2, 3))) static bool refuse(struct cursor *in, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(in->fault->text, sizeof(in->fault->text), format, arguments);
	va_end(arguments);
	return false;
}

static bool take(struct cursor *in, char byte)
{
	if (in->at == in->end || *in->at != byte)
		return false;
	in->at++;
	return true;
}

static bool expect(struct cursor *in, char byte)
{
	return take(in, byte) || refuse(in, "'%c' is missing", byte);
}

static int hex_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

/* The byte of the four digits after \u; -1 when it is none, or 0, which no C string can hold. */
static int take_code(struct cursor *in)
{
	int code = 0;

	if (in->end - in->at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int digit = hex_value(*in->at++);

		if (digit < 0)
			return -1;
		code = code * 16 + digit;
	}
	return code > 0 && code <= 0xff ? code : -1;
}

static int take_escape(struct cursor *in)
{
	static const char names[] = "\"\\/bfnrt";
	static const char bytes[] = "\"\\/\b\f\n\r\t";
	const char *found;

	if (in->at == in->end)
		return -1;
	if (take(in, 'u'))
		return take_code(in);
	if (*in->at == '\0')
		return -1;
	found = strchr(names, *in->at++);
	return found ? (unsigned char)bytes[found - names] : -1;
}

/* The next byte of a string, its end having been looked for; -1 when there is none that may stand there. */
static int take_byte(struct cursor *in)
{
	unsigned char byte;

	if (in->at == in->end)
		return -1;
	byte = (unsigned char)*in->at++;
	if (byte == '\\')
		return take_escape(in);
	return byte >= 0x20 && byte < 0x80 ? byte : -1;
}

/* Takes a string of at most capacity bytes, and ends it. */
static bool take_string(struct cursor *in, char *target, size_t capacity, const char *what)
{
	size_t length = 0;

	if (!take(in, '"'))
		return refuse(in, "%s is no string", what);
	while (!take(in, '"')) {
		int byte = take_byte(in);

		if (byte < 0)
			return refuse(in, "%s is no string of bytes other than 0", what);
		if (length == capacity)
			return refuse(in, "%s is longer than %zu bytes", what, capacity);
		target[length++] = (char)byte;
	}
	target[length] = '\0';
	return true;
}

static bool take_uint64(struct cursor *in, uint64_t *value)
{
	const char *first = in->at;
	uint64_t sum = 0;

	while (in->at < in->end && *in->at >= '0' && *in->at <= '9') {
		uint64_t digit = (uint64_t)(*in->at++ - '0');

		if (__builtin_mul_overflow(sum, 10, &sum) || __builtin_add_overflow(sum, digit, &sum))
			return false;
	}
	*value = sum;
	return in->at - first == 1 || (in->at > first && *first != '0');
}

static bool take_integer(struct cursor *in, const struct wire_field *field, int64_t *value)
{
	bool negative = take(in, '-');
	uint64_t size = 0;

	if (!take_uint64(in, &size) || size > INT64_MAX)
		return refuse(in, "%s is no whole number", field->key);
	*value = negative ? -(int64_t)size : (int64_t)size;
	if (*value < field->minimum || *value > field->maximum)
		return refuse(in, "%s is not within %lld and %lld", field->key, (long long)field->minimum,
			      (long long)field->maximum);
	return true;
}

static bool take_integers(struct cursor *in, const struct wire_field *field, void *base)
{
	int64_t *values = (int64_t *)(void *)((char *)base + field->offset);
	size_t count = 0;

	if (!take(in, '['))
		return refuse(in, "%s is no list", field->key);
	while (!take(in, ']')) {
		if (count > 0 && !expect(in, ','))
			return false;
		if (count == field->capacity)
			return refuse(in, "%s has more than %zu items", field->key, field->capacity);
		if (!take_integer(in, field, &values[count++]))
			return false;
	}
	memcpy((char *)base + field->count_offset, &count, sizeof(count));
	return true;
}

static bool take_boolean(struct cursor *in, const struct wire_field *field, bool *value)
{
	const char *word = in->at < in->end && *in->at == 't' ? "true" : "false";
	size_t length = strlen(word);

	if ((size_t)(in->end - in->at) < length || memcmp(in->at, word, length) != 0)
		return refuse(in, "%s is neither true nor false", field->key);
	in->at += length;
	*value = word[0] == 't';
	return true;
}

static bool take_choice(struct cursor *in, const struct wire_field *field, void *target)
{
	char word[WORD_MAX + 1];

	if (!take_string(in, word, WORD_MAX, field->key))
		return false;
	for (unsigned int i = 0; field->words[i]; i++) {
		if (strcmp(field->words[i], word) == 0) {
			memcpy(target, &i, sizeof(i));
			return true;
		}
	}
	return refuse(in, "%s cannot be %s", field->key, word);
}

static bool take_decimal(struct cursor *in, const struct wire_field *field, uint64_t *value)
{
	if (!take(in, '"') || !take_uint64(in, value) || !take(in, '"'))
		return refuse(in, "%s is no decimal below 2^64 in quotes", field->key);
	return true;
}

static bool take_value(struct cursor *in, const struct wire_field *field, void *base)
{
	void *target = (char *)base + field->offset;

	switch (field->kind) {
	case WIRE_STRING:
		return take_string(in, target, field->capacity, field->key);
	case WIRE_CHOICE:
		return take_choice(in, field, target);
	case WIRE_UINT64:
		return take_decimal(in, field, target);
	case WIRE_INTEGER:
		return take_integer(in, field, target);
	case WIRE_BOOLEAN:
		return take_boolean(in, field, target);
	case WIRE_INTEGERS:
		return take_integers(in, field, base);
	}
	return refuse(in, "%s has a kind that is not known", field->key);
}

/* Takes a property that is not there yet; seen has a bit for each field. */
static bool take_property(struct cursor *in, const struct wire_message *message, void *base, uint64_t *seen)
{
	char key[WORD_MAX + 1];

	if (!expect(in, ',') || !take_string(in, key, WORD_MAX, "a name") || !expect(in, ':'))
		return false;
	for (size_t i = 0; i < message->field_count; i++) {
		if (strcmp(message->fields[i].key, key) != 0)
			continue;
		if (*seen & (1ULL << i))
			return refuse(in, "%s is there twice", key);
		*seen |= 1ULL << i;
		return take_value(in, &message->fields[i], base);
	}
	return refuse(in, "it has no field %s", key);
}

static bool take_fields(struct cursor *in, const struct wire_message *message, void *base)
{
	uint64_t seen = 0;

	memset(base, 0, message->size);
	while (!take(in, '}')) {
		if (!take_property(in, message, base, &seen))
			return false;
	}
	for (size_t i = 0; i < message->field_count; i++) {
		if (!(seen & (1ULL << i)))
			return refuse(in, "it lacks %s", message->fields[i].key);
	}
	return in->at == in->end || refuse(in, "something follows it");
}

static bool take_type(struct cursor *in, char *type)
{
	char key[WORD_MAX + 1];

	if (!expect(in, '{') || !take_string(in, key, WORD_MAX, "a name") || !expect(in, ':'))
		return false;
	if (strcmp(key, "type") != 0)
		return refuse(in, "the first name of a message is %s, not type", key);
	return take_string(in, type, WORD_MAX, "type");
}

/* Says of which command a fault is. */
static int name_fault(struct cursor *in, const char *message)
{
	struct wire_fault inner = *in->fault;

	refuse(in, "the command %.64s: %.180s", message, inner.text);
	return -1;
}

int wire_parse(const char *line, size_t length, const struct wire_message *messages, size_t count, void *target,
	       struct wire_fault *fault)
{
	struct cursor in = { .at = line, .end = line + length, .fault = fault };
	char type[WORD_MAX + 1];

	if (!take_type(&in, type))
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(messages[i].name, type) != 0)
			continue;
		if (take_fields(&in, &messages[i], (char *)target + messages[i].offset))
			return (int)i;
		return name_fault(&in, type);
	}
	refuse(&in, "there is no command %s", type);
	return -1;
}
