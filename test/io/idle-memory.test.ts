// SPDX-License-Identifier: Apache-2.0
// When garbage is collected: after work that has left some, and only then.
import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { IdleMemory } from '../../src/io/idle-memory.ts';

const MIB = 1 << 20;

class Heap {
  bytes = 20 * MIB;
  collections = 0;
  held(): number {
    return this.bytes;
  }
  collect(): void {
    this.collections += 1;
    this.bytes = 15 * MIB;
  }
}

describe('IdleMemory', () => {
  it('collects once after a burst of work, and not again before enough has come together', async () => {
    const heap = new Heap();
    const memory = new IdleMemory(heap, 5);
    for (let work = 0; work < 100; work += 1) memory.worked();
    expect(heap.collections).to.equal(0);
    await sleep(30);
    expect(heap.collections).to.equal(1);
    heap.bytes += 2 * MIB;
    memory.worked();
    await sleep(30);
    expect(heap.collections).to.equal(1);
    heap.bytes += 2 * MIB;
    memory.worked();
    await sleep(30);
    expect(heap.collections).to.equal(2);
  });

  it('does nothing without work, and nothing after its stop', async () => {
    const heap = new Heap();
    const memory = new IdleMemory(heap, 5);
    await sleep(30);
    memory.worked();
    memory.stop();
    await sleep(30);
    expect(heap.collections).to.equal(0);
  });

  it('frees memory of a process that was started as in the image', () => {
    const source = path.join(import.meta.dirname, '../../src/io/idle-memory.ts');
    const program = `
      const { V8_COLLECTOR } = await import(${JSON.stringify(source)});
      let garbage = Array.from({ length: 200_000 }, (_, index) => ({ index }));
      const before = V8_COLLECTOR.held();
      garbage = undefined;
      V8_COLLECTOR.collect();
      console.log(before - V8_COLLECTOR.held());`;
    const argv = ['--expose-gc', '--input-type=module', '-e', program];
    const freed = Number(execFileSync(process.execPath, argv, { encoding: 'utf8' }));
    expect(freed).to.be.greaterThan(MIB);
  });
});
