// SPDX-License-Identifier: Apache-2.0
// A certificate in a directory, as the kubelet mounts secrets: absent at first, then there, then exchanged as a whole.
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { certificatesIn, readCertificate } from '../../src/io/certificate-files.ts';

describe('io/certificate-files', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'spo-cert-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  /** What the kubelet does: a new folder, and a link to it that is renamed over the old one. */
  async function mount(text: string): Promise<void> {
    const folder = path.join(root, `..${text}`);
    await mkdir(folder);
    await writeFile(path.join(folder, 'tls.crt'), `${text} certificate`);
    await writeFile(path.join(folder, 'tls.key'), `${text} key`);
    await symlink(`..${text}`, path.join(root, '..data_tmp'));
    await rename(path.join(root, '..data_tmp'), path.join(root, '..data'));
    for (const name of ['tls.crt', 'tls.key']) {
      await symlink(`..data/${name}`, path.join(root, name)).catch(() => undefined);
    }
  }

  it('is none while a part is missing', async () => {
    expect(await readCertificate(root)).to.equal(undefined);
    await writeFile(path.join(root, 'tls.crt'), 'x');
    expect(await readCertificate(root)).to.equal(undefined);
    expect(await readCertificate(path.join(root, 'absent'))).to.equal(undefined);
  });

  it('follows the kubelet, each certificate once', async () => {
    await mount('first');
    const stop = new AbortController();
    const seen: string[] = [];
    for await (const { certificate, key } of certificatesIn(root, stop.signal)) {
      seen.push(certificate, key);
      if (seen.length === 4) stop.abort();
      else setTimeout(() => void mount('second'), 50);
    }
    expect(seen).to.deep.equal(['first certificate', 'first key', 'second certificate', 'second key']);
  });

  it('ends with the signal, also where there is nothing to watch', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    for await (const found of certificatesIn(path.join(root, 'absent'), stop.signal)) expect.fail(found.certificate);
    expect(stop.signal.aborted).to.equal(true);
  });
});
