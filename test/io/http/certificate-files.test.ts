// SPDX-License-Identifier: Apache-2.0
// A certificate in a directory, as the kubelet mounts secrets: absent at first, then there, then exchanged as a whole.
import { createHook } from 'node:async_hooks';
import { getEventListeners } from 'node:events';
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { certificatesIn, readCertificate } from '../../../src/io/http/certificate-files.ts';
import { until } from '../../fakes/operator.ts';

function onError(error: unknown): void {
  throw error;
}

describe('io/http/certificate-files', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'spo-cert-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  /** Changes files as the kubelet does: a new folder, and a link to it that is renamed over the old one. */
  async function mount(text: string): Promise<void> {
    const folder = path.join(root, `..${text}`);
    await mkdir(folder, { recursive: true });
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
    for await (const { certificate, key } of certificatesIn(root, stop.signal, { onError })) {
      seen.push(certificate, key);
      if (seen.length === 4) stop.abort();
      else setTimeout(() => void mount('second'), 50);
    }
    expect(seen).to.deep.equal(['first certificate', 'first key', 'second certificate', 'second key']);
  });

  it('is never a certificate with the key of another, however often both are exchanged', async () => {
    await mount('even');
    await mount('odd');
    const over = new AbortController();
    const exchanging = (async () => {
      for (let i = 0; i < 2000; i++) {
        await symlink(i % 2 === 0 ? '..even' : '..odd', path.join(root, '..data_tmp'));
        await rename(path.join(root, '..data_tmp'), path.join(root, '..data'));
      }
      over.abort();
    })();
    const seen = new Set<string>();
    while (!over.signal.aborted) {
      const pair = await readCertificate(root);
      seen.add(`${String(pair?.certificate)}, ${String(pair?.key)}`);
    }
    await exchanging;
    expect([...seen].sort()).to.deep.equal(['even certificate, even key', 'odd certificate, odd key']);
  });

  it('is found as soon as it comes into a directory that was empty', async () => {
    const stop = new AbortController();
    setTimeout(() => void mount('first'), 100);
    // The directory tells of it: the next look would come too late for this test.
    for await (const { key } of certificatesIn(root, stop.signal, { onError, lookMs: 3_600_000 })) {
      expect(key).to.equal('first key');
      stop.abort();
    }
  });

  it('leaves nothing open behind, however long it is looked for', async () => {
    const watchers = new Set<number>();
    const hook = createHook({
      init: (id, type) => {
        if (type === 'FSEVENTWRAP') watchers.add(id);
      },
      destroy: (id) => {
        watchers.delete(id);
      },
    }).enable();
    const stop = new AbortController();
    const looking = (async () => {
      for await (const found of certificatesIn(root, stop.signal, { onError, lookMs: 5, settleMs: 1 }))
        expect.fail(found.certificate);
    })();
    await sleep(300);
    expect(watchers.size, 'watchers').to.be.within(1, 3);
    expect(getEventListeners(stop.signal, 'abort').length, 'listeners').to.be.lessThan(4);
    stop.abort();
    await looking;
    await until('their end', () => watchers.size === 0);
    hook.disable();
  });

  it('tells why it cannot be read, once, and goes on', async () => {
    await mkdir(path.join(root, 'tls.crt'));
    const stop = new AbortController();
    const told: unknown[] = [];
    setTimeout(() => void rm(path.join(root, 'tls.crt'), { recursive: true }).then(() => mount('first')), 100);
    const options = { lookMs: 5, settleMs: 1, onError: (error: unknown) => told.push(error) };
    for await (const { key } of certificatesIn(root, stop.signal, options)) {
      expect(key).to.equal('first key');
      stop.abort();
    }
    expect(told.map(String)).to.have.length(1);
    expect(String(told[0])).to.include('EISDIR');
  });

  it('ends with the signal, also where there is nothing to watch', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    for await (const found of certificatesIn(path.join(root, 'absent'), stop.signal, { onError }))
      expect.fail(found.certificate);
    expect(stop.signal.aborted).to.equal(true);
  });
});
