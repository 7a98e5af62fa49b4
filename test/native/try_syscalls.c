// SPDX-License-Identifier: Apache-2.0
/*
 * Asks the real kernel what a filter does with calls that must not happen. Every return value of the filter is replaced
 * by an error number of its own, so that the kernel evaluates the whole filter and executes nothing, and the error
 * tells what the filter said. Speaks the language of the runner; a child makes all calls that came in together, and a
 * new filter may follow.
 */
#include <errno.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program/program.h"
#include "runner/filter.h"
#include "runner_wire.h"

/* Calls that one child makes. */
#define TRIES_MAX 4096

/* The largest error number of the kernel. */
#define ERRNO_MAX 4095

/*
 * uretprobe and uprobe of x86-64: the kernel makes these calls itself, from pages that it maps, and lets no filter see
 * them (Linux 6.14). By hand they end the caller.
 */
#define UNFILTERED_FIRST 335
#define UNFILTERED_LAST 336

struct batch {
	size_t count;
	struct runner_try tries[TRIES_MAX];
	long results[TRIES_MAX];
};

static struct program program = { .name = "try_syscalls" };

static struct {
	struct filter filter;
	struct batch *batch; /* Shared with the children. */
} self;

/*
 * The program in which every return value is an error number, and the action that each number stands for: actions[0] is
 * for the error 1.
 */
struct disguise {
	size_t count;
	uint32_t actions[ERRNO_MAX];
	struct sock_filter instructions[FILTER_INSTRUCTIONS_MAX];
};

static void fail(const char *reason)
{
	runner_emit_failed(&program.out, reason);
	program.exit_status = 1;
	program.ended = true;
}

static uint32_t error_for(struct disguise *disguise, uint32_t action)
{
	size_t i = 0;

	while (i < disguise->count && disguise->actions[i] != action)
		i++;
	if (i == disguise->count)
		disguise->actions[disguise->count++] = action;
	return SECCOMP_RET_ERRNO | (uint32_t)(i + 1);
}

/* The program as filter_reader prints it, on standard output, where the environment asks for it. */
static void show_program(void)
{
	if (getenv("SHOW_PROGRAMS") == NULL)
		return;
	printf("0 ");
	for (size_t i = 0; i < self.filter.instruction_count; i++) {
		const struct sock_filter *one = &self.filter.instructions[i];

		printf("%04x%02x%02x%08x", one->code, one->jt, one->jf, one->k);
	}
	putchar('\n');
	fflush(stdout);
}

static bool disguise_filter(struct disguise *disguise)
{
	disguise->count = 0;
	for (size_t i = 0; i < self.filter.instruction_count; i++) {
		struct sock_filter instruction = self.filter.instructions[i];

		if (BPF_CLASS(instruction.code) == BPF_RET) {
			if (BPF_RVAL(instruction.code) != BPF_K || disguise->count == ERRNO_MAX)
				return false;
			instruction.k = error_for(disguise, instruction.k);
		}
		disguise->instructions[i] = instruction;
	}
	return true;
}

#if defined(__x86_64__)
static long call_native(long number, const uint64_t *arguments)
{
	register uint64_t r10 __asm__("r10") = arguments[3];
	register uint64_t r8 __asm__("r8") = arguments[4];
	register uint64_t r9 __asm__("r9") = arguments[5];
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result), "+r"(r10), "+r"(r8), "+r"(r9)
			 : "0"(number), "D"(arguments[0]), "S"(arguments[1]), "d"(arguments[2])
			 : "rcx", "r11", "memory");
	return result;
}

/* The sixth argument goes where the compiler keeps its frame, so it is swapped in by hand. */
static long call_compat(long number, const uint64_t *arguments)
{
	uint64_t sixth = arguments[5];
	long result = number;

	__asm__ volatile("xchg %%rbp, %[sixth]\n\tint $0x80\n\txchg %%rbp, %[sixth]"
			 : "+a"(result), [sixth] "+r"(sixth)
			 : "b"(arguments[0]), "c"(arguments[1]), "d"(arguments[2]), "S"(arguments[3]), "D"(arguments[4])
			 : "r8", "r9", "r10", "r11", "memory");
	return (int)result;
}

static long make_call(const struct runner_try *call, const uint64_t *arguments)
{
	if (call->architecture == RUNNER_ARCH_SCMP_ARCH_X86)
		return call_compat(call->number, arguments);
	if (call->architecture == RUNNER_ARCH_SCMP_ARCH_X32)
		return call_native(call->number | X32_SYSCALL_BIT, arguments);
	return call_native(call->number, arguments);
}

static bool can_call(const struct runner_try *call)
{
	if (call->architecture == RUNNER_ARCH_SCMP_ARCH_X86_64)
		return call->number < UNFILTERED_FIRST || call->number > UNFILTERED_LAST;
	return call->architecture == RUNNER_ARCH_SCMP_ARCH_X86 || call->architecture == RUNNER_ARCH_SCMP_ARCH_X32;
}
#elif defined(__aarch64__)
static long make_call(const struct runner_try *call, const uint64_t *arguments)
{
	register uint64_t x8 __asm__("x8") = (uint64_t)call->number;
	register uint64_t x0 __asm__("x0") = arguments[0];
	register uint64_t x1 __asm__("x1") = arguments[1];
	register uint64_t x2 __asm__("x2") = arguments[2];
	register uint64_t x3 __asm__("x3") = arguments[3];
	register uint64_t x4 __asm__("x4") = arguments[4];
	register uint64_t x5 __asm__("x5") = arguments[5];

	__asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
	return (long)x0;
}

static bool can_call(const struct runner_try *call)
{
	return call->architecture == RUNNER_ARCH_SCMP_ARCH_AARCH64;
}
#else
#error "no such architecture"
#endif

/* Runs in a child. From the installation on every call is refused, that of ending too: the child ends by a fault. */
static void make_calls(const struct disguise *disguise)
{
	struct batch *batch = self.batch;
	const struct sock_fprog filter = {
		.len = (unsigned short)self.filter.instruction_count,
		.filter = (struct sock_filter *)disguise->instructions,
	};

	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) != 0)
		_exit(errno);
	for (size_t i = 0; i < batch->count; i++) {
		const struct runner_try *call = &batch->tries[i];
		const uint64_t arguments[] = { call->first,  call->second, call->third,
					       call->fourth, call->fifth,  call->sixth };

		batch->results[i] = make_call(call, arguments);
	}
	__builtin_trap();
}

static void emit_outcomes(const struct disguise *disguise)
{
	struct batch *batch = self.batch;

	for (size_t i = 0; i < batch->count; i++) {
		long error = -batch->results[i];

		if (error < 1 || error > (long)disguise->count) {
			fail("a call gave a result that no return value of the filter explains");
			return;
		}
		runner_emit_outcome(&program.out, disguise->actions[error - 1]);
	}
}

static void make_batch(void)
{
	static struct disguise disguise;
	char why[PROGRAM_REASON_SIZE];
	int status = 0;
	pid_t child;

	if (self.batch->count == 0 || program.ended)
		return;
	if (!filter_finish(&self.filter, why, sizeof(why))) {
		fail(why);
		return;
	}
	show_program();
	if (!disguise_filter(&disguise)) {
		fail("the filter has more different return values than there are error numbers");
		return;
	}
	memset(self.batch->results, 0, sizeof(self.batch->results));
	child = fork();
	if (child == 0)
		make_calls(&disguise);
	if (child < 0 || waitpid(child, &status, 0) != child) {
		fail("no child could be started");
		return;
	}
	if (WIFEXITED(status)) {
		snprintf(why, sizeof(why), "install the filter: %s", strerror(WEXITSTATUS(status)));
		fail(why);
		return;
	}
	emit_outcomes(&disguise);
	self.batch->count = 0;
}

static void handle_command(const struct runner_command *command)
{
	static struct filter_unknown unknown;
	char why[PROGRAM_REASON_SIZE];

	if (command->type == RUNNER_TRY && !can_call(&command->try)) {
		snprintf(why, sizeof(why), "the call %lld of %s cannot be tried here", (long long)command->try.number,
			 runner_arch_words[command->try.architecture]);
		fail(why);
		return;
	}
	if (command->type == RUNNER_TRY) {
		self.batch->tries[self.batch->count++] = command->try;
		if (self.batch->count == TRIES_MAX)
			make_batch();
		return;
	}
	make_batch();
	if (program.ended)
		return;
	if (!filter_take(&self.filter, command, &unknown, why, sizeof(why)))
		fail(why);
	else if (unknown.count > 0)
		runner_emit_unknown(&program.out, unknown.arch, unknown.numbers, unknown.count);
}

static void take_commands(void)
{
	static struct runner_command command;
	struct wire_fault fault;
	const char *line;
	size_t length;

	while (!program.ended && wire_next_line(&program.in, &line, &length) == WIRE_LINE) {
		if (runner_parse_command(line, length, &command, &fault))
			handle_command(&command);
		else
			fail(fault.text);
	}
	make_batch();
}

int main(int argc, char **argv)
{
	(void)argc;
	self.batch = mmap(NULL, sizeof(*self.batch), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (self.batch == MAP_FAILED || program_open(&program, argv) < 0)
		return 2;
	/* No signal is waited for: each does what it always does. */
	sigprocmask(SIG_SETMASK, &program.inherited, NULL);
	runner_emit_hello(&program.out, RUNNER_PROTOCOL);
	while (!program.ended && !program.out.broken && wire_fill(&program.in) != WIRE_CLOSED)
		take_commands();
	filter_free(&self.filter);
	return program.exit_status;
}
