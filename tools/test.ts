// SPDX-License-Identifier: Apache-2.0
// `npm test`: every check and every test, from the fast ones to the real cluster, closed by one line that counts them.
// `--fast` (npm run check) leaves out what needs a kernel, an API server or a node; names of suites run only those.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface Check {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

interface Suite {
  readonly name: string;
  /** Globs of mocha test files. */
  readonly files: readonly string[];
  /** Needs more than this process: compiled programs, a kernel's eBPF, servers, a cluster. */
  readonly real: boolean;
  /** Needs programs of Kubernetes, which are built before: no test's time limit is meant for that. */
  readonly lab?: boolean;
  /** Lines of src/core that the suite must cover, in per cent. */
  readonly coverage?: number;
}

const root = path.join(import.meta.dirname, '..');

const checks: readonly Check[] = [
  { name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
  { name: 'lint', command: ['eslint', '.'] },
  { name: 'types', command: ['tsc', '--project', '.'] },
  { name: 'layers', command: ['node', 'tools/check-layers.ts'] },
  { name: 'generated', command: ['node', 'tools/gen/main.ts', '--check'] },
];

const suites: readonly Suite[] = [
  { name: 'core', files: ['test/core/**/*.test.ts'], real: false, coverage: 95 },
  {
    name: 'fast',
    files: ['handlers', 'runtime', 'admission', 'tools', 'gen'].map((folder) => `test/${folder}/**/*.test.ts`),
    real: false,
  },
  { name: 'rim', files: ['test/io/**/*.test.ts', 'test/roles/**/*.test.ts'], real: true },
  { name: 'native', files: ['test/native/**/*.test.ts'], real: true },
  { name: 'cli', files: ['test/cli/**/*.test.ts'], real: true },
  { name: 'integration', files: ['test/integration/**/*.test.ts'], real: true, lab: true },
  { name: 'e2e', files: ['test/e2e/**/*.test.ts'], real: true, lab: true },
];

/** What failed, to be shown again at the end: a log that is cut shows its end. */
const failures: string[] = [];

const nothing: Count = { passed: 0, failed: 0, skipped: 0 };

function add(a: Count, b: Count): Count {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

async function run(command: readonly [string, ...string[]]): Promise<{ code: number; output: string }> {
  const [file, ...args] = command;
  const child = spawn(file, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    output.push(chunk);
    process.stdout.write(chunk);
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve(status ?? 1));
  });
  return { code, output: Buffer.concat(output).toString() };
}

async function runCheck(check: Check): Promise<Count> {
  const started = Date.now();
  const { code } = await run(check.command);
  console.log(`${code === 0 ? 'ok' : 'FAILED'} ${check.name} (${seconds(started)})`);
  return code === 0 ? { ...nothing, passed: 1 } : { ...nothing, failed: 1 };
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

function counted(output: string, word: string): number {
  return Number(new RegExp(`^\\s+(\\d+) ${word}\\b`, 'm').exec(output)?.[1] ?? 0);
}

/** `--exit`, because a test that failed in the middle of its work may leave something that would keep mocha waiting for ever. */
function mochaCommand(suite: Suite, files: readonly string[]): readonly [string, ...string[]] {
  const mocha: readonly [string, ...string[]] = ['mocha', '--exit', '--reporter', 'spec', ...files];
  if (suite.coverage === undefined) return mocha;
  const limits = ['--check-coverage', '--lines', String(suite.coverage)];
  const scope = [
    '--all',
    '--src',
    'src/core',
    '--include',
    'src/core/**',
    '--reporter',
    'text-summary',
    '--reporter',
    'lcov',
  ];
  return ['c8', ...limits, ...scope, ...mocha];
}

/** What mocha says of its failures; of a run that ended without saying so, its last lines. */
function failureText(output: string): string {
  const at = /^\s+\d+ failing\b/m.exec(output)?.index;
  return output.slice(at ?? -2000);
}

function buildFailure(suite: Suite): Count {
  failures.push(`\nsuite ${suite.name} did not run: the programs of the lab could not be built, see above`);
  return { ...nothing, failed: 1 };
}

/** Counts a mocha run. A run that ends badly without a failed test (a crash, coverage too low) counts as one failure. */
async function runSuite(suite: Suite): Promise<Count> {
  const files = suite.files.filter((glob) => existsSync(path.join(root, glob.split('/**')[0] ?? glob)));
  if (files.length === 0) return nothing;
  console.log(`\nsuite ${suite.name}`);
  if (suite.lab === true && (await run(['node', 'tools/lab/main.ts', 'build'])).code !== 0) return buildFailure(suite);
  const started = Date.now();
  const { code, output } = await run(mochaCommand(suite, files));
  const count = {
    passed: counted(output, 'passing'),
    failed: counted(output, 'failing'),
    skipped: counted(output, 'pending'),
  };
  console.log(`suite ${suite.name}: ${seconds(started)}`);
  if (code !== 0) failures.push(`\nsuite ${suite.name}, once more what failed:\n${failureText(output)}`);
  return code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

/** On CI a test that could not run is a failed one: a machine that lacks what a test needs must not look green. */
function judged(count: Count): Count {
  if (process.env['CI'] !== 'true' || count.skipped === 0) return count;
  console.log(`${String(count.skipped)} tests could not run here; with CI=true that is a failure`);
  return { ...count, failed: count.failed + count.skipped, skipped: 0 };
}

const words = process.argv.slice(2);
const fast = words.includes('--fast');
const named = words.filter((word) => !word.startsWith('--'));
const unknown = named.filter((word) => !suites.some((suite) => suite.name === word));
if (unknown.length > 0) {
  console.error(`no suite named ${unknown.join(', ')}; there are: ${suites.map((suite) => suite.name).join(', ')}`);
  process.exit(2);
}

let total = nothing;
if (named.length === 0) for (const check of checks) total = add(total, await runCheck(check));
for (const suite of suites) {
  if (named.length === 0 ? !(fast && suite.real) : named.includes(suite.name))
    total = add(total, await runSuite(suite));
}
total = judged(total);
for (const failure of failures) console.log(failure);
console.log(`\n${String(total.passed)} passed, ${String(total.failed)} failed, ${String(total.skipped)} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;
