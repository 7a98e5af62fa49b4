/* SPDX-License-Identifier: Apache-2.0 */
/* What a recording saw, as events. */
#pragma once

#include "recorder.h"
#include "recorder_wire.h"

/* Emits the calls of each architecture, and what is known to be lost. Bits and counters only grow, so it can be done again. */
void seen_emit(struct wire_writer *out, const volatile struct recorder_tree *tree);
