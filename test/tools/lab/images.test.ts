// SPDX-License-Identifier: Apache-2.0
// Archives that the lab makes of folders, read back by tar and compared with what the OCI image specification wants.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { writeImage } from '../../../tools/lab/images.ts';

describe('writeImage()', () => {
  let folder: string;
  let content: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'lab-images-'));
    content = path.join(folder, 'content');
    mkdirSync(path.join(content, 'bin'), { recursive: true });
    writeFileSync(path.join(content, 'bin', 'program'), 'the program');
    chmodSync(path.join(content, 'bin', 'program'), 0o755);
    symlinkSync('program', path.join(content, 'bin', 'other'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const make = (file: string): Promise<string> =>
    writeImage(
      { name: 'lab.local/test:1', folder: content, config: { Entrypoint: ['/bin/program'] } },
      path.join(folder, file),
    );

  function unpacked(file: string): string {
    const target = mkdtempSync(path.join(folder, 'unpacked-'));
    execFileSync('tar', ['-xf', path.join(folder, file), '-C', target]);
    return target;
  }

  it('writes the same bytes for the same content, whenever it was made', async () => {
    const first = await make('first.tar');
    utimesSync(path.join(content, 'bin', 'program'), 1, 1);
    expect(await make('second.tar')).to.equal(first);
    expect(readFileSync(path.join(folder, 'second.tar')).equals(readFileSync(path.join(folder, 'first.tar')))).to.equal(
      true,
    );
  });

  it('names blobs by their digests', async () => {
    await make('image.tar');
    const blobs = path.join(unpacked('image.tar'), 'blobs', 'sha256');
    const names = readdirSync(blobs);
    expect(names).to.have.length(3);
    for (const name of names) {
      expect(
        createHash('sha256')
          .update(readFileSync(path.join(blobs, name)))
          .digest('hex'),
      ).to.equal(name);
    }
  });

  it('leads from the index by the name to the files, owned by root', async () => {
    const digest = await make('image.tar');
    const layout = unpacked('image.tar');
    const json = (file: string): unknown => JSON.parse(readFileSync(path.join(layout, file), 'utf8'));
    const index = json('index.json');
    expect(index).to.have.nested.property('manifests[0].digest', digest);
    expect(index).to.have.deep.nested.property('manifests[0].annotations', {
      'io.containerd.image.name': 'lab.local/test:1',
      'org.opencontainers.image.ref.name': '1',
    });
    const manifest = readFileSync(path.join(layout, 'blobs', digest.replace(':', '/')), 'utf8');
    const layer = /"layers":\[\{[^}]*"digest":"sha256:([0-9a-f]+)"/.exec(manifest)?.[1] ?? '';
    const list = execFileSync('tar', ['-tvf', path.join(layout, 'blobs', 'sha256', layer), '--numeric-owner'], {
      encoding: 'utf8',
    });
    expect(list).to.match(/^-rwxr-xr-x 0\/0 +11 1970-01-01 00:00 \.\/bin\/program$/m);
    expect(list).to.match(/\.\/bin\/other -> program$/m);
  });

  it('leaves nothing beside the archive', async () => {
    await make('image.tar');
    expect(readdirSync(folder).toSorted()).to.deep.equal(['content', 'image.tar']);
  });
});
