#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# runc 1.5.2, started where the soft limit of open files is below the hard one, gives a container the hard limit minus one
# as its soft limit if the container's seccomp profile refuses prlimit64. It says nothing, and the container starts.
#
# Go's runtime raises the soft limit at start and sets it back right before execve: under the filter of the container, whose
# refusal it ignores. So a profile without prlimit64 does not only forbid the program to change its limits, it changes them,
# and 4095 is in no configuration. Programs that close all descriptors up to the limit get slow, and select(2) may be handed
# descriptors above 1024.
#
# Seen (Debian 12, Linux 6.18, Go 1.26.8):
#   prlimit64 allowed: Max open files 1024 4096
#   prlimit64 refused: Max open files 4095 4096
#
# Needs root, Go 1.25 or later, gcc, pkg-config and libseccomp-dev (apt). Ends with 0 if runc behaves so, else with 1.
set -eu
folder=$(mktemp -d)
export GOPATH="$folder/go" GOFLAGS=-modcacherw
trap 'rm -rf "$folder"' EXIT
cd "$folder"

GOBIN="$folder" CGO_ENABLED=1 go install -tags seccomp github.com/opencontainers/runc@v1.5.2
./runc --version | head -n 1

mkdir -p bundle/rootfs/proc bundle/rootfs/dev
printf '#include <unistd.h>\nint main(void) { return pause(); }\n' > wait.c
gcc -static -o bundle/rootfs/wait wait.c

# limits_under ACTION: the limits of a container whose profile allows all calls, with the given action for prlimit64.
limits_under() {
	cat > bundle/config.json <<-END
		{
		  "ociVersion": "1.0.2",
		  "process": { "args": ["/wait"], "cwd": "/", "user": { "uid": 0, "gid": 0 }, "noNewPrivileges": true },
		  "root": { "path": "rootfs" },
		  "mounts": [
		    { "destination": "/proc", "type": "proc", "source": "proc" },
		    { "destination": "/dev", "type": "tmpfs", "source": "tmpfs" }
		  ],
		  "linux": {
		    "namespaces": [{ "type": "pid" }, { "type": "mount" }],
		    "seccomp": {
		      "defaultAction": "SCMP_ACT_ALLOW",
		      "syscalls": [{ "names": ["prlimit64"], "action": "$1" }, { "names": ["acct"], "action": "SCMP_ACT_ERRNO" }]
		    }
		  }
		}
	END
	id="finding-$$-$1"
	prlimit --nofile=1024:4096 ./runc run --detach --pid-file pid --bundle bundle "$id" < /dev/null > log 2>&1 || { cat log >&2; exit 1; }
	# The runtime has made its last call when the program is there.
	until [ "$(readlink "/proc/$(cat pid)/exe")" = /wait ]; do :; done
	sed -n 's/^\(Max open files\) *\([0-9]*\) *\([0-9]*\).*/\1 \2 \3/p' "/proc/$(cat pid)/limits"
	./runc delete --force "$id"
}

allowed=$(limits_under SCMP_ACT_ALLOW)
refused=$(limits_under SCMP_ACT_ERRNO)
echo "prlimit64 allowed: $allowed"
echo "prlimit64 refused: $refused"
[ "$allowed" = 'Max open files 1024 4096' ] && [ "$refused" = 'Max open files 4095 4096' ]
