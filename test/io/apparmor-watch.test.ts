// SPDX-License-Identifier: Apache-2.0
// Looks at AppArmor profiles that others may change, in a folder that is laid out as the kernel's file system.
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { NodeRecord } from '../../src/core/apparmor/node-record.ts';
import { ShownPolicy } from '../../src/io/apparmor-policy.ts';
import { AppArmorWatch } from '../../src/io/apparmor-watch.ts';

describe('io/apparmor-watch', () => {
  let root: string;
  let policy: ShownPolicy;
  let watching: AppArmorWatch;
  let notes: NodeRecord[];
  let told: string[];
  let errors: string[];

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'spo-apparmor-watch-'));
    [notes, told, errors] = [[], [], []];
    policy = new ShownPolicy(root);
    watching = new AppArmorWatch(
      policy,
      () => notes,
      ({ name }) => told.push(name),
      (error) => errors.push(String(error)),
    );
    await mkdir(path.join(root, 'apparmor/policy/profiles'), { recursive: true });
    await revise('1');
  });

  afterEach(async () => {
    watching.close();
    await rm(root, { recursive: true });
  });

  const revise = (number: string): Promise<void> => writeFile(path.join(root, 'apparmor/revision'), `${number}\n`);

  /** Lays a profile out; `folder` is below that of all profiles. */
  async function load(folder: string, name: string, hash: string, file = 'sha256'): Promise<void> {
    const own = path.join(root, 'apparmor/policy/profiles', folder);
    await mkdir(own, { recursive: true });
    await writeFile(path.join(own, 'name'), `${name}\n`);
    await writeFile(path.join(own, file), `${hash}\n`);
  }

  async function note(name: string): Promise<void> {
    const loaded = (await policy.identities([name])).get(name) ?? '';
    notes.push({ namespace: 'ns', name, source: 's', binary: 'b', loaded, warnings: [] });
  }

  async function look(): Promise<readonly string[]> {
    await watching.look();
    return told.splice(0);
  }

  it('tells of a profile that was replaced, of one within it, and of one that is gone', async () => {
    await load('a.7', 'a', '11');
    await load('a.7/profiles/child.8', 'a//child', '22', 'sha1');
    await load('b.1.9', 'b.1', '33');
    await note('a');
    await note('b.1');
    expect(await look()).to.deep.equal([]);
    await load('a.7/profiles/child.8', 'a//child', '23', 'sha1');
    expect(await look(), 'the number is the same').to.deep.equal([]);
    await revise('2');
    expect(await look()).to.deep.equal(['a']);
    expect(await look(), 'until it is put right').to.deep.equal(['a']);
    await load('a.7/profiles/child.8', 'a//child', '22', 'sha1');
    await rm(path.join(root, 'apparmor/policy/profiles/b.1.9'), { recursive: true });
    expect(await look()).to.deep.equal(['b.1']);
    expect(errors).to.deep.equal([]);
  });

  it('takes no profile for another whose folder is named alike', async () => {
    await load('a.1', '/a', '10');
    await load('a.2', 'a', '11');
    await load('a.2.3', 'a.2', '12');
    expect([...(await policy.identities(['a', 'a.2', 'c']))]).to.deep.equal([
      ['a', '11'],
      ['a.2', '12'],
      ['c', ''],
    ]);
  });

  it('calls nothing changed that it cannot read, or of which the kernel had shown nothing', async () => {
    await load('a.7', 'a', '11');
    await note('a');
    await note('unshown');
    await rm(path.join(root, 'apparmor/policy/profiles/a.7/sha256'));
    await mkdir(path.join(root, 'apparmor/policy/profiles/a.7/sha256'));
    expect(await look()).to.deep.equal([]);
    expect(errors.join()).to.match(/EISDIR/);
  });

  it('does not wait for the first change of a kernel that has had none', async () => {
    const file = path.join(root, 'apparmor/revision');
    await rm(file);
    execFileSync('mkfifo', [file]);
    const writer = await open(file, 'r+');
    try {
      expect(await policy.revision()).to.equal('');
    } finally {
      await writer.close();
    }
  });

  it('looks at the profiles themselves where the kernel does not count', async () => {
    await load('a.7', 'a', '11');
    await note('a');
    await rm(path.join(root, 'apparmor/revision'));
    expect(await look()).to.deep.equal([]);
    await load('a.7', 'a', '12');
    expect(await look()).to.deep.equal(['a']);
  });
});
