// SPDX-License-Identifier: Apache-2.0
// Pods, the bindings of their namespace, and the result of the webhook: for tests of the webhook, and for a real API
// server, which must take every one of them.
import type { AdmittedPod, Json } from '../../src/core/binding/pod.ts';
import { ANNOTATION, PROFILE_GATE } from '../../src/core/names.ts';
import type { ProfileBinding } from '../../src/gen/crd/profile-binding.ts';
import { binding, container, localhost, pod } from '../core/binding/objects.ts';
import type { States } from './requests.ts';

const STRICT = localhost('strict');
const NGINX = 'nginx:1.27';
const RUN_UNBOUND = { profileNotReady: { policy: 'RunUnbound' } } as const;

/** Waits at most so long for the profile. */
function waiting(timeoutSeconds: number): Partial<ProfileBinding['spec']> {
  return { profileNotReady: { timeoutSeconds } };
}

/** One pod; without bindings named, there is one called web of the image nginx:1.27. */
export interface Row {
  readonly title: string;
  readonly bindings?: readonly ProfileBinding[];
  readonly states?: States;
  readonly pod: AdmittedPod;
  /** The pod's state afterwards. */
  readonly expected: {
    /** Of the containers that have a seccompProfile, and of the pod as `pod`. */
    readonly seccomp?: Json;
    readonly bound?: string;
    readonly skipped?: string;
    readonly wait?: string;
    readonly gates?: number;
  };
}

const WEB = [container('web', NGINX)];
const ANY = binding({ name: 'any', image: '*' });

/** All pods. */
export const ROWS: readonly Row[] = [
  { title: 'a pod of another image', pod: pod([container('db', 'redis')]), expected: {} },
  { title: 'a namespace without bindings', bindings: [], pod: pod(WEB), expected: {} },
  { title: 'a container of the image', pod: pod(WEB), expected: { seccomp: { web: STRICT }, bound: 'web=web' } },
  {
    title: 'a container with a security context',
    pod: pod([container('web', NGINX, { runAsNonRoot: true })]),
    expected: { seccomp: { web: STRICT }, bound: 'web=web' },
  },
  {
    title: 'init containers, sidecars and two of one image',
    pod: pod([container('a', NGINX), container('b', 'redis'), container('c', NGINX)], {
      initContainers: [container('i', NGINX), { ...container('s', NGINX), restartPolicy: 'Always' }],
    }),
    expected: { seccomp: { a: STRICT, c: STRICT, i: STRICT, s: STRICT }, bound: 'a=web,c=web,i=web,s=web' },
  },
  {
    title: 'a pod with init containers only of the image',
    pod: pod([container('b', 'redis')], { initContainers: [container('i', NGINX)] }),
    expected: { seccomp: { i: STRICT }, bound: 'i=web' },
  },
  {
    title: 'a pod without a name, of a Deployment',
    pod: pod(WEB, {}, { name: undefined, generateName: 'web-5d-' }),
    expected: { seccomp: { web: STRICT }, bound: 'web=web' },
  },
  {
    title: 'a container with a profile of its own',
    pod: pod([container('web', NGINX, { seccompProfile: { type: 'RuntimeDefault' } })]),
    expected: { seccomp: { web: { type: 'RuntimeDefault' } }, skipped: 'web=web:ProfileSetByAuthor' },
  },
  {
    title: 'a pod with a profile of its own',
    pod: pod(WEB, { securityContext: { seccompProfile: { type: 'Unconfined' } } }),
    expected: { seccomp: { pod: { type: 'Unconfined' } }, skipped: 'web=web:ProfileSetByAuthor' },
  },
  {
    title: 'a copy that kept the profile and lost the annotations, in another spelling',
    pod: pod([
      container('web', NGINX, { seccompProfile: { ...STRICT, localhostProfile: 'operator//shop/./strict.json' } }),
    ]),
    expected: {
      seccomp: { web: { type: 'Localhost', localhostProfile: 'operator//shop/./strict.json' } },
      bound: 'web=web',
    },
  },
  {
    title: "a pod of several images, of which one is the binding's",
    bindings: [binding(), binding({ name: 'cache', image: 'redis', profile: 'quiet' })],
    pod: pod([container('web', NGINX), container('db', 'docker.io/library/redis:latest')]),
    expected: { seccomp: { web: STRICT, db: localhost('quiet') }, bound: 'db=cache,web=web' },
  },
  {
    title: 'a privileged container beside others',
    bindings: [ANY],
    pod: pod([container('a', 'x', { privileged: true }), container('b', 'y', { privileged: false })]),
    expected: { seccomp: { b: STRICT }, bound: 'b=any', skipped: 'a=any:PrivilegedContainer' },
  },
  {
    title: 'all containers by *',
    bindings: [ANY],
    pod: pod([container('a', 'x'), container('b', 'y')], { securityContext: { fsGroup: 1 } }),
    expected: { seccomp: { pod: STRICT }, bound: 'a=any,b=any' },
  },
  {
    title: 'a pod by * in which one container sets its own',
    bindings: [ANY],
    pod: pod([container('a', 'x', { seccompProfile: { type: 'Unconfined' } }), container('b', 'y')]),
    expected: {
      seccomp: { a: { type: 'Unconfined' }, b: STRICT },
      bound: 'b=any',
      skipped: 'a=any:ProfileSetByAuthor',
    },
  },
  {
    title: 'a pod that * is not for, because another binding applies',
    bindings: [ANY, binding()],
    pod: pod([container('a', 'x'), container('web', NGINX)]),
    expected: { seccomp: { web: STRICT }, bound: 'web=web' },
  },
  {
    title: 'a pod that * is for, because the other binding is of a kind that is not installed',
    bindings: [ANY, binding({ name: 'aa', kind: 'AppArmorProfile' })],
    pod: pod([container('a', 'x'), container('web', NGINX)]),
    expected: { seccomp: { pod: STRICT }, bound: 'a=any,web=any', skipped: 'web=aa:KindNotSupported' },
  },
  {
    title: 'the neighbours of a privileged container that has a binding of its own, by *',
    bindings: [ANY, binding()],
    pod: pod([container('a', 'x'), container('web', NGINX, { privileged: true })]),
    expected: { seccomp: { a: STRICT }, bound: 'a=any', skipped: 'web=web:PrivilegedContainer' },
  },
  {
    title: 'the neighbours of a container with a binding and a profile of its own, by *',
    bindings: [ANY, binding({ profile: 'quiet' })],
    pod: pod([container('a', 'x'), container('web', NGINX, { seccompProfile: { type: 'Unconfined' } })]),
    expected: {
      seccomp: { a: STRICT, web: { type: 'Unconfined' } },
      bound: 'a=any',
      skipped: 'web=web:ProfileSetByAuthor',
    },
  },
  {
    title: 'a pod whose author set what * would, beside a container with a binding of its own',
    bindings: [ANY, binding({ profile: 'quiet' })],
    pod: pod([container('a', 'x'), container('web', NGINX)], { securityContext: { seccompProfile: STRICT } }),
    expected: { seccomp: { pod: STRICT }, bound: 'a=any', skipped: 'web=web:ProfileSetByAuthor' },
  },
  {
    title: 'the neighbours of a container that runs unbound meanwhile, by *',
    bindings: [ANY, binding({ profile: 'quiet', spec: RUN_UNBOUND })],
    states: { quiet: 'pending' },
    pod: pod([container('a', 'x'), container('web', NGINX)]),
    expected: { seccomp: { a: STRICT }, bound: 'a=any', skipped: 'web=web:ProfileNotReady' },
  },
  {
    title: 'a pod that * is not for, because one of two other bindings applies',
    bindings: [ANY, binding(), binding({ name: 'db', image: 'redis', profile: 'quiet' })],
    pod: pod([container('a', 'x'), container('web', NGINX, { privileged: true }), container('db', 'redis')]),
    expected: { seccomp: { db: localhost('quiet') }, bound: 'db=db', skipped: 'web=web:PrivilegedContainer' },
  },
  {
    title: 'a pod whose labels a binding selects',
    bindings: [binding({ spec: { podSelector: { matchLabels: { tier: 'front' } } } })],
    pod: pod(WEB, {}, { labels: { tier: 'front' } }),
    expected: { seccomp: { web: STRICT }, bound: 'web=web' },
  },
  {
    title: 'a pod whose labels a binding does not select',
    bindings: [binding({ spec: { podSelector: { matchLabels: { tier: 'front' } } } })],
    pod: pod(WEB),
    expected: {},
  },
  {
    title: 'a Windows pod',
    pod: pod(WEB, { os: { name: 'windows' } }),
    expected: { skipped: 'web=web:WindowsPod' },
  },
  {
    title: 'a pod for Windows nodes',
    pod: pod(WEB, { nodeSelector: { 'kubernetes.io/os': 'windows' } }),
    expected: { skipped: 'web=web:WindowsPod' },
  },
  {
    title: 'a Linux pod',
    pod: pod(WEB, { os: { name: 'linux' } }),
    expected: { seccomp: { web: STRICT }, bound: 'web=web' },
  },
  {
    title: 'the mirror of a static pod',
    states: { strict: 'missing' },
    pod: pod(WEB, { nodeName: 'n' }, { annotations: { 'kubernetes.io/config.mirror': 'x' } }),
    expected: { skipped: 'web=web:StaticPod' },
  },
  {
    title: 'kinds that are not installed',
    bindings: [binding({ kind: 'SelinuxProfile' }), binding({ name: 'aa', kind: 'AppArmorProfile' })],
    pod: pod(WEB),
    expected: { skipped: 'web=aa:KindNotSupported,web=web:KindNotSupported' },
  },
  {
    title: 'a profile name that leaves the directory',
    bindings: [binding({ profile: '../../etc/passwd' })],
    pod: pod(WEB),
    expected: { skipped: 'web=web:ProfileNotReady' },
  },
  {
    title: 'a profile that is not on the nodes yet',
    states: { strict: 'pending' },
    pod: pod(WEB),
    expected: { seccomp: { web: STRICT }, bound: 'web=web', wait: '300', gates: 1 },
  },
  {
    title: 'a profile that does not exist yet',
    bindings: [binding({ spec: waiting(20) })],
    states: { strict: 'missing' },
    pod: pod(WEB, { schedulingGates: [{ name: 'other/gate' }] }),
    expected: { seccomp: { web: STRICT }, bound: 'web=web', wait: '20', gates: 2 },
  },
  {
    title: 'a profile that is being deleted: a pod more under it would hold it',
    states: { strict: 'ending' },
    pod: pod(WEB),
    expected: { skipped: 'web=web:ProfileNotReady' },
  },
  {
    title: 'the longest wait of several',
    bindings: [
      binding({ spec: waiting(20) }),
      binding({ name: 'cache', image: 'redis', profile: 'quiet', spec: waiting(50) }),
      binding({ name: 'ready', image: 'x', profile: 'ready', spec: waiting(900) }),
    ],
    states: { strict: 'pending', quiet: 'pending' },
    pod: pod([...WEB, container('db', 'redis'), container('x', 'x')]),
    expected: {
      seccomp: { web: STRICT, db: localhost('quiet'), x: localhost('ready') },
      bound: 'db=cache,web=web,x=ready',
      wait: '50',
      gates: 1,
    },
  },
  {
    title: 'a wait of nothing',
    bindings: [binding({ spec: waiting(0) })],
    states: { strict: 'pending' },
    pod: pod(WEB),
    expected: { seccomp: { web: STRICT }, bound: 'web=web' },
  },
  {
    title: 'a pod for a given node',
    states: { strict: 'pending' },
    pod: pod(WEB, { nodeName: 'n1' }),
    expected: { seccomp: { web: STRICT }, bound: 'web=web' },
  },
  {
    title: 'a pod that has the gate already',
    states: { strict: 'pending' },
    pod: pod(WEB, { schedulingGates: [{ name: PROFILE_GATE }] }),
    expected: { seccomp: { web: STRICT }, bound: 'web=web', wait: '300', gates: 1 },
  },
  {
    title: 'a binding that runs pods unbound meanwhile',
    bindings: [binding({ spec: RUN_UNBOUND })],
    states: { strict: 'pending' },
    pod: pod(WEB),
    expected: { skipped: 'web=web:ProfileNotReady' },
  },
  {
    title: 'the same with a profile that the author set',
    bindings: [binding({ spec: RUN_UNBOUND })],
    states: { strict: 'pending' },
    pod: pod([container('web', NGINX, { seccompProfile: STRICT })]),
    expected: { seccomp: { web: STRICT }, skipped: 'web=web:ProfileSetByAuthor', wait: '300', gates: 1 },
  },
  {
    title: 'a binding that would, once the profile is there',
    bindings: [binding({ spec: RUN_UNBOUND })],
    pod: pod(WEB),
    expected: { seccomp: { web: STRICT }, bound: 'web=web' },
  },
  {
    title: 'a profile of ours that the author named, not there yet',
    bindings: [],
    states: { own: 'missing', 'own.json': 'missing' },
    pod: pod(WEB, { securityContext: { seccompProfile: localhost('own') } }),
    expected: { seccomp: { pod: localhost('own') }, wait: '300', gates: 1 },
  },
  {
    title: 'the same with a wait that the author asked for',
    bindings: [],
    states: { own: 'pending' },
    pod: pod(
      [container('web', NGINX, { seccompProfile: localhost('own') })],
      {},
      { annotations: { [ANNOTATION.profileWaitSeconds]: '7' } },
    ),
    expected: { seccomp: { web: localhost('own') }, wait: '7', gates: 1 },
  },
  {
    title: 'the same with a wait that is none',
    bindings: [],
    states: { own: 'pending' },
    pod: pod(
      [container('web', NGINX, { seccompProfile: localhost('own') })],
      {},
      { annotations: { [ANNOTATION.profileWaitSeconds]: '99999' } },
    ),
    expected: { seccomp: { web: localhost('own') }, wait: '300', gates: 1 },
  },
  {
    title: 'a profile of ours whose name ends like its file',
    bindings: [],
    states: { own: 'missing', 'own.json': 'installed' },
    pod: pod([container('web', NGINX, { seccompProfile: localhost('own') })]),
    expected: { seccomp: { web: localhost('own') } },
  },
  {
    title: 'a profile of nobody that we know',
    bindings: [],
    pod: pod([container('web', NGINX, { seccompProfile: { type: 'Localhost', localhostProfile: 'mine.json' } })]),
    expected: { seccomp: { web: { type: 'Localhost', localhostProfile: 'mine.json' } } },
  },
  {
    title: 'annotations that somebody forged',
    bindings: [],
    pod: pod(
      WEB,
      {},
      {
        annotations: {
          'example.com/note': 'x',
          [ANNOTATION.profileBindings]: 'web=web',
          [ANNOTATION.skippedBindings]: 'web=web:StaticPod',
          [ANNOTATION.profileWaitSeconds]: '86400',
        },
      },
    ),
    expected: {},
  },
];

function profileOf(context: Json | undefined): Json | undefined {
  return context?.seccompProfile as Json | undefined;
}

function seccompOf(object: AdmittedPod): Json {
  const { initContainers = [], containers = [], securityContext } = object.spec ?? {};
  const own = [...initContainers, ...containers].map((one) => [one.name, profileOf(one.securityContext)] as const);
  const all = [['pod', profileOf(securityContext)] as const, ...own];
  return Object.fromEntries(all.filter(([, value]) => value !== undefined));
}

/** The parts of a pod that the table tells of. */
export function shown(object: AdmittedPod): Row['expected'] {
  const annotations = object.metadata?.annotations ?? {};
  const gates = object.spec?.schedulingGates ?? [];
  const seccomp = seccompOf(object);
  const found = {
    seccomp: Object.keys(seccomp).length === 0 ? undefined : seccomp,
    bound: annotations[ANNOTATION.profileBindings],
    skipped: annotations[ANNOTATION.skippedBindings],
    wait: annotations[ANNOTATION.profileWaitSeconds],
    gates: gates.length === 0 ? undefined : gates.length,
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}
