// SPDX-License-Identifier: Apache-2.0
#include "auditor/serials.h"

/* So many numbers a record may come late. */
#define WINDOW 64

/* A larger step is none of the kernel's: somebody has made the line up, or the log was put together from others. */
#define LARGEST_STEP (1 << 22)

static uint64_t missing(uint64_t seen)
{
	return (uint64_t)__builtin_popcountll(~seen);
}

static void begin(struct serials *serials, uint64_t serial)
{
	serials->top = serial;
	serials->seen = UINT64_MAX;
}

uint64_t serials_take(struct serials *serials, uint64_t serial)
{
	uint64_t step, lost;

	if (serial <= serials->top) {
		if (serials->top - serial < WINDOW)
			serials->seen |= 1ULL << (serials->top - serial);
		return 0;
	}
	step = serial - serials->top;
	if (serials->top == 0 || step > LARGEST_STEP) {
		begin(serials, serial);
		return 0;
	}
	if (step >= WINDOW) {
		lost = missing(serials->seen) + step - WINDOW;
		serials->seen = 1;
	} else {
		lost = missing(serials->seen | (UINT64_MAX >> step));
		serials->seen = serials->seen << step | 1;
	}
	serials->top = serial;
	return lost;
}

uint64_t serials_settle(struct serials *serials)
{
	uint64_t lost = serials->top == 0 ? 0 : missing(serials->seen);

	serials->seen = UINT64_MAX;
	return lost;
}

bool serials_wait(const struct serials *serials)
{
	return serials->top != 0 && serials->seen != UINT64_MAX;
}
