// SPDX-License-Identifier: Apache-2.0
#include "recorder/accesses.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "recorder_wire.h"

/* A burst waits in the socket while Node.js is busy; a record takes 2 KiB there at most. */
#define ROOM (32 << 20)

/* Room for a record: the longest has 8,970 bytes. */
#define RECORD_SIZE 16384

/* Records that wait in the kernel while we hear: 32 MiB of usual ones. */
#define BACKLOG 65536

/* The longest wait for a record that must come, in milliseconds: the kernel may have thousands before it. */
#define LONGEST_WAIT_MS 10000

static int open_audit(unsigned int groups)
{
	const struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = groups };
	int audit = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);

	if (audit >= 0 && bind(audit, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return audit;
	if (audit >= 0)
		close(audit);
	return -1;
}

/* The state of auditing; zeros where the kernel does not tell. */
static struct audit_status ask_status(void)
{
	const struct nlmsghdr question = { .nlmsg_len = NLMSG_HDRLEN, .nlmsg_type = AUDIT_GET, .nlmsg_flags = NLM_F_REQUEST };
	struct {
		struct nlmsghdr head;
		struct audit_status status;
	} answer = {};
	int audit = open_audit(0);
	struct pollfd file = { .fd = audit, .events = POLLIN };
	bool told = audit >= 0 && send(audit, &question, sizeof(question), 0) == (ssize_t)sizeof(question) &&
		    poll(&file, 1, LONGEST_WAIT_MS) == 1 && recv(audit, &answer, sizeof(answer), 0) > 0 &&
		    answer.head.nlmsg_type == AUDIT_GET;

	if (audit >= 0)
		close(audit);
	return told ? answer.status : (struct audit_status){};
}

/* Lets so many records wait in the kernel. Where it is forbidden, more are lost, and counted. */
static void set_backlog(uint32_t limit)
{
	struct {
		struct nlmsghdr head;
		struct audit_status status;
	} request = {
		.head = { .nlmsg_len = sizeof(request), .nlmsg_type = AUDIT_SET, .nlmsg_flags = NLM_F_REQUEST },
		.status = { .mask = AUDIT_STATUS_BACKLOG_LIMIT, .backlog_limit = limit },
	};
	int audit = open_audit(0);

	if (audit < 0)
		return;
	(void)!send(audit, &request, sizeof(request), 0);
	close(audit);
}

/* The kernel keeps 64 records by default, which a program that looks for a file outruns; 0 is no limit. */
static void raise_backlog(struct accesses *accesses, uint32_t limit)
{
	accesses->backlog_before = limit > 0 && limit < BACKLOG ? limit : 0;
	if (accesses->backlog_before > 0)
		set_backlog(BACKLOG);
}

/* The two forms of the field: a name with blanks, quotes or other letters is written in hexadecimal. */
static void write_fields(struct accesses *accesses)
{
	size_t used = (size_t)snprintf(accesses->encoded, sizeof(accesses->encoded), " profile=");

	snprintf(accesses->quoted, sizeof(accesses->quoted), " profile=\"%s", accesses->profile);
	for (const char *at = accesses->profile; *at; at++, used += 2)
		snprintf(accesses->encoded + used, sizeof(accesses->encoded) - used, "%02X", (unsigned char)*at);
}

/* The profile itself, or one of a program that ran within it: NAME//null-/bin/program. */
static bool is_ours(const struct accesses *accesses, const char *text)
{
	const char *found = strstr(text, accesses->quoted);

	if (found) {
		found += strlen(accesses->quoted);
		return *found == '"' || strncmp(found, "//", 2) == 0;
	}
	found = strstr(text, accesses->encoded);
	if (!found)
		return false;
	found += strlen(accesses->encoded);
	return *found == ' ' || *found == '\0' || strncmp(found, "2F2F", 4) == 0;
}

static bool is_awaited(const struct accesses *accesses, const char *text)
{
	return accesses->awaited[0] != '\0' && strstr(text, " operation=\"profile_remove\"") && strstr(text, accesses->awaited);
}

static void handle(struct accesses *accesses, const char *text, struct wire_writer *out)
{
	if (is_awaited(accesses, text))
		accesses->reached = true;
	else if (out && is_ours(accesses, text))
		recorder_emit_access(out, text);
}

/* Takes one message. Returns false when there is none at the moment. */
static bool take_one(struct accesses *accesses, struct wire_writer *out)
{
	static union {
		struct nlmsghdr head;
		char bytes[RECORD_SIZE];
	} message;
	ssize_t length = recv(accesses->socket, &message, sizeof(message) - 1, MSG_DONTWAIT);

	if (length < 0) {
		accesses->lost += errno == ENOBUFS;
		return errno == ENOBUFS || errno == EINTR;
	}
	if (length <= NLMSG_HDRLEN || message.head.nlmsg_type != AUDIT_AVC)
		return true;
	message.bytes[length] = '\0';
	handle(accesses, message.bytes + NLMSG_HDRLEN, out);
	return true;
}

void accesses_take(struct accesses *accesses, struct wire_writer *out)
{
	while (take_one(accesses, out))
		;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Records come in their order: when the one of a removal is here, all before it are. */
static bool await_removal(struct accesses *accesses, const char *name, struct wire_writer *out)
{
	struct pollfd file = { .fd = accesses->socket, .events = POLLIN };
	int64_t end = now_ms() + LONGEST_WAIT_MS;

	snprintf(accesses->awaited, sizeof(accesses->awaited), " name=\"%.*s\"", OWN_PROFILE_SIZE - 1, name);
	accesses->reached = false;
	own_profile_remove(name);
	while (!accesses->reached && now_ms() < end) {
		poll(&file, 1, (int)(end - now_ms()) + 1);
		accesses_take(accesses, out);
	}
	return accesses->reached;
}

static bool give_room(int audit)
{
	const int room = ROOM;

	return setsockopt(audit, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) == 0;
}

bool accesses_open(struct accesses *accesses, const char *profile, char *why, size_t size)
{
	const struct audit_status status = ask_status();
	char absent[OWN_PROFILE_SIZE];

	snprintf(accesses->profile, sizeof(accesses->profile), "%s", profile);
	write_fields(accesses);
	accesses->lost_before = status.lost;
	accesses->socket = open_audit(1U << (AUDIT_NLGRP_READLOG - 1));
	if (accesses->socket < 0 || !give_room(accesses->socket)) {
		snprintf(why, size, "hear the kernel's audit records: %s", strerror(errno));
		return false;
	}
	raise_backlog(accesses, status.backlog_limit);
	/* The kernel writes a record of a removal that fails, too. The name is one that nobody else has. */
	snprintf(absent, sizeof(absent), "spoc-%d.absent", getpid());
	if (await_removal(accesses, absent, NULL))
		return true;
	snprintf(why, size,
		 "the kernel's audit records are not heard here: a container needs the network namespace of the machine, and the "
		 "machine no audit=0 among its kernel's parameters");
	return false;
}

void accesses_finish(struct accesses *accesses, struct wire_writer *out)
{
	uint64_t lost;

	if (accesses->socket < 0)
		return;
	if (!await_removal(accesses, accesses->profile, out))
		accesses->lost++;
	accesses->profile[0] = '\0';
	lost = accesses->lost + (uint32_t)(ask_status().lost - accesses->lost_before);
	if (lost > 0)
		recorder_emit_lost(out, RECORDER_LOST_REASON_RECORD, lost);
	accesses_close(accesses);
}

void accesses_close(struct accesses *accesses)
{
	if (accesses->profile[0] != '\0')
		own_profile_remove(accesses->profile);
	accesses->profile[0] = '\0';
	if (accesses->backlog_before > 0)
		set_backlog(accesses->backlog_before);
	accesses->backlog_before = 0;
	if (accesses->socket >= 0)
		close(accesses->socket);
	accesses->socket = -1;
}
