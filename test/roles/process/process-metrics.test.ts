// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { Registry } from 'prom-client';
import { collectProcessMetrics } from '../../../src/roles/process/process-metrics.ts';

const root = path.join(import.meta.dirname, '..', '..', '..');

/** How often a process goes to sleep in a second in which it has nothing to do. */
async function sleepsOfAnIdleProcess(prepare: string): Promise<number> {
  const script = `${prepare}
    await new Promise((resolve) => setTimeout(resolve, 500));
    const before = process.resourceUsage().voluntaryContextSwitches;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    console.log(process.resourceUsage().voluntaryContextSwitches - before);`;
  const words = ['--input-type=module', '--eval', script];
  const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: root });
  return Number(stdout);
}

describe('metrics of the process', () => {
  it('wake no idle process', async function () {
    this.timeout(120_000);
    const prepare = `import { Registry } from 'prom-client';
      import { collectProcessMetrics } from './src/roles/process/process-metrics.ts';
      collectProcessMetrics(new Registry());`;
    // The timer that prom-client would set makes about a hundred.
    expect(await sleepsOfAnIdleProcess(prepare)).to.be.below(50);
  });

  it('are those of every Node.js process, and a delay that is measured when it is asked for', async () => {
    const registry = new Registry();
    collectProcessMetrics(registry);
    const page = await registry.metrics();
    expect(page)
      .to.include('process_cpu_seconds_total')
      .and.include('process_resident_memory_bytes')
      .and.match(/^nodejs_eventloop_lag_seconds \d/m)
      .and.not.match(/nodejs_eventloop_lag_(?:min|mean|p50)_seconds/);
  });
});
