/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the programs in the kernel and ours. */
#pragma once

/* The name of a container's control group: a prefix of the runtime, 64 digits, `.scope`. */
#define CONTAINER_NAME_SIZE 128
