// SPDX-License-Identifier: Apache-2.0
// A node that records, on a working API server in memory, with the permissions of a recorder: what the tests of its
// profiles have in common. Captures are filled by the test, as a recorder would.
import { Captures } from '../../../src/core/recording/captures.ts';
import type { Capture } from '../../../src/core/recording/captures.ts';
import { parseEvidence } from '../../../src/core/recording/evidence-form.ts';
import type { Evidence } from '../../../src/core/recording/evidence.ts';
import { FINALIZER } from '../../../src/core/names.ts';
import type { Recorder } from '../../../src/core/recording/request.ts';
import { printRequest, recordingPrefix } from '../../../src/core/recording/request.ts';
import { syscallNumber } from '../../../src/core/seccomp/syscalls.ts';
import type { ProfileRecordingSpec } from '../../../src/gen/crd/profile-recording.ts';
import type { SeccompProfile } from '../../../src/gen/crd/seccomp-profile.ts';
import { APP_ARMOR_PROFILE, PROFILE_RECORDING, SECCOMP_PROFILE, SELINUX_PROFILE } from '../../../src/gen/kinds.ts';
import { SYSTEM_CLOCK } from '../../../src/io/clock.ts';
import { nodePods, wireRecordedPods } from '../../../src/roles/wiring/recorded-pods.ts';
import type { RecordedProfiles } from '../../../src/roles/wiring/recorded-pods.ts';
import type { RecordablePod } from '../../../src/handlers/sources/recordable-pods.ts';
import type { Reader } from '../../../src/runtime/handler.ts';
import { EVENT, POD } from '../../../src/runtime/kinds.ts';
import type { KubeObject } from '../../../src/runtime/object.ts';
import { SpoOperator } from '../../../src/runtime/spo-operator.ts';
import { FakeApiServer } from '../../fakes/api-server.ts';
import { testParts, until } from '../../fakes/operator.ts';
import type { LogLine } from '../../fakes/operator.ts';

const START = Date.parse('2026-01-01T00:00:00Z');

/** A container's id, of a digit. */
export function containerId(digit: string): string {
  return digit.repeat(64);
}

/** The state of a container in the status of a pod. */
export interface ContainerState {
  readonly id: string;
  readonly name?: string;
  /** Exit status of one that has ended. */
  readonly exit?: number;
  /** Id of the run before. */
  readonly before?: string;
}

/** Of a pod what a test is about. */
export interface PodFacts {
  readonly generateName?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec?: object;
  readonly phase?: string;
  readonly containers?: readonly ContainerState[];
  readonly initContainers?: readonly ContainerState[];
  /** Ephemeral ones. */
  readonly laterContainers?: readonly ContainerState[];
}

interface WrittenEvent {
  readonly reason: string;
  readonly message: string;
  readonly involvedObject: { readonly name: string };
}

/** The annotation that asks for containers of a pod. */
export function asking(recorder: Recorder, container: string, ...recordings: readonly string[]) {
  const values = recordings.map((recording) =>
    printRequest({ recording, container, nonce: 'abcde', since: START / 1000 }),
  );
  return { [`${recordingPrefix('SeccompProfile', recorder) ?? ''}${container}`]: values.join(',') };
}

/** The node. */
export class RecordingNodeWorld {
  readonly server = new FakeApiServer({
    kinds: [SECCOMP_PROFILE, SELINUX_PROFILE, APP_ARMOR_PROFILE, PROFILE_RECORDING],
  });
  readonly lines: LogLine[] = [];
  /** Told to the meter: profiles with numbers of calls, and containers that are gone. */
  readonly measured = new Set<string>();
  captures = new Captures({ changed: () => undefined, dropped: () => undefined });
  /** Seconds after the beginning of 2026. */
  time = 0;
  private readonly recorder: Recorder;
  private operator: SpoOperator | undefined;
  private profiles: RecordedProfiles | undefined;
  private pods: Pick<Reader<RecordablePod>, 'get'> | undefined;

  constructor(recorder: Recorder = 'bpf') {
    this.recorder = recorder;
    const nodeInfo = { kernelVersion: '6.18.1', containerRuntimeVersion: 'containerd://2.3.7' };
    this.server.put({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' }, status: { nodeInfo } } as KubeObject);
  }

  /** Starts the recorder's process, without anything in memory. */
  async start(): Promise<void> {
    this.captures = new Captures({ changed: (pod) => this.profiles?.changed(pod), dropped: () => undefined });
    const node = {
      node: 'n',
      recorder: this.recorder,
      native: 'SCMP_ARCH_X86_64',
      pods: nodePods('n', false),
    } as const;
    const clock = { ...SYSTEM_CLOCK, now: () => START + this.time * 1000 };
    const unconnected = SpoOperator.create(testParts(this.server));
    wireRecordedPods(unconnected, clock, { ...node, captures: this.captures });
    const parts = testParts(this.server.as(unconnected.rules(), 'op'), this.lines);
    this.operator = SpoOperator.create(parts);
    const meter = {
      seen: (profile: string, { calls }: Capture) =>
        this.measured.add(`${profile} ${String(calls.get('SCMP_ARCH_X86_64')?.size)}`),
      gone: (id: string) => this.measured.add(`${id.slice(-1)} gone`),
    };
    this.pods = this.operator.reader(node.pods);
    this.profiles = wireRecordedPods(this.operator, clock, { ...node, captures: this.captures, meter });
    await this.operator.start();
  }

  /** The recorder has looked at a pod as it is now. */
  async looked(name: string): Promise<void> {
    const { metadata } = this.server.get(POD, { namespace: 'ns', name }) ?? {};
    const key = { namespace: 'ns', name };
    await until('the pod is seen', () => this.pods?.get(key)?.metadata.resourceVersion === metadata?.resourceVersion);
    await this.profiles?.flush();
  }

  /** Nothing more is seen: what was is written. */
  async flush(): Promise<void> {
    await this.profiles?.flush();
  }

  async stop(): Promise<void> {
    await this.operator?.stop();
  }

  recording(name = 'rec', spec: Partial<ProfileRecordingSpec> = {}): void {
    const usual = { kind: 'SeccompProfile', recorder: this.recorder, podSelector: {} } as const;
    const { group, version } = PROFILE_RECORDING;
    this.server.put({
      apiVersion: `${group}/${version}`,
      kind: 'ProfileRecording',
      metadata: { name, namespace: 'ns' },
      spec: { ...usual, ...spec },
    } as KubeObject);
  }

  pod(name: string, facts: PodFacts = {}): void {
    const { generateName, labels = {}, spec = {}, phase = 'Running' } = facts;
    const annotations = facts.annotations ?? asking(this.recorder, 'main', 'rec');
    this.server.put({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'ns', labels, annotations, ...(generateName ? { generateName } : {}) },
      spec: { nodeName: 'n', containers: [{ name: 'main' }, { name: 'side' }], ...spec },
      status: {
        phase,
        containerStatuses: (facts.containers ?? []).map((state) => this.statusOf(state)),
        initContainerStatuses: (facts.initContainers ?? []).map((state) => this.statusOf(state)),
        ephemeralContainerStatuses: (facts.laterContainers ?? []).map((state) => this.statusOf(state)),
      },
    } as KubeObject);
  }

  uidOf(pod: string): string {
    return this.server.get(POD, { namespace: 'ns', name: pod })?.metadata.uid ?? '';
  }

  /** A recorder has found a container of a pod. */
  found(id: string, pod: string): void {
    this.captures.placed(id, { pod: this.uidOf(pod) });
    this.captures.began(id, START + this.time * 1000);
  }

  calls(id: string, ...names: readonly string[]): void {
    const numbers = names.map((name) => syscallNumber('SCMP_ARCH_X86_64', name) ?? -1);
    this.captures.note(id, 'SCMP_ARCH_X86_64', numbers, START + this.time * 1000);
  }

  ended(id: string): void {
    this.captures.ended(id, START + this.time * 1000);
  }

  profile(name: string): SeccompProfile | undefined {
    return this.server.get(SECCOMP_PROFILE, { namespace: 'ns', name }) as SeccompProfile | undefined;
  }

  /** Holds a part as the manager does, or lets it go as one that is taken away. */
  hold(name: string, isHeld: boolean): void {
    const profile = this.profile(name);
    if (profile === undefined) throw new Error(`no profile ${name}`);
    const finalizers = isHeld ? [FINALIZER.partialProfile] : [];
    this.server.put({ ...profile, metadata: { ...profile.metadata, finalizers } });
  }

  /** The system calls of a profile that it was seen to make. */
  seen(name: string): readonly string[] {
    const profile = this.profile(name);
    const added = profile?.metadata.annotations?.['spo.x-k8s.io/added-syscalls'] ?? '';
    const names = (profile?.spec.syscalls ?? []).flatMap((rule) => rule.names);
    return names.filter((one) => !new RegExp(`[ :]${one}(,|;| \\(|$)`).test(added));
  }

  evidence(name: string): Evidence | undefined {
    return parseEvidence(this.profile(name)?.metadata.annotations?.['spo.x-k8s.io/recording-evidence']);
  }

  isPartial(name: string): boolean {
    return this.profile(name)?.metadata.labels?.['spo.x-k8s.io/partial'] === 'true';
  }

  /** Waits for a profile that says so. */
  async until(what: string, holds: () => boolean): Promise<void> {
    await until(what, holds);
  }

  /** Reasons of events, each once. */
  reasons(): readonly string[] {
    const events = this.server.list(EVENT) as readonly (KubeObject & { readonly reason?: string })[];
    return [...new Set(events.map(({ reason = '' }) => reason))].sort();
  }

  /** Events of a reason: the name of the object that each is about, and the message. */
  events(reason: string): readonly string[] {
    const all = this.server.list(EVENT) as readonly (KubeObject & WrittenEvent)[];
    return all
      .filter((event) => event.reason === reason)
      .map((event) => `${event.involvedObject.name}: ${event.message}`);
  }

  deletePod(name: string): void {
    this.server.delete(POD, { namespace: 'ns', name });
  }

  private statusOf({ id, name = 'main', exit, before }: ContainerState) {
    const at = new Date(START + this.time * 1000).toISOString().replace('.000', '');
    const ended = { containerID: `containerd://${id}`, startedAt: at, finishedAt: at, exitCode: exit };
    const last = { containerID: `containerd://${before ?? ''}`, startedAt: at, finishedAt: at, exitCode: 1 };
    return {
      name,
      containerID: `containerd://${id}`,
      imageID: 'registry/image@sha256:1',
      state: exit === undefined ? { running: { startedAt: at } } : { terminated: ended },
      ...(before === undefined ? {} : { lastState: { terminated: last } }),
    };
  }
}
