// SPDX-License-Identifier: Apache-2.0
#include "apparmor_loader/policy.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The tags of values, as in security/apparmor/policy_unpack.h of Linux. Numbers are little-endian. */
enum tag {
	TAG_U8,
	TAG_U16,
	TAG_U32,
	TAG_U64,
	TAG_NAME, /* The name of the next value: 2 bytes of length, the text with its end. */
	TAG_STRING, /* The same. */
	TAG_BLOB, /* 4 bytes of length, the bytes. */
	TAG_STRUCT,
	TAG_STRUCTEND,
	TAG_LIST,
	TAG_LISTEND,
	TAG_ARRAY, /* 2 bytes of count. */
	TAG_ARRAYEND,
};

/* A profile lies one structure deep, what belongs to it deeper. */
#define PROFILE_DEPTH 1

struct reader {
	const unsigned char *at;
	const unsigned char *end;
	const char *name; /* That of the next value; empty where it has none. */
	const char *profile; /* The profile that is being read; NULL between profiles. */
	int depth;
	size_t count; /* Of profiles by the wanted name. */
	struct policy_fault *fault;
};

static bool refuse(struct reader *in, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	vsnprintf(in->fault->text, sizeof(in->fault->text), format, values);
	va_end(values);
	return false;
}

static bool cut_off(struct reader *in)
{
	return refuse(in, "the compiled policy ends in the middle of a value");
}

/* The next bytes; NULL where there are fewer. */
static const unsigned char *take(struct reader *in, size_t size)
{
	const unsigned char *bytes = in->at;

	if ((size_t)(in->end - in->at) < size) {
		cut_off(in);
		return NULL;
	}
	in->at += size;
	return bytes;
}

static bool skip(struct reader *in, size_t size)
{
	return take(in, size) != NULL;
}

/* A length of 2 bytes and a text that ends with a zero and holds no other. NULL where there is none. */
static const char *take_text(struct reader *in)
{
	const unsigned char *bytes = take(in, 2);
	const size_t size = bytes ? bytes[0] | (size_t)bytes[1] << 8 : 0;
	const unsigned char *text = bytes ? take(in, size) : NULL;

	if (!text)
		return NULL;
	if (size > 0 && memchr(text, '\0', size) == text + size - 1)
		return (const char *)text;
	refuse(in, "the compiled policy holds a text without an end");
	return NULL;
}

static bool skip_blob(struct reader *in)
{
	const unsigned char *bytes = take(in, 4);

	return bytes && skip(in, bytes[0] | (size_t)bytes[1] << 8 | (size_t)bytes[2] << 16 | (size_t)bytes[3] << 24);
}

static bool is_child(const char *profile, const char *name)
{
	const size_t length = strlen(name);

	return strncmp(profile, name, length) == 0 && strncmp(profile + length, "//", 2) == 0;
}

static bool take_profile(struct reader *in, const char *profile, const char *wanted)
{
	in->profile = profile;
	if (strcmp(profile, wanted) == 0)
		in->count++;
	else if (!is_child(profile, wanted))
		return refuse(in, "the compiled policy has a profile %.200s, and only %.200s may be in it", profile, wanted);
	return true;
}

/* The first text of a profile is its name. A text "attach" is the pattern of programs, and "rename" another name. */
static bool take_string(struct reader *in, const char *wanted)
{
	const char *text = take_text(in);

	if (!text)
		return false;
	if (in->depth == 0)
		return strcmp(in->name, "namespace") != 0 ||
		       refuse(in, "the compiled policy is for the namespace %.200s of AppArmor", text);
	if (in->depth != PROFILE_DEPTH)
		return true;
	if (!in->profile)
		return take_profile(in, text, wanted);
	if (strcmp(in->name, "rename") == 0)
		return refuse(in, "the profile %.200s would take the place of %.200s", in->profile, text);
	if (strcmp(in->name, "attach") == 0 && strcmp(in->profile, wanted) == 0)
		return refuse(in, "the profile %.200s attaches itself to %.200s", in->profile, text);
	return true;
}

/*
 * The tables of a profile that lie in no structure of it are those of its attachment, before its flags, and of its
 * files, after them. Children are entered from their parent only.
 */
static bool take_blob(struct reader *in, const char *wanted, bool flags_seen)
{
	if (in->depth == PROFILE_DEPTH && !flags_seen && in->profile && strcmp(in->profile, wanted) == 0)
		return refuse(in, "the profile %.200s attaches itself to programs of the node; leave the path behind its name out",
			      wanted);
	return skip_blob(in);
}

static bool begin_structure(struct reader *in)
{
	if (in->depth == 0) {
		if (strcmp(in->name, "profile") != 0)
			return refuse(in, "the compiled policy has something else than profiles");
		in->profile = NULL;
	}
	in->depth++;
	return true;
}

static bool end_structure(struct reader *in)
{
	if (in->depth == PROFILE_DEPTH && !in->profile)
		return refuse(in, "the compiled policy has a profile without a name");
	return in->depth-- > 0 || refuse(in, "the compiled policy ends a structure that was not begun");
}

static bool take_value(struct reader *in, enum tag tag, const char *wanted, bool flags_seen)
{
	switch (tag) {
	case TAG_U8:
		return skip(in, 1);
	case TAG_U16:
	case TAG_ARRAY:
		return skip(in, 2);
	case TAG_U32:
		return skip(in, 4);
	case TAG_U64:
		return skip(in, 8);
	case TAG_STRING:
		return take_string(in, wanted);
	case TAG_BLOB:
		return take_blob(in, wanted, flags_seen);
	case TAG_STRUCT:
		return begin_structure(in);
	case TAG_STRUCTEND:
		return end_structure(in);
	case TAG_LIST:
	case TAG_LISTEND:
	case TAG_ARRAYEND:
		return true;
	case TAG_NAME:
		break;
	}
	return refuse(in, "the compiled policy holds a value of no known kind");
}

static bool read_all(struct reader *in, const char *wanted)
{
	bool flags_seen = false;

	while (in->at < in->end) {
		const enum tag tag = *in->at++;

		if (tag == TAG_NAME) {
			in->name = take_text(in);
			if (!in->name)
				return false;
			continue;
		}
		if (in->depth == 0)
			flags_seen = false;
		else if (in->depth == PROFILE_DEPTH && tag == TAG_STRUCT && strcmp(in->name, "flags") == 0)
			flags_seen = true;
		if (!take_value(in, tag, wanted, flags_seen))
			return false;
		in->name = "";
	}
	return in->depth == 0 || cut_off(in);
}

bool policy_is_of(const unsigned char *bytes, size_t length, const char *name, struct policy_fault *fault)
{
	struct reader in = { .at = bytes, .end = bytes + length, .name = "", .fault = fault };

	if (!read_all(&in, name))
		return false;
	if (in.count == 1)
		return true;
	return refuse(&in, in.count == 0 ? "the compiled policy does not have the profile %.200s" :
					   "the compiled policy has the profile %.200s more than once",
		      name);
}
