// SPDX-License-Identifier: Apache-2.0
// The program that loads AppArmor profiles, on a folder that looks like the kernel's: it hands over the policy of one
// object as it is, and nothing else, whatever bytes it is given. As it is shipped, and under AddressSanitizer and
// UBSan.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { blob, named, profile, string, struct, u32 } from './apparmor-policy.ts';
import { buildSanitized, nativeProgram } from './fixtures.ts';

const FILES = ['.load', '.replace', '.remove'] as const;

for (const build of ['Release', 'Debug'] as const) {
  describe(`apparmor_loader, ${build}`, function () {
    this.timeout(180_000);
    let folder: string;

    before(() => {
      if (build === 'Debug') buildSanitized();
      folder = mkdtempSync(path.join(tmpdir(), 'spo-loader-'));
      mkdirSync(path.join(folder, 'apparmor'));
    });
    beforeEach(() => {
      for (const name of FILES) writeFileSync(path.join(folder, 'apparmor', name), '');
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    function run(words: readonly string[], input: Uint8Array = Buffer.alloc(0)) {
      const { status, stdout, stderr } = spawnSync(nativeProgram('apparmor_loader', build), [folder, ...words], {
        input,
        encoding: 'utf8',
      });
      return { status, stdout, stderr: stderr.trim() };
    }

    const handedOver = (): readonly number[] =>
      FILES.map((name) => readFileSync(path.join(folder, 'apparmor', name)).length);

    it('hands over a profile with its children, byte for byte', () => {
      const policy = Buffer.concat([profile('a'), profile('a//child', [named('aadfa'), blob(Buffer.alloc(3))])]);
      expect(run(['load', 'a'], policy).status).to.equal(0);
      expect(readFileSync(path.join(folder, 'apparmor/.load')).equals(policy)).to.equal(true);
      expect(run(['replace', 'a'], policy).status).to.equal(0);
      expect(run(['remove', 'a']).status).to.equal(0);
      expect(readFileSync(path.join(folder, 'apparmor/.remove'), 'utf8')).to.equal('a');
    });

    const attachment = [named('aadfa'), blob(Buffer.alloc(3)), u32(12)];
    const cases: Readonly<Record<string, readonly [policy: Buffer, why: string]>> = {
      'another profile': [profile('b'), 'has a profile b, and only a may be in it'],
      'a further profile': [Buffer.concat([profile('a'), profile('b')]), 'has a profile b'],
      'a profile that begins with the name': [Buffer.concat([profile('a'), profile('ab//c')]), 'has a profile ab//c'],
      'only a child': [profile('a//child'), 'does not have the profile a'],
      'the profile twice': [Buffer.concat([profile('a'), profile('a')]), 'more than once'],
      'an attachment': [profile('a', attachment), 'attaches itself to programs of the node'],
      'a pattern of programs': [profile('a', [named('attach'), string('/usr/bin/*')]), 'attaches itself to /usr/bin/*'],
      'another name to take': [profile('a', [named('rename'), string('sshd')]), 'would take the place of sshd'],
      'a namespace': [Buffer.concat([named('namespace'), string('n'), profile('a')]), 'for the namespace n'],
      'no bytes': [Buffer.alloc(0), 'does not have the profile a'],
      'a profile without a name': [Buffer.concat([named('profile'), struct(u32(1))]), 'a profile without a name'],
      'something else': [Buffer.concat([named('other'), struct(string('a'))]), 'something else than profiles'],
      'an end without a beginning': [Buffer.concat([profile('a'), Buffer.of(8)]), 'was not begun'],
      'an unknown value': [Buffer.concat([profile('a'), Buffer.of(99)]), 'of no known kind'],
      'a text with an end in it': [Buffer.concat([named('profile'), struct(string('a\0b'))]), 'without an end'],
    };
    for (const [title, [policy, why]] of Object.entries(cases)) {
      it(`refuses ${title}`, () => {
        const result = run(['load', 'a'], policy);
        expect(result.stderr).to.include(why);
        expect([result.status, ...handedOver()]).to.deep.equal([3, 0, 0, 0]);
      });
    }

    it('refuses a policy that is cut off anywhere', () => {
      const policy = profile('a');
      for (let length = 1; length < policy.length; length += 7) {
        expect(run(['load', 'a'], policy.subarray(0, length)).status, `${String(length)} bytes`).to.equal(3);
      }
      expect(handedOver()).to.deep.equal([0, 0, 0]);
    });

    it('takes any bytes without harm', () => {
      const good = Buffer.concat([profile('a'), profile('a//b')]);
      const changed = fc
        .array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
        .map((changes) => {
          const bytes = Buffer.from(good);
          for (const [at, value] of changes) bytes[at] = value;
          return bytes;
        });
      fc.assert(
        fc.property(fc.oneof(changed, fc.uint8Array({ maxLength: 64 })), (bytes) => {
          expect(run(['load', 'a'], bytes).status).to.be.oneOf([0, 3]);
        }),
        { numRuns: 60 },
      );
    });

    it('takes names of objects only', () => {
      for (const name of ['', '/usr/bin/x', ':ns:a', 'a//b', 'A', 'a_b', '.a', '-a', 'a'.repeat(254), 'a\nb']) {
        expect(run(['remove', name]).status, name).to.equal(2);
        expect(run(['load', name], profile(name)).status, name).to.equal(2);
      }
      expect(handedOver()).to.deep.equal([0, 0, 0]);
      for (const words of [[], ['load'], ['list', 'a'], ['unload', 'a']]) expect(run(words).status).to.equal(2);
    });

    it('lists as the kernel does, and says where there is no AppArmor', () => {
      const list = path.join(folder, 'apparmor/profiles');
      writeFileSync(list, 'a (enforce)\n/usr/bin/x (complain)\n');
      expect(run(['list'])).to.include({ status: 0, stdout: 'a (enforce)\n/usr/bin/x (complain)\n' });
      rmSync(list);
      expect(run(['list'])).to.deep.equal({
        status: 1,
        stdout: '',
        stderr: 'the profiles of the kernel cannot be listed: No such file or directory',
      });
    });
  });
}
