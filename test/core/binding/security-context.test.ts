// SPDX-License-Identifier: Apache-2.0
// Kinds of profile in security contexts; the webhook's own tables are about seccomp, the kind that is installed.
import { expect } from 'chai';
import { decide } from '../../../src/core/binding/decide.ts';
import type { Decision } from '../../../src/core/binding/decide.ts';
import { indexBindings } from '../../../src/core/binding/choose.ts';
import type { BoundKind } from '../../../src/core/binding/choose.ts';
import { fieldPatch } from '../../../src/core/binding/pod-patch.ts';
import type { AdmittedPod, Json } from '../../../src/core/binding/pod.ts';
import { logProfiles } from '../../../src/core/recording/log-profile.ts';
import { binding, container, localhost, pod } from './objects.ts';

function decided(kinds: readonly BoundKind[], given: AdmittedPod, image = 'nginx'): Decision {
  const bindings = kinds.map((kind, at) => binding({ name: `b${String(at)}`, kind, image }));
  const index = indexBindings(bindings);
  return decide({
    pod: given,
    namespace: 'shop',
    index,
    profileState: () => 'installed',
    profileIdentity: () => undefined,
    logProfiles: logProfiles('op'),
    obstacle: () => undefined,
    isOpen: () => true,
  });
}

interface Row {
  readonly title: string;
  readonly kind: BoundKind;
  readonly image?: string;
  readonly context?: Json;
  readonly pod?: Json;
  readonly annotations?: Json;
  /** The value that is set, at the pod for `*`; undefined for none. */
  readonly value?: Json;
  readonly isSkipped?: true;
}

const APPARMOR = 'container.apparmor.security.beta.kubernetes.io/web';
const SELINUX_TYPE = { type: 'strict_shop.process' };

const ROWS: readonly Row[] = [
  { title: 'a seccomp path', kind: 'SeccompProfile', value: localhost('strict') },
  { title: 'an SELinux type', kind: 'SelinuxProfile', value: SELINUX_TYPE },
  {
    title: 'an SELinux type beside the level',
    kind: 'SelinuxProfile',
    context: { seLinuxOptions: { level: 's0:c1' } },
    value: { level: 's0:c1', ...SELINUX_TYPE },
  },
  {
    title: 'an SELinux type beside the level of the pod',
    kind: 'SelinuxProfile',
    pod: { seLinuxOptions: { level: 's0:c2', user: 'u' } },
    value: { level: 's0:c2', user: 'u', ...SELINUX_TYPE },
  },
  {
    title: 'an SELinux type for the whole pod',
    kind: 'SelinuxProfile',
    image: '*',
    pod: { seLinuxOptions: { level: 's0:c2' } },
    value: { level: 's0:c2', ...SELINUX_TYPE },
  },
  {
    title: 'no SELinux type over another',
    kind: 'SelinuxProfile',
    pod: { seLinuxOptions: { type: 'spc_t' } },
    isSkipped: true,
  },
  { title: 'an AppArmor profile', kind: 'AppArmorProfile', value: { type: 'Localhost', localhostProfile: 'strict' } },
  {
    title: 'no AppArmor profile over another',
    kind: 'AppArmorProfile',
    context: { appArmorProfile: { type: 'Unconfined' } },
    isSkipped: true,
  },
  {
    title: 'no AppArmor profile over an annotation',
    kind: 'AppArmorProfile',
    annotations: { [APPARMOR]: 'runtime/default' },
    isSkipped: true,
  },
  {
    title: 'nothing beside an annotation of the same AppArmor profile',
    kind: 'AppArmorProfile',
    annotations: { [APPARMOR]: 'localhost/strict' },
  },
];

describe('core/binding/security-context', () => {
  for (const row of ROWS) {
    it(`sets ${row.title}`, () => {
      const given = pod(
        [container('web', 'nginx', row.context)],
        row.pod === undefined ? {} : { securityContext: row.pod },
        row.annotations === undefined ? {} : { annotations: row.annotations },
      );
      const { changes, skipped } = decided([row.kind], given, row.image);
      expect(changes.map(({ value }) => value)).to.deep.equal(row.value === undefined ? [] : [row.value]);
      expect(changes.every(({ place }) => (place === undefined) === (row.image === '*'))).to.equal(true);
      expect(skipped.map(({ reason }) => reason)).to.deep.equal(row.isSkipped ? ['ProfileSetByAuthor'] : []);
    });
  }

  it('sets profiles of several kinds in one context that it makes once', () => {
    const given = pod([container('web', 'nginx')]);
    const { changes } = decided(['SeccompProfile', 'SelinuxProfile'], given);
    expect(fieldPatch(given, changes)).to.deep.equal([
      {
        op: 'add',
        path: '/spec/containers/0/securityContext',
        value: { seccompProfile: localhost('strict'), seLinuxOptions: SELINUX_TYPE },
      },
    ]);
  });
});
