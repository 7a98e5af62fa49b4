// SPDX-License-Identifier: Apache-2.0
// The manager's handlers of recordings, and of the pods that they are for.
import { AbandonedRecordings } from '../../handlers/manager/abandoned-recordings.ts';
import { PartialProfiles } from '../../handlers/manager/partial-profiles.ts';
import { ProfileRecordingHandler } from '../../handlers/manager/profile-recording.ts';
import { RecordedPodEventsHandler } from '../../handlers/manager/recorded-pod-events.ts';
import { RecordingPods } from '../../handlers/manager/recording-pods.ts';
import { ProgressOfRecordings } from '../../handlers/manager/recording-progress.ts';
import { NAMESPACES, WebhookReach } from '../../handlers/sources/bindings.ts';
import { leavingWatches } from '../../handlers/sources/departure.ts';
import { daemonPodSource } from '../../handlers/sources/nodes.ts';
import { LEARNT_SOURCES } from '../../handlers/sources/recorded-profiles.ts';
import { MANAGED_RECORDINGS, recordingWatches } from '../../handlers/sources/recording-watches.ts';
import { spodSource } from '../../handlers/sources/spods.ts';
import { SPOD, WEBHOOK } from '../../core/names.ts';
import { PROFILE_RECORDING } from '../../gen/kinds.ts';
import { isDeleting, keyOf } from '../../runtime/object.ts';
import { steady } from './manager-pods.ts';
import type { PodSide } from './manager-pods.ts';

/** Registers the handlers. */
export function registerRecordingHandlers({ operator, clock, kinds, source, readers, leave }: PodSide): void {
  const spodKey = { namespace: readers.namespace, name: SPOD };
  const spodsSource = spodSource(spodKey);
  const spods = operator.reader(spodsSource);
  const daemonPods = daemonPodSource(readers.namespace);
  const all = operator.reader(MANAGED_RECORDINGS);
  const recordings = all.index(({ metadata }) => [metadata.namespace ?? '']);
  const namespaces = operator.reader(NAMESPACES);
  const learnt = LEARNT_SOURCES.map((one) => ({ ...one, reader: operator.reader(one.recorded) }));
  const pods = operator.reader(source);
  const merging = new PartialProfiles({
    kinds: learnt.map(({ kind, resource, reader: recorded }) => ({
      kind,
      recorded,
      profiles: { get: (key) => kinds.find((known) => known.kind.resource === resource)?.profiles.get(key) },
    })),
    isTerminating: (namespace) => {
      const object = namespaces.get({ name: namespace });
      return object !== undefined && isDeleting(object);
    },
    now: () => clock.monotonic(),
  });
  operator.register(
    new ProfileRecordingHandler({
      watches: [
        ...recordingWatches({ pods: source, spods: spodsSource, daemonPods, recordings, all }),
        ...leavingWatches(readers.namespace, PROFILE_RECORDING, () => all.list().map(keyOf)),
      ],
      pods: new RecordingPods(pods),
      progress: new ProgressOfRecordings(learnt.map(({ reader }) => reader)),
      reach: new WebhookReach(WEBHOOK.recording, namespaces, spods, spodKey),
      spods,
      spodKey,
      daemonPods: readers.daemonPods,
      merging,
      isLeaving: (resource) => leave.leaving.isLeaving(resource),
      now: () => clock.now(),
    }),
  );
  for (const { resource, recorded, reader } of learnt) {
    operator.register(
      new AbandonedRecordings({
        recorded: { resource, source: recorded, reader },
        nodes: readers.nodes,
        pods: { source, reader: pods },
        now: () => clock.monotonic(),
      }),
    );
  }
  operator.register(new RecordedPodEventsHandler({ source, recordings, now: steady(clock) }));
}
