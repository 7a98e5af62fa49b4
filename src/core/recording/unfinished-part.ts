// SPDX-License-Identifier: Apache-2.0
// A part whose containers still run as far as it says, though their end will not be told any more: their node is gone.
// In the merged profile their runs end with the last call that was seen, and lack all later ones.
import type { SeccompProfile } from '../../gen/crd/seccomp-profile.ts';
import { ANNOTATION } from '../names.ts';
import { parseEvidence } from './evidence-form.ts';
import { printEvidence } from './evidence.ts';
import type { Evidence, Run } from './evidence.ts';

/** The reason of a loss: counted once for each run whose end nobody has seen. */
const END_NOT_SEEN = 'end-not-seen';

/** The part as one that has ended; a part that has is returned as it is. */
export function endedPart(part: SeccompProfile): SeccompProfile {
  const { annotations } = part.metadata;
  const evidence = parseEvidence(annotations?.[ANNOTATION.recordingEvidence]);
  const open = Object.values(evidence?.instances ?? {}).filter(({ until }) => until === undefined);
  if (evidence === undefined || open.length === 0) return part;
  const sentence = `the end of containers that were recorded was not seen`;
  const gaps = annotations?.[ANNOTATION.recordingIncomplete];
  return {
    ...part,
    metadata: {
      ...part.metadata,
      annotations: {
        ...annotations,
        [ANNOTATION.recordingEvidence]: printEvidence(ended(evidence)),
        [ANNOTATION.recordingIncomplete]: gaps === undefined ? sentence : `${gaps}; ${sentence}`,
      },
    },
  };
}

function ended(evidence: Evidence): Evidence {
  const { instances, lastNewCall } = evidence;
  const end = (run: Run): Run => {
    if (run.until !== undefined) return run;
    const isLater = lastNewCall !== undefined && lastNewCall > run.from;
    return { ...run, until: isLater ? lastNewCall : run.from, lost: { ...run.lost, [END_NOT_SEEN]: 1 } };
  };
  return { ...evidence, instances: Object.fromEntries(Object.entries(instances).map(([id, run]) => [id, end(run)])) };
}
