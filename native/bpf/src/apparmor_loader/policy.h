/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compiled AppArmor policy, as apparmor_parser prints it: a stream of tagged values, of which the kernel makes
 * profiles. Whose profiles these are is read here, from bytes that anybody may have made, before the kernel gets them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Why a policy is refused, as a sentence. */
struct policy_fault {
	char text[512];
};

/*
 * Whether the policy holds the profile of that name, its children (NAME//CHILD) and nothing else, in the kernel's own
 * namespace, and the profile attaches itself to no program: a process of the node would get into it by itself.
 */
bool policy_is_of(const unsigned char *bytes, size_t length, const char *name, struct policy_fault *fault);
