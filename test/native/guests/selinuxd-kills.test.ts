// SPDX-License-Identifier: Apache-2.0
// Kills at random moments on a kernel with SELinux: selinuxd, or the program by which it changes the policy, ends by
// SIGKILL in the middle of installs, changes and removals. It is started again, and store and kernel become as the
// folder of policies has it. KILL_SEED repeats a run, GUEST_KILL_ROUNDS makes it longer.
import { expect } from 'chai';
import path from 'node:path';
import { marked } from '../../../src/core/selinux/store/mark.ts';
import { runInGuest } from '../../../tools/lab/guest/run.ts';
import { randomFrom } from '../../integration/kill-wishes.ts';
import { nativeProgram } from '../fixtures.ts';

const root = path.join(import.meta.dirname, '../../..');
const SEED = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000_000);
const ROUNDS = Number(process.env['GUEST_KILL_ROUNDS'] ?? 4);

const NAMES = ['a', 'b', 'c'];

/** Two contents of a policy, which the kernel tells apart by the port that a process may bind. */
const PORTS = { first: 'http_cache_port_t', second: 'http_port_t' } as const;

function policyOf(name: string, port: string): string {
  const cil = `(block ${name}_kills\n(blockinherit container)\n(allow process ${port} (tcp_socket (name_bind)))\n)\n`;
  return marked(cil, { kind: 'SelinuxProfile', namespace: 'kills', name });
}

/** A round: a policy that is written or removed, a pause in seconds, and whom the kill is for. */
function roundOf(random: () => number): string {
  const name = NAMES[Math.floor(random() * NAMES.length)] ?? '';
  const wanted = ['first', 'second', 'none'][Math.floor(random() * 3)] ?? '';
  const pause = (random() * 3).toFixed(2);
  return `round ${name} ${wanted} ${pause} ${random() < 0.5 ? 'selinuxd' : 'program'}`;
}

function scriptOf(random: () => number): string {
  const texts = NAMES.flatMap((name) =>
    Object.entries(PORTS).map(([content, port]) => `cat >${name}.${content} <<'END'\n${policyOf(name, port)}END\n`),
  );
  const rounds = Array.from({ length: ROUNDS }, (_, at) =>
    (at + 1) % 2 === 0 || at + 1 === ROUNDS ? `${roundOf(random)}\nsettle` : roundOf(random),
  );
  return [SETUP, ...texts, `PORTS='${PORTS.first} ${PORTS.second}'`, ...rounds, END].join('\n');
}

const SETUP = `
mkdir -p /run/try /opt/spo /host/sys /etc/selinux.d /run/selinuxd && cd /run/try && ln -s /sys/fs /host/sys/fs
cp ${nativeProgram('selinux_policy')} /opt/spo/
socket=/run/selinuxd/selinuxd.sock
start() {
  SELINUXD_SOCKET=$socket ${process.execPath} ${root}/dist/main.cjs selinuxd >>log 2>&1 </dev/null & server=$!
}
may() {
  compute_av "system_u:system_r:$1_kills.process:s0" "system_u:object_r:$2:s0" tcp_socket 2>/dev/null |
    grep -q '^allowed=.* name_bind '
}
# The content that the kernel has of a policy.
content() {
  if may $1 ${PORTS.first}; then echo first; elif may $1 ${PORTS.second}; then echo second; else echo none; fi
}
# As the daemon: a policy without a file is asked to be removed until it is unknown.
wanted() {
  for at in first second; do cmp -s $1.$at /etc/selinux.d/$1_kills.cil && echo $at && return; done
  curl -s -X DELETE --unix-socket $socket http://selinuxd/policies/$1_kills >/dev/null
  echo none
}
module() { ls -d /var/lib/selinux/default/active/modules/*/$1_kills 2>/dev/null; }
isSettled() {
  for name in ${NAMES.join(' ')}; do
    want=$(wanted $name)
    [ "$(content $name)" = $want ] || return 1
    if [ $want = none ]; then [ -z "$(module $name)" ] || return 1; else [ -n "$(module $name)" ] || return 1; fi
  done
}
settle() {
  for try in $(seq 300); do isSettled && echo settled && return; sleep 1; done
  echo 'not settled'
  for name in ${NAMES.join(' ')}; do echo "$name $(wanted $name) $(content $name) $(module $name)"; done
  tail -20 log
}
kill_program() {
  for try in $(seq 100); do busybox pidof selinux_policy >pid && kill -KILL $(cat pid) && echo killed program && return; sleep 0.1; done
}
round() {
  if [ $2 = none ]; then rm -f /etc/selinux.d/$1_kills.cil; else cp $1.$2 /etc/selinux.d/.new && mv /etc/selinux.d/.new /etc/selinux.d/$1_kills.cil; fi
  wanted $1 >/dev/null
  sleep $3
  if [ $4 = program ]; then kill_program; return; fi
  kill -KILL $server && echo killed selinuxd
  wait $server 2>/dev/null
  start
}
start
until [ -S $socket ]; do sleep 0.1; done
`;

const END = `
rm -f /etc/selinux.d/*
settle
ls /var/lib/selinux/default
kill -TERM $server && wait $server && echo "status $?"
`;

describe(`kills of selinuxd and its program (KILL_SEED=${String(SEED)})`, function () {
  this.timeout(900_000 + ROUNDS * 60_000);

  it('leave the policy as it is wanted', async () => {
    const { stdout, stderr } = await runInGuest({
      module: 'selinux',
      command: ['sh', '-c', scriptOf(randomFrom(SEED))],
      cwd: import.meta.dirname,
      timeoutSeconds: 900 + ROUNDS * 60,
    });
    const lines = stdout.trim().split('\n');
    const all = `seed ${String(SEED)}: ${stdout}${stderr}`;
    expect(
      lines.filter((line) => line.startsWith('not settled')),
      all,
    ).to.deep.equal([]);
    expect(lines.filter((line) => line === 'settled').length, all).to.equal(Math.ceil(ROUNDS / 2) + 1);
    expect(lines.filter((line) => line.startsWith('killed')).length, all).to.be.greaterThan(ROUNDS / 3);
    expect(lines.slice(lines.lastIndexOf('settled') + 1), all).to.deep.equal([
      'active',
      'semanage.read.LOCK',
      'semanage.trans.LOCK',
      'status 0',
    ]);
  });
});
