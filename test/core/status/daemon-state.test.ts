// SPDX-License-Identifier: Apache-2.0
// The state of the spod object through the life of its DaemonSet.
import { expect } from 'chai';
import type { DaemonState, RollOut } from '../../../src/core/status/daemon-state.ts';
import { readyOfDaemon, rollOutState } from '../../../src/core/status/daemon-state.ts';

const rolled = (more: object = {}, generation = 2): RollOut => ({
  metadata: { generation },
  status: {
    observedGeneration: generation,
    desiredNumberScheduled: 2,
    updatedNumberScheduled: 2,
    numberReady: 2,
    ...more,
  },
});

describe('core/status/daemon-state', () => {
  it('goes from PENDING over CREATING to RUNNING', () => {
    expect(rollOutState(undefined, undefined)).to.equal('PENDING');
    expect(rollOutState({ metadata: { generation: 1 } }, 'PENDING')).to.equal('CREATING');
    expect(rollOutState({ metadata: { generation: 1 }, status: { desiredNumberScheduled: 0 } }, 'CREATING')).to.equal(
      'CREATING',
    );
    expect(rollOutState(rolled(), 'CREATING')).to.equal('RUNNING');
  });

  it('is UPDATING while a change is rolled out, and RUNNING again afterwards', () => {
    const cases: [RollOut, DaemonState][] = [
      [rolled({ observedGeneration: 1 }), 'UPDATING'],
      [rolled({ updatedNumberScheduled: 1 }), 'UPDATING'],
      [rolled({ numberReady: 1 }), 'UPDATING'],
      [rolled(), 'RUNNING'],
    ];
    for (const [daemonSet, state] of cases) {
      expect(rollOutState(daemonSet, 'RUNNING')).to.equal(state);
      expect(rollOutState(daemonSet, 'UPDATING')).to.equal(state);
    }
  });

  it('is not RUNNING while the webhooks lack something, which it names', () => {
    expect(rollOutState(rolled(), 'CREATING', 'x')).to.equal('CREATING');
    expect(rollOutState(rolled(), 'RUNNING', 'x')).to.equal('UPDATING');
    expect(readyOfDaemon('UPDATING', rolled(), 1, 'x').message).to.equal('the daemon is ready on 2 of 2 nodes; x');
  });

  it('is RUNNING where no node is to run it', () => {
    const none = { desiredNumberScheduled: 0, updatedNumberScheduled: undefined, numberReady: 0 };
    expect(rollOutState(rolled(none), 'CREATING')).to.equal('RUNNING');
  });

  it('is Ready only when it runs', () => {
    const condition = readyOfDaemon('RUNNING', rolled(), 7);
    expect(condition).to.deep.equal({
      type: 'Ready',
      status: 'True',
      reason: 'Available',
      message: 'the daemon is ready on 2 of 2 nodes',
      observedGeneration: 7,
    });
    for (const state of ['PENDING', 'CREATING', 'UPDATING', 'ERROR'] as const) {
      expect(readyOfDaemon(state, undefined, 1).status).to.equal('False');
    }
  });
});
