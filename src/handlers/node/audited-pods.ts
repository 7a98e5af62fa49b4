// SPDX-License-Identifier: Apache-2.0
// Which pods the containers of this node belong to, for the log enricher. Of a pod nothing is kept but the ids of its
// containers and whether it asks to be recorded; those that have ended are kept, too: their records may still come.
import { laterContainers, requestsOf } from '../../core/recording/later-containers.ts';
import type { EphemeralContainer } from '../../core/recording/later-containers.ts';
import { localhostProfileOf } from '../../core/seccomp/pod-uses.ts';
import type { ContainerUse, PodUse } from '../../core/status/workload.ts';
import type { Handler, Selector, Source } from '../../runtime/handler.ts';
import { POD } from '../../runtime/kinds.ts';
import { keyText } from '../../runtime/object.ts';
import type { KubeObject, ObjectKey } from '../../runtime/object.ts';
import type { Outcome } from '../../runtime/outcome.ts';

/** A container of a pod. */
export interface PodContainer {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** An annotation of the pod says that the container is to be recorded from the log; anybody can write that. */
  readonly isRecorded: boolean;
  /** The localhostProfile under which it runs, if it is one of ours. */
  readonly localhost?: string | undefined;
  /** When it began, in milliseconds since 1970; told of containers that are to be recorded. */
  readonly started?: number | undefined;
  /** When it ended, likewise; undefined while it runs. */
  readonly ended?: number | undefined;
}

/** Hears of containers, by their ids without the runtime's prefix. */
export interface ContainerListener {
  placed(id: string, container: PodContainer): void;
  left(id: string): void;
}

interface ContainerStatus {
  readonly name: string;
  readonly containerID?: string;
  readonly state?: { readonly running?: Begun; readonly terminated?: Ended };
  readonly lastState?: { readonly terminated?: Ended & { readonly containerID?: string } };
}

interface Begun {
  readonly startedAt?: string | null;
}

interface Ended extends Begun {
  readonly finishedAt?: string | null;
}

/** The beginning and the end of a container (RFC 3339), as far as they are known. */
interface Times {
  readonly started?: string;
  readonly ended?: string;
}

/** A pod as it is kept: the name of each container, by id. */
export interface AuditedPod extends KubeObject {
  readonly containers?: Readonly<Record<string, string>>;
  /** Names of the containers that annotations say to record from the log. */
  readonly recorded?: readonly string[];
  /** The times of those, by id. */
  readonly times?: Readonly<Record<string, Times>>;
  /** The localhostProfile of each container that has one of ours, by its name. */
  readonly localhosts?: Readonly<Record<string, string>>;
  readonly status?: Readonly<Record<string, unknown>>;
  readonly spec?: Omit<NonNullable<PodUse['spec']>, 'ephemeralContainers'> & {
    readonly ephemeralContainers?: readonly EphemeralContainer[];
  };
}

/** Tells the listener which containers come and go. */
export class AuditedPods implements Handler<AuditedPod> {
  readonly kind = POD;
  readonly name = 'audited-pods';
  readonly source: Source<AuditedPod>;
  readonly rules = [];
  private readonly listener: ContainerListener;
  private readonly known = new Map<string, readonly string[]>();

  constructor(selector: Selector, listener: ContainerListener) {
    this.source = { resource: POD, selector, transform: idsOnly };
    this.listener = listener;
  }

  predicate(before: AuditedPod, after: AuditedPod): boolean {
    const textOf = ({ containers, recorded, times, localhosts }: AuditedPod): string =>
      JSON.stringify([containers, recorded, times, localhosts]);
    return textOf(before) !== textOf(after);
  }

  async apply(pod: AuditedPod): Promise<Outcome<AuditedPod>> {
    const { metadata, containers = {}, recorded = [], times = {}, localhosts = {} } = pod;
    const { namespace = '', name } = metadata;
    const key = keyText({ namespace, name });
    for (const [id, container] of Object.entries(containers)) {
      const isRecorded = recorded.includes(container);
      const started = millisecondsOf(times[id]?.started);
      const ended = millisecondsOf(times[id]?.ended);
      const localhost = localhosts[container];
      this.listener.placed(id, { namespace, pod: name, container, isRecorded, localhost, started, ended });
    }
    for (const id of this.known.get(key) ?? []) {
      if (!Object.hasOwn(containers, id)) this.listener.left(id);
    }
    this.known.set(key, Object.keys(containers));
    return {};
  }

  async gone(key: ObjectKey): Promise<Outcome<AuditedPod>> {
    for (const id of this.known.get(keyText(key)) ?? []) this.listener.left(id);
    this.known.delete(keyText(key));
    return {};
  }
}

const STATUSES = ['initContainerStatuses', 'containerStatuses', 'ephemeralContainerStatuses'] as const;

function idsOnly(pod: AuditedPod): AuditedPod {
  const { apiVersion, kind, metadata, spec, status } = pod;
  const { name, namespace, uid, resourceVersion } = metadata;
  const later = laterContainers(spec?.ephemeralContainers);
  const requests = requestsOf(metadata.annotations, later).filter(({ recorder }) => recorder === 'logs');
  const recorded = requests.map(({ container }) => container).sort();
  const runs = STATUSES.flatMap((list) => (status?.[list] ?? []) as readonly ContainerStatus[]).flatMap(runsOf);
  const timed = runs.filter(({ name: container }) => recorded.includes(container));
  return {
    apiVersion,
    kind,
    ...(recorded.length === 0
      ? {}
      : { recorded, times: Object.fromEntries(timed.map(({ id, times }) => [id, times])) }),
    metadata: {
      name,
      namespace,
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    containers: Object.fromEntries(runs.map((run) => [run.id, run.name])),
    ...localhostsOf(pod),
  };
}

function localhostsOf(pod: AuditedPod): Pick<AuditedPod, 'localhosts'> {
  const { metadata, spec = {} } = pod;
  const { containers = [], initContainers = [], ephemeralContainers = [] } = spec;
  const use: PodUse = {
    metadata: { annotations: metadata.annotations ?? {} },
    spec,
  };
  const named = [...containers, ...initContainers, ...ephemeralContainers] as unknown as readonly NamedContainer[];
  const found = named.flatMap((container) => {
    const localhost = localhostProfileOf(use, container.name, container);
    return localhost === undefined ? [] : [[container.name, localhost] as const];
  });
  return found.length === 0 ? {} : { localhosts: Object.fromEntries(found) };
}

type NamedContainer = ContainerUse & { readonly name: string };

interface Run {
  readonly id: string;
  readonly name: string;
  readonly times: Times;
}

/** The run that a status is about, and the one before. */
function runsOf({ name, containerID, state, lastState }: ContainerStatus): readonly Run[] {
  const last = lastState?.terminated;
  return [
    { id: last?.containerID ?? '', name, times: timesOf(last) },
    { id: containerID ?? '', name, times: timesOf(state?.running ?? state?.terminated) },
  ]
    .filter(({ id }) => id !== '')
    .map((run) => ({ ...run, id: run.id.slice(run.id.lastIndexOf('/') + 1) }));
}

function timesOf({ startedAt, finishedAt }: Ended = {}): Times {
  return { ...(startedAt ? { started: startedAt } : {}), ...(finishedAt ? { ended: finishedAt } : {}) };
}

function millisecondsOf(time = ''): number | undefined {
  const milliseconds = Date.parse(time);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
