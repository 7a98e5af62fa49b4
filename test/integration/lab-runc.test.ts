// SPDX-License-Identifier: Apache-2.0
// The base system calls of runc, held against the release that the lab's nodes run: newer than Debian's, and compiled
// by another release of Go.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { provide } from '../../tools/lab/binaries.ts';
import { clusterPrograms } from '../../tools/lab/programs.ts';
import { openRuntime } from '../../tools/oci-bundle.ts';
import type { OpenRuntime } from '../../tools/oci-bundle.ts';
import { baseNames } from '../native/base-examples.ts';
import { failuresOf200Starts, failuresOfExecs } from '../native/tight-containers.ts';

describe("base system calls of the lab's runc", function () {
  this.timeout(300_000);
  let folder: string;
  let runtime: OpenRuntime;
  const base = baseNames('runc-v1.5.2');

  before(async function () {
    // The first run on a machine builds it.
    this.timeout(600_000);
    folder = mkdtempSync(path.join(tmpdir(), 'lab-runc-'));
    const programs = path.join(folder, 'programs');
    const runc = clusterPrograms().filter(({ name }) => name === 'runc');
    await provide(runc, programs, (line) => console.error(line));
    runtime = await openRuntime(path.join(programs, 'runc'));
  });

  after(() => {
    runtime.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are enough for 200 starts', async () => {
    expect(await failuresOf200Starts(folder, { runtime, base })).to.deep.equal([]);
  });

  it('are enough for 200 execs', async () => {
    expect(await failuresOfExecs(folder, { runtime, base }, 200)).to.deep.equal([]);
  });
});
