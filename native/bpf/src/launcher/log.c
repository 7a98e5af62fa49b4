// SPDX-License-Identifier: Apache-2.0
#include "launcher/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "program/program.h"

void log_line(const char *format, ...)
{
	char line[PROGRAM_REASON_SIZE + 64], stamp[32];
	time_t now = time(NULL);
	struct tm local;
	va_list arguments;
	size_t used;

	localtime_r(&now, &local);
	strftime(stamp, sizeof(stamp), "%Y/%m/%d %H:%M:%S", &local);
	used = (size_t)snprintf(line, sizeof(line), "%s ", stamp);
	va_start(arguments, format);
	vsnprintf(line + used, sizeof(line) - used - 1, format, arguments);
	va_end(arguments);
	strcat(line, "\n");
	while (write(STDERR_FILENO, line, strlen(line)) < 0 && errno == EINTR)
		;
}
