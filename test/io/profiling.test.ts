// SPDX-License-Identifier: Apache-2.0
// Profiles of this very process, read back in pprof's format.
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { Profile } from 'pprof-format';
import { ProfilingServer } from '../../src/io/http/profiling-server.ts';

function busyForTheProfiler(milliseconds: number): number {
  const end = Date.now() + milliseconds;
  let sum = 0;
  while (Date.now() < end) sum += Math.sqrt(sum + 1);
  return sum;
}

interface Read {
  readonly types: readonly string[];
  readonly functions: readonly string[];
  readonly total: number;
}

async function read(response: Response): Promise<Read> {
  const profile = Profile.decode(gunzipSync(Buffer.from(await response.arrayBuffer())));
  const text = (index: unknown): string => profile.stringTable.strings[Number(index)] ?? '';
  return {
    types: profile.sampleType.map((type) => `${text(type.type)}/${text(type.unit)}`),
    functions: profile.function.map((entry) => text(entry.name)),
    total: profile.sample.reduce((sum, sample) => sum + Number(sample.value[1]), 0),
  };
}

describe('io/profiling', () => {
  const troubles: string[] = [];
  const server = new ProfilingServer({
    port: 0,
    host: '127.0.0.1',
    onTrouble: (error) => troubles.push(error.message),
  });
  let base: string;

  before(async () => {
    base = `http://127.0.0.1:${String(await server.start())}/debug/pprof`;
  });
  after(() => server.stop());

  it('serves the heap with what is held', async () => {
    const held = Array.from({ length: 200 }, () => new Array<number>(20_000).fill(1.5));
    const heap = await read(await fetch(`${base}/heap`));
    expect(heap.types).to.deep.equal(['inuse_objects/count', 'inuse_space/bytes']);
    expect(heap.total).to.be.greaterThan(held.length * 20_000 * 4);
  });

  it('serves where the time went', async () => {
    let begun = performance.now();
    const profiled = async (): Promise<Read> => {
      begun = performance.now();
      const pending = fetch(`${base}/profile?seconds=1`);
      await new Promise((resolve) => setTimeout(resolve, 200));
      busyForTheProfiler(500);
      return read(await pending);
    };
    let cpu = await profiled();
    // On a busy machine the profile may not have begun by then.
    for (let tries = 1; tries < 5 && !cpu.functions.includes('busyForTheProfiler'); tries += 1) cpu = await profiled();
    expect(cpu.types).to.deep.equal(['samples/count', 'cpu/nanoseconds']);
    expect(cpu.functions).to.include('busyForTheProfiler');
    // On a busy machine the second lasts longer; nanoseconds they are all the same.
    expect(cpu.total).to.be.within(300e6, (performance.now() - begun) * 1.5e6);
  });

  it('takes one CPU profile at a time, of a time that makes sense', async () => {
    const both = await Promise.all([1, 2].map(() => fetch(`${base}/profile?seconds=0.5`)));
    expect(both.map(({ status }) => status).sort()).to.deep.equal([200, 409]);
    expect((await fetch(`${base}/profile?seconds=x`)).status).to.equal(400);
    expect((await fetch(`${base}/profile?seconds=100000`)).status).to.equal(400);
  });

  it('tells of connections that could not be accepted, which end nothing', () => {
    server['server'].emit('error', new Error('accept ENOBUFS'));
    expect(troubles).to.deep.equal(['accept ENOBUFS']);
  });

  it('tells what there is', async () => {
    expect(await (await fetch(`${base}/`)).text()).to.contain('/debug/pprof/heap');
    expect((await fetch(`${base}/nothing`)).status).to.equal(404);
  });
});
