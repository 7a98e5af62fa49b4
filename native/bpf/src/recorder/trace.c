// SPDX-License-Identifier: Apache-2.0
#include "recorder/trace.h"

#include <string.h>
#include <time.h>

#include <bpf/bpf.h>

#define NS_PER_SECOND 1000000000LL
#define NS_PER_MS 1000000LL

/* Six arguments, a bit each: schemas/wire/recorder.json has them behind the number. */
#define ARGUMENT_BITS 6

void trace_read_plan(uint8_t noted[CALLS_BITS], const struct recorder_trace *message)
{
	memset(noted, 0, CALLS_BITS);
	for (size_t i = 0; i < message->arguments_count; i++) {
		uint64_t number = (uint64_t)message->arguments[i] >> ARGUMENT_BITS;

		if (number < CALLS_BITS)
			noted[number] = (uint8_t)(message->arguments[i] & ((1 << ARGUMENT_BITS) - 1));
	}
}

static int64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

static uint64_t to_epoch_ms(uint64_t boot_ns, int64_t boot_at_ns)
{
	return (uint64_t)(((int64_t)boot_ns + boot_at_ns) / NS_PER_MS);
}

void trace_emit(struct wire_writer *out, int traced_calls, const uint8_t noted[CALLS_BITS])
{
	int64_t boot_at_ns = now_ns(CLOCK_REALTIME) - now_ns(CLOCK_BOOTTIME);
	struct recorder_sort sort, next;
	struct recorder_tally tally;
	const void *before = NULL;

	/* Nothing is deleted while the map is read, so that each sort comes once. */
	while (bpf_map_get_next_key(traced_calls, before, &next) == 0) {
		sort = next;
		before = &sort;
		if (bpf_map_lookup_elem(traced_calls, &sort, &tally))
			continue;
		sort.executable[sizeof(sort.executable) - 1] = '\0';
		recorder_emit_traced(out, (enum recorder_arch)calls_architecture(sort.abi),
				     calls_number(calls_architecture(sort.abi), (int)sort.bit), sort.executable,
				     sort.abi == CALLS_NATIVE ? noted[sort.bit % CALLS_BITS] : 0, sort.arguments[0],
				     sort.arguments[1], sort.arguments[2], sort.arguments[3], sort.arguments[4],
				     sort.arguments[5], tally.count, to_epoch_ms(tally.first, boot_at_ns),
				     to_epoch_ms(tally.last, boot_at_ns));
	}
}
