// SPDX-License-Identifier: Apache-2.0
// Again and again a recorder, its compiled program or the API server ends by SIGKILL, while twenty real containers are
// recorded at a time and end. Every profile is complete, with strace as the judge of some, or says what it lacks; where
// there is none, the pod says so. Nothing of one container is in the profile of another. KILL_SEED repeats a run,
// KILL_ROUNDS makes it longer, and KILL_RECORDER=logs or bpf takes that recorder alone: what is rare among all of them
// is found ten times as fast.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { ANNOTATION, LABEL } from '../../src/core/names.ts';
import { parseEvidence } from '../../src/core/recording/evidence-form.ts';
import { summaryOf } from '../../src/core/recording/evidence.ts';
import { syscallName } from '../../src/core/seccomp/syscalls.ts';
import type { SeccompProfile } from '../../src/gen/crd/seccomp-profile.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { listAt, textAt } from '../../tools/lab/json-path.ts';
import { openRuntime } from '../../tools/oci-bundle.ts';
import { create, prepareCluster, startBareControlPlane } from '../../tools/lab/operator.ts';
import { Containers } from '../native/container-recordings.ts';
import { randomFrom } from './kill-wishes.ts';
import { CALL, RecordedContainers } from './recorded-containers.ts';
import type { EndedLife, RecordedLife } from './recorded-containers.ts';
import type { Recorder } from '../../src/core/recording/request.ts';
import { KeptRole, writeAuditLog } from './recorder-processes.ts';

const SEED = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000_000);
const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 10);
const ONLY = ['logs', 'bpf'].find((name): name is Recorder => name === process.env['KILL_RECORDER']);
/** A namespace for each place, because one has room for 2000 recordings, and a long run makes more. */
const NAMESPACE = 'recording-kills';
const NODE = 'node-r';
/** Of all namespaces. */
const PROFILES = '/apis/security-profiles-operator.x-k8s.io/v1beta1/seccompprofiles';
/** Containers at a time. */
const WIDTH = 20;
/** A reflector that was refused waits up to 30 s before it asks again, and an end that is not told is waited for. */
const SETTLE_MS = 240_000;
/** Containers after the last kill, recorded by eBPF: nothing of theirs may be missing. */
const CALM = [1_000_001, 1_000_002, 1_000_005, 1_000_006];
/** Calls that a shell does not make: getpgrp, getsid, personality, sched_get_priority_max and the like. */
const RARE = [124, 135, 146, 147, 160, 201];
const RARE_NAMES = RARE.map((number) => syscallName('SCMP_ARCH_X86_64', number) ?? '');

describe(`recordings through kills (KILL_SEED=${String(SEED)})`, function () {
  this.timeout(Math.max(1_800_000, ROUNDS * 30_000));
  const random = randomFrom(SEED);
  let folder: string;
  let plane: ControlPlane;
  let containers: Containers;
  let lives: readonly RecordedContainers[];
  let recorder: KeptRole;
  let enricher: KeptRole;
  let endAudit: () => void;

  before(async function () {
    if (process.arch !== 'x64') this.skip();
    folder = mkdtempSync(path.join(tmpdir(), 'spo-recording-kills-'));
    plane = await startBareControlPlane();
    await prepareCluster(plane, [NODE]);
    containers = new Containers(await openRuntime('runc'), folder);
    lives = await Promise.all(Array.from({ length: WIDTH }, (_, lane) => place(lane)));
    endAudit = await writeAuditLog(folder);
    recorder = KeptRole.prepare('bpf-recorder', plane, NODE, folder);
    enricher = KeptRole.prepare('log-enricher', plane, NODE, folder);
    await recorder.start('Module successfully loaded');
    await enricher.start('Reading from file');
  });

  async function place(lane: number): Promise<RecordedContainers> {
    const namespace = `${NAMESPACE}-${String(lane)}`;
    await create(plane, '/api/v1/namespaces', { metadata: { name: namespace } });
    return new RecordedContainers(plane, containers, { namespace, node: NODE, folder });
  }

  after(async () => {
    await Promise.all([recorder, enricher].map((role) => role.stop()));
    endAudit();
    await containers.close();
    lives[0]?.clean();
    await plane.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A call at the beginning and another one at the end, with a while between them. */
  function lifeOf(serial: number): RecordedLife {
    const [first, last] = callsOf(serial);
    const script = `${CALL} native:${String(first)}; sleep ${(random() * 3).toFixed(2)}; ${CALL} native:${String(last)}`;
    const argv = serial % 5 === 4 ? ([CALL, `native:${String(first)}`] as const) : (['/bin/sh', '-c', script] as const);
    return {
      name: `r${String(serial)}`,
      recorder: recorderOf(serial),
      argv,
      isJudged: serial % 4 === 1 && recorderOf(serial) === 'bpf',
      ...(serial % 10 === 0 ? { killedAfterMs: 300 } : {}),
    };
  }

  function recorderOf(serial: number): Recorder {
    return ONLY ?? (serial % 4 === 3 ? 'logs' : 'bpf');
  }

  function callsOf(serial: number): readonly [number, number] {
    return [RARE[serial % RARE.length] ?? 0, RARE[(serial + 1) % RARE.length] ?? 0];
  }

  async function killSomebody(): Promise<string> {
    const dice = random();
    if (dice < 0.06) {
      await plane.stopApiServer();
      await sleep(random() * 300);
      await plane.startApiServer();
      return 'the API server';
    }
    const isBpf = ONLY === undefined ? dice < 0.6 : ONLY === 'bpf';
    const role = isBpf ? recorder : enricher;
    await role.works();
    await sleep(random() * 2000);
    if (dice % 0.1 < 0.07 && role.killProgram()) return 'a program';
    role.kill();
    return 'a role';
  }

  /** Lets containers come and go until the kills are over. */
  async function load(lane: number, isOver: () => boolean): Promise<readonly EndedLife[]> {
    const ended: EndedLife[] = [];
    for (let serial = lane; !isOver(); serial += WIDTH) ended.push(await live(serial));
    return ended;
  }

  function live(serial: number): Promise<EndedLife> {
    const here = lives[serial % WIDTH];
    if (here === undefined) throw new Error(`there is no place for ${String(serial)}`);
    return here.live(lifeOf(serial));
  }

  const itemsAt = async (resource: string): Promise<readonly unknown[]> =>
    listAt((await plane.admin.request('GET', resource)).body, 'items');

  /** Profiles by the name of their recording, and the names of pods that say that they have none. */
  async function results() {
    const profiles = (await itemsAt(PROFILES)) as readonly SeccompProfile[];
    const events = await itemsAt('/api/v1/events');
    const untold = events.filter((event) => textAt(event, 'reason') === 'NothingRecorded');
    return {
      profiles: new Map(profiles.map((one) => [one.metadata.labels?.[LABEL.recordingId] ?? '', one])),
      pods: new Set(untold.map((event) => textAt(event, 'involvedObject', 'name') ?? '')),
    };
  }

  async function untilSettled(ended: readonly EndedLife[]) {
    const end = performance.now() + SETTLE_MS;
    for (;;) {
      const found = await results();
      const open = ended.filter(({ name }) => {
        const profile = found.profiles.get(name);
        return profile === undefined ? !found.pods.has(name) : profile.metadata.labels?.[LABEL.partial] !== undefined;
      });
      if (open.length === 0) return found;
      if (performance.now() > end) {
        const names = open.map(({ name, recorder: by }) => `${name} by ${by}`).join(', ');
        const said = [recorder, enricher].flatMap(({ lines }) => lines.slice(-10)).join('\n');
        throw new Error(`seed ${String(SEED)}: nothing is said of ${names}\n${said}`);
      }
      await sleep(200);
    }
  }

  /** The calls that a profile shows, and the part of them that its recording did not. */
  function namesOf({ spec, metadata }: SeccompProfile) {
    const added = metadata.annotations?.[ANNOTATION.addedSyscalls] ?? '';
    const all = (spec.syscalls ?? []).flatMap(({ names }) => names);
    return { all, seen: all.filter((name) => !new RegExp(`[ :]${name}(,|;| \\(|$)`).test(added)) };
  }

  /** Whether a profile says that nothing was lost. */
  function isComplete({ metadata }: SeccompProfile): boolean {
    const evidence = parseEvidence(metadata.annotations?.[ANNOTATION.recordingEvidence]);
    return evidence !== undefined && summaryOf(evidence).lost.total === 0;
  }

  /** The calls that a profile has of another container, and those that it lacks without saying so. */
  function faultsOf(life: EndedLife, profile: SeccompProfile): readonly string[] {
    const { all, seen } = namesOf(profile);
    const own = callsOf(Number(life.name.slice(1))).map((number) => syscallName('SCMP_ARCH_X86_64', number) ?? '');
    const foreign = RARE_NAMES.filter((name) => seen.includes(name) && !own.includes(name));
    const sure = life.argv[0] === CALL ? own.slice(0, 1) : life.killedAfterMs === undefined ? own : [];
    const missing = [...sure, ...(life.traced ?? [])].filter((name) => !all.includes(name));
    return [
      ...foreign.map((name) => `${life.name} by ${life.recorder} has ${name} of another container`),
      ...(isComplete(profile) ? missing : []).map((name) => `${life.name} by ${life.recorder} lacks ${name}`),
    ];
  }

  it('are complete, or say what they lack', async () => {
    let isOver = false;
    const lanes = Array.from({ length: WIDTH }, (_, lane) => load(lane, () => isOver));
    for (let round = 0; round < ROUNDS; round += 1) {
      await killSomebody();
    }
    isOver = true;
    const through = (await Promise.all(lanes)).flat();
    await Promise.all([recorder.works(), enricher.works()]);
    const calm = ONLY === 'logs' ? [] : await Promise.all(CALM.map(live));
    const ended = [...through, ...calm];
    const { profiles } = await untilSettled(ended);
    const pairs = ended.flatMap((life) => {
      const profile = profiles.get(life.name);
      return profile === undefined ? [] : [{ life, profile }];
    });
    expect(
      pairs.flatMap(({ life, profile }) => faultsOf(life, profile)),
      `seed ${String(SEED)}`,
    ).to.deep.equal([]);
    const complete = pairs.filter(({ profile }) => isComplete(profile)).map(({ life }) => life.name);
    const figures = `${String(complete.length)} complete of ${String(pairs.length)} profiles of ${String(ended.length)} containers`;
    expect(complete, `seed ${String(SEED)}: ${figures}`).to.include.members(calm.map(({ name }) => name));
    expect(recorder.starts + enricher.starts, figures).to.be.greaterThan(2);
  });
});
