// SPDX-License-Identifier: Apache-2.0
// No option of a spod object is ignored in silence.
import { expect } from 'chai';
import { defaultSpod, optionsInEffect } from '../../../src/core/deploy/spod.ts';
import type { SecurityProfilesOperatorDaemonSpec } from '../../../src/gen/crd/security-profiles-operator-daemon.ts';

describe('core/deploy/spod', () => {
  it('makes a default spod with every option in effect', () => {
    const spod = defaultSpod('ns');
    expect(spod.metadata).to.include({ name: 'spod', namespace: 'ns' });
    expect(optionsInEffect(spod.spec ?? {}, 3)).to.include({ status: 'True', observedGeneration: 3 });
  });

  it('takes the defaults that the API server fills in for no wish', () => {
    const defaults: SecurityProfilesOperatorDaemonSpec = {
      hostProcVolumePath: '/proc',
      selinuxTypeTag: 'spc_t',
      selinuxOptions: { allowedSystemProfiles: ['container'] },
      staticWebhookConfig: false,
      webhookOptions: [],
      enableSelinux: false,
      disableOciArtifactSignatureVerification: false,
    };
    expect(optionsInEffect(defaults, 1).status).to.equal('True');
  });

  it('answers rules of the log enricher that mean nothing, and does not hand them on', () => {
    const answer = optionsInEffect({ enableLogEnricher: true, logEnricherFilters: '[{}]' }, 1);
    expect(answer).to.include({
      status: 'False',
      reason: 'OptionIgnored',
      message: 'spec.logEnricherFilters rule 1 needs a whole priority',
    });
  });

  it('answers each option whose part is missing with its name', () => {
    const asked: SecurityProfilesOperatorDaemonSpec = {
      enableSelinux: true,
      selinuxOptions: { allowedSystemProfiles: ['container', 'net_container'] },
      enableAppArmor: true,
    };
    const answer = optionsInEffect(asked, 1);
    expect(answer).to.include({ type: 'OptionsInEffect', status: 'False', reason: 'OptionNotAvailable' });
    for (const field of Object.keys(asked)) expect(answer.message).to.contain(`spec.${field} needs `);
    expect(optionsInEffect({ enableAppArmor: true }, 1).message).to.equal(
      'this version of the operator lacks what some options ask for: spec.enableAppArmor needs AppArmor profiles',
    );
  });

  it('knows the webhooks, and names those that it does not', () => {
    const webhookOptions = [{ name: 'binding.spo.io' }, { name: 'binding-image.spo.io' }, { name: 'recording.spo.io' }];
    const known: SecurityProfilesOperatorDaemonSpec = {
      webhookOptions,
      staticWebhookConfig: true,
      runWebhookInManager: true,
    };
    expect(optionsInEffect(known, 1).status).to.equal('True');
    const answer = optionsInEffect({ webhookOptions: [...webhookOptions, { name: 'bindings.spo.io' }] }, 1);
    expect(answer).to.include({ status: 'False', reason: 'OptionIgnored' });
    expect(answer.message).to.equal(
      'spec.webhookOptions: there is no webhook bindings.spo.io; there are binding.spo.io, binding-image.spo.io, recording.spo.io',
    );
  });

  it('answers a list of actions that would weaken the limit', () => {
    const answer = optionsInEffect({ allowedSeccompActions: ['SCMP_ACT_ALLOW'] }, 1);
    expect(answer).to.include({ status: 'False', reason: 'OptionIgnored' });
    expect(answer.message).to.contain(
      'spec.allowedSeccompActions: SCMP_ACT_LOG, SCMP_ACT_TRACE, SCMP_ACT_NOTIFY count',
    );
    const both = optionsInEffect({ allowedSeccompActions: ['SCMP_ACT_ALLOW'], enableAppArmor: true }, 1).message;
    expect(both).to.contain('spec.enableAppArmor').and.to.contain('spec.allowedSeccompActions');
  });
});
