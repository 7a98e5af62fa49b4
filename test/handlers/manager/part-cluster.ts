// SPDX-License-Identifier: Apache-2.0
// The profiles of a recording on an API server that may stop taking writes at any of them: outcomes are written in the
// runtime's order, and the manager's handler of profiles looks at each of them after every write.
import { applyPatch } from '../../../src/core/json-patch.ts';
import { ANNOTATION, FINALIZER, LABEL } from '../../../src/core/names.ts';
import { printEvidence } from '../../../src/core/recording/evidence.ts';
import type { Evidence } from '../../../src/core/recording/evidence.ts';
import { partFinalizer } from '../../../src/core/recording/part.ts';
import { NO_EARLIER_RUNS } from '../../../src/core/recording/runs.ts';
import type { ProfileRecording } from '../../../src/gen/crd/profile-recording.ts';
import type { SeccompProfile } from '../../../src/gen/crd/seccomp-profile.ts';
import type { LearntProfile } from '../../../src/core/recording/kinds/learner.ts';
import { PartialProfiles } from '../../../src/handlers/manager/partial-profiles.ts';
import type { Reader } from '../../../src/runtime/handler.ts';
import type { KubeObject, ObjectKey } from '../../../src/runtime/object.ts';
import type { ObjectPatch, Outcome } from '../../../src/runtime/outcome.ts';
import { ABSENT_VERSION } from '../../../src/runtime/precondition.ts';

/** How a part came to be. */
export interface PartOptions {
  readonly container?: string;
  readonly isRunning?: boolean;
  readonly isDisabled?: boolean;
  readonly spec?: Partial<SeccompProfile['spec']>;
}

const OF_SHOP = { namespace: 'shop', name: 'rec' };

/** The profiles in the namespace `shop`, of which those of the recording `rec` are merged. */
export class PartCluster {
  readonly profiles = new Map<string, SeccompProfile>();
  now = 0;
  isTerminating = false;
  private version = 0;
  /** Names of profiles on which the handler of profiles has put the finalizer of parts. */
  private readonly held = new Set<string>();

  /** Merging in a process that has just begun. */
  merging(): PartialProfiles {
    const list = (): SeccompProfile[] => [...this.profiles.values()];
    const recorded: Reader<LearntProfile> = {
      get: ({ name }) => this.profiles.get(name),
      list,
      index: (valuesOf) => (value) => list().filter((one) => valuesOf(one).includes(value)),
      isWithheld: () => false,
    };
    const isTerminating = (): boolean => this.isTerminating;
    const kinds = [{ kind: 'SeccompProfile', recorded, profiles: recorded }] as const;
    return new PartialProfiles({ kinds, isTerminating, now: () => this.now });
  }

  /** A part of a pod, as its recorder writes it, and held by the manager. */
  part(pod: string, names: readonly string[], options: PartOptions = {}): SeccompProfile {
    const { container = 'c', isRunning = false, isDisabled = false, spec = {} } = options;
    const name = `rec-${container}-${pod}`;
    this.put({
      ...skeleton(name),
      metadata: {
        name,
        namespace: 'shop',
        labels: { ...labels(container), [LABEL.partial]: 'true' },
        annotations: {
          [ANNOTATION.recordingEvidence]: printEvidence(evidence(pod, isRunning)),
          [ANNOTATION.unmergedPart]: 'true',
        },
      },
      spec: {
        defaultAction: 'SCMP_ACT_ERRNO',
        architectures: ['SCMP_ARCH_X86_64'],
        syscalls: [{ names: [...names].sort(), action: 'SCMP_ACT_ALLOW' }],
        ...(isDisabled ? { disabled: true } : {}),
        ...spec,
      },
    });
    this.hold();
    return this.profiles.get(name)!;
  }

  /** Puts an object there as somebody wrote it. */
  put(profile: SeccompProfile): SeccompProfile {
    const before = this.profiles.get(profile.metadata.name);
    this.version += 1;
    const isSame = JSON.stringify(before?.spec) === JSON.stringify(profile.spec);
    const generation = (before?.metadata.generation ?? 0) + (isSame ? 0 : 1);
    const uid = before?.metadata.uid ?? `uid-${String(this.version)}`;
    const metadata = { ...profile.metadata, uid, generation, resourceVersion: String(this.version) };
    const written = { ...profile, metadata };
    this.profiles.set(profile.metadata.name, written);
    return written;
  }

  /** Writes an outcome, or the first `most` writes of it, or those before a conflict; whether there were more. */
  write({ patches = [], desired = [], toDelete = [] }: Outcome<ProfileRecording>, most = Infinity): boolean {
    const writes = [
      ...patches.map((patch) => () => this.patch(patch)),
      ...desired.map((wanted) => () => this.applied(wanted)),
      ...toDelete.map((key) => () => this.remove(key)),
    ];
    const isWritten = writes.slice(0, most).every((write) => {
      const isTaken = write();
      this.hold();
      return isTaken;
    });
    return !isWritten || writes.length > most;
  }

  /** Merges to the end of a recording that is being deleted, in the passes of one process. */
  settle(merging = this.merging()): readonly Outcome<ProfileRecording>[] {
    const outcomes: Outcome<ProfileRecording>[] = [];
    for (let pass = 0; pass < 50; pass += 1) {
      const outcome = merging.cleanup(deleted(), false);
      outcomes.push(outcome);
      if (outcome.metadata?.finalizers?.[FINALIZER.unmergedProfiles] === false) return outcomes;
      this.write(outcome);
    }
    throw new Error('the merge does not end');
  }

  names(): readonly string[] {
    return [...this.profiles.keys()].sort();
  }

  /** False where the API server would answer with a conflict. */
  private applied(wanted: KubeObject): boolean {
    const { name, resourceVersion, finalizers = [] } = wanted.metadata;
    const existing = this.profiles.get(name);
    const version = existing?.metadata.resourceVersion ?? ABSENT_VERSION;
    if (resourceVersion !== undefined && resourceVersion !== version) return false;
    const mark = existing?.metadata.annotations?.[ANNOTATION.unmergedPart];
    const annotations = {
      ...wanted.metadata.annotations,
      ...(mark === undefined ? {} : { [ANNOTATION.unmergedPart]: mark }),
    };
    const kept = new Set([...finalizers, ...(this.held.has(name) ? [FINALIZER.partialProfile] : [])]);
    const metadata = {
      ...without(wanted.metadata),
      annotations,
      ...(kept.size === 0 ? {} : { finalizers: [...kept] }),
    };
    this.put({ ...skeleton(''), ...(wanted as SeccompProfile), metadata });
    return true;
  }

  /** Holds parts and lets go what is none, as the handler of profiles does. */
  private hold(): void {
    for (const profile of this.profiles.values()) {
      const { name, finalizers = [], deletionTimestamp } = profile.metadata;
      const isWanted = partFinalizer(profile)[FINALIZER.partialProfile];
      const rest = finalizers.filter((one) => one !== FINALIZER.partialProfile);
      const isHeld = rest.length < finalizers.length;
      if (isWanted === undefined || isWanted === isHeld || deletionTimestamp !== undefined) continue;
      if (isWanted) this.held.add(name);
      else this.held.delete(name);
      const metadata = {
        ...without(profile.metadata),
        ...(isWanted ? { finalizers: [FINALIZER.partialProfile] } : {}),
      };
      this.put({ ...profile, metadata });
    }
  }

  private patch({ of, steps }: ObjectPatch): true {
    const { name, resourceVersion } = of.metadata;
    const profile = this.profiles.get(name);
    if (profile === undefined || profile.metadata.resourceVersion !== resourceVersion) return true;
    this.held.delete(name);
    this.put(applyPatch(profile, steps) as SeccompProfile);
    return true;
  }

  private remove({ name }: ObjectKey): true {
    const finalizers = this.profiles.get(name)?.metadata.finalizers ?? [];
    if (finalizers.length === 0) this.profiles.delete(name);
    return true;
  }
}

/** The recording, which merges and is being deleted. */
export function deleted(spec: Partial<ProfileRecording['spec']> = {}): ProfileRecording {
  return {
    apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
    kind: 'ProfileRecording',
    metadata: {
      ...OF_SHOP,
      uid: 'u',
      deletionTimestamp: '2026-01-01T00:10:00Z',
      finalizers: [FINALIZER.unmergedProfiles],
    },
    spec: { kind: 'SeccompProfile', recorder: 'bpf', podSelector: {}, mergeStrategy: 'containers', ...spec },
  };
}

/** Labels of a profile of the recording. */
export function labels(container = 'c'): Readonly<Record<string, string>> {
  return { [LABEL.recordingId]: 'rec', [LABEL.recordingNamespace]: 'shop', [LABEL.containerId]: container };
}

function without(metadata: KubeObject['metadata']): SeccompProfile['metadata'] {
  const kept = Object.entries(metadata).filter(([name]) => name !== 'finalizers');
  return Object.fromEntries(kept) as unknown as SeccompProfile['metadata'];
}

function skeleton(name: string): Pick<SeccompProfile, 'apiVersion' | 'kind' | 'metadata' | 'status'> {
  const metadata = { name, namespace: 'shop' };
  return { apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1', kind: 'SeccompProfile', metadata, status: {} };
}

function evidence(pod: string, isRunning: boolean): Evidence {
  const end = isRunning ? {} : { until: '2026-01-01T00:01:00Z' };
  const run = { pod, node: 'n', from: '2026-01-01T00:00:00Z', ...end, lost: {} };
  const id = Buffer.from(pod).toString('hex').slice(-13);
  const where = { nodes: ['n'], images: [], kernels: [], runtimes: [] };
  return { version: 'v1', recorder: 'bpf', instances: { [id]: run }, earlier: NO_EARLIER_RUNS, ...where };
}
