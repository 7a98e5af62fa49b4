// SPDX-License-Identifier: Apache-2.0
/*
 * Records the system calls of the containers of this machine with eBPF: the privileged part of the process
 * bpf-recorder, with two capabilities of its file. See schemas/wire/container-recorder.json for what comes in and goes
 * out.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "container_recorder/hooks.h"
#include "container_recorder/result.h"
#include "container_recorder/slots.h"
#include "container_recorder_wire.h"
#include "program/program.h"

static struct program program = { .name = "container_recorder", .source = -1 };

static struct {
	struct hook_plan plan;
	struct hooks hooks;
	struct slots slots;
	uint64_t lost_before; /* Containers without a slot, of earlier attachments. */
} self;

static const struct program_handlers handlers;

static void emit_result(uint32_t index)
{
	const struct slot *slot = &self.slots.mapped[index];

	result_emit(&program.out, slot);
}

static void tell(struct slots *slots, uint32_t index, uint32_t flags)
{
	uint64_t key = slots->keys[index];

	if (flags & SLOT_TAKEN)
		result_emit_container(&program.out, &slots->mapped[index], slots_flags(slots, index) & SLOT_RUNNING);
	if (flags & SLOT_ENTERED)
		container_recorder_emit_entered(&program.out, key, slots->mapped[index].mount_namespace);
	if (flags & SLOT_ENDED) {
		container_recorder_emit_ended(&program.out, key);
		emit_result(index);
		container_recorder_emit_complete(&program.out, key);
	}
}

static void watch_refusals(void)
{
	char why[PROGRAM_REASON_SIZE];

	if (hooks_watch_refusals(&self.hooks, slots_has_living(&self.slots)))
		return;
	snprintf(why, sizeof(why), "calls that are refused cannot be seen: %s", strerror(errno));
	program_fail(&program, &handlers, why);
}

static void look(void)
{
	uint64_t lost;

	slots_look(&self.slots, tell);
	watch_refusals();
	if (slots_lost(&self.slots, &lost))
		container_recorder_emit_lost(&program.out, 0, CONTAINER_RECORDER_LOST_REASON_CONTAINER,
					     self.lost_before + lost);
}

static bool open_slots(char *why, size_t size)
{
	if (slots_open(&self.slots, &self.hooks))
		return true;
	snprintf(why, size, "the places of containers cannot be read: %s", strerror(errno));
	return false;
}

static void attach(void)
{
	char why[PROGRAM_REASON_SIZE];

	if (self.hooks.attached)
		return;
	if (!hooks_attach(&self.hooks, &self.plan, why, sizeof(why)) || !open_slots(why, sizeof(why))) {
		program_fail(&program, &handlers, why);
		return;
	}
	program.source = slots_bell(&self.slots);
	look();
	container_recorder_emit_attached(&program.out);
}

/* Tells the result of a container that is cut off by the hooks being taken away. */
static void cut_off(uint32_t index)
{
	uint32_t flags = slots_flags(&self.slots, index);
	uint64_t key = self.slots.keys[index];

	if (key == 0 || flags & SLOT_ENDED || !(flags & (SLOT_ENTERED | SLOT_RECORDED)))
		return;
	container_recorder_emit_ended(&program.out, key);
	emit_result(index);
	container_recorder_emit_lost(&program.out, key, CONTAINER_RECORDER_LOST_REASON_DETACHED, 1);
	container_recorder_emit_complete(&program.out, key);
}

static void detach(void)
{
	if (!self.hooks.attached)
		return;
	look();
	for (uint32_t index = 0; index < SLOTS; index++)
		cut_off(index);
	program.source = -1;
	self.lost_before += self.slots.lost_told;
	slots_close(&self.slots);
	hooks_detach(&self.hooks);
}

static void read_now(uint64_t key)
{
	uint32_t index;

	if (slots_find(&self.slots, key, &index))
		emit_result(index);
	container_recorder_emit_complete(&program.out, key);
}

static void record(uint64_t key)
{
	uint32_t index;

	if (slots_find(&self.slots, key, &index))
		slots_record(&self.slots, index);
}

static void give_up(uint64_t key)
{
	uint32_t index;

	if (!slots_find(&self.slots, key, &index))
		return;
	slots_free(&self.slots, index);
	watch_refusals();
}

static void stop(void)
{
	detach();
	container_recorder_emit_stopped(&program.out);
	program.ended = true;
}

static void handle_command(const struct container_recorder_command *command)
{
	switch (command->type) {
	case CONTAINER_RECORDER_ATTACH:
		attach();
		break;
	case CONTAINER_RECORDER_DETACH:
		detach();
		container_recorder_emit_detached(&program.out);
		break;
	case CONTAINER_RECORDER_RECORD:
		record(command->record.key);
		break;
	case CONTAINER_RECORDER_IGNORE:
		give_up(command->ignore.key);
		break;
	case CONTAINER_RECORDER_READ:
		read_now(command->read.key);
		break;
	case CONTAINER_RECORDER_FORGET:
		give_up(command->forget.key);
		break;
	case CONTAINER_RECORDER_STOP:
		stop();
		break;
	}
}

static bool handle_line(const char *line, size_t length, struct wire_fault *fault)
{
	static struct container_recorder_command command;

	if (!container_recorder_parse_command(line, length, &command, fault))
		return false;
	handle_command(&command);
	return true;
}

static void handle_signal(const struct signalfd_siginfo *signal)
{
	if (signal->ssi_signo != SIGCHLD)
		stop();
}

static const struct program_handlers handlers = {
	.handle_line = handle_line,
	.handle_signal = handle_signal,
	.handle_source = look,
	.emit_failed = container_recorder_emit_failed,
};

int main(int argc, char **argv)
{
	int signals;

	(void)argc;
	if (program_has_option(argv, "--selftest")) {
		program.out.fd = STDOUT_FILENO;
		container_recorder_test_self(&program.in, &program.out);
		return 0;
	}
	self.plan.by_libbpf = program_has_option(argv, "--libbpf");
	self.plan.by_pids = program_has_option(argv, "--pids");
	signals = program_open(&program, argv);
	if (signals < 0)
		return 2;
	container_recorder_emit_hello(&program.out, CONTAINER_RECORDER_PROTOCOL);
	program_run(&program, &handlers, signals);
	if (self.hooks.attached) {
		slots_close(&self.slots);
		hooks_detach(&self.hooks);
	}
	return program_close(&program, signals);
}
