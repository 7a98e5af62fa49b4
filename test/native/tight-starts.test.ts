// SPDX-License-Identifier: Apache-2.0
// The base system calls of each runtime that Debian ships, held against hundreds of starts and execs: as the example
// base profile has them, without those of any other runtime.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { openRuntime } from '../../tools/oci-bundle.ts';
import type { OpenRuntime } from '../../tools/oci-bundle.ts';
import { baseNames } from './base-examples.ts';
import { failuresOf200Starts, failuresOfExecs } from './tight-containers.ts';

describe('base system calls', function () {
  this.timeout(120_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'tight-'));
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [name, profile] of [
    ['runc', 'runc-v1.5.2'],
    ['crun', 'crun-v1.8.1'],
  ] as const) {
    describe(`of ${name}`, () => {
      const base = baseNames(profile);
      let runtime: OpenRuntime;

      before(async () => {
        runtime = await openRuntime(name);
      });

      after(() => {
        runtime.close();
      });

      it('are enough for 200 starts', async () => {
        expect(await failuresOf200Starts(folder, { runtime, base })).to.deep.equal([]);
      });

      it('are enough for 200 execs', async () => {
        expect(await failuresOfExecs(folder, { runtime, base }, 200)).to.deep.equal([]);
      });
    });
  }

  it('lack nothing unnoticed: without setgroups every exec by crun fails', async () => {
    const runtime = await openRuntime('crun');
    const base = baseNames('crun-v1.8.1').filter((call) => call !== 'setgroups');
    try {
      expect(await failuresOfExecs(folder, { runtime, base }, 2)).to.have.length(2);
    } finally {
      runtime.close();
    }
  });
});
