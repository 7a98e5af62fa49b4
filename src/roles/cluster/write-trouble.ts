// SPDX-License-Identifier: Apache-2.0
// Counts reports of the node that the API server did not take: the one failure that no handler sees, because writing is the
// runtime's part.
import { SECURITY_PROFILE_NODE_STATUS } from '../../gen/kinds.ts';
import type { Transport } from '../../runtime/api.ts';

/** A transport that tells of each refused or unanswered write of a node's report. A conflict is none: it is tried again. */
export function tellOfReports(transport: Transport, onTrouble: () => void): Transport {
  return {
    stream: (request, signal) => transport.stream(request, signal),
    request: async (request, signal) => {
      const concerned = request.method !== 'GET' && request.path.includes(`/${SECURITY_PROFILE_NODE_STATUS.plural}`);
      try {
        const answer = await transport.request(request, signal);
        if (concerned && answer.status >= 400 && answer.status !== 409) onTrouble();
        return answer;
      } catch (error) {
        if (concerned && !signal.aborted) onTrouble();
        throw error;
      }
    },
  };
}
