// SPDX-License-Identifier: Apache-2.0
// Images as folders, which may be anybody's: their names and links lead nowhere else.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { gzipSync } from 'node:zlib';
import { openLayers, openProgramSource } from '../../src/io/program-source.ts';
import { buildTar } from '../core/ceiling/tar-builder.ts';

const LINUX = { os: 'linux', architecture: 'amd64' };

describe('io/program-source', () => {
  let folder: string;
  let image: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'spo-image-'));
    image = path.join(folder, 'image');
    mkdirSync(image);
    writeFileSync(path.join(image, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
    for (const place of [folder, image])
      writeFileSync(path.join(place, 'layer.tar'), buildTar([{ path: 'sh', content: 'x' }]));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function listLayers(...layers: readonly string[]): void {
    writeFileSync(path.join(image, 'manifest.json'), JSON.stringify([{ Layers: layers }]));
  }

  it('reads layers of a folder', async () => {
    listLayers('layer.tar');
    const { tree } = await openProgramSource(image, LINUX);
    expect(await tree.entry('/sh')).to.have.property('type', 'file');
  });

  it('names the layer that is damaged', async () => {
    writeFileSync(path.join(image, 'bad.tar.gz'), gzipSync(buildTar([{ path: 'sh' }])).subarray(0, 40));
    listLayers('layer.tar', 'bad.tar.gz');
    const refused: unknown = await openProgramSource(image, LINUX).catch((error: unknown) => error);
    expect(String(refused)).to.include(image).and.include('layer bad.tar.gz: unexpected end of file');
  });

  it('has one budget for all layers together', () => {
    const bytes = buildTar([{ path: 'sh', content: 'x' }]);
    const layers = ['a', 'b'].map((name) => ({ name, bytes: gzipSync(bytes) }));
    expect(() => openLayers(layers, 2 * bytes.length)).not.to.throw();
    expect(() => openLayers(layers, 2 * bytes.length - 1)).to.throw(
      /^layer b: all layers unpacked have more than \d+ bytes$/,
    );
    const plain = ['a', 'b'].map((name) => ({ name, bytes }));
    expect(() => openLayers(plain, 2 * bytes.length - 1)).to.throw('layer b: all layers unpacked');
  });

  it('reads nothing outside of it, and no device', async () => {
    symlinkSync('../layer.tar', path.join(image, 'link'));
    symlinkSync('/dev/zero', path.join(image, 'device'));
    for (const layer of ['../layer.tar', 'link', 'device']) {
      listLayers(layer);
      const refused: unknown = await openProgramSource(image, LINUX).catch((error: unknown) => error);
      expect(refused, layer)
        .to.be.instanceOf(Error)
        .with.property('message')
        .that.matches(new RegExp(`${layer} is missing in it`));
    }
  });

  it('reads no device that is named itself, which has no end', async () => {
    const refused: unknown = await openProgramSource('/dev/full', LINUX).catch((error: unknown) => error);
    expect(String(refused)).to.equal('Error: read /dev/full: is a device');
  });
});
