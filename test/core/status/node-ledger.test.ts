// SPDX-License-Identifier: Apache-2.0
// The memory of a node: changes only where something changed, and a page that the API server accepts.
import { expect } from 'chai';
import { LEDGER_LIMIT, NodeLedger, fromLedgerKey, ledgerKey } from '../../../src/core/status/node-ledger.ts';

const key = ledgerKey('SeccompProfile', 'ns', 'a');

describe('core/status/node-ledger', () => {
  let changes = 0;
  let ledger: NodeLedger;

  beforeEach(() => {
    changes = 0;
    ledger = new NodeLedger(() => (changes += 1));
  });

  it('notes what changed, and when the state did', () => {
    expect(ledger.note(key, { state: 'Pending', uid: 'u' }, 'T1')).to.equal(true);
    expect(ledger.note(key, { state: 'Pending', uid: 'u' }, 'T2')).to.equal(false);
    expect(ledger.note(key, { state: 'Pending', uid: 'u', message: 'm' }, 'T3')).to.equal(true);
    expect(ledger.get(key)).to.deep.equal({ state: 'Pending', uid: 'u', message: 'm', since: 'T1' });
    ledger.note(key, { state: 'Installed', uid: 'u', hash: '0123456789abcdef' }, 'T4');
    expect(ledger.get(key)?.since).to.equal(undefined);
    ledger.note(key, { state: 'Error', uid: 'u' }, 'T5');
    expect(ledger.get(key)?.since).to.equal('T5');
    expect(changes).to.equal(4);
  });

  it('forgets once', () => {
    ledger.note(key, { state: 'Installed' }, 'T1');
    ledger.forget(key);
    ledger.forget(key);
    expect(changes).to.equal(2);
    expect(ledger.page()).to.deep.equal({ installed: 0, pending: 0, failed: 0, profiles: {} });
  });

  it('remembers an earlier life only where it knows nothing newer, and without a change', () => {
    ledger.note(key, { state: 'Error' }, 'T1');
    ledger.remember(key, { state: 'Installed' });
    ledger.remember('SeccompProfile/ns/b', { state: 'Installed', since: 'T0' });
    expect(changes).to.equal(1);
    expect(ledger.page()).to.deep.include({ status: 'Error', installed: 1, failed: 1 });
    expect(ledger.note('SeccompProfile/ns/b', { state: 'Installed' }, 'T2')).to.equal(false);
  });

  it('keeps messages within what the API server takes', () => {
    ledger.note(key, { state: 'Error', message: 'x'.repeat(5000) }, 'T1');
    expect(ledger.get(key)?.message).to.have.length(1024);
    expect(ledger.note(key, { state: 'Error', message: 'x'.repeat(5000) }, 'T2')).to.equal(false);
  });

  it('lists no more entries than fit, those that need attention first', () => {
    for (let i = 0; i < LEDGER_LIMIT + 5; i++) {
      ledger.note(
        ledgerKey('SeccompProfile', 'ns', `p${i}`),
        { state: i < LEDGER_LIMIT ? 'Installed' : 'Error' },
        'T1',
      );
    }
    const page = ledger.page();
    expect(Object.keys(page.profiles)).to.have.length(LEDGER_LIMIT);
    expect(Object.values(page.profiles).filter((entry) => entry.state === 'Error')).to.have.length(5);
    expect(page.installed).to.equal(LEDGER_LIMIT);
  });

  it('reads its own keys', () => {
    expect(key).to.equal('SeccompProfile/ns/a');
    expect(fromLedgerKey('SeccompProfile', key)).to.deep.equal({ namespace: 'ns', name: 'a' });
    expect(fromLedgerKey('SelinuxProfile', key)).to.equal(undefined);
    expect(fromLedgerKey('SeccompProfile', 'SeccompProfile/a')).to.equal(undefined);
  });
});
