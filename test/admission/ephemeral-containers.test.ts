// SPDX-License-Identifier: Apache-2.0
// The binding webhook and containers that come later: ephemeral ones, and sidecars that another webhook injects. Of an
// answer about ephemeral containers the API server keeps nothing but changes of these.
import { expect } from 'chai';
import { BindingWebhook } from '../../src/admission/binding.ts';
import type { AdmissionAnswer } from '../../src/admission/review.ts';
import type { AdmittedPod, Json, PodContainer } from '../../src/core/binding/pod.ts';
import { ANNOTATION } from '../../src/core/names.ts';
import type { ProfileBinding } from '../../src/gen/crd/profile-binding.ts';
import { binding, container, localhost, pod } from '../core/binding/objects.ts';
import { admitted, allowed, creation, stateOf, update } from './requests.ts';
import type { States } from './requests.ts';

const DEBUG_SPEC: Json = { capabilities: { add: ['SYS_PTRACE'] } };
const ANY = binding({ name: 'any', image: '*' });
const TOOLS = binding({ name: 'tools', image: 'busybox', profile: 'quiet' });

function withEphemeral(of: AdmittedPod, ...ephemeralContainers: readonly PodContainer[]): AdmittedPod {
  return { ...of, spec: { ...of.spec, ephemeralContainers } };
}

/** The answer about `kubectl debug` of a pod that was created under the bindings. */
function debugged(
  bindings: readonly ProfileBinding[],
  given: AdmittedPod,
  added: PodContainer,
  states: States = {},
): AdmissionAnswer & { readonly allowed: true } {
  const webhook = new BindingWebhook(stateOf(bindings, states));
  const running = admitted(webhook, creation(given));
  return allowed(webhook.review(update(running, withEphemeral(running, added), 'ephemeralcontainers')));
}

describe('admission/binding of ephemeral containers', () => {
  const web = pod([container('web', 'nginx:1.27')]);
  const debug = container('debugger', 'busybox', DEBUG_SPEC);

  it('sets the field beside what kubectl debug sets, and nothing else', () => {
    expect(debugged([TOOLS], web, debug, { quiet: 'pending' })).to.deep.equal({
      allowed: true,
      outcome: 'bound',
      patch: [
        { op: 'add', path: '/spec/ephemeralContainers/0/securityContext/seccompProfile', value: localhost('quiet') },
      ],
      warnings: [],
      auditAnnotations: { bound: 'debugger=tools' },
    });
  });

  it('makes the security context where there is none', () => {
    const [operation] = debugged([TOOLS], web, container('debugger', 'busybox')).patch;
    expect(operation).to.deep.equal({
      op: 'add',
      path: '/spec/ephemeralContainers/0/securityContext',
      value: { seccompProfile: localhost('quiet') },
    });
  });

  it('leaves containers alone that were there before', () => {
    const webhook = new BindingWebhook(stateOf([TOOLS]));
    const before = withEphemeral(web, container('old', 'busybox'));
    const after = withEphemeral(web, container('old', 'busybox'), container('new', 'busybox'));
    const paths = allowed(webhook.review(update(before, after, 'ephemeralcontainers'))).patch.map(({ path }) => path);
    expect(paths).to.deep.equal(['/spec/ephemeralContainers/1/securityContext']);
  });

  it('does nothing where the pod runs under * as a whole', () => {
    expect(debugged([ANY], web, debug)).to.deep.include({ outcome: 'bound', patch: [] });
  });

  it('does not bind by * where a container has a binding of its own', () => {
    expect(debugged([ANY, binding()], web, debug)).to.deep.include({ outcome: 'unbound', patch: [] });
  });

  it('takes the more exact binding, though the pod runs under *', () => {
    const answer = debugged([ANY, TOOLS], web, debug);
    expect(answer.patch).to.have.length(1);
    expect(answer.auditAnnotations).to.deep.equal({ bound: 'debugger=tools' });
  });

  it('says in a warning what it cannot write on the pod', () => {
    const answers = [
      debugged([TOOLS], web, container('debugger', 'busybox', { privileged: true })),
      debugged([TOOLS], pod([], { securityContext: { seccompProfile: { type: 'RuntimeDefault' } } }), debug),
    ];
    expect(answers.map(({ patch, warnings }) => [patch.length, ...warnings])).to.deep.equal([
      [0, 'ProfileBinding tools does not apply to container debugger: privileged containers run without a profile'],
      [0, 'ProfileBinding tools does not apply to container debugger: the pod sets a profile of its own'],
    ]);
  });

  it('is bound in a copy of a pod, which keeps the security context and loses the annotations', () => {
    const webhook = new BindingWebhook(stateOf([binding()]));
    const running = admitted(webhook, creation(web));
    const copy = { ...running, metadata: { name: 'copy', namespace: 'shop' } };
    const answer = allowed(webhook.review(creation(copy)));
    expect(answer.patch).to.deep.equal([
      { op: 'add', path: '/metadata/annotations', value: { [ANNOTATION.profileBindings]: 'web=web' } },
    ]);
  });
});

describe('admission/binding of pods that another webhook changes', () => {
  it('binds a sidecar that came between two calls', () => {
    const webhook = new BindingWebhook(
      stateOf([binding(), binding({ name: 'proxy', image: 'proxy', profile: 'mesh' })]),
    );
    const first = admitted(webhook, creation(pod([container('web', 'nginx:1.27')])));
    const containers = [...(first.spec?.containers ?? []), container('proxy', 'proxy')];
    const second = admitted(webhook, creation({ ...first, spec: { ...first.spec, containers } }));
    expect(second.metadata?.annotations).to.deep.equal({ [ANNOTATION.profileBindings]: 'proxy=proxy,web=web' });
    expect(second.spec?.containers?.[1]?.securityContext).to.deep.equal({ seccompProfile: localhost('mesh') });
  });

  it('binds it over the profile that * gave the whole pod', () => {
    const webhook = new BindingWebhook(stateOf([ANY, binding({ name: 'proxy', image: 'proxy', profile: 'mesh' })]));
    const first = admitted(webhook, creation(pod([container('web', 'x')])));
    const containers = [...(first.spec?.containers ?? []), container('proxy', 'proxy')];
    const second = admitted(webhook, creation({ ...first, spec: { ...first.spec, containers } }));
    expect(second.spec?.containers?.[1]?.securityContext).to.deep.equal({ seccompProfile: localhost('mesh') });
    expect(second.spec?.securityContext).to.deep.equal({ seccompProfile: localhost('strict') });
    expect(second.metadata?.annotations).to.deep.equal({ [ANNOTATION.profileBindings]: 'proxy=proxy,web=any' });
  });
});
