// SPDX-License-Identifier: Apache-2.0
// The loader of AppArmor profiles on a kernel that has them: as an ordinary user, with the capabilities of its file.
import path from 'node:path';
import { expect } from 'chai';
import { runInGuest } from '../../../tools/lab/guest/run.ts';
import { nativeProgram } from '../fixtures.ts';

/** Prints the kernel's number of changes and the identity of the profile, as a daemon reads them without privilege. */
const SHOWN = `import(process.argv[1]).then(async ({ ShownPolicy }) => {
  const policy = new ShownPolicy("/sys/kernel/security");
  const identity = (await policy.identities(["test-profile"])).get("test-profile");
  console.log(await policy.revision() + " " + identity);
})`;
const MODULE = path.join(import.meta.dirname, '../../../src/io/apparmor-policy.ts');

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
shown() { setpriv --reuid 65535 --regid 65535 --clear-groups ${process.execPath} -e '${SHOWN}' ${MODULE}; }
show() { echo "shown $1" | sed -E 's/[0-9a-f]{40,64}/HASH/'; }
policy | loader load test-profile
policy | loader load test-profile
first=$(shown); show "$first"
loader list
policy 'deny /run/try/* w,' | loader replace test-profile
second=$(shown); show "$second"
[ "\${first#* }" = "\${second#* }" ] || echo another
aa-exec -p test-profile -- sh -c 'echo text >/run/try/file' 2>/dev/null || echo refused
loader remove test-profile
show "$(shown)"
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
      'shown 1 HASH',
      'test-profile (enforce)',
      'list 0',
      'replace 0',
      'shown 2 HASH',
      'another',
      'refused',
      'remove 0',
      'shown 3 ',
      'remove 5',
    ];
    expect(stdout.trim().split('\n'), stderr).to.deep.equal([...lines, 'load 1']);
    expect(stderr).to.include('test-profile: a profile of this name is in the kernel already');
  });
});
