// SPDX-License-Identifier: Apache-2.0
// Reviews by the API server: whose token this is, and what they may do.
import type { Reviewer } from '../../io/http/access.ts';
import type { KubeTransport } from '../../io/kube/transport.ts';
import type { PolicyRule } from '../../runtime/handler.ts';
import { SUBJECT_ACCESS_REVIEW, TOKEN_REVIEW } from '../../runtime/kinds.ts';
import { apiVersionOf } from '../../runtime/object.ts';
import { ruleFor } from '../../runtime/rules.ts';

/** The rules that a process which serves metrics needs besides those of its handlers. */
export const REVIEW_RULES: readonly PolicyRule[] = [TOKEN_REVIEW, SUBJECT_ACCESS_REVIEW].map((kind) =>
  ruleFor(kind, ['create']),
);

/** A review that takes longer than this leaves the asker without an answer. */
const TIMEOUT_MS = 5000;

/** Asks for reviews over a transport. */
export function reviewer(transport: Pick<KubeTransport, 'request'>): Reviewer {
  return async (name, spec) => {
    const resource = name === 'TokenReview' ? TOKEN_REVIEW : SUBJECT_ACCESS_REVIEW;
    const apiVersion = apiVersionOf(resource);
    const { status, body } = await transport.request(
      {
        method: 'POST',
        path: `/apis/${apiVersion}/${resource.plural}`,
        body: { apiVersion, kind: resource.kind, spec },
      },
      AbortSignal.timeout(TIMEOUT_MS),
    );
    if (status >= 300) throw new Error(`the API server answered ${String(status)} to a ${name}`);
    return typeof body === 'object' && body !== null && 'status' in body ? body.status : undefined;
  };
}
