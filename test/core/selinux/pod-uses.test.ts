// SPDX-License-Identifier: Apache-2.0
// Which SELinux types of profiles a pod uses.
import { expect } from 'chai';
import { selinuxTypesIn } from '../../../src/core/selinux/pod-uses.ts';

const context = (type?: string) => ({
  securityContext: { seLinuxOptions: type === undefined ? {} : { type } },
});

describe('core/selinux/pod-uses', () => {
  it('finds the types of the pod and of all kinds of containers', () => {
    const spec = {
      ...context('a_ns.process'),
      containers: [context('b_ns.process'), context('spc_t'), context('selinuxrecording.process'), context(), {}],
      initContainers: [context('c_ns.process')],
      ephemeralContainers: [context('container_t')],
    };
    expect(selinuxTypesIn({ metadata: {}, spec })).to.deep.equal(['a_ns.process', 'b_ns.process', 'c_ns.process']);
    expect(selinuxTypesIn({ metadata: {} })).to.deep.equal([]);
  });
});
