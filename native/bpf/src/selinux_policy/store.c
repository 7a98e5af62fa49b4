// SPDX-License-Identifier: Apache-2.0
#include "selinux_policy/store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <selinux/selinux.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "runner/sha256.h"
#include "selinux_policy/interrupted.h"
#include "selinux_policy/settings.h"
#include "selinux_policy/words.h"

/* Beside the policy: it is there from before a transaction until the kernel has taken the policy. */
#define LOAD_MARK ".security-profiles-operator-load"

static void find_folders(struct store *store, const struct store_place *place)
{
	const char *policy = selinux_policy_root();
	const char *type = place->type ? place->type : policy ? basename(policy) : "";
	char root[PATH_MAX / 4];

	settings_store_root(place->root, root, sizeof(root));
	snprintf(store->folder, sizeof(store->folder), "%s%s/%s", place->root, root, type);
	snprintf(store->final, sizeof(store->final), "%s%s/final/%s", place->root, root, type);
}

bool store_open(struct store *store, const struct store_place *place, char *why, size_t size)
{
	store->is_node = *place->root == '\0';
	store->has_kernel = store->is_node && is_selinux_enabled() == 1;
	store->handle = settings_open(place->root, place->scratch, why, size);
	if (!store->handle) {
		words_add("%s", why);
		return false;
	}
	words_listen_to(store->handle);
	if (place->type)
		semanage_select_store(store->handle, (char *)place->type, SEMANAGE_CON_DIRECT);
	/* The kernel gets the policy from us: the library would start a program for it. */
	semanage_set_reload(store->handle, 0);
	semanage_set_check_contexts(store->handle, 0);
	semanage_set_create_store(store->handle, 0);
	semanage_set_default_priority(store->handle, STORE_PRIORITY);
	find_folders(store, place);
	if (!interrupted_restore(store->folder))
		return false;
	if (semanage_is_managed(store->handle) != 1) {
		words_add("there is no policy store that libsemanage could change");
		return false;
	}
	return semanage_connect(store->handle) >= 0;
}

static void print_checksum(const void *text, size_t length, char *room)
{
	uint8_t digest[SHA256_SIZE];
	struct sha256 hash;

	sha256_begin(&hash);
	sha256_add(&hash, text, length);
	sha256_end(&hash, digest);
	for (size_t i = 0; i < SHA256_SIZE; i++)
		snprintf(room + 2 * i, 3, "%02x", digest[i]);
}

static void print_last_line(const char *text, size_t length, char *room)
{
	size_t begin;

	while (length > 0 && text[length - 1] == '\n')
		length--;
	begin = length;
	while (begin > 0 && text[begin - 1] != '\n')
		begin--;
	length -= begin;
	if (length == 0 || text[begin] != ';' || length >= STORE_LINE_SIZE)
		length = 0;
	memcpy(room, text + begin, length);
	room[length] = '\0';
}

static bool read_text(struct store *store, struct store_module *module)
{
	semanage_module_key_t *key = NULL;
	semanage_module_info_t *extracted = NULL;
	void *text = NULL;
	size_t length = 0;
	bool ok = false;

	if (semanage_module_key_create(store->handle, &key) == 0 &&
	    semanage_module_key_set_name(store->handle, key, module->name) == 0 &&
	    semanage_module_key_set_priority(store->handle, key, module->priority) == 0)
		ok = semanage_module_extract(store->handle, key, 1, &text, &length, &extracted) == 0;
	if (ok) {
		print_checksum(text, length, module->checksum);
		print_last_line(text, length, module->last_line);
		munmap(text, length);
	}
	if (extracted) {
		semanage_module_info_destroy(store->handle, extracted);
		free(extracted);
	}
	if (key) {
		semanage_module_key_destroy(store->handle, key);
		free(key);
	}
	return ok;
}

static bool read_module(struct store *store, semanage_module_info_t *info, struct store_module *module)
{
	const char *language;
	int enabled;

	*module = (struct store_module){};
	if (semanage_module_info_get_name(store->handle, info, &module->name) != 0 ||
	    semanage_module_info_get_priority(store->handle, info, &module->priority) != 0 ||
	    semanage_module_info_get_enabled(store->handle, info, &enabled) != 0 ||
	    semanage_module_info_get_lang_ext(store->handle, info, &language) != 0)
		return false;
	module->enabled = enabled == 1;
	if (module->priority != STORE_PRIORITY || strcmp(language, "cil") != 0)
		return true;
	return read_text(store, module);
}

bool store_list(struct store *store, void (*take)(const struct store_module *module))
{
	semanage_module_info_t *infos = NULL;
	struct store_module module;
	int count = 0;
	bool ok = semanage_module_list_all(store->handle, &infos, &count) == 0;

	for (int i = 0; i < count; i++) {
		semanage_module_info_t *info = semanage_module_list_nth(infos, i);

		ok = ok && read_module(store, info, &module);
		if (ok)
			take(&module);
		semanage_module_info_destroy(store->handle, info);
	}
	free(infos);
	return ok;
}

static void print_mark(char *room, size_t size)
{
	snprintf(room, size, "%s/" LOAD_MARK, selinux_policy_root());
}

static bool set_mark(void)
{
	char mark[PATH_MAX];
	int file;

	print_mark(mark, sizeof(mark));
	file = open(mark, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (file >= 0 && fsync(file) == 0)
		return close(file) == 0;
	words_add("write %s: %s", mark, strerror(errno));
	if (file >= 0)
		close(file);
	return false;
}

static bool clear_mark(void)
{
	char mark[PATH_MAX];

	print_mark(mark, sizeof(mark));
	if (unlink(mark) == 0 || errno == ENOENT)
		return true;
	words_add("remove %s: %s", mark, strerror(errno));
	return false;
}

/* Where there is a kernel with SELinux, it gets the policy. */
static bool load(const struct store *store)
{
	if (!store->has_kernel || selinux_mkload_policy(1) == 0)
		return clear_mark();
	words_add("the kernel does not take the policy: %s", strerror(errno));
	return false;
}

/* A connection gives up its transaction with its end, and not before: so a refused one ends the connection. */
static bool connect_anew(struct store *store)
{
	return semanage_disconnect(store->handle) == 0 && semanage_connect(store->handle) >= 0;
}

/* Builds the policy anew of what is in the store, and copies its files. */
static bool build_anew(struct store *store)
{
	bool ok;

	semanage_set_rebuild(store->handle, 1);
	ok = semanage_begin_transaction(store->handle) >= 0 && semanage_commit(store->handle) >= 0;
	semanage_set_rebuild(store->handle, 0);
	return ok;
}

/* The library removes what it finds with the begin of a transaction, and its own with the end. */
static bool tidy_up(struct store *store)
{
	return semanage_begin_transaction(store->handle) >= 0 && connect_anew(store);
}

static bool finish(struct store *store)
{
	switch (interrupted_where(store->folder, store->final)) {
	case INTERRUPTED_BEFORE:
		return tidy_up(store);
	case INTERRUPTED_AFTER:
		return build_anew(store);
	case INTERRUPTED_NOT:
		break;
	}
	return true;
}

static bool has_mark(void)
{
	char mark[PATH_MAX];

	print_mark(mark, sizeof(mark));
	return access(mark, F_OK) == 0;
}

/* On a node, the mark tells that it was a transaction of ours. */
bool store_catch_up(struct store *store)
{
	if (store->is_node && !has_mark())
		return true;
	return finish(store) && (!store->is_node || load(store));
}

static bool take_steps(struct store *store, const struct store_step *steps)
{
	for (; steps; steps = steps->next) {
		int status = steps->text ? semanage_module_install(store->handle, steps->text, steps->length, steps->name, "cil") :
					   semanage_module_remove(store->handle, steps->name);

		if (status < 0) {
			words_add("%s the module %s is not possible", steps->text ? "install" : "remove", steps->name);
			return false;
		}
	}
	return true;
}

static bool unmark(const struct store *store)
{
	return !store->is_node || clear_mark();
}

enum store_result store_commit(struct store *store, const struct store_step *steps)
{
	if (store->is_node && !set_mark())
		return STORE_FAILED;
	if (semanage_begin_transaction(store->handle) < 0) {
		unmark(store);
		return STORE_FAILED;
	}
	if (take_steps(store, steps) && semanage_commit(store->handle) >= 0)
		return !store->is_node || load(store) ? STORE_COMMITTED : STORE_FAILED;
	return unmark(store) && connect_anew(store) ? STORE_REFUSED : STORE_FAILED;
}

void store_close(struct store *store)
{
	if (!store->handle)
		return;
	if (semanage_is_connected(store->handle))
		semanage_disconnect(store->handle);
	semanage_handle_destroy(store->handle);
	store->handle = NULL;
}
