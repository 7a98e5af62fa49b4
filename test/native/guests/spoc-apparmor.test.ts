// SPDX-License-Identifier: Apache-2.0
// spoc record and spoc run with AppArmor, on a kernel that has it.
import { expect } from 'chai';
import path from 'node:path';
import { runInGuest } from '../../../tools/lab/guest/run.ts';

const SPOC = path.join(import.meta.dirname, '../../../bin/spoc');

/** All that the command does, it does in a child of its child. */
const PROGRAM = `
open(F, "<", "/etc/passwd") or die; close F;
open(F, ">", "/run/try/made") or die; close F; unlink("/run/try/made") or die;
mkdir("/run/try/folder") or die; rmdir("/run/try/folder") or die;
opendir(D, "/run/try") or die; closedir D;
socket(T, 2, 1, 6) or die "tcp"; socket(U, 2, 2, 17) or die "udp";
chown(1, 1, "/run/try/owned") or die "chown";
system("/usr/bin/id >/dev/null") == 0 or die "id";
print "done\\n";
`;

const SCRIPT = `
mkdir /run/try && cd /run/try && : >owned
cat >program.pl <<'END'
${PROGRAM}
END
printf 'exec perl /run/try/program.pl\\n' >outer.sh
${SPOC} record -t all -o all.yaml sh -c 'sh /run/try/outer.sh; true' 2>log || cat log
cat all.yaml
sed '/^---/,$d' all.yaml >web.yaml
${SPOC} run -t apparmor -p web.yaml sh -c 'sh /run/try/outer.sh; true' 2>log || cat log
${SPOC} run -t apparmor -p web.yaml sh -c 'cat /etc/passwd' >/dev/null 2>log; echo "refused $?"
${SPOC} record -t raw-apparmor -o raw sh /run/try/outer.sh 2>log
${SPOC} run -t apparmor -p raw sh /run/try/outer.sh 2>log || cat log
${SPOC} record -t apparmor --no-proc-start -o watched.yaml perl 2>log & recording=$!
until grep -q 'Waiting\\|Error' log; do busybox usleep 100000; done
sh /run/try/outer.sh
kill -INT $recording; wait $recording
grep -c allowTcp watched.yaml
${SPOC} record -t apparmor -o none.yaml /nope 2>/dev/null; echo "nope $?"
echo "left: $(cat /sys/kernel/security/apparmor/profiles)"
`;

describe('spoc on a kernel with AppArmor', function () {
  this.timeout(900_000);

  it('records a program with its children, runs it under the profile, and leaves nothing in the kernel', async () => {
    const { stdout, stderr } = await runInGuest({
      module: 'apparmor',
      command: ['sh', '-c', SCRIPT],
      cwd: import.meta.dirname,
    });
    const [recorded = '', rest = ''] = stdout.split(/^kind: SeccompProfile$/m);
    expect(recorded, stderr).to.match(/^done\napiVersion: [^]*kind: AppArmorProfile/);
    for (const line of [
      'allowedExecutables:\n        - /usr/bin/dash\n        - /usr/bin/id\n        - /usr/bin/perl',
      '        - /etc/passwd',
      '        - /run/try/made',
      '        - /run/try/folder/',
      '        - /run/try/\n',
      'allowTcp: true',
      'allowUdp: true',
      'allowedCapabilities:\n        - chown',
    ]) {
      expect(recorded).to.include(line);
    }
    expect(recorded).to.not.match(/libc\.so|recording-incomplete/);
    expect(rest.slice(rest.indexOf('done')).trim().split('\n')).to.deep.equal([
      'done',
      'refused 126',
      'done',
      'done',
      'done',
      '1',
      'nope 1',
      'left:',
    ]);
  });
});
