// SPDX-License-Identifier: Apache-2.0
// No option of a spod object is ignored in silence.
import { expect } from 'chai';
import { configuredSpod, defaultSpod, optionsInEffect } from '../../../src/core/deploy/spod.ts';
import type { SecurityProfilesOperatorDaemonSpec } from '../../../src/gen/crd/security-profiles-operator-daemon.ts';

describe('core/deploy/spod', () => {
  it('makes a default spod with every option in effect', () => {
    const spod = defaultSpod('ns');
    expect(spod.metadata).to.include({ name: 'spod', namespace: 'ns' });
    expect(optionsInEffect(spod.spec ?? {}, 3)).to.include({ status: 'True', observedGeneration: 3 });
  });

  it('makes it with the options of the installation; a limit among these is one that somebody has set', () => {
    const spod = defaultSpod('ns', { enableLogEnricher: true }, { verbosity: 1, enableSelinux: true });
    expect(spod.spec).to.deep.equal({ verbosity: 1, enableLogEnricher: true, enableSelinux: true });
    expect(spod.metadata.annotations).to.have.property('spo.x-k8s.io/made-by-default');
    const limited = defaultSpod('ns', {}, { allowedSyscalls: ['read'] });
    expect(limited.metadata.annotations).to.have.all.keys('spo.x-k8s.io/options-hash');
  });

  it('applies options when they have changed, and those only', () => {
    const spod = defaultSpod('ns', {}, { enableSelinux: true });
    expect(configuredSpod(spod, { enableSelinux: true })).to.equal(undefined);
    const changed = configuredSpod(spod, { enableAppArmor: true });
    expect(changed).to.deep.include({ spec: { enableAppArmor: true } });
    const again = { ...spod, metadata: { ...spod.metadata, ...changed?.metadata } };
    expect(configuredSpod(again, { enableAppArmor: true })).to.equal(undefined);
    const none = configuredSpod(spod, {});
    expect(none).to.deep.include({ spec: {} });
    expect(none?.metadata).to.not.have.property('annotations');
    expect(configuredSpod(defaultSpod('ns'), {})).to.equal(undefined);
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

  it('takes the options of SELinux profiles', () => {
    const selinuxOptions = { allowedSystemProfiles: ['container', 'net_container'] };
    expect(optionsInEffect({ enableSelinux: true, selinuxOptions }, 1).status).to.equal('True');
  });

  it('answers rules of the log enricher that mean nothing, and does not hand them on', () => {
    const answer = optionsInEffect({ enableLogEnricher: true, logEnricherFilters: '[{}]' }, 1);
    expect(answer).to.include({
      status: 'False',
      reason: 'OptionIgnored',
      message: 'spec.logEnricherFilters rule 1 needs a whole priority',
    });
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
      'spec.webhookOptions: there is no webhook bindings.spo.io; there are binding.spo.io, binding-image.spo.io, recording.spo.io, execmetadata.spo.io, nodedebuggingpod.spo.io',
    );
  });

  it('answers a list of actions that would weaken the limit', () => {
    const answer = optionsInEffect({ allowedSeccompActions: ['SCMP_ACT_ALLOW'] }, 1);
    expect(answer).to.include({ status: 'False', reason: 'OptionIgnored' });
    expect(answer.message).to.contain(
      'spec.allowedSeccompActions: SCMP_ACT_LOG, SCMP_ACT_TRACE, SCMP_ACT_NOTIFY count',
    );
  });
});
