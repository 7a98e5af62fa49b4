// SPDX-License-Identifier: Apache-2.0
// Image archives whose layers are decompressed: every digest is that of its blob, and the content stays.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { writePlainLayers } from '../../../tools/lab/plain-layers.ts';

const PREFIX = 'application/vnd.oci.image.';

describe('writePlainLayers()', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'lab-plain-'));
  after(() => rmSync(folder, { recursive: true }));

  const digestOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

  function add(type: string, content: Buffer): object {
    const digest = digestOf(content);
    writeFileSync(path.join(folder, 'in/blobs/sha256', digest), content);
    return { mediaType: PREFIX + type, digest: `sha256:${digest}`, size: content.length };
  }

  const json = (value: object): Buffer => Buffer.from(JSON.stringify(value));

  function refer(from: string, value: unknown): string {
    const { mediaType, digest, size } = value as { mediaType: string; digest: string; size: number };
    const content = readFileSync(path.join(folder, from, 'blobs', ...digest.split(':')));
    expect([digestOf(content), content.length]).to.deep.equal([digest.slice(7), size]);
    return `${mediaType.slice(PREFIX.length)} ${content.toString()}`;
  }

  it('decompresses layers below nested indexes, and refers to what it has written', async () => {
    mkdirSync(path.join(folder, 'in/blobs/sha256'), { recursive: true });
    mkdirSync(path.join(folder, 'out'));
    const layers = [add('layer.v1.tar+gzip', gzipSync('first')), add('layer.v1.tar', Buffer.from('second'))];
    const config = add('config.v1+json', json({ os: 'linux' }));
    const inner = add('index.v1+json', json({ manifests: [add('manifest.v1+json', json({ config, layers }))] }));
    writeFileSync(
      path.join(folder, 'in/index.json'),
      json({ manifests: [{ ...inner, annotations: { name: 'web' } }] }),
    );
    writeFileSync(path.join(folder, 'in/oci-layout'), '{}');
    execFileSync('tar', ['-cf', path.join(folder, 'in.tar'), '-C', path.join(folder, 'in'), '.']);
    await writePlainLayers(path.join(folder, 'in.tar'), path.join(folder, 'out.tar'));
    execFileSync('tar', ['-xf', path.join(folder, 'out.tar'), '-C', path.join(folder, 'out')]);
    const index = JSON.parse(readFileSync(path.join(folder, 'out/index.json'), 'utf8')) as { manifests: [object] };
    expect(index.manifests[0]).to.have.deep.property('annotations', { name: 'web' });
    const nested = JSON.parse(refer('out', index.manifests[0]).replace('index.v1+json ', '')) as {
      manifests: [object];
    };
    const text = refer('out', nested.manifests[0]).replace('manifest.v1+json ', '');
    const manifest = JSON.parse(text) as { config: object; layers: object[] };
    expect(manifest.layers.map((layer) => refer('out', layer))).to.deep.equal([
      'layer.v1.tar first',
      'layer.v1.tar second',
    ]);
    expect(manifest.config).to.deep.equal(config);
    expect(readdirSync(folder).filter((name) => name.includes('layout'))).to.deep.equal([]);
  });
});
