// SPDX-License-Identifier: Apache-2.0
/*
 * Changes the SELinux policy of its node: the privileged part of the process selinuxd, with two capabilities of its
 * file, to become root. See schemas/wire/selinux-policy.json for what comes in and goes out. It lives for one round of
 * changes: what libsemanage needs for a whole policy is given back with it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "program/program.h"
#include "selinux_policy/identity.h"
#include "selinux_policy/store.h"
#include "selinux_policy/words.h"
#include "selinux_policy_wire.h"

/*
 * Ends a program that hangs, in seconds: a transaction takes some seconds, on a slow and busy node a minute. The
 * program ends itself, because the process that has started it is not root and cannot.
 */
#define LIMIT_S 600

/* More than the API server takes of one object. */
#define TEXT_MAX (8U << 20)

static struct program program = { .name = "selinux_policy", .source = -1 };

static struct {
	struct store_place place;
	struct store store;
	bool opened;
	char *text; /* Of the module that is named next. */
	size_t length;
	struct store_step *steps;
	struct store_step **end;
} self = { .end = &self.steps };

static const struct program_handlers handlers;

static void fail(const char *what)
{
	char reason[PROGRAM_REASON_SIZE];
	char words[PROGRAM_REASON_SIZE - 256];

	words_join(words, sizeof(words));
	words_clear();
	snprintf(reason, sizeof(reason), "%.200s: %s", what, words);
	program_fail(&program, &handlers, reason);
}

/* The store is opened when it is needed first, so that a reader hears why it cannot be. */
static bool open_store(void)
{
	char why[PROGRAM_REASON_SIZE];

	if (self.opened)
		return true;
	if (!identity_become_root(why, sizeof(why))) {
		program_fail(&program, &handlers, why);
		return false;
	}
	self.opened = store_open(&self.store, &self.place, why, sizeof(why));
	if (!self.opened)
		fail("the policy store of the node cannot be opened");
	else if (!store_catch_up(&self.store))
		fail("the policy of the node is in its store, and the kernel has not got it");
	return !program.ended;
}

static void tell_module(const struct store_module *module)
{
	selinux_policy_emit_module(&program.out, module->name, module->priority, module->enabled, module->checksum,
				   module->last_line);
}

static void list(void)
{
	if (!open_store())
		return;
	if (store_list(&self.store, tell_module))
		selinux_policy_emit_listed(&program.out);
	else
		fail("the modules of the node cannot be listed");
}

static void add_text(const char *text)
{
	size_t length = strlen(text);
	char *room = self.length + length > TEXT_MAX ? NULL : realloc(self.text, self.length + length + 1);

	if (!room) {
		program_fail(&program, &handlers, "a module is too long");
		return;
	}
	self.text = room;
	memcpy(self.text + self.length, text, length + 1);
	self.length += length;
}

static void add_step(const char *name, bool install)
{
	struct store_step *step = calloc(1, sizeof(*step));

	if (!step || !(step->name = strdup(name))) {
		free(step);
		program_fail(&program, &handlers, "there is not enough memory for the transaction");
		return;
	}
	if (install) {
		step->text = self.text ? self.text : strdup("");
		step->length = self.length;
		self.text = NULL;
		self.length = 0;
	}
	*self.end = step;
	self.end = &step->next;
}

static void forget_steps(void)
{
	while (self.steps) {
		struct store_step *step = self.steps;

		self.steps = step->next;
		free(step->name);
		free(step->text);
		free(step);
	}
	self.end = &self.steps;
}

static void tell_words(const char *line)
{
	selinux_policy_emit_words(&program.out, line);
}

static void commit(void)
{
	enum store_result result;

	if (!open_store())
		return;
	words_clear();
	result = store_commit(&self.store, self.steps);
	forget_steps();
	if (result == STORE_FAILED) {
		fail("the policy of the node cannot be changed");
		return;
	}
	words_take(tell_words);
	if (result == STORE_COMMITTED)
		selinux_policy_emit_committed(&program.out);
	else
		selinux_policy_emit_refused(&program.out);
}

static void stop(void)
{
	selinux_policy_emit_stopped(&program.out);
	program.ended = true;
}

static bool handle_line(const char *line, size_t length, struct wire_fault *fault)
{
	static struct selinux_policy_command command;

	if (!selinux_policy_parse_command(line, length, &command, fault))
		return false;
	alarm(LIMIT_S);
	switch (command.type) {
	case SELINUX_POLICY_LIST:
		list();
		break;
	case SELINUX_POLICY_CIL:
		add_text(command.cil.text);
		break;
	case SELINUX_POLICY_INSTALL:
		add_step(command.install.name, true);
		break;
	case SELINUX_POLICY_REMOVE:
		add_step(command.remove.name, false);
		break;
	case SELINUX_POLICY_COMMIT:
		commit();
		break;
	case SELINUX_POLICY_STOP:
		stop();
		break;
	}
	alarm(0);
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
	.emit_failed = selinux_policy_emit_failed,
};

static const char *option_or(char **argv, const char *name, const char *otherwise)
{
	const char *value = program_option(argv, name);

	return value ? value : otherwise;
}

int main(int argc, char **argv)
{
	int signals;

	(void)argc;
	if (program_has_option(argv, "--selftest")) {
		program.out.fd = STDOUT_FILENO;
		selinux_policy_test_self(&program.in, &program.out);
		return 0;
	}
	self.place.root = option_or(argv, "--root", "");
	self.place.type = program_option(argv, "--store");
	self.place.scratch = option_or(argv, "--scratch", "/tmp");
	signals = program_open(&program, argv);
	if (signals < 0)
		return 2;
	words_listen();
	selinux_policy_emit_hello(&program.out, SELINUX_POLICY_PROTOCOL);
	program_run(&program, &handlers, signals);
	forget_steps();
	free(self.text);
	store_close(&self.store);
	return program_close(&program, signals);
}
