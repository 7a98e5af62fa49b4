/* SPDX-License-Identifier: Apache-2.0 */
/* The result of a recording, as events. */
#pragma once

#include "recorder/recorder.h"
#include "recorder_wire.h"

/*
 * Emits the calls of each architecture, and the counters of lost processes, numbers and traces. Bits and counters only
 * grow, so it can be done again.
 */
void seen_emit(struct wire_writer *out, const volatile struct recorder_tree *tree);
