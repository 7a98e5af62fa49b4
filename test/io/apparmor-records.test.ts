// SPDX-License-Identifier: Apache-2.0
// The notes about AppArmor profiles on a disk.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { ASIDE_PREFIX } from '../../src/core/status/moved-aside.ts';
import { AppArmorRecords } from '../../src/io/apparmor-records.ts';
import { ProfileDisk } from '../../src/io/disk.ts';

describe('io/apparmor-records', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(path.join(tmpdir(), 'spo-notes-'))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const faults: string[] = [];
  const open = (boot = 'boot 1'): Promise<AppArmorRecords> =>
    AppArmorRecords.open(root, boot, (why) => faults.push(why));
  const note = (name: string) => ({ namespace: 'ns', name, source: 's', binary: 'b', loaded: 'l', warnings: [] });

  it('keeps notes beyond its own life, also of the longest names', async () => {
    const records = await open();
    const names = ['a', 'b'.repeat(253), `${'b'.repeat(252)}c`];
    for (const name of names) await records.save(note(name));
    const again = await open();
    expect(again.all().map(({ name }) => name)).to.have.members(names);
    await again.forget('a');
    await again.forget('a');
    expect(again.get('a')).to.equal(undefined);
    expect((await open()).all()).to.have.length(2);
    expect(faults).to.deep.equal([]);
  });

  it("forgets after a reboot: a profile of that name in the kernel is the node's own then", async () => {
    const records = await open();
    for (const name of ['runc', 'b'.repeat(253)]) await records.save(note(name));
    writeFileSync(path.join(root, '.apparmor/undated.note'), JSON.stringify(note('undated')));
    expect((await open('boot 2')).all()).to.deep.equal([]);
    expect(readdirSync(path.join(root, '.apparmor'))).to.deep.equal([]);
    expect(faults).to.deep.equal([]);
  });

  it('removes a note that was being written when its writer was killed', async () => {
    await (await open()).save(note('a'));
    const folder = path.join(root, '.apparmor');
    for (const name of ['.a.note.tmp', '.b.note.tmp']) writeFileSync(path.join(folder, name), '{"namespa');
    expect((await open()).all()).to.deep.equal([note('a')]);
    expect(readdirSync(folder)).to.deep.equal(['a.note']);
  });

  it('passes over what is no note, and says so', async () => {
    await (await open()).save(note('a'));
    writeFileSync(path.join(root, '.apparmor/x.note'), 'nonsense');
    mkdirSync(path.join(root, '.apparmor/folder'));
    expect((await open()).all()).to.have.length(1);
    expect(faults).to.deep.equal([`${root}/.apparmor/x.note is no note about an AppArmor profile`]);
  });

  it('makes its folder for the first note only', async () => {
    const records = await open();
    expect(readdirSync(root)).to.deep.equal([]);
    writeFileSync(path.join(root, '.apparmor'), 'in its place');
    await records.save(note('a'));
    expect((await open()).all()).to.have.length(1);
    expect(readdirSync(root).filter((name) => name.startsWith(ASIDE_PREFIX))).to.have.length(1);
  });

  it('begins and goes on where somebody has put other things in the places of notes', async () => {
    faults.length = 0;
    symlinkSync('/etc', path.join(root, '.apparmor'));
    const records = await open();
    await records.save(note('a'));
    for (const name of ['b.note', '.c.note.tmp', 'c.note'])
      mkdirSync(path.join(root, '.apparmor', name, 'full'), { recursive: true });
    expect((await open()).all()).to.have.length(1);
    expect(faults.join('\n')).to.contain('b.note is no file of ours');
    await records.save(note('c'));
    expect((await open()).get('c')).to.deep.equal(note('c'));
  });

  it('is no folder of seccomp profiles', async () => {
    await (await open()).save(note('a.json'));
    expect((await new ProfileDisk(root).inventory()).files).to.deep.equal([]);
    expect(readdirSync(root)).to.deep.equal(['.apparmor']);
  });
});
