// SPDX-License-Identifier: Apache-2.0
// The gate of a new pod: which profiles count, and for how long at most.
import { expect } from 'chai';
import { APPARMOR_ANNOTATION_PREFIX } from '../../../src/core/apparmor/pod-uses.ts';
import { indexBindings } from '../../../src/core/binding/choose.ts';
import { boundMarks, decide } from '../../../src/core/binding/decide.ts';
import type { AdmittedPod } from '../../../src/core/binding/pod.ts';
import type { ProfileState, Situation } from '../../../src/core/binding/situation.ts';
import { waitFor } from '../../../src/core/binding/wait.ts';
import type { Wait } from '../../../src/core/binding/wait.ts';
import { ANNOTATION, PROFILE_GATE } from '../../../src/core/names.ts';
import { logProfiles } from '../../../src/core/recording/log-profile.ts';
import { binding, container, localhost, pod } from './objects.ts';

const BOUND = 'nginx:1.27';
const NONE: Wait = { needsGate: false, annotation: undefined };

function gate(seconds: number): Wait {
  return { needsGate: true, annotation: String(seconds) };
}

interface Row {
  readonly title: string;
  readonly pod: AdmittedPod;
  /** States by the name of the profile; others are missing. The binding's profile is `strict`. */
  readonly states: Readonly<Record<string, ProfileState>>;
  readonly timeoutSeconds?: number;
  readonly expected: Wait;
}

const asking = (seconds: string) => ({ annotations: { [ANNOTATION.profileWaitSeconds]: seconds } });
const named = [container('web', 'x', { seccompProfile: localhost('own') })];

const ROWS: readonly Row[] = [
  {
    title: 'nothing that is installed',
    pod: pod([container('w', BOUND)]),
    states: { strict: 'installed' },
    expected: NONE,
  },
  { title: 'a bound profile', pod: pod([container('w', BOUND)]), states: { strict: 'pending' }, expected: gate(300) },
  {
    title: 'a bound profile as long as the binding says, whatever the pod asks for',
    pod: pod([container('w', BOUND)], {}, asking('9')),
    states: {},
    timeoutSeconds: 30,
    expected: gate(30),
  },
  { title: 'a profile that the author named', pod: pod(named), states: { own: 'pending' }, expected: gate(300) },
  { title: 'it as long as the pod asks for', pod: pod(named, {}, asking('9')), states: {}, expected: gate(9) },
  {
    title: 'it and a bound one as long as the longer wait',
    pod: pod([...named, container('w', BOUND)], {}, asking('9')),
    states: {},
    timeoutSeconds: 30,
    expected: gate(30),
  },
  {
    title: 'nothing where the pod asks for no wait',
    pod: pod(named, {}, asking('0')),
    states: {},
    expected: { needsGate: false, annotation: '0' },
  },
  {
    title: 'nothing where all is there, and leaves the author the number',
    pod: pod(named, {}, asking('9')),
    states: { own: 'installed' },
    expected: { needsGate: false, annotation: '9' },
  },
  {
    title: 'no profile of a privileged container',
    pod: pod([container('web', 'x', { privileged: true, seccompProfile: localhost('own') })]),
    states: {},
    expected: NONE,
  },
  {
    title: 'no profile of others',
    pod: pod([container('web', 'x', { seccompProfile: { type: 'Localhost', localhostProfile: 'profiles/a.json' } })]),
    states: {},
    expected: NONE,
  },
  { title: 'nothing on a given node', pod: pod(named, { nodeName: 'n' }), states: {}, expected: NONE },
  { title: 'nothing on Windows', pod: pod(named, { os: { name: 'windows' } }), states: {}, expected: NONE },
  {
    title: 'by the gate that is there',
    pod: pod(named, { schedulingGates: [{ name: PROFILE_GATE }] }),
    states: {},
    expected: { needsGate: false, annotation: '300' },
  },
  {
    title: 'an SELinux profile that the author named',
    pod: pod([container('web', 'x', { seLinuxOptions: { type: 'own_shop.process' } })]),
    states: { own: 'pending' },
    expected: gate(300),
  },
  {
    title: 'no SELinux type of others',
    pod: pod([container('web', 'x', { seLinuxOptions: { type: 'udica_made.process' } })]),
    states: {},
    expected: NONE,
  },
  {
    title: 'an AppArmor profile that the author named by annotation',
    pod: pod([container('web', 'x')], {}, { annotations: { [`${APPARMOR_ANNOTATION_PREFIX}web`]: 'localhost/own' } }),
    states: { own: 'pending' },
    expected: gate(300),
  },
  {
    title: "no AppArmor profile of the node's own",
    pod: pod([container('web', 'x', { appArmorProfile: { type: 'Localhost', localhostProfile: 'docker-web' } })]),
    states: {},
    expected: NONE,
  },
  {
    title: 'a profile of another namespace',
    pod: pod([], {
      securityContext: { seccompProfile: { type: 'Localhost', localhostProfile: 'operator/other/own.json' } },
    }),
    states: { own: 'installed' },
    expected: gate(300),
  },
];

describe('core/binding/wait', () => {
  for (const { title, pod: given, states, timeoutSeconds, expected } of ROWS) {
    it(`waits for ${title}`, () => {
      const spec = timeoutSeconds === undefined ? {} : { profileNotReady: { timeoutSeconds } };
      const situation: Situation = {
        pod: given,
        namespace: 'shop',
        index: indexBindings([binding({ spec })]),
        profileIdentity: () => undefined,
        profileState: (_kind, namespace, name) => (namespace === 'shop' ? (states[name] ?? 'missing') : 'missing'),
        logProfiles: logProfiles('op'),
        obstacle: () => undefined,
        isOpen: () => true,
      };
      const { bound } = decide(situation);
      expect(waitFor(situation, bound)).to.deep.equal(expected);
      const isBound = (given.spec?.containers ?? []).some(({ image }) => image === BOUND);
      expect(boundMarks(bound)).to.deep.equal(isBound ? [{ container: 'w', binding: 'web' }] : []);
    });
  }
});
