// SPDX-License-Identifier: Apache-2.0
// The program that changes a node's policy, on a kernel with SELinux: as an ordinary user, with the capabilities of its
// file. The kernel has the policy afterwards, and all files of the store are root's.
import { expect } from 'chai';
import { runInGuest } from '../../../tools/lab/guest/run.ts';
import { nativeProgram } from '../fixtures.ts';

const MODULE =
  '(block web_n\\\\n(blockinherit container)\\\\n)\\\\n;; security-profiles-operator: SelinuxProfile n/web\\\\n';

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
known web_n.process 2>/dev/null
policy '{"type":"cil","text":"${MODULE}"}' '{"type":"install","name":"web_n"}' '{"type":"commit"}' '{"type":"list"}'
known web_n.process
find /var/lib/selinux /etc/selinux '!' -user root
ls -A scratch
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
    });
    expect(stdout.trim().split('\n'), stderr).to.deep.equal([
      '"type":"committed"',
      '"name":"web_n"',
      '"type":"stopped"',
      'web_n.process known',
      '"type":"failed"',
      '"reason":"become root: Operation not permitted"}',
    ]);
  });
});
