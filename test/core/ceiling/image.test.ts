// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import fc from 'fast-check';
import { layersOf } from '../../../src/core/ceiling/image/archive.ts';
import { treeOfLayers } from '../../../src/core/ceiling/image/layers.ts';
import { MalformedArchive, isTar, readTar } from '../../../src/core/ceiling/image/tar.ts';
import { allFiles, findFile } from '../../../src/core/ceiling/tree.ts';
import { buildTar, paxRecord } from './tar-builder.ts';
import type { TarPart } from './tar-builder.ts';

const LINUX = { os: 'linux', architecture: 'amd64' };
const FOLDER = `opt/${'x'.repeat(120)}`;
const LONG = `${FOLDER}/file`;

const unpacked = (bytes: Uint8Array) => ({ name: 'sha256:1', bytes });

async function textsOf(...layers: readonly (readonly TarPart[])[]): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for await (const { path, read } of allFiles(treeOfLayers(layers.map((parts) => unpacked(buildTar(parts)))))) {
    found[path] = new TextDecoder().decode(await read());
  }
  return found;
}

describe('layers of an image', () => {
  it('lie one upon another, and take files away', async () => {
    const first = [
      { path: 'etc/', type: '5' },
      { path: 'etc/a', content: 'a1' },
      { path: 'etc/b', content: 'b1' },
      { path: 'var/old/x', content: 'x1' },
      { path: 'lib/c', content: 'c1' },
    ];
    const second = [
      { path: './etc/a', content: 'a2' },
      { path: 'etc/.wh.b' },
      { path: 'var/old/y', content: 'y2' },
      { path: 'var/old/.wh..wh..opq' },
      { path: 'lib', content: 'a file now' },
      { path: 'none/.wh.x' },
    ];
    expect(await textsOf(first, second)).to.deep.equal({ '/etc/a': 'a2', '/lib': 'a file now', '/var/old/y': 'y2' });
  });

  it('have links and second names of files, and no way out', async () => {
    const tree = treeOfLayers([
      unpacked(
        buildTar([
          { path: 'bin/busybox', content: 'box' },
          { path: 'bin/sh', type: '1', target: 'bin/busybox' },
          { path: 'usr/bin', type: '2', target: '../../../bin' },
          { path: '../../up', content: 'up' },
          { path: 'bin/lost', type: '1', target: 'bin/none' },
          { path: 'dev/null', type: '3' },
        ]),
      ),
    ]);
    const textAt = async (path: string) => {
      const bytes = await (await findFile(tree, path))?.read(2);
      return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
    };
    expect(await textAt('/usr/bin/sh')).to.equal('bo');
    expect(await textAt('/up')).to.equal('up');
    expect(await textAt('/bin/lost')).to.equal(undefined);
    expect(await textAt('/dev/null')).to.equal(undefined);
  });

  it('put files where links among their folders lead', async () => {
    const first = [
      { path: 'usr/lib64/ld.so', content: 'ld' },
      { path: 'usr/lib64/old', content: 'old' },
      { path: 'lib64', type: '2', target: 'usr/lib64' },
      { path: 'round', type: '2', target: '/round' },
    ];
    const second = [
      { path: 'lib64/other', content: 'other' },
      { path: 'lib64/.wh.old' },
      { path: 'copy', type: '1', target: 'lib64/ld.so' },
      { path: 'round/x', content: 'x' },
    ];
    expect(await textsOf(first, second)).to.deep.equal({
      '/copy': 'ld',
      '/round/x': 'x',
      '/usr/lib64/ld.so': 'ld',
      '/usr/lib64/other': 'other',
    });
  });

  it('have no second name of a folder, so that walking them ends', async () => {
    const layer = [
      { path: 'bin/sh', content: 'sh' },
      { path: 'bin/again', type: '1', target: 'bin' },
      { path: 'all', type: '1', target: '.' },
    ];
    expect(await textsOf(layer)).to.deep.equal({ '/bin/sh': 'sh' });
  });
});

describe('tar archives', () => {
  const FORMS: readonly (readonly [what: string, parts: readonly TarPart[]])[] = [
    ['a prefix', [{ path: 'file', prefix: FOLDER, content: 'x' }]],
    [
      'pax',
      [
        { path: 'p', type: 'x', content: paxRecord('path', LONG) },
        { path: 'short', content: 'x' },
      ],
    ],
    [
      'long names of GNU',
      [
        { path: '././@LongLink', type: 'L', content: `${LONG}\0` },
        { path: 'short', content: 'x' },
      ],
    ],
    ['a size in binary form', [{ path: 'file', prefix: FOLDER, content: 'x', isBinary: true }]],
    [
      'records for all entries',
      [
        { path: 'g', type: 'g', content: paxRecord('comment', 'y') },
        { path: 'file', prefix: FOLDER, content: 'x' },
      ],
    ],
  ];
  for (const [what, parts] of FORMS) {
    it(`are read with ${what}`, () => {
      const entries = [...readTar(buildTar(parts))].map(({ path, type }) => ({ path, type }));
      expect(entries).to.deep.equal([{ path: LONG, type: 'file' }]);
    });
  }

  it('have long targets of links', () => {
    const [entry] = readTar(
      buildTar([
        { path: 'l', type: 'K', content: `${LONG}\0` },
        { path: 'link', type: '2', target: 'x' },
      ]),
    );
    expect(entry).to.deep.equal({ path: 'link', type: 'link', target: LONG });
  });

  it('are read to the end behind a file whose name stands in a record only', () => {
    const parts = [
      { path: 'p', type: 'x', content: paxRecord('path', 'hidden') },
      { path: '', content: 'x' },
      { path: 'later', content: 'x' },
    ];
    expect([...readTar(buildTar(parts))].map(({ path }) => path)).to.deep.equal(['hidden', 'later']);
  });

  it('are read to the end behind a header whose records have no length', () => {
    for (const content of ['nothing', '0 ', ' ', '-1 x=y\n', '3']) {
      const [entry] = readTar(
        buildTar([
          { path: 'header', type: 'x', content },
          { path: 'file', content: 'x' },
        ]),
      );
      expect(entry).to.include({ path: 'file', type: 'file' });
    }
  });

  it('are refused where no kernel could unpack a path, of a file or of a link', () => {
    const long = 'a/'.repeat(300_000);
    const named = (type: string) => ({ path: '././@LongLink', type, content: `${long}\0` });
    const forms = [
      [{ path: 'p', type: 'x', content: paxRecord('path', long) }, { path: 'x' }],
      [named('L'), { path: 'x' }],
      [named('K'), { path: 'x', type: '2', target: 'y' }],
    ];
    for (const parts of forms) {
      expect(() => [...readTar(buildTar(parts))]).to.throw(MalformedArchive, /a path in it is too long/);
    }
  });

  it('are refused with the name of the layer', () => {
    const layers = [unpacked(buildTar([{ path: 'a' }])), { name: 'sha256:2', bytes: new Uint8Array(512).fill(1) }];
    expect(() => treeOfLayers(layers)).to.throw(
      MalformedArchive,
      'layer sha256:2: it is no tar archive, or is damaged',
    );
  });

  it('are refused or read to the end, whatever is changed in them', () => {
    const sample = buildTar([...FORMS.flatMap(([, parts]) => parts), { path: 'link', type: '2', target: 'x' }]);
    const change = fc.tuple(fc.nat(sample.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 8 }), fc.nat(sample.length), (changes, end) => {
        const bytes = sample.slice(0, end);
        for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
        try {
          treeOfLayers([unpacked(bytes)]);
        } catch (error) {
          expect(error).to.be.instanceOf(MalformedArchive);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('images as files', () => {
  const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
  const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  const layer = Uint8Array.of(1);
  const named = { name: digest('d'), bytes: layer };
  const manifestType = 'application/vnd.oci.image.manifest.v1+json';
  const described = (letter: string, extra = {}) => ({
    mediaType: manifestType,
    digest: digest(letter),
    size: 1,
    ...extra,
  });
  const manifest = (letter: string) =>
    json({
      schemaVersion: 2,
      mediaType: manifestType,
      config: described('c'),
      layers: [described(letter, { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip' })],
    });
  const index = (...manifests: readonly unknown[]) => json({ schemaVersion: 2, manifests });
  const filesOf = (files: Readonly<Record<string, Uint8Array>>) => (path: string) => files[path];
  const blob = (letter: string) => `blobs/sha256/${letter.repeat(64)}`;

  it('are read as a layout, with the image of the platform', () => {
    const files = {
      'index.json': index(
        described('a', { platform: { os: 'linux', architecture: 'arm64' } }),
        described('b', { platform: LINUX }),
      ),
      [blob('b')]: manifest('d'),
      [blob('d')]: layer,
    };
    expect(layersOf(filesOf(files), LINUX)).to.deep.equal([named]);
    expect(layersOf(filesOf({ ...files, 'index.json': index(described('b')) }), LINUX)).to.deep.equal([named]);
    const lacking = filesOf({ ...files, [blob('b')]: manifest('e') });
    expect(() => layersOf(lacking, LINUX)).to.throw(MalformedArchive, 'is missing in it');
  });

  it('are read as Docker wrote them before', () => {
    const files = { 'manifest.json': json([{ Layers: ['x/layer.tar'] }]), 'x/layer.tar': layer };
    expect(layersOf(filesOf(files), LINUX)).to.deep.equal([{ ...named, name: 'x/layer.tar' }]);
    expect(() => layersOf(filesOf({ 'manifest.json': json([{}, {}]) }), LINUX)).to.throw('it holds several images');
    expect(() => layersOf(filesOf({ 'manifest.json': json({}) }), LINUX)).to.throw('manifest.json lists no layers');
  });

  it('are none without a list', () => {
    expect(layersOf(filesOf({}), LINUX)).to.equal(undefined);
    expect(isTar(new Uint8Array(3))).to.equal(false);
  });
});
