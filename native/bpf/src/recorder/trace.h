/* SPDX-License-Identifier: Apache-2.0 */
/* The trace of a recording: which arguments it notes, and its calls as events. */
#pragma once

#include <stdint.h>

#include "recorder/recorder.h"
#include "recorder_wire.h"

/* Reads which arguments of native calls are noted, by the bit of the number. */
void trace_read_plan(uint8_t noted[CALLS_BITS], const struct recorder_trace *message);

/* Emits each sort of calls that a map holds. */
void trace_emit(struct wire_writer *out, int traced_calls, const uint8_t noted[CALLS_BITS]);
