// SPDX-License-Identifier: Apache-2.0
// The loader of AppArmor profiles on a kernel that has them: as an ordinary user, with the capabilities of its file.
import { expect } from 'chai';
import { runInGuest } from '../../../tools/lab/guest/run.ts';
import { nativeProgram } from '../fixtures.ts';

const SCRIPT = `
mkdir /run/try && mount -t tmpfs try /run/try && cd /run/try && chmod 755 .
cp ${nativeProgram('apparmor_loader')} . && chmod 755 apparmor_loader
setcap cap_mac_admin,cap_setgid=ep apparmor_loader
policy() {
  printf 'abi <abi/3.0>,\\nprofile test-profile {\\n  file,\\n%s}\\n' "$1" |
    apparmor_parser -Q -K -S --config-file=/dev/null --kernel-features=/sys/kernel/security/apparmor/features
}
user='setpriv --reuid 65535 --regid 65535 --clear-groups --bounding-set -all,+mac_admin,+setgid'
loader() { $user ./apparmor_loader /sys/kernel/security "$@"; echo "$1 $?"; }
policy | loader load test-profile
policy | loader load test-profile
loader list
policy 'deny /run/try/* w,' | loader replace test-profile
aa-exec -p test-profile -- sh -c 'echo text >/run/try/file' 2>/dev/null || echo refused
loader remove test-profile
loader remove test-profile
setcap -r apparmor_loader
policy | loader load test-profile
`;

describe('apparmor_loader on a kernel with AppArmor', function () {
  this.timeout(900_000);

  it('loads, replaces, lists and removes with two capabilities, and never what is there already', async () => {
    const { stdout, stderr } = await runInGuest({
      module: 'apparmor',
      command: ['sh', '-c', SCRIPT],
      cwd: import.meta.dirname,
    });
    const lines = [
      'load 0',
      'load 4',
      'test-profile (enforce)',
      'list 0',
      'replace 0',
      'refused',
      'remove 0',
      'remove 5',
    ];
    expect(stdout.trim().split('\n'), stderr).to.deep.equal([...lines, 'load 1']);
    expect(stderr).to.include('test-profile: a profile of this name is in the kernel already');
  });
});
