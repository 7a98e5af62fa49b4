// SPDX-License-Identifier: Apache-2.0
/*
 * Reads the node's audit records and says which container each is about: the privileged part of the log enricher, which
 * runs as an ordinary user with three capabilities of its file. Started by Node.js, which reads its standard output
 * (auditor/report.h) and ends it by closing its standard input.
 *
 *   auditor PROC POSITION FILE...
 *
 * PROC is where the host's /proc is, POSITION the last one that an earlier run has told, or `-`. The first FILE that is
 * there is followed; one that is called syslog holds lines of other programs, too.
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "auditor/containers.h"
#include "auditor/line.h"
#include "auditor/log_file.h"
#include "auditor/report.h"

/* Nobody tells when a directory that is missing is made: so often it is looked for. */
#define LOOK_AGAIN_MS 5000

static struct {
	struct report report;
	struct containers containers;
	struct log_file file;
	struct log_position from;
	bool of_syslog;
	uint64_t serial; /* Of the last record that was taken. */
	uint64_t now_ms;
} self = { .report.fd = STDOUT_FILENO };

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void take_line(void *context, const char *text, size_t length)
{
	struct audit_line line;
	const char *id;

	(void)context;
	if (!line_read(text, length, self.of_syslog, &line) || (line.is_call && line.serial != self.serial))
		return;
	self.serial = line.serial;
	switch (containers_find(&self.containers, &line, self.now_ms, &id)) {
	case MEMBER_OF_CONTAINER:
		report_record(&self.report, id, text, length);
		break;
	case MEMBER_OF_UNKNOWN:
		report_drop(&self.report, DROP_UNATTRIBUTED, 1);
		break;
	case MEMBER_OF_HOST:
		break;
	}
}

static bool open_first(char *const *paths)
{
	for (; *paths; paths++) {
		const char *slash = strrchr(*paths, '/');

		if (!slash)
			continue;
		if (log_file_open(&self.file, *paths, &self.from, &self.report)) {
			self.of_syslog = strcmp(slash, "/syslog") == 0;
			report_sentence(&self.report, "Reading from file %s", *paths);
			return true;
		}
		if (errno != ENOENT)
			report_sentence(&self.report, "%s cannot be read: %s", *paths, strerror(errno));
	}
	return false;
}

/* Returns false when standard input is closed: nobody wants records any more. */
static bool wait_for(int source, int timeout)
{
	struct pollfd files[] = { { .fd = STDIN_FILENO, .events = POLLIN }, { .fd = source, .events = POLLIN } };
	char byte;

	if (poll(files, 2, timeout) < 0 && errno != EINTR)
		return false;
	return files[0].revents == 0 || read(STDIN_FILENO, &byte, 1) > 0;
}

static bool find_source(char *const *paths)
{
	bool said = false;

	while (!open_first(paths)) {
		if (!said)
			report_sentence(&self.report, "no audit log is there yet, auditd or a syslog has to write one");
		said = true;
		report_flush(&self.report, now_ms());
		if (self.report.broken || !wait_for(-1, LOOK_AGAIN_MS))
			return false;
	}
	report_flush(&self.report, now_ms());
	return true;
}

static void tell_position(void)
{
	struct log_position position = log_file_position(&self.file);

	report_position(&self.report, position.device, position.inode, position.offset);
}

static void follow(void)
{
	do {
		self.now_ms = now_ms();
		log_file_read(&self.file, &self.report, self.now_ms, take_line, NULL);
		tell_position();
		report_flush(&self.report, self.now_ms);
	} while (!self.report.broken && wait_for(self.file.inotify, report_wait(&self.report, self.now_ms)));
}

static void remember_ended(void)
{
	int error = ended_open(&self.containers.ended);

	if (error)
		report_sentence(&self.report,
				"records of processes that end at once will be dropped as unattributed: eBPF is not to be had: %s",
				strerror(error));
}

int main(int argc, char **argv)
{
	struct log_position *from = &self.from;

	if (argc < 4) {
		fputs("usage: auditor PROC POSITION FILE...\n", stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	if (!containers_open(&self.containers, argv[1])) {
		fprintf(stderr, "Error: %s cannot be read: %s\n", argv[1], strerror(errno));
		return 1;
	}
	report_hello(&self.report);
	remember_ended();
	if (sscanf(argv[2], "%" SCNu64 ":%" SCNu64 ":%" SCNu64, &from->device, &from->inode, &from->offset) != 3)
		from->inode = 0;
	if (find_source(argv + 3))
		follow();
	return 0;
}
