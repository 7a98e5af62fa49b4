// SPDX-License-Identifier: Apache-2.0
#include "container_recorder/slots.h"

#include <linux/membarrier.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

/* A BPF program runs for microseconds. */
#define GRACE_NS 20000000

static int pass_over(void *context, void *data, size_t size)
{
	(void)context;
	(void)data;
	(void)size;
	return 0;
}

bool slots_open(struct slots *slots, const struct hooks *hooks)
{
	*slots = (struct slots){ .hooks = hooks };
	slots->bell = ring_buffer__new(hooks->parts.bell, pass_over, NULL, NULL);
	if (!slots->bell)
		return false;
	slots->mapped = mmap(NULL, SLOTS * sizeof(struct slot), PROT_READ | PROT_WRITE, MAP_SHARED, hooks->parts.slots, 0);
	if (slots->mapped != MAP_FAILED)
		return true;
	slots->mapped = NULL;
	slots_close(slots);
	return false;
}

void slots_close(struct slots *slots)
{
	if (slots->mapped)
		munmap(slots->mapped, SLOTS * sizeof(struct slot));
	ring_buffer__free(slots->bell);
	*slots = (struct slots){ 0 };
}

int slots_bell(const struct slots *slots)
{
	return slots->bell ? ring_buffer__epoll_fd(slots->bell) : -1;
}

uint32_t slots_flags(const struct slots *slots, uint32_t index)
{
	return __atomic_load_n(&slots->hooks->parts.flags[index], __ATOMIC_ACQUIRE);
}

void slots_look(struct slots *slots, slots_listener *listener)
{
	/* First: a change from here on rings again. */
	ring_buffer__consume(slots->bell);
	for (uint32_t index = 0; index < SLOTS; index++) {
		uint32_t flags = slots_flags(slots, index);
		uint32_t news = flags & ~slots->told[index];

		/* Without the first one it is a slot that was freed while a program was at it. */
		if (!(flags & SLOT_TAKEN) || news == 0)
			continue;
		slots->told[index] = flags;
		slots->keys[index] = slots->mapped[index].key;
		listener(slots, index, news);
	}
}

bool slots_lost(struct slots *slots, uint64_t *total)
{
	*total = __atomic_load_n(slots->hooks->parts.lost_containers, __ATOMIC_RELAXED);
	if (*total == slots->lost_told)
		return false;
	slots->lost_told = *total;
	return true;
}

bool slots_find(const struct slots *slots, uint64_t key, uint32_t *index)
{
	for (*index = 0; key != 0 && *index < SLOTS; ++*index) {
		if (slots->keys[*index] == key)
			return true;
	}
	return false;
}

bool slots_has_living(const struct slots *slots)
{
	for (uint32_t index = 0; index < SLOTS; index++) {
		if (slots->keys[index] != 0 && !(slots->told[index] & SLOT_ENDED))
			return true;
	}
	return false;
}

void slots_record(struct slots *slots, uint32_t index)
{
	slots->told[index] |= SLOT_RECORDED;
	__atomic_fetch_or(&slots->hooks->parts.flags[index], SLOT_RECORDED, __ATOMIC_RELEASE);
}

/* Waits until each BPF program that has found one of the slots under its old key has ended. */
static void wait_for_programs(void)
{
	const struct timespec grace = { .tv_nsec = GRACE_NS };

	/* It waits for all processors. Kernels with processors that must not be disturbed (nohz_full) refuse it. */
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0) != 0)
		nanosleep(&grace, NULL);
}

static void reuse_waiting(struct slots *slots)
{
	wait_for_programs();
	for (size_t i = 0; i < slots->waiting_count; i++) {
		uint32_t index = slots->waiting[i];

		memset(&slots->mapped[index], 0, sizeof(struct slot));
		__atomic_store_n(&slots->hooks->parts.flags[index], 0, __ATOMIC_RELEASE);
		hooks_free_slot(slots->hooks->parts.free_slots, index);
	}
	slots->waiting_count = 0;
}

void slots_free(struct slots *slots, uint32_t index)
{
	const uint32_t forgotten = FORGOTTEN;

	/* Stays known while its group is there, so that none of its tasks has it told of again. */
	bpf_map_update_elem(slots->hooks->parts.containers, &slots->keys[index], &forgotten, BPF_EXIST);
	/* Marks that point to the slot are worth nothing from here on. */
	__atomic_store_n(&slots->mapped[index].key, 0, __ATOMIC_RELEASE);
	__atomic_store_n(&slots->hooks->parts.flags[index], 0, __ATOMIC_RELEASE);
	slots->keys[index] = 0;
	slots->told[index] = 0;
	slots->waiting[slots->waiting_count++] = index;
	if (slots->waiting_count == SLOTS_WAITING)
		reuse_waiting(slots);
}
