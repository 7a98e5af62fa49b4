// SPDX-License-Identifier: Apache-2.0
// The eBPF recorder on the runtime: which pods of its node are to be recorded.
import type { RecorderSettings } from '../../core/config.ts';
import { LABEL } from '../../core/names.ts';
import { RecordingChoice } from '../../handlers/node/recording-choice.ts';
import { RECORDINGS } from '../../handlers/sources/admission-state.ts';
import { recordablePodSource } from '../../handlers/sources/recordable-pods.ts';
import type { ControllerManagerParts } from '../../runtime/controller-manager.ts';
import type { PolicyRule } from '../../runtime/handler.ts';
import { SpoOperator } from '../../runtime/spo-operator.ts';

/** The recorder's view of the cluster, ready to start. */
export interface RecorderWiring {
  readonly operator: SpoOperator;
  readonly choice: RecordingChoice;
  /** All that it may do. */
  readonly rules: () => readonly PolicyRule[];
}

/**
 * Wires the eBPF recorder of a node.
 * @param changed - the choice may be another now
 */
export function wireBpfRecorder(
  { nodeName, memoryOptimization }: Pick<RecorderSettings, 'nodeName' | 'memoryOptimization'>,
  parts: ControllerManagerParts,
  changed: () => void,
): RecorderWiring {
  const operator = SpoOperator.create(parts);
  const pods = recordablePodSource({
    fieldSelector: `spec.nodeName=${nodeName}`,
    ...(memoryOptimization ? { labelSelector: LABEL.enableRecording } : {}),
  });
  const choice = new RecordingChoice({
    recorder: 'bpf',
    recordings: { source: RECORDINGS, reader: operator.reader(RECORDINGS) },
    pods: { source: pods, reader: operator.reader(pods) },
    changed,
  });
  operator.register(choice);
  return { operator, choice, rules: () => operator.rules() };
}
