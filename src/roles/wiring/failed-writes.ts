// SPDX-License-Identifier: Apache-2.0
// Counts writes that the API server did not take: the one failure that no handler sees, because writing is the runtime's
// part.
import type { Transport } from '../../runtime/api.ts';
import type { Resource } from '../../runtime/object.ts';

/** Answers that need no alarm: the object has changed or gone meanwhile, and is looked at again. */
const OVERTAKEN: readonly number[] = [404, 409];

/** A transport that tells of each refused or unanswered write of a kind. */
export function countFailedWrites(transport: Transport, kind: Resource, onError: () => void): Transport {
  return {
    stream: (request, signal) => transport.stream(request, signal),
    request: async (request, signal) => {
      const concerned = request.method !== 'GET' && request.path.includes(`/${kind.plural}`);
      try {
        const answer = await transport.request(request, signal);
        if (concerned && answer.status >= 400 && !OVERTAKEN.includes(answer.status)) onError();
        return answer;
      } catch (error) {
        if (concerned && !signal.aborted) onError();
        throw error;
      }
    },
  };
}
