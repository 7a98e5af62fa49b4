// SPDX-License-Identifier: Apache-2.0
// How long profiles of 1, 100 and 500 rules take until they are Installed, beside another state of this program: its
// bundle (a folder as dist/ is one) is named by BENCH_BASELINE. Both states have a control plane of their own and take
// turns, so that the noise of the machine meets both.
import { setTimeout as sleep } from 'node:timers/promises';
import { syscallName, syscallNumbers } from '../src/core/seccomp/syscalls.ts';
import type { ControlPlane } from '../tools/lab/control-plane.ts';
import { create, Installation, profilesPath, startBareControlPlane } from '../tools/lab/operator.ts';
import type { Seen } from './profiles.ts';
import { median } from './report.ts';
import type { Figure } from './report.ts';

const NAMESPACE = 'bench';
const SIZES = [1, 100, 500] as const;
const ROUNDS = 21;
/** A write of the node's status makes the next one wait for a tenth of a second: each profile meets a node at rest. */
const REST_MS = 300;

interface State {
  readonly plane: ControlPlane;
  readonly installation: Installation;
}

const CALLS = syscallNumbers('SCMP_ARCH_X86_64').flatMap((number) => syscallName('SCMP_ARCH_X86_64', number) ?? []);

function profileOf(rules: number): object {
  const syscalls = Array.from({ length: rules }, (_, rule) => ({
    action: 'SCMP_ACT_ALLOW',
    names: [CALLS[rule % CALLS.length]],
    args: [{ index: 0, value: rule, op: 'SCMP_CMP_EQ' }],
  }));
  return {
    apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
    kind: 'SeccompProfile',
    metadata: { name: `rules-${String(rules)}` },
    spec: { defaultAction: 'SCMP_ACT_ERRNO', syscalls },
  };
}

async function start(bundle: string | undefined): Promise<State> {
  const plane = await startBareControlPlane();
  await create(plane, '/api/v1/namespaces', { metadata: { name: NAMESPACE } });
  const options = { nodes: ['real'], ...(bundle === undefined ? {} : { bundle }) };
  return { plane, installation: await Installation.start(plane, options) };
}

async function stop({ plane, installation }: State): Promise<void> {
  await installation.stop();
  await plane.stop();
}

async function until(plane: ControlPlane, path: string, state: 'Installed' | undefined): Promise<void> {
  for (;;) {
    const { body } = await plane.admin.request('GET', path);
    const { status } = body as Partial<Seen>;
    const seen = typeof status === 'object' ? status.status : undefined;
    if (seen === 'Error') throw new Error(`${path}: ${JSON.stringify(status)}`);
    if (seen === state) return;
    await sleep(5);
  }
}

/** Milliseconds from the creation until the profile is Installed; it is gone then. */
async function install({ plane }: State, rules: number): Promise<number> {
  const path = `${profilesPath(NAMESPACE)}/rules-${String(rules)}`;
  const started = performance.now();
  await create(plane, profilesPath(NAMESPACE), profileOf(rules));
  await until(plane, path, 'Installed');
  const took = performance.now() - started;
  await plane.admin.request('DELETE', path);
  await until(plane, path, undefined);
  await sleep(REST_MS);
  return took;
}

/** Installs profiles in both states by turns. Takes a minute and a half. */
export async function measureSizes(): Promise<readonly Figure[]> {
  const bundle = process.env['BENCH_BASELINE'];
  if (bundle === undefined) throw new Error('BENCH_BASELINE: the folder with the bundle of another state is not named');
  const [baseline, ours] = [await start(bundle), await start(undefined)];
  try {
    for (const rules of SIZES) for (const state of [baseline, ours]) await install(state, rules);
    const figures: Figure[] = [];
    for (const rules of SIZES) figures.push(await compare(baseline, ours, rules));
    return figures;
  } finally {
    await stop(baseline);
    await stop(ours);
  }
}

async function compare(baseline: State, ours: State, rules: number): Promise<Figure> {
  const times: readonly [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    times[0].push(await install(baseline, rules));
    times[1].push(await install(ours, rules));
  }
  const [before, value] = [median(times[0]), median(times[1])];
  const what = `profile of ${String(rules)} rules: POST to Installed, p50`;
  return { what, value, unit: 'ms', floor: { what: 'the baseline', value: before }, bar: before };
}
