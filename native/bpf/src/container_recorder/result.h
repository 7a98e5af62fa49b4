/* SPDX-License-Identifier: Apache-2.0 */
/* The recording of a container, as events. */
#pragma once

#include "container_recorder/slot.h"
#include "container_recorder_wire.h"

/* Emits where a container is and whether it was running. */
void result_emit_container(struct wire_writer *out, const struct slot *slot, bool running);

/*
 * Emits the calls, the refused calls and what was lost of a container. Bits and counters only grow, so it can be done
 * again.
 */
void result_emit(struct wire_writer *out, const struct slot *slot);
