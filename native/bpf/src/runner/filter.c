// SPDX-License-Identifier: Apache-2.0
/*
 * Each architecture has a context of its own: libseccomp takes one list of numbers, in those of the native
 * architecture, and would translate it for all architectures of a context alike.
 */
#include "runner/filter.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint32_t tokens[] = {
	[RUNNER_ARCH_SCMP_ARCH_X86_64] = SCMP_ARCH_X86_64,   [RUNNER_ARCH_SCMP_ARCH_X86] = SCMP_ARCH_X86,
	[RUNNER_ARCH_SCMP_ARCH_X32] = SCMP_ARCH_X32,	     [RUNNER_ARCH_SCMP_ARCH_AARCH64] = SCMP_ARCH_AARCH64,
	[RUNNER_ARCH_SCMP_ARCH_ARM] = SCMP_ARCH_ARM,
};

struct reason {
	char *text;
	size_t size;
};

__attribute__((format(printf, 2, 3))) static bool refuse(struct reason why, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(why.text, why.size, format, arguments);
	va_end(arguments);
	return false;
}

uint32_t filter_native_arch(void)
{
	return seccomp_arch_native();
}

static bool check_action(uint32_t action, struct reason why)
{
	uint32_t data = action & SECCOMP_RET_DATA;

	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ERRNO:
		return data <= 4095 || refuse(why, "the error number %u is above 4095, the largest of the kernel", data);
	case SECCOMP_RET_TRACE:
		return true;
	case SECCOMP_RET_KILL_PROCESS:
	case SECCOMP_RET_KILL_THREAD:
	case SECCOMP_RET_TRAP:
	case SECCOMP_RET_LOG:
	case SECCOMP_RET_ALLOW:
		return data == 0 || refuse(why, "the action 0x%08x takes no number", action);
	case SECCOMP_RET_USER_NOTIF:
		return refuse(why, "the action SCMP_ACT_NOTIFY needs a listener that answers, and a command run by spoc has none");
	}
	return refuse(why, "the action 0x%08x is not known", action);
}

static bool begin(struct filter *filter, const struct runner_filter *message, struct reason why)
{
	filter_free(filter);
	if (!check_action(message->default_action, why))
		return false;
	filter->begun = true;
	filter->default_action = message->default_action;
	filter->flags = (message->log ? SECCOMP_FILTER_FLAG_LOG : 0) |
			(message->spec_allow ? SECCOMP_FILTER_FLAG_SPEC_ALLOW : 0);
	return true;
}

/* A context for one architecture alone; NULL with errno when libseccomp does not want it. */
static scmp_filter_ctx context_of(uint32_t default_action, uint32_t token)
{
	scmp_filter_ctx context = seccomp_init(default_action);
	int error;

	if (!context) {
		errno = EINVAL;
		return NULL;
	}
	if (token == seccomp_arch_native())
		return context;
	error = seccomp_arch_add(context, token);
	if (!error)
		error = seccomp_arch_remove(context, SCMP_ARCH_NATIVE);
	if (!error)
		return context;
	seccomp_release(context);
	errno = -error;
	return NULL;
}

static bool add_architecture(struct filter *filter, const struct runner_architecture *message, struct reason why)
{
	const char *name = runner_arch_words[message->name];
	scmp_filter_ctx context;

	if (!filter->begun)
		return refuse(why, "the architecture %s belongs to no filter", name);
	for (size_t i = 0; i < filter->arch_count; i++) {
		if (filter->archs[i] == message->name)
			return refuse(why, "the architecture %s is there twice", name);
	}
	if (filter->arch_count == FILTER_ARCHS_MAX)
		return refuse(why, "the architecture %s is one too many", name);
	context = context_of(filter->default_action, tokens[message->name]);
	if (!context)
		return refuse(why, "a filter for %s: %s", name, strerror(errno));
	filter->archs[filter->arch_count] = message->name;
	filter->newest[filter->arch_count] = message->newest;
	filter->contexts[filter->arch_count++] = context;
	return true;
}

static bool add_condition(struct filter *filter, const struct runner_condition *message, struct reason why)
{
	for (size_t i = 0; i < filter->condition_count; i++) {
		if (filter->conditions[i].arg == (unsigned int)message->index)
			return refuse(why, "the argument %u has two conditions in one rule: make it two rules",
				      (unsigned int)message->index);
	}
	/* The words of the message have the order of libseccomp's enum scmp_compare, which begins with 1. */
	filter->conditions[filter->condition_count++] = (struct scmp_arg_cmp){
		.arg = (unsigned int)message->index,
		.op = (enum scmp_compare)(message->op + SCMP_CMP_NE),
		.datum_a = message->value,
		.datum_b = message->value_two,
	};
	return true;
}

/*
 * The number by which libseccomp calls a system call: that of the native architecture, or one below 0 for a call that
 * only others have. __NR_SCMP_ERROR when it does not know the call.
 */
static int native_number(uint32_t token, int64_t number)
{
	int own = (int)number;
	char *name;
	int native;

	if (token == seccomp_arch_native())
		return own;
	if (token == SCMP_ARCH_X32)
		own |= X32_SYSCALL_BIT;
	name = seccomp_syscall_resolve_num_arch(token, own);
	if (!name)
		return __NR_SCMP_ERROR;
	native = seccomp_syscall_resolve_name(name);
	free(name);
	return native;
}

/* Adds one number; 0 or a negative errno. */
static int add_number(const struct filter *filter, scmp_filter_ctx context, uint32_t action, int number)
{
	unsigned int count = (unsigned int)filter->condition_count;
	int error = seccomp_rule_add_exact_array(context, action, number, count, filter->conditions);

	/*
	 * Of calls that i386 also makes through socketcall and ipc, arguments cannot be compared there: those stay
	 * unconditional, as with runc.
	 */
	if (error == -EINVAL && count > 0)
		error = seccomp_rule_add_array(context, action, number, count, filter->conditions);
	return error;
}

static bool add_rule(struct filter *filter, const struct runner_rule *message, struct filter_unknown *unknown,
		     struct reason why)
{
	uint32_t action = (uint32_t)message->action;
	scmp_filter_ctx context;
	enum runner_arch arch;

	if (filter->arch_count == 0)
		return refuse(why, "a rule belongs to no architecture");
	if (!check_action(action, why))
		return false;
	arch = filter->archs[filter->arch_count - 1];
	context = filter->contexts[filter->arch_count - 1];
	unknown->arch = arch;
	/* A rule that repeats the default action is not needed, and libseccomp takes none. */
	for (size_t i = 0; i < message->numbers_count && action != filter->default_action; i++) {
		int number = native_number(tokens[arch], message->numbers[i]);
		int error = number == __NR_SCMP_ERROR ? 0 : add_number(filter, context, action, number);

		if (number == __NR_SCMP_ERROR)
			unknown->numbers[unknown->count++] = message->numbers[i];
		if (error)
			return refuse(why, "a rule for the call %lld of %s: %s", (long long)message->numbers[i],
				      runner_arch_words[arch], strerror(-error));
	}
	filter->condition_count = 0;
	return true;
}

bool filter_take(struct filter *filter, const struct runner_command *message, struct filter_unknown *unknown, char *why,
		 size_t size)
{
	struct reason reason = { why, size };

	unknown->count = 0;
	if (filter->instruction_count > 0 && message->type != RUNNER_FILTER)
		return refuse(reason, "the filter is finished already");
	switch (message->type) {
	case RUNNER_FILTER:
		return begin(filter, &message->filter, reason);
	case RUNNER_ARCHITECTURE:
		return add_architecture(filter, &message->architecture, reason);
	case RUNNER_CONDITION:
		return add_condition(filter, &message->condition, reason);
	case RUNNER_RULE:
		return add_rule(filter, &message->rule, unknown, reason);
	case RUNNER_START:
	case RUNNER_RELEASE:
	case RUNNER_SIGNAL:
	case RUNNER_TRY:
	case RUNNER_NOTE:
		break;
	}
	return refuse(reason, "the message describes no filter");
}

bool filter_finish(struct filter *filter, char *why, size_t size)
{
	struct reason reason = { why, size };
	int error;

	if (filter->instruction_count > 0)
		return true;
	if (filter->arch_count == 0)
		return refuse(reason, "the filter has no architecture");
	if (filter->condition_count > 0)
		return refuse(reason, "conditions are there that belong to no rule");
	error = filter_join(filter);
	if (error == -E2BIG)
		return refuse(reason, "the filter is too long for the kernel");
	return error == 0 || refuse(reason, "make the filter: %s", strerror(-error));
}

void filter_free(struct filter *filter)
{
	for (size_t i = 0; i < filter->arch_count; i++)
		seccomp_release(filter->contexts[i]);
	*filter = (struct filter){ .begun = false };
}
