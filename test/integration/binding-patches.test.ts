// SPDX-License-Identifier: Apache-2.0
// A real API server takes every pod that the binding webhook makes, and keeps all that was set: of a patch it drops
// fields that it does not know without a word, and refuses an invalid pod without naming the webhook.
import { expect } from 'chai';
import { BindingWebhook } from '../../src/admission/binding.ts';
import type { AdmittedPod, Json } from '../../src/core/binding/pod.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { create } from '../../tools/lab/operator.ts';
import { ROWS, shown } from '../admission/binding-table.ts';
import { admitted, creation, stateOf } from '../admission/requests.ts';
import { binding, container, pod } from '../core/binding/objects.ts';
import { sharedPlane } from './shared-plane.ts';

const PODS = '/api/v1/namespaces/shop/pods';

describe('pods of the binding webhook on a real API server', function () {
  this.timeout(300_000);
  let plane: ControlPlane;

  before(async () => {
    plane = await sharedPlane();
    await create(plane, '/api/v1/namespaces', { metadata: { name: 'shop' } });
  });

  /** The pod as the API server would keep it. */
  async function kept(object: AdmittedPod & Json): Promise<AdmittedPod> {
    const { status, body } = await plane.admin.request('POST', `${PODS}?dryRun=All&fieldValidation=Strict`, object);
    expect(status, JSON.stringify(body)).to.equal(201);
    return body as AdmittedPod;
  }

  for (const { title, bindings = [binding()], states, pod: given, expected } of ROWS) {
    it(`are taken: ${title}`, async () => {
      const result = await kept(admitted(new BindingWebhook(stateOf(bindings, states)), creation(given)));
      expect(shown(result)).to.deep.equal(expected);
    });
  }

  it('are taken with profiles of every kind', async () => {
    const bindings = (['SeccompProfile', 'SelinuxProfile', 'AppArmorProfile'] as const).flatMap((kind) => [
      binding({ name: `any-${kind.toLowerCase()}`, image: '*', kind }),
      binding({ name: kind.toLowerCase(), kind }),
    ]);
    const webhook = new BindingWebhook(
      stateOf(bindings, { SelinuxProfile: 'installed', AppArmorProfile: 'installed' }),
    );
    for (const image of ['nginx:1.27', 'other']) {
      const sent = admitted(webhook, creation(pod([container('web', image, { seLinuxOptions: { level: 's0' } })])));
      const { spec } = await kept(sent);
      const [sentFirst] = sent.spec?.containers ?? [];
      const [first] = spec?.containers ?? [];
      expect(first?.securityContext).to.deep.equal(sentFirst?.securityContext);
      expect(spec?.securityContext).to.deep.equal(sent.spec?.securityContext ?? {});
    }
  });
});
