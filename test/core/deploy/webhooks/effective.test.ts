// SPDX-License-Identifier: Apache-2.0
// The settings of webhooks that are in force: defaults, options, and what no option takes away.
import { expect } from 'chai';
import { selects } from '../../../../src/core/label-selector.ts';
import { effectiveWebhook, unknownWebhooks } from '../../../../src/core/deploy/webhooks/effective.ts';

const NOT_SYSTEM = { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['op', 'kube-system'] };

describe('core/deploy/webhooks/effective', () => {
  it('has the defaults without options, also for the guard of images', () => {
    for (const name of ['binding.spo.io', 'binding-image.spo.io'] as const) {
      expect(effectiveWebhook({}, name, 'op')).to.deep.equal({
        failurePolicy: 'Fail',
        namespaceSelector: {
          matchExpressions: [{ key: 'spo.x-k8s.io/enable-binding', operator: 'Exists' }, NOT_SYSTEM],
        },
        objectSelector: {},
      });
    }
  });

  it('lets no pod escape by a label, unless an option says so', () => {
    const { objectSelector } = effectiveWebhook({}, 'binding.spo.io', 'op');
    for (const name of ['security-profiles-operator', 'security-profiles-operator-webhook']) {
      expect(selects(objectSelector, { name })).to.equal(true);
    }
  });

  it('takes the example for AKS as the manual has it, and goes on leaving its own namespaces out', () => {
    const namespaceSelector = { matchExpressions: [{ key: 'control-plane', operator: 'DoesNotExist' }] } as const;
    const webhookOptions = [
      { name: 'binding.spo.io', namespaceSelector },
      { name: 'recording.spo.io', namespaceSelector },
    ];
    const { failurePolicy, namespaceSelector: selector } = effectiveWebhook({ webhookOptions }, 'binding.spo.io', 'op');
    expect(failurePolicy).to.equal('Fail');
    expect(selector).to.deep.equal({
      matchExpressions: [{ key: 'control-plane', operator: 'DoesNotExist' }, NOT_SYSTEM],
    });
    expect(effectiveWebhook({ webhookOptions }, 'recording.spo.io', 'op').namespaceSelector).to.deep.equal(selector);
    expect(unknownWebhooks({ webhookOptions })).to.deep.equal([]);
  });

  it('has recordings in namespaces with a label of their own, and follows no options but their own', () => {
    const webhookOptions = [{ name: 'binding.spo.io', failurePolicy: 'Ignore' }] as const;
    expect(effectiveWebhook({ webhookOptions }, 'recording.spo.io', 'op')).to.deep.equal({
      failurePolicy: 'Fail',
      objectSelector: {},
      namespaceSelector: {
        matchExpressions: [{ key: 'spo.x-k8s.io/enable-recording', operator: 'Exists' }, NOT_SYSTEM],
      },
    });
  });

  it('replaces each field by itself; the guard follows the binding unless it has options of its own', () => {
    const objectSelector = { matchLabels: { tier: 'web' } };
    const webhookOptions = [
      { name: 'binding.spo.io', failurePolicy: 'Ignore', objectSelector },
      { name: 'binding-image.spo.io', failurePolicy: 'Fail' },
    ] as const;
    const binding = effectiveWebhook({ webhookOptions }, 'binding.spo.io', 'op');
    const guard = effectiveWebhook({ webhookOptions }, 'binding-image.spo.io', 'op');
    expect(binding).to.deep.include({ failurePolicy: 'Ignore', objectSelector });
    expect(guard).to.deep.include({ failurePolicy: 'Fail', objectSelector });
    expect(guard.namespaceSelector).to.deep.equal(binding.namespaceSelector);
  });

  it('keeps the labels of a selector, and names kube-system once where the operator lives there', () => {
    const webhookOptions = [{ name: 'binding.spo.io', namespaceSelector: { matchLabels: { team: 'a' } } }];
    const { namespaceSelector } = effectiveWebhook({ webhookOptions }, 'binding.spo.io', 'kube-system');
    expect(namespaceSelector.matchLabels).to.deep.equal({ team: 'a' });
    expect(namespaceSelector.matchExpressions?.map(({ values }) => values)).to.deep.equal([['kube-system']]);
  });
});
