// SPDX-License-Identifier: Apache-2.0
// Folding node reports: the worst node decides, old answers don't count, and a node that joins takes nothing back.
import { expect } from 'chai';
import fc from 'fast-check';
import type { AggregateInput, NodeState } from '../../../src/core/status/aggregate.ts';
import { aggregateNodes } from '../../../src/core/status/aggregate.ts';
import type { ProfileState } from '../../../src/core/status/state.ts';
import { PROFILE_STATES, readyOf, worstState } from '../../../src/core/status/state.ts';

const nodeState = (nodeName: string, state: ProfileState, more: object = {}): NodeState => ({
  nodeName,
  entry: { state, uid: 'u', generation: 2, ...more },
});

const input = (nodeStates: readonly NodeState[], more: Partial<AggregateInput> = {}): AggregateInput => ({
  uid: 'u',
  generation: 2,
  deleting: false,
  wasInstalled: false,
  nodeStates,
  ...more,
});

describe('core/status/aggregate', () => {
  it('is Installed when every node is', () => {
    expect(aggregateNodes(input([nodeState('a', 'Installed'), nodeState('b', 'Installed')]))).to.deep.equal({
      state: 'Installed',
      nodes: { desired: 2, installed: 2, pending: 0, failed: 0 },
      failures: [],
      ready: {
        type: 'Ready',
        status: 'True',
        reason: 'Available',
        message: 'the profile is installed on all nodes',
        observedGeneration: 2,
      },
    });
  });

  it('says beside Installed what a node has to say of it', () => {
    const { ready } = aggregateNodes(
      input([nodeState('a', 'Installed'), nodeState('b', 'Installed', { message: 'but' })]),
    );
    expect(ready.message).to.equal('the profile is installed on all nodes; but');
  });

  it('is as bad as the worst node, and quotes it', () => {
    const bad = { reason: 'CannotSaveSeccompProfile', message: 'write x: no space left on device' };
    const aggregate = aggregateNodes(
      input([nodeState('b', 'Installed'), nodeState('a', 'Error', bad), nodeState('c', 'Pending')]),
    );
    expect(aggregate.state).to.equal('Error');
    expect(aggregate.nodes).to.deep.equal({ desired: 3, installed: 1, pending: 1, failed: 1 });
    expect(aggregate.failures).to.deep.equal([{ nodeName: 'a', ...bad }]);
    expect(aggregate.ready).to.include({ status: 'False', reason: 'Unavailable' });
    expect(aggregate.ready.message).to.equal('1 of 3 nodes failed; a: write x: no space left on device');
  });

  it('lists the first ten failures by node name and counts all', () => {
    const nodeStates = Array.from({ length: 12 }, (_, i) => nodeState(`n${String(11 - i).padStart(2, '0')}`, 'Error'));
    const aggregate = aggregateNodes(input(nodeStates));
    expect(aggregate.failures.map((failure) => failure.nodeName)).to.deep.equal(
      Array.from({ length: 10 }, (_, i) => `n0${i}`),
    );
    expect(aggregate.nodes.failed).to.equal(12);
  });

  it('waits for nodes that answered an older generation or another object of the same name', () => {
    expect(aggregateNodes(input([nodeState('a', 'Installed', { generation: 1 })])).state).to.equal('InProgress');
    expect(aggregateNodes(input([nodeState('a', 'Installed', { uid: 'old' })])).state).to.equal('Pending');
    expect(aggregateNodes(input([{ nodeName: 'a' }])).state).to.equal('Pending');
  });

  it('stays Installed when a node joins, but not when a node says otherwise', () => {
    const joined = [nodeState('a', 'Installed'), { nodeName: 'b' }];
    expect(aggregateNodes(input(joined)).state).to.equal('Pending');
    expect(aggregateNodes(input(joined, { wasInstalled: true })).state).to.equal('Installed');
    expect(aggregateNodes(input(joined, { wasInstalled: true })).nodes.pending).to.equal(1);
    expect(aggregateNodes(input([...joined, nodeState('c', 'Error')], { wasInstalled: true })).state).to.equal('Error');
  });

  it('is Pending when all nodes have been exchanged for such as have said nothing yet', () => {
    const exchanged = [{ nodeName: 'd' }, { nodeName: 'e' }];
    const { state, nodes, ready } = aggregateNodes(input(exchanged, { wasInstalled: true }));
    expect(state).to.equal('Pending');
    expect(nodes).to.include({ desired: 2, installed: 0, pending: 2 });
    expect(ready).to.include({ status: 'False', message: 'installed on 0 of 2 nodes so far; waiting for d, e' });
  });

  it('is Pending with a reason that can be understood when no node runs the daemon, also after it was Installed', () => {
    for (const wasInstalled of [false, true]) {
      const { state, ready } = aggregateNodes(input([], { wasInstalled }));
      expect(state).to.equal('Pending');
      expect(ready).to.include({ status: 'False', reason: 'Creating', message: 'no node runs the daemon' });
    }
  });

  it('does not count nodes that cannot have the profile, and names them', () => {
    const lack = (nodeName: string) => ({ nodeName, reason: 'AppArmorNotSupportedOnNode', message: 'no AppArmor' });
    const some = aggregateNodes(input([nodeState('a', 'Installed')], { lacks: [lack('c'), lack('b')] }));
    expect(some.ready).to.include({
      status: 'True',
      message: 'the profile is installed on all nodes that can have it, which b, c cannot',
    });
    const none = aggregateNodes(input([], { lacks: [lack('c'), lack('b')] }));
    expect(none.state).to.equal('Pending');
    expect(none.ready).to.include({
      status: 'False',
      reason: 'AppArmorNotSupportedOnNode',
      message: 'no node can have the profile; b, and 1 more: no AppArmor',
    });
    expect(aggregateNodes(input([], { lacks: [lack('b')], deleting: true })).ready.reason).to.equal('Deleting');
  });

  it('names the nodes that have not answered yet, the first ones of many', () => {
    const late = nodeState('late', 'Installed', { generation: 1 });
    const some = aggregateNodes(input([{ nodeName: 'node-b' }, late, nodeState('node-a', 'Installed')]));
    expect(some.ready.message).to.equal('installed on 1 of 3 nodes so far; waiting for late, node-b');
    const many = Array.from({ length: 1000 }, (_, i) => ({ nodeName: `n${String(999 - i).padStart(3, '0')}` }));
    expect(aggregateNodes(input(many)).ready.message).to.equal(
      'installed on 0 of 1000 nodes so far; waiting for n000, n001, n002 and 997 more',
    );
  });

  it('says of a profile for which a report had no room why it is Pending', () => {
    const full = { nodeName: 'full', incomplete: true };
    const aggregate = aggregateNodes(input([nodeState('a', 'Installed'), full, { nodeName: 'slow' }]));
    expect(aggregate.state).to.equal('Pending');
    expect(aggregate.ready.message).to.equal(
      'installed on 1 of 3 nodes so far; the report of full has no room for all profiles and does not tell of this one',
    );
    const result = aggregateNodes(input([{ ...nodeState('full', 'Pending'), incomplete: true }]));
    expect(result.ready.message, 'it tells of this one').to.contain('waiting for full');
  });

  it('names the nodes that hold a profile which is being deleted, also those that say nothing of it', () => {
    const silent = nodeState('crashing', 'Installed');
    const gone = { nodeName: 'done' };
    expect(aggregateNodes(input([gone, silent], { deleting: true })).ready.message).to.equal(
      'the profile is being deleted; waiting for crashing',
    );
    expect(aggregateNodes(input([gone], { deleting: true })).ready.message).to.equal('the profile is being deleted');
  });

  it('is Terminating while it is deleted, and names the node that cannot or may not remove the file', () => {
    const stuck = nodeState('a', 'Error', { message: 'remove x: read-only file system', generation: 1 });
    const aggregate = aggregateNodes(input([nodeState('b', 'Installed'), stuck], { deleting: true }));
    expect(aggregate.state).to.equal('Terminating');
    expect(aggregate.ready.message).to.equal(
      'the profile is being deleted; a: remove x: read-only file system; waiting for b',
    );
    const used = nodeState('a', 'Terminating', { message: 'pod ns/p uses the profile' });
    expect(aggregateNodes(input([used], { deleting: true })).ready.message).to.contain('pod ns/p uses');
  });

  it('has a sentence for every state, and the condition of the original', () => {
    for (const state of PROFILE_STATES) {
      const { ready } = aggregateNodes(input([nodeState('a', state)]));
      expect(ready.message, state).to.not.equal('');
      expect(ready).to.include(readyOf(state));
    }
    expect(aggregateNodes(input([nodeState('a', 'Disabled')])).ready.reason).to.equal('Unavailable');
  });

  it('takes the worst state, in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PROFILE_STATES), { minLength: 1 }), (states) => {
        const worst = worstState(states);
        expect(worst).to.equal(worstState(states.toReversed()));
        expect(states).to.include(worst);
        for (const state of states) expect(worstState([state, worst!])).to.equal(worst);
      }),
    );
    expect(worstState([])).to.equal(undefined);
  });
});
