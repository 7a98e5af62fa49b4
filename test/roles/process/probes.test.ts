// SPDX-License-Identifier: Apache-2.0
// The endpoints of the kubelet's probes, over real sockets and with a clock of the test.
import { expect } from 'chai';
import { SILENT } from '../../../src/core/log.ts';
import type { HttpServer } from '../../../src/io/http/server.ts';
import { serveProbes } from '../../../src/roles/process/probes.ts';

describe('serveProbes()', () => {
  let server: HttpServer;
  let isReady: boolean;
  let now: number;

  beforeEach(async () => {
    [isReady, now] = [false, 1000];
    server = await serveProbes(0, () => isReady, SILENT, { monotonic: () => now });
  });

  afterEach(() => server.close());

  /** The statuses of /healthz, /readyz and /startz. */
  function statuses(): Promise<readonly number[]> {
    const paths = ['healthz', 'readyz', 'startz'];
    const ask = async (path: string): Promise<number> =>
      (await fetch(`http://127.0.0.1:${String(server.port)}/${path}`)).status;
    return Promise.all(paths.map(ask));
  }

  it('tell that a process has started once it has been ready, whatever comes after', async () => {
    expect(await statuses()).to.deep.equal([200, 500, 500]);
    isReady = true;
    expect(await statuses()).to.deep.equal([200, 200, 200]);
    isReady = false;
    expect(await statuses()).to.deep.equal([200, 500, 200]);
  });

  it('take one that waits for something else for started in the end, so that nobody ends it', async () => {
    now += 29_999;
    expect(await statuses()).to.deep.equal([200, 500, 500]);
    now += 1;
    expect(await statuses()).to.deep.equal([200, 500, 200]);
  });
});
