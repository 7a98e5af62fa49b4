// SPDX-License-Identifier: Apache-2.0
// Prints the cost of one getppid() in nanoseconds: the fastest of several rounds, so that an interruption does not
// count.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
	long rounds = argc > 1 ? atol(argv[1]) : 20;
	const long calls = 200000;
	double best = 1e18;

	for (long round = 0; round < rounds; round++) {
		double start = now_ns();

		for (long call = 0; call < calls; call++)
			syscall(SYS_getppid);
		double each = (now_ns() - start) / (double)calls;

		if (each < best)
			best = each;
	}
	printf("%.2f\n", best);
	return 0;
}
