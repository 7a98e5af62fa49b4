// SPDX-License-Identifier: Apache-2.0
// A pod that recordings and bindings are both for: in whatever order the webhooks are called, and called again where
// the other one has changed something, the result is the same.
import { expect } from 'chai';
import { BindingWebhook } from '../../src/admission/binding.ts';
import { RecordingWebhook } from '../../src/admission/recording.ts';
import type { Webhook } from '../../src/admission/review.ts';
import type { AdmittedPod, Json } from '../../src/core/binding/pod.ts';
import { applyPatch } from '../../src/core/json-patch.ts';
import { ANNOTATION } from '../../src/core/names.ts';
import { binding, container, localhost, pod } from '../core/binding/objects.ts';
import { recording } from '../core/recording/objects.ts';
import { allowed, creation, LOG_PROFILE, LOG_PROFILES, NO_OBSTACLES, stateOf } from './requests.ts';

const GIVEN = pod([container('web', 'nginx:1.27'), container('side', 'nginx:1.27')]);
const CHOSEN = recording('rec', { recorder: 'logs', containers: ['web'] });

/** More calls than any admission needs. */
const MAX_CALLS = 10;

function webhooks(image: string): readonly [Webhook, Webhook] {
  const recorder = new RecordingWebhook({
    recordings: () => [CHOSEN],
    logProfiles: LOG_PROFILES,
    obstacleFacts: () => NO_OBSTACLES,
    logProfileState: () => 'installed',
    onlyLabelled: () => false,
    now: () => 1_700_000_000_000,
  });
  return [recorder, new BindingWebhook(stateOf([binding({ image })]))];
}

/** The pod after the webhooks were called in turns, until neither changes anything. */
function settled(order: readonly Webhook[]): AdmittedPod {
  let object: AdmittedPod & Json = GIVEN;
  let quiet = 0;
  for (let call = 0; quiet < order.length; call += 1) {
    if (call === MAX_CALLS) throw new Error('the webhooks come to no end');
    const webhook = order[call % order.length];
    if (webhook === undefined) throw new Error('there is no webhook');
    const { patch } = allowed(webhook.review(creation(object, { uid: `call-${String(call % order.length)}` })));
    quiet = patch.length === 0 ? quiet + 1 : 0;
    object = applyPatch(object, patch) as AdmittedPod & Json;
  }
  return object;
}

function profilesOf({ spec }: AdmittedPod): readonly unknown[] {
  return (spec?.containers ?? []).map(({ securityContext }) => securityContext?.['seccompProfile']);
}

/** Annotations about bindings and remarks; those that ask for a recording hold a nonce of the call. */
function marksOf({ metadata }: AdmittedPod): readonly (string | undefined)[] {
  const names = [ANNOTATION.profileBindings, ANNOTATION.skippedBindings, ANNOTATION.recordingMarks];
  return names.map((name) => metadata?.annotations?.[name]);
}

describe('admission: recorded and bound', () => {
  it('leaves a container that is recorded from logs unbound, and says so, in both orders', () => {
    const [recorder, binder] = webhooks('nginx:1.27');
    for (const order of [
      [recorder, binder],
      [binder, recorder],
    ]) {
      const result = settled(order);
      expect(profilesOf(result)).to.deep.equal([LOG_PROFILE, localhost('strict')]);
      expect(marksOf(result)).to.deep.equal(['side=web', 'web=web:RecordedFromLogs', undefined]);
      expect(result.metadata?.annotations).to.have.property('io.containers.trace-logs/web');
    }
  });

  it('does the same for a binding of all images, which comes first at the pod as a whole', () => {
    const [recorder, binder] = webhooks('*');
    const first = settled([recorder, binder]);
    expect(profilesOf(first)).to.deep.equal([LOG_PROFILE, localhost('strict')]);
    const second = settled([binder, recorder]);
    expect(profilesOf(second)).to.deep.equal([LOG_PROFILE, undefined]);
    expect(second.spec?.securityContext).to.deep.equal({ seccompProfile: localhost('strict') });
    for (const result of [first, second])
      expect(marksOf(result)).to.deep.equal(['side=web', 'web=web:RecordedFromLogs', undefined]);
  });
});
