// SPDX-License-Identifier: Apache-2.0
#include "recorder/recording.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool attach(struct recording *recording, const char *watched, char *why, size_t size)
{
	/* Our own parent may have the watched name: exclude it. */
	int outside = watched ? (int)syscall(SYS_pidfd_open, getppid(), 0) : -1;
	const struct hook_plan plan = {
		.watched = watched,
		.noted_arguments = recording->traces ? recording->noted : NULL,
		.outside = outside,
		.by_libbpf = recording->by_libbpf,
	};
	bool attached = hooks_attach(&recording->hooks, &plan, why, size);

	if (outside >= 0)
		close(outside);
	return attached;
}

static bool mark(struct recording *recording, char *why, size_t size)
{
	if (hooks_mark(&recording->hooks, recording->command.pidfd))
		return true;
	snprintf(why, size, "mark %s for recording: %s", recording->command.report->file, strerror(errno));
	return false;
}

/* The profile is ours from here on, whatever comes. */
static bool hear(struct recording *recording, const char *profile, char *why, size_t size)
{
	return profile[0] == '\0' || accesses_open(&recording->accesses, profile, why, size);
}

static void plan_command(struct command_plan *plan, const struct recorder_start *message)
{
	plan->argument_count = (uint32_t)message->arguments;
	plan->uid = message->uid;
	plan->gid = message->gid;
	plan->group_count = (uint32_t)message->groups_count;
	for (size_t i = 0; i < message->groups_count; i++)
		plan->groups[i] = (gid_t)message->groups[i];
	snprintf(plan->user, sizeof(plan->user), "%s", message->user);
	snprintf(plan->home, sizeof(plan->home), "%s", message->home);
	snprintf(plan->profile, sizeof(plan->profile), "%s", message->profile);
}

bool recording_launch(struct recording *recording, const struct recorder_start *message, char *why, size_t size)
{
	static struct command_plan plan;

	plan_command(&plan, message);
	if (!hear(recording, plan.profile, why, size))
		return false;
	/* A process that outlives its parent becomes our child, so the end of the whole tree is seen. */
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	return command_prepare(&recording->command, &plan, why, size) && attach(recording, NULL, why, size) &&
	       mark(recording, why, size);
}

bool recording_watch(struct recording *recording, const struct recorder_watch *message, char *why, size_t size)
{
	return hear(recording, message->profile, why, size) && attach(recording, message->name, why, size);
}
