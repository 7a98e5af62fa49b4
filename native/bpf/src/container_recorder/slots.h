/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The slots of attached BPF programs from our side: which containers have one, what is new of them, and how a slot gets
 * free for another container.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "container_recorder/hooks.h"

/* Freed slots that wait together until no BPF program can be writing to them any more. */
#define SLOTS_WAITING 32

struct ring_buffer;

struct slots {
	const struct hooks *hooks;
	struct slot *mapped; /* All of them, in the kernel's map; NULL while nothing is attached. */
	struct ring_buffer *bell;
	uint64_t keys[SLOTS]; /* Of those that were told of; 0: none. */
	uint32_t told[SLOTS]; /* The flags that were told of. */
	uint64_t lost_told;
	uint32_t waiting[SLOTS_WAITING];
	size_t waiting_count;
};

/* Takes the flags of a slot that were not told of before. */
typedef void slots_listener(struct slots *slots, uint32_t index, uint32_t flags);

/* Takes the slots of hooks. Returns false with errno. */
bool slots_open(struct slots *slots, const struct hooks *hooks);
void slots_close(struct slots *slots);

/* The file descriptor that is readable when something has changed; below 0 while nothing is attached. */
int slots_bell(const struct slots *slots);

/* Tells what is new of each slot, in the order of a container's life. */
void slots_look(struct slots *slots, slots_listener *listener);

/* Whether containers had no slot since this was asked last. `total`: since the hooks are there. */
bool slots_lost(struct slots *slots, uint64_t *total);

/* The slot of a container; false when there is none. */
bool slots_find(const struct slots *slots, uint64_t key, uint32_t *index);

uint32_t slots_flags(const struct slots *slots, uint32_t index);

/* The container is one to be recorded. */
void slots_record(struct slots *slots, uint32_t index);

/* Whether a container that runs, or is going to, is recorded, be it only until it is answered for. */
bool slots_has_living(const struct slots *slots);

/* Nothing of the container is wanted any more. */
void slots_free(struct slots *slots, uint32_t index);
