/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The serial numbers of audit records: the kernel counts them up by one for each event, so one that never comes belongs
 * to an event whose records were lost. Those that were made at the same time come a little out of order.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The numbers that are waited for; 0 before the first record. */
struct serials {
	uint64_t top; /* The highest that has come. */
	uint64_t seen; /* Bit n: the number n below it has come. */
};

/* A record has this number. Returns how many are given up by that: they were lost. */
uint64_t serials_take(struct serials *serials, uint64_t serial);

/* Nothing has come for a while, so nothing is on its way any more. Returns how many are given up. */
uint64_t serials_settle(struct serials *serials);

/* Whether any are waited for. */
bool serials_wait(const struct serials *serials);
