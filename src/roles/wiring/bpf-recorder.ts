// SPDX-License-Identifier: Apache-2.0
// The eBPF recorder on the runtime: which pods of its node are to be recorded, and what becomes of it.
import type { RecorderSettings } from '../../core/config.ts';
import type { Captures } from '../../core/recording/captures.ts';
import type { KnownArchitecture } from '../../core/seccomp/syscalls.ts';
import type { RecordingMeter } from '../../handlers/node/recorded-pods.ts';
import { RecordingChoice } from '../../handlers/node/recording-choice.ts';
import { RECORDINGS } from '../../handlers/sources/admission-state.ts';
import type { ControllerManagerParts } from '../../runtime/controller-manager.ts';
import type { PolicyRule } from '../../runtime/handler.ts';
import { SpoOperator } from '../../runtime/spo-operator.ts';
import { nodePods, wireRecordedPods } from './recorded-pods.ts';
import type { RecordedProfiles } from './recorded-pods.ts';

/** The recorder's view of the cluster, ready to start. */
export interface RecorderWiring {
  readonly operator: SpoOperator;
  readonly choice: RecordingChoice;
  /** To be told when the captures of a pod have changed, with its UID. */
  readonly recorded: RecordedProfiles;
  /** All that it may do. */
  readonly rules: () => readonly PolicyRule[];
}

/** The parts of the recorder that are no part of the cluster. */
export interface RecorderSide {
  readonly native: KnownArchitecture;
  readonly captures: Captures;
  readonly meter: RecordingMeter;
  /** The choice may be another now. */
  readonly changed: () => void;
}

/** Wires the eBPF recorder of a node. */
export function wireBpfRecorder(
  { nodeName: node, memoryOptimization }: Pick<RecorderSettings, 'nodeName' | 'memoryOptimization'>,
  parts: ControllerManagerParts,
  { native, captures, meter, changed }: RecorderSide,
): RecorderWiring {
  const operator = SpoOperator.create(parts);
  const pods = nodePods(node, memoryOptimization);
  const choice = new RecordingChoice({
    recorder: 'bpf',
    recordings: { source: RECORDINGS, reader: operator.reader(RECORDINGS) },
    pods: { source: pods, reader: operator.reader(pods) },
    changed,
  });
  operator.register(choice);
  const recorded = wireRecordedPods(operator, parts.clock, { node, recorder: 'bpf', native, captures, meter, pods });
  return { operator, choice, recorded, rules: () => operator.rules() };
}
