// SPDX-License-Identifier: Apache-2.0
// Pods of a binding that tries its profile: under which profile they come, and what a later step means for them.
import { expect } from 'chai';
import { BindingImageWebhook } from '../../src/admission/binding-image.ts';
import { BindingWebhook } from '../../src/admission/binding.ts';
import type { AdmittedPod } from '../../src/core/binding/pod.ts';
import type { BindingState } from '../../src/core/binding/index-cache.ts';
import { twinName } from '../../src/core/binding/twin.ts';
import type { ProfileBinding, TrialPhase } from '../../src/gen/crd/profile-binding.ts';
import { binding, container, localhost, pod } from '../core/binding/objects.ts';
import { admitted, allowed, creation, stateOf, update } from './requests.ts';

const NGINX = 'nginx:1.27';

function tried(phase: TrialPhase | undefined, parts: Parameters<typeof binding>[0] = {}): ProfileBinding {
  const made = binding({ ...parts, spec: { enforcement: { mode: 'Enforce' } } });
  if (phase === undefined) return made;
  return { ...made, status: { trial: { profileUID: 'u', profileGeneration: 1, since: '', phase } } };
}

const TWIN = twinName(tried(undefined));

/** A cluster with the profile and the twin of the binding. */
function cluster(bindings: readonly ProfileBinding[], owner = 'uid-web'): BindingState {
  return {
    ...stateOf(bindings),
    profileIdentity: (_kind, _namespace, name) => ({
      uid: name === 'strict' ? 'u' : 't',
      generation: 1,
      ...(name === 'strict' ? {} : { owner }),
    }),
  };
}

const profileOf = (made: AdmittedPod): unknown => made.spec?.containers?.[0]?.securityContext?.['seccompProfile'];

describe('admission/binding of a profile that is tried', () => {
  const given = pod([container('web', NGINX)]);
  const bound = (bindings: readonly ProfileBinding[], owner?: string) =>
    admitted(new BindingWebhook(cluster(bindings, owner)), creation(given));

  it('puts new pods under the twin, and under the profile once that is promoted', () => {
    expect(profileOf(bound([tried(undefined)]))).to.deep.equal(localhost(TWIN));
    expect(profileOf(bound([tried('Auditing')]))).to.deep.equal(localhost(TWIN));
    expect(profileOf(bound([tried('Enforcing')]))).to.deep.equal(localhost('strict'));
  });

  it('binds nothing where there can be no twin, or it is of somebody else, and says so', () => {
    for (const answer of [bound([tried('Impossible')]), bound([tried(undefined)], 'stranger')]) {
      expect(profileOf(answer)).to.equal(undefined);
      expect(answer.metadata?.annotations).to.deep.equal({
        'spo.x-k8s.io/profile-bindings-skipped': 'web=web:TrialImpossible',
      });
    }
  });

  it('follows a step that the status tells, though nothing else has changed', () => {
    let bindings = [tried('Auditing')];
    const webhook = new BindingWebhook({ ...cluster([]), bindings: () => bindings });
    expect(profileOf(admitted(webhook, creation(given)))).to.deep.equal(localhost(TWIN));
    const [auditing] = bindings;
    bindings = [tried('Enforcing')].map((one) => ({ ...one, metadata: { ...auditing!.metadata, generation: 1 } }));
    expect(profileOf(admitted(webhook, creation(given)))).to.deep.equal(localhost('strict'));
    bindings = bindings.map((one) => ({ ...one, status: tried('Auditing').status! }));
    expect(profileOf(admitted(webhook, creation(given)))).to.deep.equal(localhost(TWIN));
  });

  it('judges a pod that comes again in one admission as if it came for the first time', () => {
    const webhook = new BindingWebhook(cluster([tried('Auditing')]));
    const once = admitted(webhook, creation(given));
    expect(allowed(webhook.review(creation(once))).patch).to.deep.equal([]);
    const promoted = new BindingWebhook(cluster([tried('Enforcing')]));
    expect(profileOf(admitted(promoted, creation(once))), 'a step in between').to.deep.equal(localhost('strict'));
  });

  it('lets the image of a pod under the twin change where the binding is for the new one, after a promotion, too', () => {
    const any = { image: 'nginx:1.27' };
    const before = admitted(new BindingWebhook(cluster([tried('Auditing', any)])), creation(given));
    const digest = `nginx:1.27@sha256:${'0'.repeat(64)}`;
    const change = (image: string) => {
      const [first] = before.spec?.containers ?? [];
      const after = { ...before, spec: { ...before.spec, containers: [{ ...first!, image }] } };
      const others = [tried('Enforcing', any), tried('Enforcing', { image: digest, name: 'web2' })];
      return new BindingImageWebhook(cluster(others)).review(update(before, after)).allowed;
    };
    expect(change('docker.io/library/nginx:1.27')).to.equal(true);
    expect(change(digest), 'the twin of another binding').to.equal(false);
  });
});
