// SPDX-License-Identifier: Apache-2.0
// Guests of the lab: kernels with AppArmor and with SELinux that run one command each.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { runInGuest } from '../../../tools/lab/guest/run.ts';

describe('a guest of the lab', function () {
  // The first one on a machine fetches and compiles what guests start from.
  this.timeout(900_000);

  const shell = (module: 'apparmor' | 'selinux', script: string) =>
    runInGuest({ module, command: ['sh', '-c', script], cwd: import.meta.dirname });

  it('has AppArmor, sees the files of the machine, and changes none', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'guest-test-'));
    try {
      const script = `cat /sys/module/apparmor/parameters/enabled; pwd; apparmor_parser --version | head -1
echo text >${folder}/made && cat ${folder}/made; echo problem >&2; exit 3`;
      const { status, stdout, stderr } = await shell('apparmor', script);
      expect(stdout).to.match(new RegExp(`^Y\n${import.meta.dirname}\nAppArmor parser version [^\n]+\ntext\n$`));
      expect({ status, stderr }).to.deep.equal({ status: 3, stderr: 'problem\n' });
      expect(existsSync(path.join(folder, 'made'))).to.equal(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('has SELinux enforcing, with a policy that knows containers', async () => {
    const script = `cat /sys/fs/selinux/enforce; echo; cat /proc/self/attr/current | tr -d '\\0'; echo
runcon system_u:system_r:container_t:s0:c1,c2 cat /proc/self/attr/current | tr -d '\\0'; echo
runcon system_u:system_r:container_t:s0:c1,c2 touch /root/made; semodule -lfull | grep -w container`;
    const { stdout, stderr } = await shell('selinux', script);
    const contexts = 'system_u:system_r:kernel_t:s0\nsystem_u:system_r:container_t:s0:c1,c2';
    expect(stdout, stderr).to.match(new RegExp(`^1\n${contexts}\n100 +container +cil`));
    expect(stderr).to.include("cannot touch '/root/made': Permission denied");
  });
});
