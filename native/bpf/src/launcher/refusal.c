// SPDX-License-Identifier: Apache-2.0
#include "launcher/refusal.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#define OUT_OF_BOUNDS                                                                                                  \
	"outside the capability bounding set of this process: run it on the host, or give the container the capabilities " \
	"(docker run --cap-add BPF --cap-add PERFMON)"

static bool is_out_of_bounds(int capability)
{
	return prctl(PR_CAPBSET_READ, capability, 0, 0, 0) == 0;
}

/* The recorder is the only file of ours that carries capabilities (tools/image/programs.ts). NULL: none is missing. */
static const char *name_missing(void)
{
	bool lacks_bpf = is_out_of_bounds(CAP_BPF);
	bool lacks_perfmon = is_out_of_bounds(CAP_PERFMON);

	if (lacks_bpf && lacks_perfmon)
		return "CAP_BPF and CAP_PERFMON are";
	if (lacks_bpf)
		return "CAP_BPF is";
	return lacks_perfmon ? "CAP_PERFMON is" : NULL;
}

void refusal_explain(const char *program, int error, char *why, size_t size)
{
	const char *missing = error == EPERM ? name_missing() : NULL;

	if (missing)
		snprintf(why, size, "start %s: %s: it needs CAP_BPF and CAP_PERFMON, and %s " OUT_OF_BOUNDS, program,
			 strerror(error), missing);
	else
		snprintf(why, size, "start %s: %s", program, strerror(error));
}
