// SPDX-License-Identifier: Apache-2.0
// Names of the kernel's policy, in a folder of the form of selinuxfs.
import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SelinuxNames } from '../../src/io/selinuxfs.ts';

describe('io/selinuxfs', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'spo-selinuxfs-'));
    for (const folder of ['class/file/perms', 'initial_contexts'])
      mkdirSync(path.join(root, folder), { recursive: true });
    writeFileSync(path.join(root, 'class/file/perms/read'), '2');
    writeFileSync(path.join(root, 'initial_contexts/unlabeled'), 'system_u:object_r:unlabeled_t:s0\0');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('knows classes and their permissions', () => {
    const names = new SelinuxNames(root);
    expect([names.hasClass('file'), names.hasClass('bpf')]).to.deep.equal([true, false]);
    expect([names.hasPermission('file', 'read'), names.hasPermission('file', 'fly')]).to.deep.equal([true, false]);
  });

  it('asks the kernel whether a type means something', () => {
    writeFileSync(path.join(root, 'context'), '');
    expect(new SelinuxNames(root).hasType('etc_t')).to.equal(true);
    // A file of the kernel that refuses any such text with the same error.
    unlinkSync(path.join(root, 'context'));
    symlinkSync('/proc/self/oom_score_adj', path.join(root, 'context'));
    expect(new SelinuxNames(root).hasType('none_t')).to.equal(false);
  });

  it('says nothing where it is not shown', () => {
    const names = new SelinuxNames(path.join(root, 'none'));
    expect([names.hasClass('file'), names.hasPermission('file', 'read'), names.hasType('etc_t')]).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ]);
    expect(new SelinuxNames(root).hasType('etc_t'), 'no file takes contexts').to.equal(undefined);
  });
});
