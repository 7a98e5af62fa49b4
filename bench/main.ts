// SPDX-License-Identifier: Apache-2.0
// `npm run bench [-- NAME...]`: runs the benchmarks and prints their figures. A missed bar is an exit code, not a
// broken test: these machines are noisy, and a figure is to be read beside its floor. Exit code 2 says that something
// could not be measured.
import { cpus, release } from 'node:os';
import { errorText } from '../src/core/errors.ts';
import { measureAdmission } from './admission.ts';
import { measureAppArmor } from './apparmor.ts';
import { measureBases } from './bases.ts';
import { measureBinding } from './binding.ts';
import { measureBursts } from './bursts.ts';
import { measureChance } from './chance.ts';
import { measureCil } from './cil.ts';
import { measureContainers } from './containers.ts';
import { measureCorpus } from './corpus.ts';
import { measureDenialTimes } from './denial-times.ts';
import { measureDenials } from './denials.ts';
import { measureEnricher } from './enricher.ts';
import { measureHardening } from './hardening.ts';
import { measureHookCost } from './hook-cost.ts';
import { measureImage } from './image.ts';
import { measureInstall } from './install.ts';
import { measureJudging } from './judging.ts';
import { measureMemory } from './memory.ts';
import { measureNodes } from './nodes.ts';
import { measureOperatorInstall } from './operator-install.ts';
import { measurePartials } from './partials.ts';
import { measurePull } from './pull.ts';
import { measureRecordings } from './recordings.ts';
import { measureOpening } from './opening.ts';
import { renderFigures } from './report.ts';
import type { Figure } from './report.ts';
import { measureRedis } from './redis.ts';
import { measureRelease } from './release.ts';
import { measureRollOut } from './roll-out.ts';
import { measureSignatures } from './signatures.ts';
import { measureSimulate } from './simulate.ts';
import { measureSizes } from './sizes.ts';
import { measureStartUp } from './start-up.ts';
import { measureTenants } from './tenants.ts';
import { measureUpgrade } from './upgrade.ts';
import { measureWebhook } from './webhook.ts';

const BENCHMARKS: Readonly<Record<string, () => Promise<readonly Figure[]> | readonly Figure[]>> = {
  apparmor: measureAppArmor,
  chance: measureChance,
  cil: measureCil,
  corpus: measureCorpus,
  partials: measurePartials,
  simulate: measureSimulate,
  signatures: measureSignatures,
  hook: measureHookCost,
  containers: measureContainers,
  redis: measureRedis,
  recordings: measureRecordings,
  enricher: measureEnricher,
  denials: measureDenials,
  'denial-times': measureDenialTimes,
  opening: measureOpening,
  startup: measureStartUp,
  judging: measureJudging,
  pull: measurePull,
  image: measureImage,
  release: measureRelease,
  admission: measureAdmission,
  install: measureInstall,
  'operator-install': measureOperatorInstall,
  'roll-out': measureRollOut,
  upgrade: measureUpgrade,
  nodes: measureNodes,
  bases: measureBases,
  memory: measureMemory,
  sizes: measureSizes,
  tenants: measureTenants,
  hardening: measureHardening,
  bursts: measureBursts,
  webhook: measureWebhook,
  binding: measureBinding,
};

/** Benchmarks that need a cluster, or minutes, run only when they are named. */
const ON_REQUEST: readonly string[] = [
  'chance',
  'denial-times',
  'opening',
  'pull',
  'containers',
  'redis',
  'recordings',
  'webhook',
  'install',
  'operator-install',
  'roll-out',
  'upgrade',
  'nodes',
  'bases',
  'memory',
  'sizes',
  'tenants',
  'hardening',
  'bursts',
  'binding',
];

const named = process.argv.slice(2);
const unknown = named.filter((name) => !(name in BENCHMARKS));
if (unknown.length > 0) {
  console.error(`no benchmark named ${unknown.join(', ')}; there are: ${Object.keys(BENCHMARKS).join(', ')}`);
  process.exit(2);
}

console.log(
  `Linux ${release()}, ${String(cpus().length)} x ${cpus()[0]?.model ?? 'unknown'}, Node.js ${process.version}`,
);
// By exit(), what was started is ended, too.
for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => process.exit(status));
let [missed, broken] = [0, 0];
for (const [name, measure] of Object.entries(BENCHMARKS)) {
  if (named.length > 0 ? !named.includes(name) : ON_REQUEST.includes(name)) continue;
  console.log(`\n${name}`);
  try {
    const figures = await measure();
    console.log(renderFigures(figures));
    missed += figures.filter((figure) => figure.value > figure.bar).length;
  } catch (error) {
    // One that lacks the lab, say, keeps nobody from the figures of the others.
    broken += 1;
    console.error(`${name} could not be measured: ${errorText(error)}`);
  }
}
console.log(`\n${String(missed)} bars missed${broken === 0 ? '' : `, ${String(broken)} benchmarks not measured`}`);
// One that broke off may have left a program running, which would keep this process waiting for it.
process.exit(broken > 0 ? 2 : missed === 0 ? 0 : 1);
