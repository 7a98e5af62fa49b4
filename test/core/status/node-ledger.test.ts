// SPDX-License-Identifier: Apache-2.0
// The memory of a node: changes only where something changed, and a page that the API server accepts.
import { expect } from 'chai';
import { NodeLedger, fromLedgerKey, ledgerKey } from '../../../src/core/status/node-ledger.ts';
import { LEDGER_LIMIT, PAGE_BYTES } from '../../../src/core/status/node-page.ts';

const COMPLETE = {
  type: 'Complete',
  status: 'True',
  reason: 'EveryProfileListed',
  message: 'the report tells of every profile',
};

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
    const summary = { installed: 0, pending: 0, failed: 0 };
    expect(ledger.page()).to.deep.equal({ summary, profiles: {}, complete: COMPLETE });
  });

  it('remembers an earlier life only where it knows nothing newer, and without a change', () => {
    ledger.note(key, { state: 'Error' }, 'T1');
    ledger.remember(key, { state: 'Installed' });
    ledger.remember('SeccompProfile/ns/b', { state: 'Installed', since: 'T0' });
    expect(changes).to.equal(1);
    expect(ledger.page().summary).to.deep.include({ status: 'Error', installed: 1, failed: 1 });
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
    expect(page.summary.installed, 'the head counts all').to.equal(LEDGER_LIMIT);
    expect(page.complete).to.include({ status: 'False', reason: 'TooManyProfiles' });
    expect(page.complete.message).to.equal('the report has no room for 5 of 4101 profiles of this node');
  });

  /** Bytes as Go writes them into etcd. */
  const stored = (profiles: object): number =>
    Buffer.byteLength(JSON.stringify(profiles).replaceAll(/[<>&\u2028\u2029]/g, '\\u0000'));
  const fill = (count: number, name: (i: number) => string, message: string): void => {
    const uid = '01234567-89ab-cdef-0123-456789abcdef';
    for (let i = 0; i < count; i++) {
      const entry = { state: 'Error', uid, generation: 12, reason: 'ProfileNotAllowed', message } as const;
      ledger.note(ledgerKey('SeccompProfile', 'n'.repeat(63), name(i)), entry, '2026-01-01T00:00:00Z');
    }
  };
  const short = (i: number): string => `profile${i}`;
  const long = (i: number): string => `p${i}`.padEnd(253, 'x');

  it('shortens messages before it leaves anything else out, and says so', () => {
    fill(1500, short, 'spec.syscalls[0] allows <mount> & <umount2>'.padEnd(1024, '.'));
    const page = ledger.page();
    expect(stored(page.profiles)).to.be.below(PAGE_BYTES);
    expect(Object.keys(page.profiles)).to.have.length(1500);
    expect(Object.values(page.profiles)[0]?.message)
      .to.match(/^spec\.syscalls\[0\] .*…$/)
      .and.have.length(256);
    expect(page.complete).to.include({ status: 'True', reason: 'Shortened' });
    expect(page.complete.message).to.contain('messages end after 256 characters');
  });

  it('stays below a mebibyte with the most profiles, the longest names and messages, whatever is in them', () => {
    for (const sign of ['x', '<', 'é', '漢', '\u0001', '"']) {
      ledger = new NodeLedger(() => undefined);
      fill(LEDGER_LIMIT, long, sign.repeat(1024));
      const page = ledger.page();
      const listed = Object.keys(page.profiles).length;
      expect(stored(page.profiles), sign).to.be.within(PAGE_BYTES * 0.99, PAGE_BYTES);
      expect(page.complete.status).to.equal('False');
      expect(page.complete.message).to.contain(`no room for ${LEDGER_LIMIT - listed} of ${LEDGER_LIMIT} profiles`);
      expect(page.complete.message).to.contain('messages and hashes are left out');
    }
  });

  it('has room for the most profiles where names are of usual length', () => {
    for (let i = 0; i < LEDGER_LIMIT; i++) {
      const entry = { state: 'Installed', uid: 'u'.repeat(36), generation: 12, hash: 'a'.repeat(16) } as const;
      ledger.note(ledgerKey('SeccompProfile', 'n'.repeat(40), `p${i}`.padEnd(80, 'x')), entry, 'T');
    }
    expect(ledger.page().complete).to.deep.equal(COMPLETE);
  });

  it('reads its own keys', () => {
    expect(key).to.equal('SeccompProfile/ns/a');
    expect(fromLedgerKey('SeccompProfile', key)).to.deep.equal({ namespace: 'ns', name: 'a' });
    expect(fromLedgerKey('SelinuxProfile', key)).to.equal(undefined);
    expect(fromLedgerKey('SeccompProfile', 'SeccompProfile/a')).to.equal(undefined);
  });
});
