// SPDX-License-Identifier: Apache-2.0
// The eBPF recorder of a node: system calls of containers become profiles. Wiring only: calls come from a compiled
// program, which containers are recorded is decided in core/recording, and what profiles become of them in handlers.
import path from 'node:path';
import { Registry } from 'prom-client';
import { parseRecorderSettings } from '../core/config.ts';
import { IMAGE_FOLDER } from '../core/deploy/image.ts';
import type { Environment } from '../core/env.ts';
import { errorText } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { Captures } from '../core/recording/captures.ts';
import { RecorderSession } from '../core/recording/recorder-session.ts';
import type { RecordingMeter } from '../handlers/node/recorded-pods.ts';
import type { RecordingChoice } from '../handlers/node/recording-choice.ts';
import { SYSTEM_CLOCK } from '../io/clock.ts';
import { servePage } from '../io/local-page.ts';
import { RecorderCounters } from '../io/recorder-counters.ts';
import { startedChannel } from '../io/native/child-channel.ts';
import { ContainerRecorder } from '../io/native/container-recorder.ts';
import { beginProcess } from './process/cluster-process.ts';
import { ownArchitecture } from './process/own-architecture.ts';
import { wireBpfRecorder } from './wiring/bpf-recorder.ts';
import { RecordingFlow } from './wiring/recording-flow.ts';

/** The compiled program. */
const PROGRAM = path.join(IMAGE_FOLDER, 'container_recorder');

/** Runs the eBPF recorder until the signal aborts, or the compiled program does not last; the exit status. */
export async function bpfRecorder(args: readonly string[], env: Environment, signal: AbortSignal): Promise<number> {
  const settings = parseRecorderSettings(args, env);
  const process = await beginProcess('bpf-recorder', settings.nodeName, settings);
  const log = process.log.named('bpf-recorder');
  log.info(`Starting bpf-recorder on node: ${settings.nodeName}`);
  const registry = new Registry();
  const closePage = await servePage(
    settings.socket,
    () => registry.metrics(),
    (error) => log.warn('the metrics could not be handed over', { why: errorText(error) }),
  );
  const counters = new RecorderCounters(registry, settings.nodeName);
  const captures: Captures = new Captures({
    changed: (pod) => wiring.recorded.changed(pod),
    dropped: (reason) => counters.dropped(reason),
  });
  const side = { native: ownArchitecture(), captures, meter: meterOf(counters, log), changed: () => flow.changed() };
  const wiring = wireBpfRecorder(settings, process.parts, side);
  const flow = flowOf(wiring.choice, captures, counters, log);
  await process.serveProbes(() => wiring.operator.ready && flow.ready);
  await wiring.operator.start();
  const status = await flow.run(signal);
  await wiring.recorded.flush();
  await wiring.operator.stop();
  await closePage();
  await process.close();
  return status;
}

function flowOf(choice: RecordingChoice, captures: Captures, counters: RecorderCounters, log: Log): RecordingFlow {
  const session = new RecorderSession({
    captures,
    verdict: (uid) => choice.verdict(uid),
    found: (containerID, podUID) => log.debug('recording a container', { containerID, podUID }),
    entered: (containerID, mountNamespace) => counters.entered(containerID, mountNamespace),
    now: () => SYSTEM_CLOCK.now(),
  });
  return new RecordingFlow({
    log,
    clock: SYSTEM_CLOCK,
    session,
    start: () => new ContainerRecorder(startedChannel(PROGRAM)),
    isWanted: () => choice.isWanted,
  });
}

/** Counts what is recorded, and says of each container once that it is. */
function meterOf(counters: RecorderCounters, log: Log): RecordingMeter {
  return {
    seen: (profile, capture) => {
      if (!counters.seen(profile, capture)) return;
      const { id: containerID, container: containerName } = capture;
      log.info('Found container ID in cluster', { containerID, containerName, profile });
    },
    gone: (id) => counters.gone(id),
  };
}
