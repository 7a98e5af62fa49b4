// SPDX-License-Identifier: Apache-2.0
// Profile files that others change are told of; our own writes, and files of others, are not.
import { mkdtemp, rm, unlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { profileFile } from '../../src/core/seccomp/files.ts';
import { ProfileDisk } from '../../src/io/disk.ts';
import { ProfileWatch } from '../../src/io/profile-watch.ts';

describe('io/profile-watch', () => {
  const file = profileFile('ns', 'a');
  let root: string;
  let disk: ProfileDisk;
  let watching: ProfileWatch;
  let told: string[];
  let next: () => void;

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'spo-watch-'));
    disk = new ProfileDisk(root);
    await disk.write(file, 'one');
    told = [];
    next = () => undefined;
    const changed = ({ directory, file: name }: typeof file): void => {
      told.push(`${directory}/${name}`);
      next();
    };
    watching = new ProfileWatch(disk, ['ns'], changed, (error) => expect.fail(String(error)));
  });

  afterEach(async () => {
    watching.close();
    await rm(root, { recursive: true, force: true });
  });

  /** Until a change of the file is told, which the operation makes. */
  async function toldAfter(operation: () => Promise<unknown>): Promise<void> {
    const change = new Promise<void>((resolve) => (next = resolve));
    await operation();
    await change;
  }

  it('tells of a file that is changed in its place, and of one that is removed with its directory', async () => {
    await toldAfter(() => writeFile(path.join(root, 'ns/a.json'), 'two'));
    expect(await disk.write(file, 'one')).to.equal(true);
    await toldAfter(() => unlink(path.join(root, 'ns/a.json')));
    expect(await disk.write(file, 'one')).to.equal(true);
    await toldAfter(() => rm(path.join(root, 'ns'), { recursive: true }));
    expect(await disk.write(file, 'one')).to.equal(true);
    await toldAfter(() => writeFile(path.join(root, 'ns/a.json'), 'two'));
    expect(new Set(told)).to.deep.equal(new Set(['ns/a.json']));
  });

  it('tells nothing of what the daemon writes and removes itself, nor of files of others', async () => {
    await disk.write(profileFile('ns', 'b'), 'two');
    await disk.write(file, 'two');
    await disk.remove(profileFile('ns', 'b'));
    await writeFile(path.join(root, 'ns/other'), 'x');
    const isKnown = await Promise.all(['a', 'b'].map((name) => disk.isAsWritten(profileFile('ns', name))));
    expect(isKnown).to.deep.equal([true, true]);
    told = [];
    await toldAfter(() => writeFile(path.join(root, 'ns/a.json'), 'three'));
    expect(new Set(told)).to.deep.equal(new Set(['ns/a.json']));
  });
});
