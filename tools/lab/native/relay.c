// SPDX-License-Identifier: Apache-2.0
/*
 * Lets the machine reach the API server of a lab, which has no network but its own: listens on 127.0.0.1 of the
 * machine, then enters the lab's network namespace for good and connects from there. A listening socket stays where it
 * was made.
 *
 * relay PORT NAMESPACE ADDRESS PORT
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUFFER_SIZE 65536

static int parse_address(const char *host, const char *port, struct sockaddr_in *address)
{
	char *end;
	long number = strtol(port, &end, 10);

	if (*port == '\0' || *end != '\0' || number < 1 || number > 65535)
		return -1;
	*address = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)number) };
	return inet_pton(AF_INET, host, &address->sin_addr) == 1 ? 0 : -1;
}

static int listen_on(const struct sockaddr_in *address)
{
	int yes = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == 0 &&
	    bind(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 && listen(fd, SOMAXCONN) == 0)
		return fd;
	close(fd);
	return -1;
}

static int enter_network(const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	int result;

	if (fd < 0)
		return -1;
	result = setns(fd, CLONE_NEWNET);
	close(fd);
	return result;
}

static int write_all(int fd, const char *data, size_t size)
{
	while (size > 0) {
		ssize_t written = write(fd, data, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -1;
		data += written;
		size -= (size_t)written;
	}
	return 0;
}

/*
 * Copies one direction until its end. An end is passed on, so that the other direction can finish; a fault ends both.
 */
static void copy(int from, int to)
{
	static char buffer[BUFFER_SIZE];
	ssize_t size;

	do {
		size = read(from, buffer, sizeof(buffer));
		if (size > 0 && write_all(to, buffer, (size_t)size) < 0)
			size = -1;
	} while (size > 0 || (size < 0 && errno == EINTR));
	if (size == 0) {
		shutdown(to, SHUT_WR);
	} else {
		shutdown(from, SHUT_RDWR);
		shutdown(to, SHUT_RDWR);
	}
}

/* One process for each direction: neither can hold up the other, whatever the two ends do. */
static void serve(int client, const struct sockaddr_in *target)
{
	int yes = 1;
	int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	pid_t upward;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (server < 0 || connect(server, (const struct sockaddr *)target, sizeof(*target)) < 0)
		return;
	setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	upward = fork();
	if (upward < 0)
		return;
	if (upward == 0)
		copy(client, server);
	else
		copy(server, client);
}

int main(int argc, char **argv)
{
	struct sockaddr_in own, target;
	int listener;

	if (argc != 5 || parse_address("127.0.0.1", argv[1], &own) < 0 ||
	    parse_address(argv[3], argv[4], &target) < 0) {
		fprintf(stderr, "usage: relay PORT NAMESPACE ADDRESS PORT\n");
		return 2;
	}
	/* Nobody waits for children, and a peer that went away is no reason to die. */
	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	listener = listen_on(&own);
	if (listener < 0) {
		perror("listen on 127.0.0.1");
		return 1;
	}
	if (enter_network(argv[2]) < 0) {
		perror(argv[2]);
		return 1;
	}
	for (;;) {
		int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

		if (client < 0)
			continue;
		if (fork() == 0) {
			close(listener);
			serve(client, &target);
			_exit(0);
		}
		close(client);
	}
}
