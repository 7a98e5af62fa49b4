/* SPDX-License-Identifier: Apache-2.0 */
/* The capabilities that this process has. */
#pragma once

#include <stdbool.h>

/* Whether a capability of <linux/capability.h> is effective. */
bool capability_is_effective(int capability);
