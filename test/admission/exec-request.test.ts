// SPDX-License-Identifier: Apache-2.0
// Processes that a request starts carry its id.
import { expect } from 'chai';
import { ExecRequestWebhook } from '../../src/admission/exec-request.ts';
import { parseReview } from '../../src/admission/review.ts';
import { applyPatch } from '../../src/core/json-patch.ts';

const MARK = { name: 'SPO_EXEC_REQUEST_UID', value: 'u-1' };

/** The object as the webhook leaves it, and the id in the audit log. */
function marked(
  kind: string,
  operation: string,
  object: object,
  more: { readonly subResource?: string; readonly oldObject?: object } = {},
): { readonly object: unknown; readonly audit: unknown } {
  const request = { uid: 'u-1', kind: { kind }, operation, namespace: 'ns', name: 'p', object, ...more };
  const review = parseReview({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request });
  const answer = new ExecRequestWebhook().review(review);
  if (!answer.allowed) throw new Error(answer.message);
  return { object: applyPatch(object, answer.patch), audit: answer.auditAnnotations };
}

describe('admission/exec-request', () => {
  it('has env set the variable of a command, whatever its words are', () => {
    const options = { kind: 'PodExecOptions', stdin: true, command: ['sh', '-c', 'a; b', ''] };
    const { object, audit } = marked('PodExecOptions', 'CONNECT', options, { subResource: 'exec' });
    expect(object).to.deep.equal({ ...options, command: ['env', 'SPO_EXEC_REQUEST_UID=u-1', 'sh', '-c', 'a; b', ''] });
    expect(audit).to.deep.equal({ 'request-uid': 'u-1' });
  });

  it('gives the variable to all containers of a new pod, and believes none of a user', () => {
    const forged = { name: MARK.name, valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } };
    const other = { name: 'A', value: 'b' };
    const pod = { spec: { initContainers: [{ name: 'i' }], containers: [{ name: 'c', env: [forged, other, MARK] }] } };
    expect(marked('Pod', 'CREATE', pod).object).to.deep.equal({
      spec: { initContainers: [{ name: 'i', env: [MARK] }], containers: [{ name: 'c', env: [other, MARK] }] },
    });
  });

  it('gives it to an ephemeral container that is added, and changes no other', () => {
    const spec = { containers: [{ name: 'c' }], ephemeralContainers: [{ name: 'old' }] };
    const object = { spec: { ...spec, ephemeralContainers: [{ name: 'old' }, { name: 'new' }] } };
    const more = { subResource: 'ephemeralcontainers', oldObject: { spec } };
    const ephemeralContainers = [{ name: 'old' }, { name: 'new', env: [MARK] }];
    expect(marked('Pod', 'UPDATE', object, more).object).to.deep.equal({ spec: { ...spec, ephemeralContainers } });
  });

  it('leaves everything else as it is', () => {
    const pod = { spec: { containers: [{ name: 'c' }] } };
    for (const [kind, operation, object] of [
      ['Pod', 'UPDATE', pod],
      ['Pod', 'CONNECT', pod],
      ['PodAttachOptions', 'CONNECT', { stdin: true }],
      ['PodExecOptions', 'CONNECT', { command: [] }],
    ] as const) {
      expect(marked(kind, operation, object)).to.deep.equal({ object, audit: undefined });
    }
  });
});
