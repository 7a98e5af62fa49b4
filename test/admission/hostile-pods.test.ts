// SPDX-License-Identifier: Apache-2.0
// Pods as nobody writes them: each is answered, or refused in a sentence.
import { expect } from 'chai';
import fc from 'fast-check';
import { BindingWebhook } from '../../src/admission/binding.ts';
import type { AdmittedPod } from '../../src/core/binding/pod.ts';
import { SILENT } from '../../src/core/log.ts';
import { ANNOTATION } from '../../src/core/names.ts';
import { reviewRoutes } from '../../src/roles/process/webhook-endpoint.ts';
import { binding, container, pod } from '../core/binding/objects.ts';
import { admitted, allowed, creation, stateOf } from './requests.ts';

function many(count: number, image: string): AdmittedPod {
  return pod(Array.from({ length: count }, (_, at) => container(`c${String(at)}`, image)));
}

describe('admission/binding of hostile pods', () => {
  it('answers for thousands of containers', () => {
    const webhook = new BindingWebhook(stateOf([binding({ image: 'nginx' })]));
    const { patch } = allowed(webhook.review(creation(many(5000, 'docker.io/library/nginx:latest'))));
    expect(patch).to.have.length(5001);
  });

  it('refuses one whose annotations would be longer than the API server takes, and says so', () => {
    const webhook = new BindingWebhook(stateOf([binding({ name: 'b'.repeat(200), image: 'nginx' })]));
    const answer = webhook.review(creation(many(2000, 'nginx')));
    expect(answer).to.include({ allowed: false, outcome: 'denied', code: 422, reason: 'Invalid' });
    expect(answer)
      .property('message')
      .to.match(/^binding.spo.io: pod p would have \d+ bytes of annotations/);
    const full = pod([container('web', 'nginx')], {}, { annotations: { note: 'é'.repeat(131_000) } });
    expect(webhook.review(creation(full))).to.include({ allowed: false, code: 422 });
    const fitting = pod([container('web', 'nginx')], {}, { annotations: { note: 'x'.repeat(261_000) } });
    expect(webhook.review(creation(fitting))).to.include({ allowed: true });
  });

  it('answers for images of any text', () => {
    const webhook = new BindingWebhook(stateOf([binding({ image: 'nginx' }), binding({ name: 'any', image: '*' })]));
    const texts = fc.oneof(fc.string({ maxLength: 4096 }), fc.constantFrom('a'.repeat(4096), '/'.repeat(4096), ''));
    fc.assert(
      fc.property(texts, (image) => {
        expect(webhook.review(creation(pod([container('web', image)])))).to.include({ allowed: true });
      }),
    );
  });

  it('answers for keys that a pointer must escape and names that objects have by themselves', () => {
    const webhook = new BindingWebhook(stateOf([binding({ image: 'nginx' })]));
    const annotations = JSON.parse('{"a/b~c": "x", "__proto__": "y", "constructor": "z"}') as object;
    const given = pod([container('__proto__', 'nginx'), container('constructor', 'nginx')], {}, { annotations });
    const result = admitted(webhook, creation(given));
    expect(Object.keys(result.metadata?.annotations ?? {})).to.have.members([
      'a/b~c',
      '__proto__',
      'constructor',
      ANNOTATION.profileBindings,
    ]);
  });

  it('refuses or answers for values of any other type, and never throws', () => {
    const webhook = new BindingWebhook(stateOf([binding({ image: 'nginx' }), binding({ name: 'any', image: '*' })]));
    const shapes = fc.record(
      {
        metadata: fc.oneof(fc.jsonValue(), fc.record({ annotations: fc.jsonValue(), labels: fc.jsonValue() })),
        spec: fc.oneof(
          fc.jsonValue(),
          fc.record({
            containers: fc.oneof(fc.jsonValue(), fc.array(fc.record({ name: fc.jsonValue(), image: fc.jsonValue() }))),
            securityContext: fc.jsonValue(),
            schedulingGates: fc.jsonValue(),
          }),
        ),
      },
      { requiredKeys: [] },
    );
    const routes = reviewRoutes({
      webhooks: [webhook],
      metrics: { reviewed: () => undefined },
      log: SILENT,
      failurePolicy: () => 'Fail',
    });
    fc.assert(
      fc.property(shapes, (object) => {
        const request = { uid: 'u', kind: { kind: 'Pod' }, operation: 'CREATE', namespace: 'shop', object };
        const body = JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request });
        const headers = { 'content-type': 'application/json' };
        const query = new URLSearchParams();
        const question = { method: 'POST', path: webhook.path, query, headers, body, address: '' };
        const answer = routes[webhook.path]?.(question, new AbortController().signal);
        expect(answer).to.include({ status: 200 });
      }),
      { numRuns: 1000 },
    );
  });
});
