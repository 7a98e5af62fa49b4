// SPDX-License-Identifier: Apache-2.0
// `npm test`: every check and every test, from the fast ones to the real cluster, side by side as far as the machine
// carries them, closed by one line that counts them. `--fast` (npm run check) leaves out what needs a kernel, an API
// server or a node; names of suites run only those; `--jobs N` runs as much at once as N cores carry, those of the
// machine if not given.
import { availableParallelism, constants } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { areThere } from './lab/binaries.ts';
import { ARTIFACT_PROGRAMS, clusterPrograms, PACKAGE_PROGRAMS } from './lab/programs.ts';
import { closingLine, judged } from './test/count.ts';
import { choose, PLAN } from './test/plan.ts';
import { TestRun } from './test/run.ts';

const root = path.join(import.meta.dirname, '..');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { fast: { type: 'boolean', default: false }, jobs: { type: 'string' } },
});
const unknown = positionals.filter((name) => !PLAN.suites.some((suite) => suite.name === name));
if (unknown.length > 0) {
  console.error(`no suite named ${unknown.join(', ')}; there are: ${PLAN.suites.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
const cores = Number(values.jobs ?? availableParallelism());
if (!Number.isInteger(cores) || cores < 1) {
  console.error(`--jobs ${values.jobs ?? ''}: a number of cores, 1 or more`);
  process.exit(2);
}

const labIsBuilt = areThere([...clusterPrograms(), ...ARTIFACT_PROGRAMS, ...PACKAGE_PROGRAMS]);
const run = new TestRun(choose(PLAN, { fast: values.fast, suites: positionals, labIsBuilt }, root), root);
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => {
    run.interrupt(name);
    process.once('exit', () => (process.exitCode = 128 + constants.signals[name]));
  });
}
const total = await run.start(cores);
run.summarize();
const count = judged(total, process.env['CI'] === 'true');
if (count.failed > total.failed)
  console.log(`\n${String(total.skipped)} tests could not run here; with CI=true that is a failure`);
console.log(`\n${closingLine(count)}`);
process.exitCode = count.failed === 0 ? 0 : 1;
