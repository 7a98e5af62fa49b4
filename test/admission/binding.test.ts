// SPDX-License-Identifier: Apache-2.0
// The binding webhook: a table of pods and what becomes of them.
import { expect } from 'chai';
import { BindingWebhook } from '../../src/admission/binding.ts';
import type { AdmittedPod } from '../../src/core/binding/pod.ts';
import { binding, container, pod } from '../core/binding/objects.ts';
import { ROWS, shown } from './binding-table.ts';
import { admitted, allowed, creation, stateOf } from './requests.ts';

const NGINX = 'nginx:1.27';
const WEB = [container('web', NGINX)];

describe('admission/binding', () => {
  for (const { title, bindings = [binding()], states, pod: given, expected } of ROWS) {
    it(`answers for ${title}`, () => {
      const webhook = new BindingWebhook(stateOf(bindings, states));
      const result = admitted(webhook, creation(given));
      expect(shown(result)).to.deep.equal(expected);
      expect(allowed(webhook.review(creation(result))).patch).to.deep.equal([]);
      expect(webhook.review(creation(given, { dryRun: true }))).to.deep.equal(webhook.review(creation(given)));
    });
  }

  it('says in a warning, and in the audit log, why a container is not bound', () => {
    const webhook = new BindingWebhook(stateOf([binding()]));
    const given = pod([container('web', NGINX), container('root', NGINX, { privileged: true })]);
    expect(allowed(webhook.review(creation(given)))).to.deep.include({
      outcome: 'bound',
      warnings: ['ProfileBinding web does not apply to container root: privileged containers run without a profile'],
      auditAnnotations: { bound: 'web=web', skipped: 'root=web:PrivilegedContainer' },
    });
    expect(webhook.review(creation(pod([container('db', 'redis')])))).to.deep.equal({
      allowed: true,
      outcome: 'unbound',
      patch: [],
      warnings: [],
    });
  });

  it('throws for what is no pod, so that it is refused instead of running unbound', () => {
    const webhook = new BindingWebhook(stateOf([binding()]));
    const broken = { spec: { containers: { map: 'is not' } } } as unknown as AdmittedPod;
    expect(() => webhook.review(creation(broken))).to.throw(TypeError);
  });

  it('leaves everything alone but new pods', () => {
    const webhook = new BindingWebhook(stateOf([binding()]));
    const untouched = { allowed: true, outcome: 'allowed', patch: [], warnings: [] };
    const others = [
      { operation: 'UPDATE' },
      { operation: 'DELETE', object: undefined },
      { operation: 'UPDATE', subResource: 'resize' },
      { operation: 'CREATE', subResource: 'binding', kind: 'Binding' },
      { kind: 'Deployment' },
    ] as const;
    for (const other of others) expect(webhook.review(creation(pod(WEB), other))).to.deep.equal(untouched);
  });
});
