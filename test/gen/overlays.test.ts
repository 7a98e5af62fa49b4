// SPDX-License-Identifier: Apache-2.0
// The options of the overlays: the manager takes them as they are, and each has an effect.
import { expect } from 'chai';
import { parseSpodOptions } from '../../src/core/deploy/spod-options.ts';
import { optionsInEffect } from '../../src/core/deploy/spod.ts';
import { effectiveWebhook, INSTALLED_WEBHOOKS } from '../../src/core/deploy/webhooks/effective.ts';
import { OVERLAYS } from '../../tools/gen/overlays.ts';

describe('tools/gen/overlays', () => {
  for (const { name, options } of OVERLAYS) {
    it(`gives the manager options for ${name} that it takes`, () => {
      expect(parseSpodOptions(JSON.stringify(options))).to.deep.equal(options);
      expect(optionsInEffect(options, 1).status).to.equal('True');
    });
  }

  it('adds to every webhook on AKS the condition that AKS would write itself, and takes none away', () => {
    const options = OVERLAYS.find(({ name }) => name === 'aks')?.options ?? {};
    for (const webhook of INSTALLED_WEBHOOKS) {
      const usual = effectiveWebhook({}, webhook, 'ns');
      const own = effectiveWebhook(options, webhook, 'ns');
      const added = { key: 'control-plane', operator: 'DoesNotExist' };
      const { matchExpressions = [] } = own.namespaceSelector;
      const others = matchExpressions.filter(({ key }) => key !== added.key);
      expect(matchExpressions, webhook).to.deep.include(added);
      const namespaceSelector = { ...own.namespaceSelector, matchExpressions: others };
      expect({ ...own, namespaceSelector }, webhook).to.deep.equal(usual);
    }
  });
});
