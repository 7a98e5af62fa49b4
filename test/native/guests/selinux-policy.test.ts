// SPDX-License-Identifier: Apache-2.0
// The program that changes a node's policy, on a kernel with SELinux: as an ordinary user, with the capabilities of its
// file. The kernel has the policy afterwards, also what a killed process has left in the store, whose files are root's.
import path from 'node:path';
import { expect } from 'chai';
import { runInGuest } from '../../../tools/lab/guest/run.ts';
import { nativeProgram } from '../fixtures.ts';

const MODULE =
  '(block web_n\\\\n(blockinherit container)\\\\n)\\\\n;; security-profiles-operator: SelinuxProfile n/web\\\\n';

/** Prints how often the kernel has got a policy, as selinuxd reads it without privilege. */
const LOADS = 'import(process.argv[1]).then(({ policyLoads }) => console.log(policyLoads("/sys/fs/selinux")))';
const NAMES = path.join(import.meta.dirname, '../../../src/io/selinuxfs.ts');

const SCRIPT = `
mkdir /run/try && mount -t tmpfs try /run/try && cd /run/try && chmod 755 . && mkdir -m 1777 scratch
cp ${nativeProgram('selinux_policy')} . && chmod 755 selinux_policy
setcap cap_setuid,cap_setgid=ep selinux_policy
user='setpriv --reuid 65535 --regid 65535 --clear-groups --bounding-set -all,+setuid,+setgid'
policy() {
  printf '%b\\n' "$@" '{"type":"stop"}' >commands
  $user ./selinux_policy --scratch=/run/try/scratch 3<commands 4>events
  grep -oE '"type":"(committed|refused|failed|stopped)"|"name":"web_n"|"reason":.*' events
}
known() { printf 'system_u:system_r:%s:s0' "$1" >/sys/fs/selinux/context && echo "$1 known"; }
loads() { setpriv --reuid 65535 --regid 65535 --clear-groups ${process.execPath} -e '${LOADS}' ${NAMES}; }
known web_n.process 2>/dev/null
first=$(loads)
policy '{"type":"cil","text":"${MODULE}"}' '{"type":"install","name":"web_n"}' '{"type":"commit"}' '{"type":"list"}'
known web_n.process
find /var/lib/selinux /etc/selinux '!' -user root
ls -A scratch
second=$(loads)
semodule -r web_n >/dev/null 2>&1
echo "more loads: $((second > first)) $(($(loads) > second))"

# A process that was killed when the store was new and the files of the policy were not.
file=$(ls /etc/selinux/default/policy/policy.*)
cp $file old
policy '{"type":"cil","text":"${MODULE}"}' '{"type":"install","name":"web_n"}' '{"type":"commit"}' >/dev/null
cp old $file && load_policy && ! known web_n.process 2>/dev/null && echo 'behind its store'
touch /etc/selinux/default/.security-profiles-operator-load
mkdir -p /var/lib/selinux/final/default
policy '{"type":"list"}'
known web_n.process
ls -A /var/lib/selinux/final /etc/selinux/default | grep -E '^default$|operator-load$'
setcap -r selinux_policy
policy '{"type":"list"}'
`;

describe('selinux_policy on a kernel with SELinux', function () {
  this.timeout(900_000);

  it('installs a module by two capabilities, and gives it to the kernel', async () => {
    const { stdout, stderr } = await runInGuest({
      module: 'selinux',
      command: ['sh', '-c', SCRIPT],
      cwd: import.meta.dirname,
      // Six changes of the whole policy on an emulated processor.
      timeoutSeconds: 800,
    });
    expect(stdout.trim().split('\n'), stderr).to.deep.equal([
      '"type":"committed"',
      '"name":"web_n"',
      '"type":"stopped"',
      'web_n.process known',
      'more loads: 1 1',
      'behind its store',
      '"name":"web_n"',
      '"type":"stopped"',
      'web_n.process known',
      '"type":"failed"',
      '"reason":"become root: Operation not permitted"}',
    ]);
  });
});
