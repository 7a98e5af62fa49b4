// SPDX-License-Identifier: Apache-2.0
// Profiles that say of a container that it still runs, though nobody is left to tell its end: its node is gone, or its
// pod is and no recorder runs there any more. The run ends here, the profile says that the end was not seen, and nodes
// may install it. Parts are left as they are: their merging ends them.
import type { LearntProfile } from '../../core/recording/kinds/learner.ts';
import { isPart } from '../../core/recording/part.ts';
import { endingSteps, openRuns } from '../../core/recording/unfinished-part.ts';
import type { KnownRun } from '../../core/recording/unfinished-part.ts';
import type { Handler, PolicyRule, Reader, Source, Watch } from '../../runtime/handler.ts';
import { keyOf, keyText } from '../../runtime/object.ts';
import type { ObjectKey, Resource } from '../../runtime/object.ts';
import type { Outcome } from '../../runtime/outcome.ts';
import type { ManagedPod } from '../sources/managed-pods.ts';
import { NODES } from '../sources/nodes.ts';
import type { ClusterNode } from '../sources/nodes.ts';
import type { LearntReader } from '../sources/recorded-profiles.ts';

/** The surroundings of abandoned recordings. */
export interface AbandonedRecordingsParts {
  /** The profiles of the kind that recordings have made (sources/recorded-profiles.ts). */
  readonly recorded: LearntReader;
  readonly nodes: Pick<Reader<ClusterNode>, 'get'>;
  readonly pods: { readonly source: Source<ManagedPod>; readonly reader: Reader<ManagedPod> };
  /** Milliseconds by a clock that does not jump. */
  now(): number;
}

/** So long a node must be gone: one that registers anew is away for a moment. In milliseconds. */
const NODE_MS = 60_000;

/** So long a pod must be gone: its node tries for ten minutes to write what it has of it. In milliseconds. */
const POD_MS = 660_000;

/** Ends runs that no node can end. */
export class AbandonedRecordings implements Handler<LearntProfile> {
  readonly kind: Resource;
  readonly name: string;
  readonly source: Source<LearntProfile>;
  readonly watches: readonly Watch[];
  readonly rules: readonly PolicyRule[];
  private readonly parts: AbandonedRecordingsParts;
  private readonly podsOf: (uid: string) => readonly ManagedPod[];
  /** Since when what would tell the end of a run is missed, by what that is; by the text of the profile's key. */
  private readonly missed = new Map<string, ReadonlyMap<string, number>>();

  constructor(parts: AbandonedRecordingsParts) {
    this.parts = parts;
    this.kind = parts.recorded.resource;
    this.source = parts.recorded.source;
    this.name = `abandoned-recordings-${this.kind.kind.toLowerCase()}`;
    this.rules = [{ apiGroups: [this.kind.group], resources: [this.kind.plural], verbs: ['patch'] }];
    this.podsOf = parts.pods.reader.index(({ metadata }) => [metadata.uid ?? '']);
    const onNode = parts.recorded.reader.index((profile) => openRuns(profile).map(([, { node }]) => node));
    const ofPod = parts.recorded.reader.index((profile) => openRuns(profile).map(([, { pod }]) => pod));
    const nodes: Watch<ClusterNode> = {
      ...NODES,
      predicate: () => false,
      mapToKeys: ({ metadata }) => onNode(metadata.name).map(keyOf),
    };
    const pods: Watch<ManagedPod> = {
      ...parts.pods.source,
      predicate: (before, after) => hasEnded(before) !== hasEnded(after) || before.metadata.uid !== after.metadata.uid,
      mapToKeys: ({ metadata }) => ofPod(metadata.uid ?? '').map(keyOf),
    };
    this.watches = [nodes, pods];
  }

  async apply(profile: LearntProfile): Promise<Outcome<LearntProfile>> {
    const waits = isPart(profile) ? [] : this.waits(profile);
    const over = waits.filter(({ leftMs }) => leftMs === 0).map(({ run: [key] }) => key);
    const steps = endingSteps(profile, new Set(over));
    const left = waits.flatMap(({ leftMs }) => (leftMs > 0 ? [leftMs] : []));
    return {
      patches: steps.length === 0 ? [] : [{ of: profile, steps }],
      ...(left.length === 0 ? {} : { requeueAfterMs: Math.min(...left) }),
    };
  }

  async gone(key: ObjectKey): Promise<Outcome<LearntProfile>> {
    this.missed.delete(keyText(key));
    return {};
  }

  /** The abandoned runs, and for how long each is still left open. */
  private waits(profile: LearntProfile): readonly { readonly run: KnownRun; readonly leftMs: number }[] {
    const text = keyText(keyOf(profile));
    const now = this.parts.now();
    const before = this.missed.get(text);
    const after = new Map<string, number>();
    const waits = openRuns(profile).map((run) => {
      const left = this.missing(run).map(({ name, ms }) => {
        const since = before?.get(name) ?? now;
        after.set(name, since);
        return Math.max(0, since + ms - now);
      });
      return { run, leftMs: Math.min(...left) };
    });
    if (after.size === 0) this.missed.delete(text);
    else this.missed.set(text, after);
    return waits.filter(({ leftMs }) => leftMs !== Infinity);
  }

  private missing([, { node, pod }]: KnownRun): readonly { readonly name: string; readonly ms: number }[] {
    const isThere = this.podsOf(pod).some((one) => !hasEnded(one));
    return [
      ...(this.parts.nodes.get({ name: node }) === undefined ? [{ name: `node ${node}`, ms: NODE_MS }] : []),
      ...(isThere ? [] : [{ name: `pod ${pod}`, ms: POD_MS }]),
    ];
  }
}

/** Of a pod that has ended no part is kept (sources/managed-pods.ts). */
function hasEnded({ shape }: ManagedPod): boolean {
  return shape.containers.length === 0;
}
