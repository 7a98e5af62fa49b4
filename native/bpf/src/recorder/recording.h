/* SPDX-License-Identifier: Apache-2.0 */
/* How a recording begins: the profile under which accesses are heard, the command, the hooks, in this order. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "program/command.h"
#include "recorder/accesses.h"
#include "recorder/hooks.h"
#include "recorder_wire.h"

struct recording {
	bool by_libbpf;
	bool traces; /* A trace was asked for. */
	uint8_t noted[CALLS_BITS]; /* By the bit of a native number: the arguments that a trace notes. */
	struct command command;
	struct hooks hooks;
	struct accesses accesses;
};

/* One of which nothing is open. */
#define RECORDING_NONE { .hooks.traced_tasks = -1, .accesses.socket = -1 }

/*
 * Makes the command, which waits for its release, and attaches the hooks. Returns false with the reason in `why`; what
 * is open by then is closed by the parts' own functions.
 */
bool recording_launch(struct recording *recording, const struct recorder_start *message, char *why, size_t size);

/* Attaches the hooks for all processes of a name. Returns false with the reason in `why`. */
bool recording_watch(struct recording *recording, const struct recorder_watch *message, char *why, size_t size);
