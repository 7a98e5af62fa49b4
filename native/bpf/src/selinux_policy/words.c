// SPDX-License-Identifier: Apache-2.0
#include "selinux_policy/words.h"

#include <selinux/selinux.h>
#include <semanage/debug.h>
#include <sepol/cil/cil.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A policy with a thousand mistakes says more than anybody reads; the first lines name the cause. */
#define ROOM (64 * 1024)

static struct {
	size_t used;
	char text[ROOM];
} self;

/* Pieces of a line come one by one; what has no room any more is left out. */
static void append(const char *text)
{
	size_t length = strlen(text);

	if (length >= ROOM - self.used)
		length = ROOM - 1 - self.used;
	memcpy(self.text + self.used, text, length);
	self.used += length;
	self.text[self.used] = '\0';
}

static void append_line(const char *text)
{
	if (self.used > 0 && self.text[self.used - 1] != '\n')
		append("\n");
	append(text);
	append("\n");
}

static void hear_cil(int level, const char *message)
{
	if (level <= CIL_ERR)
		append(message);
}

static void append_format(const char *format, va_list arguments)
{
	char line[2048];

	vsnprintf(line, sizeof(line), format, arguments);
	append_line(line);
}

static int hear_selinux(int type, const char *format, ...)
{
	va_list arguments;

	if (type != SELINUX_ERROR && type != SELINUX_WARNING)
		return 0;
	va_start(arguments, format);
	append_format(format, arguments);
	va_end(arguments);
	return 0;
}

__attribute__((format(printf, 3, 4))) static void hear_semanage(void *nothing, semanage_handle_t *handle, const char *format, ...)
{
	va_list arguments;

	(void)nothing;
	if (semanage_msg_get_level(handle) != SEMANAGE_MSG_ERR)
		return;
	va_start(arguments, format);
	append_format(format, arguments);
	va_end(arguments);
}

void words_listen(void)
{
	const union selinux_callback log = { .func_log = hear_selinux };

	cil_set_log_level(CIL_ERR);
	cil_set_log_handler(hear_cil);
	selinux_set_callback(SELINUX_CB_LOG, log);
}

void words_listen_to(semanage_handle_t *handle)
{
	semanage_msg_set_callback(handle, hear_semanage, NULL);
}

void words_add(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	append_format(format, arguments);
	va_end(arguments);
}

void words_clear(void)
{
	self.used = 0;
	self.text[0] = '\0';
}

void words_take(void (*take)(const char *line))
{
	char *rest = NULL;

	for (char *line = strtok_r(self.text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		take(line);
	words_clear();
}

void words_join(char *room, size_t size)
{
	size_t used = 0;

	for (const char *at = self.text; *at && used + 3 < size; at++) {
		if (*at != '\n')
			room[used++] = *at;
		else if (at[1] != '\0' && at[1] != '\n')
			used += (size_t)snprintf(room + used, size - used, "; ");
	}
	room[used] = '\0';
}
