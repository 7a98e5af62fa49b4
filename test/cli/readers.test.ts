// SPDX-License-Identifier: Apache-2.0
// The real spoc in front of readers that have gone, full disks and outputs that are descriptors, as root.
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const SPOC = path.join(import.meta.dirname, '../../bin/spoc');

describe('spoc whose readers have gone', function () {
  this.timeout(120_000);
  let folder: string;
  const at = (name: string): string => path.join(folder, name);

  /** A shell in the folder, whose descriptor 7 is a pipe that nothing reads. */
  function shell(script: string) {
    const options = { encoding: 'utf8', cwd: folder, timeout: 120_000, env: { ...process.env, SPOC } } as const;
    return spawnSync('bash', ['-c', `exec 7> >(:); wait $!; ${script}`], options);
  }

  before(() => {
    folder = fs.mkdtempSync(path.join(tmpdir(), 'readers-'));
    fs.writeFileSync(at('allow.json'), '{"defaultAction":"SCMP_ACT_ALLOW"}');
  });

  after(() => {
    fs.rmSync(folder, { recursive: true });
  });

  it('passes on how the command ended', () => {
    for (const output of ['2>&7', '2>/dev/full']) {
      expect(shell(`$SPOC run -p allow.json sh -c 'exit 7' ${output}`).status, output).to.equal(7);
    }
  });

  it('passes on how the command ended where standard descriptors are closed, also with a kept filter', () => {
    fs.writeFileSync(at('closed.json'), `{"defaultAction":"SCMP_ACT_ALLOW","comment":"${folder}"}`);
    for (const output of ['2>&-', '2>&-', '<&- >&- 2>&-']) {
      expect(shell(`$SPOC run -p closed.json sh -c 'exit 7' ${output}`).status, output).to.equal(7);
    }
    expect(shell(`$SPOC run -p closed.json sh -c 'test ! -e /proc/$$/fd/2' 2>&-`).status).to.equal(0);
  });

  it('names no other file in what it says of a profile that ran before under another name', () => {
    const text = `{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_X86_64"],"comment":"${folder}"}`;
    for (const name of ['one.json', 'two.json']) {
      fs.writeFileSync(at(name), text);
      const { stderr } = shell(`$SPOC run -p ${name} true`);
      expect(stderr).to.include('Warning: the default action SCMP_ACT_ALLOW does not reach programs of SCMP_ARCH_X86');
      expect(stderr.split('\n').filter((line) => line.includes('.json'))).to.have.length(1);
    }
  });

  it('writes the profile of a recording', () => {
    for (const [name, output] of [
      ['pipe', '2>&7'],
      ['full', '2>/dev/full'],
    ] as const) {
      expect(shell(`$SPOC record -n -o ${name}.yaml sh -c 'exit 7' ${output}`).status, output).to.equal(7);
      expect(fs.readFileSync(at(`${name}.yaml`), 'utf8')).to.include('- exit_group');
    }
  });

  it('says in one sentence that the output cannot be written', () => {
    for (const [output, reason] of [
      ['>/dev/full', 'no space left on device'],
      ['>&7', 'nothing reads from it any more'],
    ] as const) {
      const { status, stderr } = shell(`$SPOC convert allow.json ${output}`);
      expect(status).to.equal(1);
      expect(stderr.replace(/^\S+ \S+ /, '')).to.equal(`Error: write /dev/stdout: ${reason}\n`);
    }
  });

  it('writes to descriptors, and through links, for an ordinary user too', () => {
    fs.chmodSync(folder, 0o777);
    fs.mkdirSync(at('releases'));
    fs.symlinkSync('releases/2.json', at('current.json'));
    shell('$SPOC convert -o current.json allow.json; $SPOC convert -o /dev/fd/8 allow.json 8> eight');
    expect(fs.lstatSync(at('current.json')).isSymbolicLink()).to.equal(true);
    const text = fs.readFileSync(at('releases/2.json'), 'utf8');
    expect(JSON.parse(text)).to.deep.equal({ defaultAction: 'SCMP_ACT_ALLOW' });
    expect(fs.readFileSync(at('eight'), 'utf8')).to.equal(text);
    const user = shell('setpriv --reuid 65534 --regid 65534 --clear-groups $SPOC convert allow.json > redirected');
    expect(user.status, user.stderr).to.equal(0);
    expect(fs.readFileSync(at('redirected'), 'utf8')).to.equal(text);
  });
});

describe('spoc run with a published profile', function () {
  this.timeout(120_000);

  it('reads it for the kernel that runs, also when a filter for another one is kept', () => {
    const folder = fs.mkdtempSync(path.join(tmpdir(), 'published-'));
    const rule = { names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_ERRNO', includes: { minKernel: '4.8' } };
    const profile = { defaultAction: 'SCMP_ACT_ALLOW', comment: folder, syscalls: [rule] };
    fs.writeFileSync(path.join(folder, 'p.json'), JSON.stringify(profile));
    const run = (before: string) =>
      spawnSync('bash', ['-c', `${before} ${SPOC} run -p p.json mkdir d && rmdir d`], { cwd: folder }).status;
    // The personality changes the release that uname tells to 2.6 and a number.
    for (const [before, status] of [
      ['', 1],
      ['setarch --uname-2.6', 0],
      ['', 1],
    ] as const) {
      expect(run(before), before).to.equal(status);
    }
    fs.rmSync(folder, { recursive: true });
  });
});
