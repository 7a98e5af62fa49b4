// SPDX-License-Identifier: Apache-2.0
// Laws of the binding webhook, over pods with every member there or absent: its patch applies and changes nothing but
// profiles, annotations of ours and the gate; no field of the author's is touched; a second review finds nothing to do.
import { expect } from 'chai';
import fc from 'fast-check';
import { BindingWebhook } from '../../src/admission/binding.ts';
import type { BoundKind } from '../../src/core/binding/choose.ts';
import type { ProfileState } from '../../src/core/binding/situation.ts';
import { parseBound } from '../../src/core/binding/marks.ts';
import { annotationOf, containersOf } from '../../src/core/binding/pod.ts';
import type { AdmittedPod, Context, Json, PodContainer } from '../../src/core/binding/pod.ts';
import { PROFILE_FIELDS } from '../../src/core/binding/security-context.ts';
import { ANNOTATION, PROFILE_GATE } from '../../src/core/names.ts';
import { binding, localhost } from '../core/binding/objects.ts';
import { admitted, allowed, creation, stateOf } from './requests.ts';

const OURS: readonly string[] = [ANNOTATION.profileBindings, ANNOTATION.skippedBindings, ANNOTATION.profileWaitSeconds];

const NAMES = ['alpha', 'beta', 'gamma'] as const;

const states = fc.constantFrom<ProfileState>('installed', 'pending', 'missing', 'ending');
const profileStates = fc.record({
  strict: states,
  quiet: states,
  own: states,
  SelinuxProfile: fc.constantFrom<ProfileState>('unsupported', 'installed', 'pending'),
  AppArmorProfile: fc.constantFrom<ProfileState>('unsupported', 'installed'),
});

const bindings = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom(...NAMES),
      image: fc.constantFrom('nginx', 'redis', '*', '*'),
      profile: fc.constantFrom('strict', 'quiet'),
      kind: fc.constantFrom<BoundKind>('SeccompProfile', 'SeccompProfile', 'SelinuxProfile', 'AppArmorProfile'),
      spec: fc.constantFrom(
        {},
        { profileNotReady: { policy: 'RunUnbound' as const } },
        { profileNotReady: { timeoutSeconds: 0 } },
        { profileNotReady: { timeoutSeconds: 900 } },
      ),
    }),
    { selector: ({ name }) => name },
  )
  .map((all) => all.map(binding));

const seccomp = fc.constantFrom<Json>({ type: 'Unconfined' }, localhost('own'), localhost('strict'), {
  type: 'Localhost',
  localhostProfile: 'operator/./shop//quiet.json',
});

const contexts: fc.Arbitrary<Context | undefined> = fc.option(
  fc.record(
    {
      privileged: fc.boolean(),
      runAsUser: fc.nat(9),
      seccompProfile: seccomp,
      seLinuxOptions: fc.constantFrom<Json>({ level: 's0' }, { type: 'mine_t' }, { type: 'strict_shop.process' }),
      appArmorProfile: fc.constant<Json>({ type: 'RuntimeDefault' }),
    },
    { requiredKeys: [] },
  ),
  { nil: undefined },
);

/** Marks, true and forged ones, and keys that must be escaped in a pointer. */
const annotations = fc.dictionary(
  fc.constantFrom(...OURS, 'a/b~c', '~1', '__proto__', 'container.apparmor.security.beta.kubernetes.io/c0'),
  fc.constantFrom('c0=alpha', 'c1=beta,c0=gamma', 'c0=alpha:StaticPod', '60', '-1', 'localhost/strict', ''),
);

function without(object: Json): Json {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

const pods: fc.Arbitrary<AdmittedPod & Json> = fc
  .record({
    images: fc.array(fc.constantFrom('nginx', 'docker.io/library/nginx', 'redis', 'busybox'), { maxLength: 4 }),
    inits: fc.nat(4),
    contexts: fc.array(contexts, { minLength: 4, maxLength: 4 }),
    podContext: contexts,
    annotations: fc.option(annotations, { nil: undefined }),
    gates: fc.option(fc.subarray([{ name: 'other/gate' }, { name: PROFILE_GATE }]), { nil: undefined }),
    nodeName: fc.option(fc.constantFrom('', 'n1'), { nil: undefined }),
    os: fc.option(fc.constantFrom({ name: 'linux' }, { name: 'windows' }), { nil: undefined, freq: 2 }),
  })
  .map((parts) => {
    const all = parts.images.map((image, at) =>
      without({ name: `c${String(at)}`, image, securityContext: parts.contexts[at] }),
    ) as unknown as readonly PodContainer[];
    return {
      metadata: without({ generateName: 'web-', annotations: parts.annotations }),
      spec: without({
        initContainers: all.slice(0, parts.inits),
        containers: all.slice(parts.inits),
        securityContext: parts.podContext,
        schedulingGates: parts.gates,
        nodeName: parts.nodeName,
        os: parts.os,
      }),
    };
  });

const cases = fc.record({ bindings, states: profileStates, pod: pods });

/** The pod without all that the webhook may change. */
function stripped(pod: AdmittedPod): unknown {
  const bare = (context: Context | undefined): Json =>
    Object.fromEntries(
      Object.entries(context ?? {}).filter(([key]) => !Object.values(PROFILE_FIELDS).some((f) => f.member === key)),
    );
  const { spec = {}, metadata } = pod;
  return {
    annotations: Object.entries(metadata?.annotations ?? {}).filter(([key]) => !OURS.includes(key)),
    spec: { ...spec, containers: [], initContainers: [], securityContext: {}, schedulingGates: [] },
    podContext: bare(spec.securityContext),
    gates: (spec.schedulingGates ?? []).filter(({ name }) => name !== PROFILE_GATE),
    containers: containersOf(pod).map(({ list, container }) => ({
      list,
      container: { ...container, securityContext: bare(container.securityContext) },
    })),
  };
}

describe('admission/binding, laws', () => {
  it('change nothing but profiles, our annotations and the gate', () => {
    fc.assert(
      fc.property(cases, ({ bindings: all, states: of, pod }) => {
        const before = structuredClone(pod);
        const result = admitted(new BindingWebhook(stateOf(all, of)), creation(pod));
        expect(pod).to.deep.equal(before);
        expect(stripped(result)).to.deep.equal(stripped(pod));
        const gates = (result.spec?.schedulingGates ?? []).map(({ name }) => name);
        expect(new Set(gates).size).to.equal(gates.length);
      }),
      { numRuns: 500 },
    );
  });

  it('find nothing to do the second time', () => {
    fc.assert(
      fc.property(cases, ({ bindings: all, states: of, pod }) => {
        const webhook = new BindingWebhook(stateOf(all, of));
        const first = allowed(webhook.review(creation(pod)));
        const result = admitted(webhook, creation(pod));
        expect(allowed(webhook.review(creation(result)))).to.deep.equal({ ...first, patch: [] });
      }),
      { numRuns: 2000 },
    );
  });

  it('keep every field of the author', () => {
    fc.assert(
      fc.property(cases, ({ bindings: all, states: of, pod }) => {
        const authored = { ...pod, metadata: { generateName: 'web-' } };
        const result = admitted(new BindingWebhook(stateOf(all, of)), creation(authored));
        const fields = Object.values(PROFILE_FIELDS);
        const after = containersOf(result);
        for (const [at, { container }] of containersOf(authored).entries()) {
          for (const field of fields) {
            const own = field.inContext(container.securityContext);
            const now = field.inContext(after[at]?.container.securityContext);
            if (own !== undefined) expect(now).to.deep.equal(own);
          }
        }
        for (const field of fields) {
          const own = field.inContext(authored.spec?.securityContext);
          if (own !== undefined) expect(field.inContext(result.spec?.securityContext)).to.deep.equal(own);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('mark a container only where it runs under the profile of the binding', () => {
    fc.assert(
      fc.property(cases, ({ bindings: all, states: of, pod }) => {
        const result = admitted(new BindingWebhook(stateOf(all, of)), creation(pod));
        for (const mark of parseBound(annotationOf(result, ANNOTATION.profileBindings))) {
          const { kind, name } = all.find(({ metadata }) => metadata.name === mark.binding)!.spec.profileRef;
          const { container } = containersOf(result).find((place) => place.container.name === mark.container)!;
          const field = PROFILE_FIELDS[kind];
          const value =
            field.inContext(container.securityContext) ??
            field.inAnnotation(result, container) ??
            field.inContext(result.spec?.securityContext);
          expect(field.isSame(value!, field.valueOf('shop', name)!)).to.equal(true);
          expect(container.securityContext?.privileged).to.not.equal(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('hold a pod back only where it can be, and tell for how long', () => {
    fc.assert(
      fc.property(cases, ({ bindings: all, states: of, pod }) => {
        const result = admitted(new BindingWebhook(stateOf(all, of)), creation(pod));
        const had = (pod.spec?.schedulingGates ?? []).some(({ name }) => name === PROFILE_GATE);
        const has = (result.spec?.schedulingGates ?? []).some(({ name }) => name === PROFILE_GATE);
        if (!has || had) return;
        expect(result.spec?.nodeName ?? '').to.equal('');
        expect(annotationOf(result, ANNOTATION.profileWaitSeconds)).to.match(/^[1-9]\d*$/);
      }),
    );
  });
});
