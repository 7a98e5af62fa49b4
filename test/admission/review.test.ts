// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { InvalidReview, parseReview, printReview } from '../../src/admission/review.ts';

const REQUEST = {
  uid: 'u-1',
  kind: { group: '', version: 'v1', kind: 'Pod' },
  resource: { group: '', version: 'v1', resource: 'pods' },
  operation: 'CREATE',
  namespace: 'shop',
  userInfo: { username: 'alice', groups: ['dev'] },
  object: { kind: 'Pod' },
  oldObject: null,
  dryRun: true,
};

function reviewOf(request: unknown): unknown {
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request };
}

const BAD: readonly (readonly [string, unknown, string])[] = [
  ['a list', [], 'the body must be an object'],
  ['an older version', { ...(reviewOf(REQUEST) as object), apiVersion: 'admission.k8s.io/v1beta1' }, 'apiVersion'],
  ['an answer', reviewOf(undefined), 'request must be an object'],
  ['no uid', reviewOf({ ...REQUEST, uid: '' }), 'request.uid'],
  ['a kind as a text', reviewOf({ ...REQUEST, kind: 'Pod' }), 'request.kind must'],
  ['an unknown operation', reviewOf({ ...REQUEST, operation: 'PATCH' }), 'request.operation'],
  ['an object as a text', reviewOf({ ...REQUEST, object: 'x' }), 'request.object'],
  ['a namespace as a number', reviewOf({ ...REQUEST, namespace: 7 }), 'request.namespace'],
];

describe('admission/review', () => {
  it('reads a request of a pod that has no name yet', () => {
    expect(parseReview(reviewOf(REQUEST))).to.deep.equal({
      uid: 'u-1',
      kind: 'Pod',
      subResource: undefined,
      operation: 'CREATE',
      namespace: 'shop',
      name: '',
      dryRun: true,
      object: { kind: 'Pod' },
      oldObject: undefined,
      userInfo: { username: 'alice' },
    });
    const ephemeral = { ...REQUEST, subResource: 'ephemeralcontainers', name: 'web', oldObject: {} };
    expect(parseReview(reviewOf(ephemeral))).to.include({ subResource: 'ephemeralcontainers', name: 'web' });
  });

  for (const [title, body, message] of BAD) {
    it(`refuses ${title}`, () => expect(() => parseReview(body)).to.throw(InvalidReview, message));
  }

  it('prints a patch, and nothing of an empty one', () => {
    const patch = [{ op: 'add', path: '/spec/x', value: 'ä' }] as const;
    const answer = { allowed: true, outcome: 'bound', warnings: [], auditAnnotations: { bound: 'a=b' } } as const;
    const { response } = JSON.parse(printReview('u', { ...answer, patch })) as { response: { patch: string } };
    expect(JSON.parse(Buffer.from(response.patch, 'base64').toString('utf8'))).to.deep.equal(patch);
    expect(response).to.include({ uid: 'u', allowed: true, patchType: 'JSONPatch' });
    expect(JSON.parse(printReview('u', { ...answer, patch: [] }))).to.deep.equal({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response: { uid: 'u', allowed: true, auditAnnotations: { bound: 'a=b' } },
    });
  });

  it('prints warnings in one short line each, and no more than arrive', () => {
    const warnings = ['a\nb', ...Array.from({ length: 40 }, () => 'w'.repeat(300))];
    const text = printReview('u', { allowed: true, outcome: 'skipped', patch: [], warnings });
    const { response } = JSON.parse(text) as { response: { warnings: string[] } };
    expect(response.warnings[0]).to.equal('a b');
    expect(Math.max(...response.warnings.map(({ length }) => length))).to.equal(256);
    expect(response.warnings.join('').length).to.be.at.most(4096);
  });

  it('prints a refusal with its status', () => {
    const refused = { allowed: false, outcome: 'denied', code: 403, reason: 'Forbidden', message: 'no' } as const;
    expect(JSON.parse(printReview('u', refused))).to.deep.include({
      response: {
        uid: 'u',
        allowed: false,
        status: { status: 'Failure', code: 403, reason: 'Forbidden', message: 'no' },
      },
    });
  });
});
