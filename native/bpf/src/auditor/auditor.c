// SPDX-License-Identifier: Apache-2.0
/*
 * Reads the node's audit records and says which container each is about: the privileged part of the log enricher, which
 * runs as an ordinary user with three capabilities of its file. Started by Node.js, which reads its standard output
 * (auditor/report.h) and ends it by closing its standard input.
 *
 *   auditor [--programs] PROC POSITION FILE...
 *
 * PROC is where the host's /proc is, POSITION the last one that an earlier run has told, or `-`. The first FILE that is
 * there is followed, and left for an earlier one that is made later; one that is called syslog holds lines of other
 * programs, too. With --programs it also tells which program the process of a record has executed.
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
#include "auditor/programs.h"
#include "auditor/report.h"
#include "auditor/serials.h"

/* Nobody tells when a directory that is missing is made: so often it is looked for. */
#define LOOK_AGAIN_MS 5000

/* Records whose serial numbers are missing have been written by then, if they are. */
#define SETTLE_MS 1000

static struct {
	struct report report;
	struct containers containers;
	struct programs programs;
	bool of_programs; /* Programs are told, too. */
	struct log_file files[2];
	struct log_file *file; /* The one that is followed. */
	struct log_position from;
	bool of_syslog;
	char stamp[32]; /* Of the kernel's line before, in a syslog. */
	uint64_t serial; /* Of the last record that was taken. */
	struct serials serials;
	uint64_t lost; /* As the kernel told last. */
	uint64_t now_ms;
} self = { .report.fd = STDOUT_FILENO, .file = self.files };

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* The kernel's number is of all since its start: the first one tells nothing of how many are new, but one is. */
static void take_lost(uint64_t lost)
{
	uint64_t more = self.lost == 0 || lost < self.lost ? 1 : lost - self.lost;

	self.lost = lost;
	report_drop(&self.report, DROP_LOST, more);
}

static void take_record(const struct audit_line *line, const char *text, size_t length)
{
	const char *id;

	if (line->is_call && line->serial != self.serial)
		return;
	self.serial = line->serial;
	switch (containers_find(&self.containers, line, self.now_ms, &id)) {
	case MEMBER_OF_CONTAINER:
		if (self.of_programs)
			programs_tell(&self.programs, &self.report, line->pid, id);
		report_record(&self.report, id, text, length);
		break;
	case MEMBER_OF_UNKNOWN:
		report_drop(&self.report, DROP_UNATTRIBUTED, 1);
		break;
	case MEMBER_OF_HOST:
		break;
	}
}

static void drop_lost(uint64_t count)
{
	if (count > 0)
		report_drop(&self.report, DROP_LOST, count);
}

/*
 * Whether a line is a part of the kernel's message before it: each line of a message is given the message's time.
 * Programs can put line breaks into a record, by the path of a program in the label of a process. A record of the same
 * microsecond, which is next to impossible, is counted as lost, by the number that is missing then.
 */
static bool is_continuation(const struct audit_line *line)
{
	bool is_same;

	if (!line->stamp || line->stamp_length >= sizeof(self.stamp))
		return false;
	is_same = strlen(self.stamp) == line->stamp_length && memcmp(self.stamp, line->stamp, line->stamp_length) == 0;
	memcpy(self.stamp, line->stamp, line->stamp_length);
	self.stamp[line->stamp_length] = '\0';
	return is_same;
}

static void take_line(void *context, const char *text, size_t length)
{
	struct audit_line line;
	enum line_kind kind = line_read(text, length, self.of_syslog, &line);

	(void)context;
	if (is_continuation(&line))
		return;
	if (kind == LINE_LOST)
		take_lost(line.lost);
	if (kind == LINE_NUMBERED || kind == LINE_RECORD)
		drop_lost(serials_take(&self.serials, line.serial));
	if (kind == LINE_RECORD)
		take_record(&line, text, length);
}

/* Follows a log; false with errno where it is not to be had. */
static bool open_log(const char *path, const struct log_position *from)
{
	struct log_file *next = self.file == self.files ? self.files + 1 : self.files;
	const char *slash = strrchr(path, '/');

	errno = EINVAL;
	if (!slash || !log_file_open(next, path, from, &self.report))
		return false;
	self.file = next;
	self.of_syslog = strcmp(slash, "/syslog") == 0;
	self.serials = (struct serials){ 0 };
	report_sentence(&self.report, "Reading from file %s", path);
	return true;
}

static bool open_first(char *const *paths)
{
	for (; *paths; paths++) {
		if (open_log(*paths, &self.from))
			return true;
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
		report_flush(&self.report);
		if (self.report.broken || !wait_for(-1, LOOK_AGAIN_MS))
			return false;
	}
	report_flush(&self.report);
	return true;
}

static void tell_position(void)
{
	struct log_position position = log_file_position(self.file);

	report_position(&self.report, position.device, position.inode, position.offset);
}

/* Returns whether there may be more. */
static bool read_on(void)
{
	return log_file_read(self.file, &self.report, self.now_ms, take_line, NULL);
}

/* A better log than the one that is followed is followed from its beginning as soon as it is there; then true. */
static bool turn_to_better(char *const *paths)
{
	struct log_file *before = self.file;
	struct serials serials = self.serials;

	for (; *paths && strcmp(*paths, before->path) != 0; paths++) {
		if (access(*paths, F_OK) != 0)
			continue;
		while (read_on())
			;
		if (!open_log(*paths, &LOG_WHOLE))
			continue;
		drop_lost(serials_settle(&serials));
		log_file_close(before, &self.report);
		return true;
	}
	return false;
}

static int time_to_wait(char *const *paths)
{
	if (serials_wait(&self.serials))
		return SETTLE_MS;
	return strcmp(*paths, self.file->path) != 0 ? LOOK_AGAIN_MS : -1;
}

static void follow(char *const *paths)
{
	uint64_t looked = 0, read_ms = now_ms();
	off_t offset = -1;
	bool more;

	do {
		self.now_ms = now_ms();
		more = read_on();
		if (self.file->now.offset != offset)
			read_ms = self.now_ms;
		offset = self.file->now.offset;
		if (self.now_ms - read_ms >= SETTLE_MS)
			drop_lost(serials_settle(&self.serials));
		if (self.now_ms - looked >= LOOK_AGAIN_MS) {
			looked = self.now_ms;
			more = turn_to_better(paths) || more;
		}
		tell_position();
		report_flush(&self.report);
	} while (!self.report.broken && wait_for(self.file->inotify, more ? 0 : time_to_wait(paths)));
}

static void remember_ended(void)
{
	int error = ended_open(&self.containers.ended);

	if (error)
		report_sentence(&self.report,
				"records of processes that end at once will be dropped as unattributed: eBPF is not to be had: %s",
				strerror(error));
}

static void remember_programs(void)
{
	int error = executed_open(&self.programs.executed);

	self.programs.proc = self.containers.proc;
	self.programs.ticks = self.containers.ticks;
	if (error)
		report_sentence(&self.report,
				"command lines of processes that end at once and ids of requests will be missing: eBPF is not to be had: %s",
				strerror(error));
}

int main(int argc, char **argv)
{
	struct log_position *from = &self.from;

	if (argc > 1 && strcmp(argv[1], "--programs") == 0) {
		self.of_programs = true;
		argv++;
		argc--;
	}

	if (argc < 4) {
		fputs("usage: auditor [--programs] PROC POSITION FILE...\n", stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	if (!containers_open(&self.containers, argv[1])) {
		fprintf(stderr, "Error: %s cannot be read: %s\n", argv[1], strerror(errno));
		return 1;
	}
	report_hello(&self.report);
	remember_ended();
	if (self.of_programs)
		remember_programs();
	if (sscanf(argv[2], "%" SCNu64 ":%" SCNu64 ":%" SCNu64, &from->device, &from->inode, &from->offset) != 3)
		from->inode = 0;
	if (find_source(argv + 3))
		follow(argv + 3);
	return 0;
}
