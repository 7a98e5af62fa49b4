/* SPDX-License-Identifier: Apache-2.0 */
/* The policy store of the node, by libsemanage. All sentences have the library's words in them. */
#pragma once

#include <limits.h>
#include <semanage/semanage.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Priority of the modules that are installed here, which is semodule's own. */
#define STORE_PRIORITY 400

/* Room for a SHA-256 in hexadecimal digits. */
#define STORE_CHECKSUM_SIZE 65

/* Room for a line that is told. */
#define STORE_LINE_SIZE 1025

struct store {
	semanage_handle_t *handle;
	char folder[PATH_MAX]; /* What libsemanage keeps of the policy. */
	char final[PATH_MAX]; /* In which it gathers the files of the policy. */
	bool is_node; /* The store of this machine. */
	bool has_kernel; /* Whose kernel has its policy: SELinux is on. */
};

/* Where a store is. */
struct store_place {
	const char *root; /* The node's root; "" for that of this process. */
	const char *type; /* Name of the policy; NULL for the one that the node's configuration names. */
	const char *scratch; /* A folder for the library's settings. */
};

struct store_module {
	const char *name;
	uint16_t priority;
	bool enabled;
	char checksum[STORE_CHECKSUM_SIZE];
	char last_line[STORE_LINE_SIZE];
};

/* A step of a transaction. */
struct store_step {
	struct store_step *next;
	char *name;
	char *text; /* NULL: the module is removed. */
	size_t length;
};

enum store_result {
	STORE_COMMITTED,
	STORE_REFUSED, /* The policy cannot be built. */
	STORE_FAILED, /* The store cannot be changed, or the kernel does not take what is in it. */
};

/* Returns false with words. */
bool store_open(struct store *store, const struct store_place *place, char *why, size_t size);

/* Hands every module to a function. Returns false with words. */
bool store_list(struct store *store, void (*take)(const struct store_module *module));

/* Does all steps or none. */
enum store_result store_commit(struct store *store, const struct store_step *steps);

/*
 * Finishes the transaction of an earlier process that was killed, or takes away what it has left, and gives the kernel
 * what that could not give it any more. Returns false with words.
 */
bool store_catch_up(struct store *store);

void store_close(struct store *store);
