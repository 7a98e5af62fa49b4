// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hasKubeconfig, openCluster } from '../../../src/io/kube/reader.ts';

const STATUSES: Readonly<Record<string, readonly [number, string]>> = {
  '/there': [200, '{"a":1}'],
  '/forbidden': [403, '{"kind":"Status","message":"you may not"}'],
  '/broken': [502, 'gateway'],
};

describe('a cluster that spoc reads', () => {
  let folder = '';
  let server: http.Server;
  let file = '';

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'spo-reader-'));
    server = http.createServer(({ url = '' }, response) => {
      const [status, text] = STATUSES[url.split('?')[0] ?? ''] ?? [404, '{}'];
      response.writeHead(status).end(text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    file = path.join(folder, 'config');
    const config = {
      clusters: [{ name: 'c', cluster: { server: address } }],
      users: [{ name: 'u', user: {} }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    };
    writeFileSync(file, JSON.stringify({ ...config, 'current-context': 'x' }));
  });

  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  it('answers each question, whatever the API server says', async () => {
    const cluster = openCluster({ kubeconfig: file, context: 'x' });
    if (typeof cluster === 'string') throw new Error(cluster);
    expect(await cluster.ask({ path: '/there', query: { limit: '1' } })).to.deep.equal({
      type: 'found',
      body: { a: 1 },
    });
    expect(await cluster.askText({ path: '/there' })).to.deep.equal({ type: 'found', body: '{"a":1}' });
    expect(await cluster.askText({ path: '/forbidden' })).to.deep.equal({ type: 'refused', why: 'you may not' });
    expect(await cluster.ask({ path: '/absent' })).to.deep.equal({ type: 'absent' });
    expect(await cluster.ask({ path: '/forbidden' })).to.deep.equal({ type: 'refused', why: 'you may not' });
    const broken = await cluster.ask({ path: '/broken' });
    expect(broken).to.include({ type: 'refused' });
    cluster.close();
  });

  it('says why a kubeconfig cannot be used', () => {
    expect(openCluster({ kubeconfig: file, context: 'y' })).to.match(/no context y/);
    const nope = path.join(folder, 'nope');
    expect(openCluster({ kubeconfig: nope, context: undefined })).to.equal(
      `the kubeconfig cannot be used: read ${nope}: no such file or directory`,
    );
  });

  it('looks for a kubeconfig where kubectl does', () => {
    expect(hasKubeconfig({ KUBECONFIG: `${folder}/nope:${file}`, HOME: folder })).to.equal(true);
    expect(hasKubeconfig({ KUBECONFIG: `${folder}/nope`, HOME: folder })).to.equal(false);
    expect(hasKubeconfig({ HOME: folder })).to.equal(false);
    const inPod = { KUBERNETES_SERVICE_HOST: '10.0.0.1', HOME: folder };
    expect(hasKubeconfig(inPod, `${folder}/nope`)).to.equal(false);
    expect(hasKubeconfig(inPod, file)).to.equal(true);
    mkdirSync(path.join(folder, '.kube'));
    writeFileSync(path.join(folder, '.kube/config'), '');
    expect(hasKubeconfig({ HOME: folder })).to.equal(true);
  });
});
