/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The accesses of processes under an AppArmor profile in complain mode, as the kernel's audit records tell them. They
 * come from the kernel itself: no daemon and no log need be there, and a daemon that is there gets them as well.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "program/own_profile.h"
#include "program/wire.h"

struct accesses {
	int socket; /* Below 0: none are heard. */
	char profile[OWN_PROFILE_SIZE];
	char quoted[OWN_PROFILE_SIZE + 16]; /* The field of its records, and in the hexadecimal form. */
	char encoded[2 * OWN_PROFILE_SIZE + 16];
	char awaited[OWN_PROFILE_SIZE + 16]; /* The name in the record that tells that all before it have come. */
	bool reached; /* That record has come. */
	uint64_t lost;
	uint32_t lost_before; /* The kernel's own count. */
	uint32_t backlog_before; /* The limit that we have raised; 0: not. */
};

/*
 * Hears the records of a profile, which is ours from here on. Returns false with a sentence where none would come: that
 * is tried.
 */
bool accesses_open(struct accesses *accesses, const char *profile, char *why, size_t size);

/* Emits the records that have come. */
void accesses_take(struct accesses *accesses, struct wire_writer *out);

/* Takes the profile out of the kernel, and emits the records that were on their way, and how many were lost. */
void accesses_finish(struct accesses *accesses, struct wire_writer *out);

/* Takes the profile out of the kernel, if it is there, and hears no more. */
void accesses_close(struct accesses *accesses);
