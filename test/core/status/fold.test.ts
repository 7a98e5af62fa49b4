// SPDX-License-Identifier: Apache-2.0
// Folding node reports: the worst node decides, old answers don't count, and a node that joins takes nothing back.
import { expect } from 'chai';
import fc from 'fast-check';
import type { FoldInput, NodeReport } from '../../../src/core/status/fold.ts';
import { foldReports } from '../../../src/core/status/fold.ts';
import type { ProfileState } from '../../../src/core/status/state.ts';
import { PROFILE_STATES, readyOf, worstState } from '../../../src/core/status/state.ts';

const report = (nodeName: string, state: ProfileState, more: object = {}): NodeReport => ({
  nodeName,
  entry: { state, uid: 'u', generation: 2, ...more },
});

const input = (reports: readonly NodeReport[], more: Partial<FoldInput> = {}): FoldInput => ({
  uid: 'u',
  generation: 2,
  deleting: false,
  wasInstalled: false,
  reports,
  ...more,
});

describe('core/status/fold', () => {
  it('is Installed when every node is', () => {
    expect(foldReports(input([report('a', 'Installed'), report('b', 'Installed')]))).to.deep.equal({
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
    const { ready } = foldReports(input([report('a', 'Installed'), report('b', 'Installed', { message: 'but' })]));
    expect(ready.message).to.equal('the profile is installed on all nodes; but');
  });

  it('is as bad as the worst node, and quotes it', () => {
    const bad = { reason: 'CannotSaveSeccompProfile', message: 'write x: no space left on device' };
    const folded = foldReports(input([report('b', 'Installed'), report('a', 'Error', bad), report('c', 'Pending')]));
    expect(folded.state).to.equal('Error');
    expect(folded.nodes).to.deep.equal({ desired: 3, installed: 1, pending: 1, failed: 1 });
    expect(folded.failures).to.deep.equal([{ nodeName: 'a', ...bad }]);
    expect(folded.ready).to.include({ status: 'False', reason: 'Unavailable' });
    expect(folded.ready.message).to.equal('1 of 3 nodes failed; a: write x: no space left on device');
  });

  it('lists the first ten failures by node name and counts all', () => {
    const reports = Array.from({ length: 12 }, (_, i) => report(`n${String(11 - i).padStart(2, '0')}`, 'Error'));
    const folded = foldReports(input(reports));
    expect(folded.failures.map((failure) => failure.nodeName)).to.deep.equal(
      Array.from({ length: 10 }, (_, i) => `n0${i}`),
    );
    expect(folded.nodes.failed).to.equal(12);
  });

  it('waits for nodes that answered an older generation or another object of the same name', () => {
    expect(foldReports(input([report('a', 'Installed', { generation: 1 })])).state).to.equal('InProgress');
    expect(foldReports(input([report('a', 'Installed', { uid: 'old' })])).state).to.equal('Pending');
    expect(foldReports(input([{ nodeName: 'a' }])).state).to.equal('Pending');
  });

  it('stays Installed when a node joins, but not when a node says otherwise', () => {
    const joined = [report('a', 'Installed'), { nodeName: 'b' }];
    expect(foldReports(input(joined)).state).to.equal('Pending');
    expect(foldReports(input(joined, { wasInstalled: true })).state).to.equal('Installed');
    expect(foldReports(input(joined, { wasInstalled: true })).nodes.pending).to.equal(1);
    expect(foldReports(input([...joined, report('c', 'Error')], { wasInstalled: true })).state).to.equal('Error');
  });

  it('is Pending with a reason that can be understood when no node runs the daemon, also after it was Installed', () => {
    for (const wasInstalled of [false, true]) {
      const { state, ready } = foldReports(input([], { wasInstalled }));
      expect(state).to.equal('Pending');
      expect(ready).to.include({ status: 'False', reason: 'Creating', message: 'no node runs the daemon' });
    }
  });

  it('names the nodes that have not answered yet, the first ones of many', () => {
    const late = report('late', 'Installed', { generation: 1 });
    const some = foldReports(input([{ nodeName: 'node-b' }, late, report('node-a', 'Installed')]));
    expect(some.ready.message).to.equal('installed on 1 of 3 nodes so far; waiting for late, node-b');
    const many = Array.from({ length: 1000 }, (_, i) => ({ nodeName: `n${String(999 - i).padStart(3, '0')}` }));
    expect(foldReports(input(many)).ready.message).to.equal(
      'installed on 0 of 1000 nodes so far; waiting for n000, n001, n002 and 997 more',
    );
  });

  it('says of a profile for which a report had no room why it is Pending', () => {
    const full = { nodeName: 'full', incomplete: true };
    const folded = foldReports(input([report('a', 'Installed'), full, { nodeName: 'slow' }]));
    expect(folded.state).to.equal('Pending');
    expect(folded.ready.message).to.equal(
      'installed on 1 of 3 nodes so far; the report of full has no room for all profiles and does not tell of this one',
    );
    const told = foldReports(input([{ ...report('full', 'Pending'), incomplete: true }]));
    expect(told.ready.message, 'it tells of this one').to.contain('waiting for full');
  });

  it('names the nodes that hold a profile which is being deleted, also those that say nothing of it', () => {
    const silent = report('crashing', 'Installed');
    const gone = { nodeName: 'done' };
    expect(foldReports(input([gone, silent], { deleting: true })).ready.message).to.equal(
      'the profile is being deleted; waiting for crashing',
    );
    expect(foldReports(input([gone], { deleting: true })).ready.message).to.equal('the profile is being deleted');
  });

  it('is Terminating while it is deleted, and names the node that cannot or may not remove the file', () => {
    const stuck = report('a', 'Error', { message: 'remove x: read-only file system', generation: 1 });
    const folded = foldReports(input([report('b', 'Installed'), stuck], { deleting: true }));
    expect(folded.state).to.equal('Terminating');
    expect(folded.ready.message).to.equal(
      'the profile is being deleted; a: remove x: read-only file system; waiting for b',
    );
    const used = report('a', 'Terminating', { message: 'pod ns/p uses the profile' });
    expect(foldReports(input([used], { deleting: true })).ready.message).to.contain('pod ns/p uses');
  });

  it('has a sentence for every state, and the condition of the original', () => {
    for (const state of PROFILE_STATES) {
      const { ready } = foldReports(input([report('a', state)]));
      expect(ready.message, state).to.not.equal('');
      expect(ready).to.include(readyOf(state));
    }
    expect(foldReports(input([report('a', 'Disabled')])).ready.reason).to.equal('Unavailable');
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
