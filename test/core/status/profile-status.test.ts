// SPDX-License-Identifier: Apache-2.0
// When a status must be written: at once what has arrived, a moment later what is on its way, never what stands.
import { expect } from 'chai';
import { aggregateNodes } from '../../../src/core/status/aggregate.ts';
import type { NodeState } from '../../../src/core/status/aggregate.ts';
import { isInstalled, profileStatus, urgencyOf } from '../../../src/core/status/profile-status.ts';
import type { SeccompProfileStatus } from '../../../src/gen/crd/seccomp-profile.ts';

function status(nodeStates: readonly NodeState[], users: readonly string[] = [], generation = 1): SeccompProfileStatus {
  const aggregate = aggregateNodes({ uid: 'u', generation, deleting: false, wasInstalled: false, nodeStates });
  const place = { namespace: 'ns', name: 'a', kubeletDir: '/var/lib/kubelet' };
  return profileStatus({ ...place, generation, aggregate, users, before: undefined, now: 'T' });
}

const node = (nodeName: string, state: 'Installed' | 'Error' | 'Pending', message?: string): NodeState => ({
  nodeName,
  entry: { state, uid: 'u', ...(message === undefined ? {} : { message }) },
});

describe('core/status/profile-status', () => {
  const one = status([node('n1', 'Installed')]);

  it('writes at once when a profile has arrived, in good state or bad', () => {
    expect(urgencyOf(undefined, one)).to.equal('now');
    expect(urgencyOf(one, status([node('n1', 'Error')]))).to.equal('now');
    expect(urgencyOf(one, status([node('n1', 'Installed')], [], 2))).to.equal('now');
  });

  it('writes soon what is on its way, or only a number', () => {
    expect(urgencyOf(undefined, status([node('n1', 'Pending')]))).to.equal('soon');
    expect(urgencyOf(one, status([node('n1', 'Installed'), node('n2', 'Installed')]))).to.equal('soon');
    expect(urgencyOf(one, status([node('n1', 'Installed')], ['ns/p']))).to.equal('soon');
    const [worse, other] = ['x', 'y'].map((message) => status([node('n1', 'Error', message)]));
    expect(urgencyOf(worse, other!)).to.equal('soon');
  });

  it('never writes what stands, whatever time it is and in whatever order it is kept', () => {
    const later = { ...one, conditions: one.conditions!.map((entry) => ({ ...entry, lastTransitionTime: 'later' })) };
    expect(urgencyOf(Object.fromEntries(Object.entries(later).reverse()), one)).to.equal('never');
  });

  it('is installed only at the generation that it speaks of', () => {
    expect(isInstalled(one, 1)).to.equal(true);
    expect(isInstalled(one, 2)).to.equal(false);
    expect(isInstalled(undefined, 1)).to.equal(false);
  });
});
