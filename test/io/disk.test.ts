// SPDX-License-Identifier: Apache-2.0
// Profile files on a real file system: never a part of one, never outside the root, and errors that can be understood.
import { execFileSync } from 'node:child_process';
import { chmod, chown, lstat, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { profileFile } from '../../src/core/seccomp/files.ts';
import { Aside } from '../../src/io/aside.ts';
import { ProfileDisk } from '../../src/io/disk.ts';

describe('io/disk', () => {
  let root: string;
  let disk: ProfileDisk;
  const file = profileFile('ns', 'a');

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'spo-disk-'));
    disk = new ProfileDisk(root);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  async function messageOf(operation: Promise<unknown>): Promise<string> {
    return operation.then(
      () => 'nothing was thrown',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  }

  it('writes a file with the modes that users expect, whatever the umask', async () => {
    const before = process.umask(0o077);
    try {
      expect(await disk.write(file, 'one')).to.equal(true);
    } finally {
      process.umask(before);
    }
    expect(await readFile(path.join(root, 'ns/a.json'), 'utf8')).to.equal('one');
    expect((await lstat(path.join(root, 'ns'))).mode & 0o777).to.equal(0o744);
    expect((await lstat(path.join(root, 'ns/a.json'))).mode & 0o777).to.equal(0o644);
  });

  it('writes only what differs', async () => {
    await disk.write(file, 'one');
    const before = await lstat(path.join(root, 'ns/a.json'));
    expect(await disk.write(file, 'one')).to.equal(false);
    expect((await lstat(path.join(root, 'ns/a.json'))).ino).to.equal(before.ino);
    expect(await disk.write(file, 'two')).to.equal(true);
    expect((await lstat(path.join(root, 'ns/a.json'))).ino).to.not.equal(before.ino);
  });

  it('reads a file, or that there is none', async () => {
    expect(await disk.read(file)).to.equal(undefined);
    await disk.write(file, 'one');
    expect(await disk.read(file)).to.equal('one');
    await rm(path.join(root, 'ns/a.json'));
    await mkdir(path.join(root, 'ns/a.json'));
    expect(await disk.read(file), 'a directory is no file').to.equal(undefined);
  });

  it('shows a reader the old text or the new one, never a part', async () => {
    const texts = ['a', 'b'].map((letter) => letter.repeat(300_000));
    await disk.write(file, texts[0]!);
    const seen = new Set<string>();
    const target = path.join(root, 'ns/a.json');
    const writer = new AbortController();
    const writing = (async () => {
      for (let i = 1; i <= 30; i++) await disk.write(file, texts[i % 2]!);
      writer.abort();
    })();
    while (!writer.signal.aborted) seen.add(await readFile(target, 'utf8'));
    await writing;
    expect([...seen].every((text) => texts.includes(text))).to.equal(true);
    expect(await readdir(path.join(root, 'ns'))).to.deep.equal(['a.json']);
  });

  it('removes a file, and its directory with the last one', async () => {
    await disk.write(file, 'one');
    await disk.write(profileFile('ns', 'b'), 'two');
    expect(await disk.remove(file)).to.equal(true);
    expect(await readdir(root)).to.deep.equal(['ns']);
    expect(await disk.remove(profileFile('ns', 'b'))).to.equal(true);
    expect(await readdir(root)).to.deep.equal([]);
    expect(await disk.remove(file)).to.equal(false);
  });

  it('writes while the directory goes away under it', async () => {
    const rounds = Array.from({ length: 200 }, (_, i) => i);
    const other = profileFile('ns', 'b');
    await Promise.all([
      ...rounds.map((i) => disk.write(file, String(i))),
      ...rounds.map(() => disk.remove(other)),
      ...rounds.map((i) => disk.write(other, String(i))),
    ]);
    expect((await disk.inventory()).temporary).to.deep.equal([]);
  });

  it('lists its files and what a crash left, and leaves other things alone', async () => {
    await disk.write(file, 'one');
    await mkdir(path.join(root, 'ns/deeper'));
    for (const name of ['kubelet-config.json', 'ns/notes.txt', 'ns/.spo-1-1.tmp']) {
      await writeFile(path.join(root, name), 'x');
    }
    await symlink('/etc/passwd', path.join(root, 'ns/link.json'));
    const inventory = await disk.inventory();
    expect(inventory.files).to.deep.equal([file]);
    expect(inventory.temporary).to.deep.equal([path.join(root, 'ns/.spo-1-1.tmp')]);
    await disk.sweep(inventory.temporary);
    expect((await disk.inventory()).temporary).to.deep.equal([]);
    expect(await readdir(path.join(root, 'ns'))).to.include.members(['notes.txt', 'link.json', 'deeper']);
  });

  it('does not list files of other users', async function () {
    if (process.getuid?.() !== 0) this.skip();
    await disk.write(file, 'one');
    await chown(path.join(root, 'ns/a.json'), 1, 1);
    expect((await disk.inventory()).files).to.deep.equal([]);
  });

  it('replaces a link instead of writing through it', async () => {
    const outside = path.join(root, 'outside');
    await writeFile(outside, 'untouched');
    await mkdir(path.join(root, 'ns'));
    await symlink(outside, path.join(root, 'ns/a.json'));
    await disk.write(file, 'one');
    expect(await readFile(outside, 'utf8')).to.equal('untouched');
    expect((await lstat(path.join(root, 'ns/a.json'))).isSymbolicLink()).to.equal(false);
  });

  it('moves aside what is in its way, follows none of it, and tells where it is now', async () => {
    const outside = await mkdtemp(path.join(os.tmpdir(), 'spo-outside-'));
    await writeFile(path.join(outside, 'a.json'), 'one');
    const left: readonly (() => Promise<unknown>)[] = [
      () => symlink(outside, path.join(root, 'ns')),
      () => writeFile(path.join(root, 'ns'), 'x'),
      () => mkdir(path.join(root, 'ns/a.json/full'), { recursive: true }),
      () => mkdir(path.join(root, 'ns'), { mode: 0o000 }),
    ];
    for (const leave of left) {
      const moved: string[] = [];
      const aside = new Aside((from) => moved.push(from));
      disk = new ProfileDisk(root, aside);
      await leave();
      expect(await disk.write(file, 'one')).to.equal(true);
      expect(await readFile(path.join(root, 'ns/a.json'), 'utf8')).to.equal('one');
      expect(moved).to.have.length(1);
      const inventory = await disk.inventory();
      expect(inventory.aside).to.deep.equal(aside.paths());
      expect(inventory.files).to.deep.equal([file]);
      await Promise.all(inventory.aside.map((one) => rm(one, { recursive: true })));
      await rm(path.join(root, 'ns'), { recursive: true });
    }
    expect(await readdir(outside)).to.deep.equal(['a.json']);
    await rm(outside, { recursive: true });
  });

  it('removes nothing through a link', async () => {
    const outside = await mkdtemp(path.join(os.tmpdir(), 'spo-outside-'));
    await writeFile(path.join(outside, 'a.json'), 'theirs');
    await symlink(outside, path.join(root, 'ns'));
    expect(await disk.remove(file)).to.equal(false);
    expect(await readFile(path.join(outside, 'a.json'), 'utf8')).to.equal('theirs');
    await rm(outside, { recursive: true });
  });

  it('begins beside a directory that it may not read', async () => {
    await disk.write(profileFile('other', 'b'), 'one');
    await mkdir(path.join(root, 'locked'), { mode: 0o000 });
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) {
      await chmod(root, 0o755);
      process.seteuid?.(65534);
    }
    try {
      expect((await disk.inventory()).aside).to.deep.equal([]);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  it('says what is wrong with a missing root', async () => {
    const absent = new ProfileDisk(path.join(root, 'absent'));
    expect(await messageOf(absent.inventory())).to.equal(`list ${root}/absent: no such file or directory`);
    expect(await messageOf(absent.write(file, 'x'))).to.equal(
      `write ${root}/absent/ns/a.json: no such file or directory`,
    );
  });

  it('says so when the disk is full, and leaves the old file', async function () {
    if (process.getuid?.() !== 0) this.skip();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', root]);
    try {
      await disk.write(file, 'old');
      const problem = await messageOf(disk.write(file, 'x'.repeat(200_000)));
      expect(problem).to.equal(`write ${root}/ns/a.json: no space left on device`);
      expect(await readFile(path.join(root, 'ns/a.json'), 'utf8')).to.equal('old');
      expect((await disk.inventory()).temporary).to.deep.equal([]);
    } finally {
      execFileSync('umount', [root]);
    }
  });

  it('says so when the file system is read-only', async function () {
    if (process.getuid?.() !== 0) this.skip();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', root]);
    try {
      await disk.write(file, 'old');
      execFileSync('mount', ['-o', 'remount,ro', root]);
      expect(await messageOf(disk.write(file, 'new'))).to.equal(`write ${root}/ns/a.json: read-only file system`);
      expect(await messageOf(disk.remove(file))).to.equal(`remove ${root}/ns/a.json: read-only file system`);
      expect(await disk.write(file, 'old'), 'nothing to write').to.equal(false);
    } finally {
      execFileSync('umount', [root]);
    }
  });

  it('says so when it may not write', async () => {
    await chmod(root, 0o555);
    // Root may write everywhere, so it becomes nobody for the moment.
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(65534);
    try {
      expect(await messageOf(disk.write(file, 'x'))).to.contain('permission denied');
    } finally {
      if (isRoot) process.seteuid?.(0);
      await chmod(root, 0o755);
    }
  });
});
