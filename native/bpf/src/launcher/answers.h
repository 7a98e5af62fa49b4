/* SPDX-License-Identifier: Apache-2.0 */
/* Answers that need no Node.js: help, completion and version, as the bundle's build has printed them. */
#pragma once

#include <stdbool.h>

#include "launcher/layout.h"

/* Prints the answer to the arguments where there is one. Returns false where Node.js has to give it. */
bool answers_print(const struct layout *layout, char *const *arguments);
