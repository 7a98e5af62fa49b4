// SPDX-License-Identifier: Apache-2.0
#include "launcher/answers.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

/* The file of an answer is called as its arguments, with this in between. */
#define SEPARATOR "+"

/* Stands in an answer for the release of the kernel. */
#define KERNEL_MARK "@KERNEL@"

/* The longest answer is a completion script, of some 8 KiB. */
#define ANSWER_MAX (64 * 1024)

/* Arguments of answers are words of letters and dashes; others are left to Node.js, before they become a file name. */
static bool is_plain(const char *word)
{
	return word[0] != '\0' && strspn(word, "abcdefghijklmnopqrstuvwxyz-") == strlen(word);
}

static bool name_answer(char name[LAYOUT_PATH_SIZE], char *const *arguments)
{
	size_t used = (size_t)snprintf(name, LAYOUT_PATH_SIZE, "answers/");

	for (size_t i = 0; arguments[i]; i++) {
		if (!is_plain(arguments[i]) || used + strlen(arguments[i]) + 2 > LAYOUT_PATH_SIZE)
			return false;
		used += (size_t)snprintf(name + used, LAYOUT_PATH_SIZE - used, "%s%s", i > 0 ? SEPARATOR : "", arguments[i]);
	}
	return arguments[0] != NULL;
}

static ssize_t read_answer(const char *path, char *text, size_t room)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t size = file < 0 ? -1 : read(file, text, room);

	if (file >= 0)
		close(file);
	return size == (ssize_t)room ? -1 : size;
}

static bool print(const char *text, size_t size)
{
	size_t written = 0;

	while (written < size) {
		ssize_t count = write(STDOUT_FILENO, text + written, size - written);

		if (count < 0 && errno != EINTR)
			return false;
		written += count > 0 ? (size_t)count : 0;
	}
	return true;
}

bool answers_print(const struct layout *layout, char *const *arguments)
{
	static char text[ANSWER_MAX];
	char name[LAYOUT_PATH_SIZE], path[LAYOUT_PATH_SIZE];
	struct utsname machine;
	ssize_t size;
	char *mark;

	if (!name_answer(name, arguments) || !layout_join(path, layout->bundle, name))
		return false;
	size = read_answer(path, text, sizeof(text) - 1);
	if (size < 0)
		return false;
	text[size] = '\0';
	mark = strstr(text, KERNEL_MARK);
	if (!mark)
		return print(text, (size_t)size);
	return uname(&machine) == 0 && print(text, (size_t)(mark - text)) &&
	       print(machine.release, strlen(machine.release)) &&
	       print(mark + strlen(KERNEL_MARK), strlen(mark + strlen(KERNEL_MARK)));
}
