// SPDX-License-Identifier: Apache-2.0
#include "enabler/say.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

void say_head(const char *file, int line)
{
	const char *slash = strrchr(file, '/');
	struct timespec now;
	struct tm parts;
	char text[32];

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &parts);
	strftime(text, sizeof(text), "%m%d %H:%M:%S", &parts);
	printf("I%s.%06ld %7d %s:%d] non-root-enabler \"msg\"=\"", text, now.tv_nsec / 1000, (int)getpid(), slash ? slash + 1 : file,
	       line);
}
