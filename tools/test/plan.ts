// SPDX-License-Identifier: Apache-2.0
// The plan of `npm test`: checks, and suites of test files, some of them in several parts that run side by side.
// The numbers were taken on two cores; they decide the order and what runs beside what, not what is tested.
import { globSync } from 'node:fs';
import type { Job } from './schedule.ts';

/** How a part of the run behaves on a machine; the rest is what a Job says. */
interface Behaviour extends Omit<Job, 'name'> {
  /** How long it takes by itself: what takes longest starts first. */
  readonly seconds: number;
  /** It takes what processor time others leave. Not for tests that are done after a certain time instead of work. */
  readonly yields?: boolean;
}

/** Files of one suite that run in one process of mocha. */
export interface Part extends Behaviour {
  /** Name beside that of the suite; none for the part that has all files which the others do not name. */
  readonly name?: string;
  /** Globs. */
  readonly files?: readonly string[];
  /** Lines of src/core that it must cover, in per cent. */
  readonly coverage?: number;
}

/** Test files that belong together. */
export interface Suite {
  readonly name: string;
  readonly files: readonly string[];
  /** Needs more than a process: compiled programs, a kernel's eBPF, servers, a cluster. */
  readonly real: boolean;
  /** Runs only where it is named. */
  readonly onRequest?: true;
  readonly parts: readonly Part[];
}

/** A check is one program that must end with 0. */
export interface Check extends Behaviour {
  readonly name: string;
  readonly command: readonly string[];
}

/** One process of the run. */
export type Task = Behaviour & { readonly name: string } & (
    | { readonly type: 'check'; readonly command: readonly string[] }
    | { readonly type: 'build'; readonly command: readonly string[] }
    | { readonly type: 'tests'; readonly command: readonly string[] }
  );

/** The checks and suites to choose from. */
export interface Plan {
  readonly checks: readonly Check[];
  readonly suites: readonly Suite[];
}

/** The programs of Kubernetes, which are built before: no test's time limit is meant for that. */
const LAB = 'programs of the lab';

const LAB_BUILD: Task = {
  type: 'build',
  name: LAB,
  command: ['node', 'tools/lab/main.ts', 'build'],
  // The compilers that it starts yield by themselves.
  load: 0.1,
  seconds: 1190,
};

/** There is one cluster on a machine at a time. */
const CLUSTER = 'cluster';
/**
 * Compares the machine before and after a lab, so containers, mounts and files in /tmp of other tests would count as
 * left behind.
 */
const TRACES = 'traces';
/** Guests take a whole core, and what waits for them has limits of time. */
const GUEST = 'guest';
/** Recorders of containers hear of all control groups of the machine, and there is room for so many. */
const GROUPS = 'groups';

/** The plan of this project. */
export const PLAN: Plan = {
  checks: [
    {
      name: 'format',
      command: ['prettier', '--check', '--log-level', 'warn', '.'],
      load: 1,
      seconds: 15,
      yields: true,
    },
    { name: 'lint', command: ['eslint', '.'], load: 1, seconds: 45 },
    { name: 'types', command: ['tsc', '--project', '.'], load: 1, seconds: 16 },
    { name: 'layers', command: ['node', 'tools/check-layers.ts'], load: 0.5, seconds: 1 },
    { name: 'generated', command: ['node', 'tools/gen/main.ts', '--check'], load: 1, seconds: 4 },
  ],
  suites: [
    {
      name: 'core',
      files: ['test/core/**/*.test.ts'],
      real: false,
      parts: [
        { coverage: 95, load: 1, seconds: 9 },
        // Under the eyes of c8 they take three times as long, and what they run is covered by the others.
        { name: 'laws', files: ['test/core/**/{laws,scale}.test.ts'], load: 1, seconds: 16 },
      ],
    },
    {
      name: 'fast',
      files: ['test/{handlers,runtime,admission,tools,gen}/**/*.test.ts'],
      real: false,
      parts: [{ load: 1, seconds: 25 }],
    },
    {
      name: 'rim',
      files: ['test/{io,roles}/**/*.test.ts'],
      real: true,
      parts: [
        { load: 0.3, seconds: 60 },
        { name: 'waiting', files: ['test/io/**/in-cluster.test.ts'], load: 0.05, seconds: 65 },
      ],
    },
    {
      name: 'native',
      files: ['test/native/**/*.test.ts'],
      real: true,
      parts: [
        { load: 0.4, seconds: 75, shares: [TRACES] },
        // Random profiles against the kernel, for 20 s each: both need a core of their own to try as many.
        { name: 'answers', files: ['test/native/**/{evaluator,runtime-form}.test.ts'], load: 1, seconds: 45 },
        { name: 'hardening', files: ['test/native/**/hardening.test.ts'], load: 1, seconds: 50 },
        {
          name: 'recorded containers',
          files: ['test/native/{container-recorder,container-strace,container-slots,recorded-workloads}.test.ts'],
          load: 0.7,
          seconds: 75,
          shares: [TRACES, GROUPS],
        },
        {
          name: 'crowd',
          files: ['test/native/**/container-crowd.test.ts'],
          load: 0.7,
          seconds: 25,
          locks: [CLUSTER, GROUPS],
          shares: [TRACES],
        },
        {
          name: 'guests',
          files: ['test/native/guests/*.test.ts'],
          load: 1,
          seconds: 80,
          locks: [GUEST],
          shares: [TRACES],
        },
        // Hundreds of containers, two at once.
        { name: 'containers', files: ['test/native/**/tight-starts.test.ts'], load: 1, seconds: 25, shares: [TRACES] },
      ],
    },
    {
      name: 'cli',
      files: ['test/cli/**/*.test.ts'],
      real: true,
      parts: [
        { load: 0.5, seconds: 30, shares: [TRACES] },
        // It packs Node.js twice.
        { name: 'release', files: ['test/cli/release.test.ts'], load: 1, seconds: 35, shares: [TRACES] },
      ],
    },
    {
      name: 'integration',
      files: ['test/integration/**/*.test.ts'],
      real: true,
      parts: [
        { load: 0.5, seconds: 165, after: [LAB], shares: [TRACES] },
        { name: 'extremes', files: ['test/integration/extreme-profiles.test.ts'], load: 1, seconds: 60, after: [LAB] },
        { name: 'tenants', files: ['test/integration/large-profiles.test.ts'], load: 1, seconds: 120, after: [LAB] },
        { name: 'steps', files: ['test/*/tenant-steps.test.ts'], load: 1, seconds: 65, after: [LAB], shares: [TRACES] },
        { name: 'kills', files: ['test/integration/kill-rounds.test.ts'], load: 1, seconds: 150, after: [LAB] },
        { name: 'pods', files: ['test/integration/binding-kills.test.ts'], load: 1, seconds: 90, after: [LAB] },
        {
          name: 'recordings',
          files: ['test/integration/recording-kills.test.ts'],
          load: 0.8,
          seconds: 90,
          after: [LAB],
          locks: [GROUPS],
          shares: [TRACES],
        },
        { name: 'outages', files: ['test/integration/api-trouble.test.ts'], load: 0.2, seconds: 230, after: [LAB] },
        {
          name: 'runtime',
          files: [
            'test/integration/{runtime-*,crds,report-policy,manager-policy,binding-patches,lab-control-plane,lab-relay}.test.ts',
          ],
          load: 0.5,
          seconds: 90,
          after: [LAB],
        },
        {
          name: 'cluster',
          files: ['test/integration/{lab,start}.test.ts'],
          load: 0.7,
          seconds: 150,
          after: [LAB],
          locks: [CLUSTER, TRACES],
        },
        {
          name: 'image',
          files: ['test/integration/image.test.ts'],
          load: 0.8,
          seconds: 60,
          shares: [TRACES],
          yields: true,
        },
      ],
    },
    {
      name: 'e2e',
      files: ['test/e2e/**/*.test.ts'],
      real: true,
      parts: [
        { load: 0.8, seconds: 1100, after: [LAB], locks: [CLUSTER] },
        // Two guests, each of which takes a core whenever something happens.
        {
          name: 'guests',
          files: ['test/e2e/guests/*.test.ts'],
          load: 1.5,
          seconds: 150,
          after: [LAB],
          locks: [CLUSTER, GUEST],
        },
      ],
    },
    {
      // The operator on both guests at once: a quarter of an hour and more on two cores, of which the emulated
      // processors leave nothing. Daemons there miss their probes and are restarted, which the tests bear, but the
      // time that `npm test` may take does not.
      name: 'guests',
      files: ['test/guests/**/*.test.ts'],
      real: true,
      onRequest: true,
      parts: [{ load: 1.5, seconds: 1080, after: [LAB], locks: [CLUSTER, GUEST] }],
    },
  ],
};

/**
 * `--exit`, because a test that failed in the middle of its work may leave something that would keep mocha waiting for
 * ever.
 */
function mochaCommand(files: readonly string[], coverage: number | undefined): readonly string[] {
  const mocha = ['mocha', '--exit', '--reporter', 'spec', ...files];
  if (coverage === undefined) return mocha;
  const limits = ['--check-coverage', '--lines', String(coverage)];
  const scope = ['--all', '--src', 'src/core', '--include', 'src/core/**'];
  return ['c8', ...limits, ...scope, '--reporter', 'text-summary', '--reporter', 'lcov', ...mocha];
}

/**
 * The processes of a suite; none where it has no files.
 * @param root - where the globs begin
 * @throws Error when a part names files that are not there, or are in another part, too
 */
export function tasksOf(suite: Suite, root: string): readonly Task[] {
  const find = (globs: readonly string[]): readonly string[] => globSync([...globs], { cwd: root }).sort();
  const taken = suite.parts.flatMap(({ files = [] }) => find(files));
  const rest = find(suite.files).filter((file) => !taken.includes(file));
  const twice = taken.find((file, index) => taken.indexOf(file) !== index);
  if (twice !== undefined) throw new Error(`${twice} is in two parts of the suite ${suite.name}`);
  return suite.parts.flatMap(({ name, files, coverage, ...behaviour }) => {
    const found = files === undefined ? rest : find(files);
    if (files !== undefined && found.length === 0) throw new Error(`there is no ${files.join()} (suite ${suite.name})`);
    if (found.length === 0) return [];
    const full = name === undefined ? suite.name : `${suite.name}: ${name}`;
    return [{ ...behaviour, type: 'tests' as const, name: full, command: mochaCommand(found, coverage) }];
  });
}

/** The choice on the command line. */
export interface Choice {
  /** Only what needs no more than a process. */
  readonly fast: boolean;
  /** Names of suites; with none all of them but those on request, and the checks. */
  readonly suites: readonly string[];
  /** The programs of the lab are there. */
  readonly labIsBuilt: boolean;
}

/**
 * The processes that a choice asks for, longest first; with one that builds the programs of the lab, where one needs
 * them.
 */
export function choose({ checks, suites }: Plan, choice: Choice, root: string): readonly Task[] {
  const all = choice.suites.length === 0;
  const wanted = suites.filter(({ name, real, onRequest }) =>
    all ? onRequest !== true && !(choice.fast && real) : choice.suites.includes(name),
  );
  const tests = wanted.flatMap((suite) => tasksOf(suite, root));
  const checked = all ? checks.map((check): Task => ({ type: 'check', ...check })) : [];
  const build = !choice.labIsBuilt && tests.some(({ after }) => after?.includes(LAB)) ? [LAB_BUILD] : [];
  return [...build, ...checked, ...tests].sort((a, b) => b.seconds - a.seconds);
}
