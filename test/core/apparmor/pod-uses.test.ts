// SPDX-License-Identifier: Apache-2.0
// Which AppArmor profiles a pod uses: the field and the annotation both count.
import { expect } from 'chai';
import { appArmorProfilesIn } from '../../../src/core/apparmor/pod-uses.ts';

const context = (type: string, localhostProfile?: string) => ({
  securityContext: { appArmorProfile: { type, ...(localhostProfile === undefined ? {} : { localhostProfile }) } },
});

describe('core/apparmor/pod-uses', () => {
  it('finds the profiles of the pod and of all kinds of containers', () => {
    const spec = {
      ...context('Localhost', 'pod'),
      containers: [context('Localhost', 'a'), context('RuntimeDefault'), {}],
      initContainers: [context('Localhost', 'init')],
      ephemeralContainers: [context('Unconfined')],
    };
    expect(appArmorProfilesIn({ metadata: {}, spec })).to.deep.equal(['pod', 'a', 'init']);
  });

  it('reads the annotation of a container, where the field is not filled in', () => {
    const annotations = {
      'container.apparmor.security.beta.kubernetes.io/web': 'localhost/test-profile',
      'container.apparmor.security.beta.kubernetes.io/db': 'runtime/default',
      'container.apparmor.security.beta.kubernetes.io/log': 'unconfined',
      unrelated: 'localhost/x',
    };
    expect(appArmorProfilesIn({ metadata: { annotations } })).to.deep.equal(['test-profile']);
  });

  it('takes a value without a type for none', () => {
    const spec = { containers: [{ securityContext: { appArmorProfile: { localhostProfile: 'a' } } }] };
    expect(appArmorProfilesIn({ metadata: {}, spec })).to.deep.equal([]);
  });
});
