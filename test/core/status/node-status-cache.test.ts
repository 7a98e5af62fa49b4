// SPDX-License-Identifier: Apache-2.0
// The memory of a node: changes only where something changed, and a page that the API server accepts.
import { expect } from 'chai';
import { NodeStatusCache, fromNodeStatusKey, nodeStatusKey } from '../../../src/core/status/node-status-cache.ts';
import { ENTRIES_MAX, ENTRIES_MAX_BYTES } from '../../../src/core/status/node-status-size.ts';

const COMPLETE = {
  type: 'Complete',
  status: 'True',
  reason: 'EveryProfileListed',
  message: 'the report tells of every profile',
};

const key = nodeStatusKey('SeccompProfile', 'ns', 'a');

describe('core/status/node-status-cache', () => {
  let changes = 0;
  let cache: NodeStatusCache;

  beforeEach(() => {
    changes = 0;
    cache = new NodeStatusCache(() => (changes += 1));
  });

  it('notes what changed, and when the state did', () => {
    expect(cache.record(key, { state: 'Pending', uid: 'u' }, 'T1')).to.equal(true);
    expect(cache.record(key, { state: 'Pending', uid: 'u' }, 'T2')).to.equal(false);
    expect(cache.record(key, { state: 'Pending', uid: 'u', message: 'm' }, 'T3')).to.equal(true);
    expect(cache.get(key)).to.deep.equal({ state: 'Pending', uid: 'u', message: 'm', since: 'T1' });
    cache.record(key, { state: 'Installed', uid: 'u', hash: '0123456789abcdef' }, 'T4');
    expect(cache.get(key)?.since).to.equal(undefined);
    cache.record(key, { state: 'Error', uid: 'u' }, 'T5');
    expect(cache.get(key)?.since).to.equal('T5');
    expect(changes).to.equal(4);
  });

  it('forgets once', () => {
    cache.record(key, { state: 'Installed' }, 'T1');
    cache.forget(key);
    cache.forget(key);
    expect(changes).to.equal(2);
    const summary = { installed: 0, pending: 0, failed: 0 };
    expect(cache.content()).to.deep.equal({ summary, profiles: {}, complete: COMPLETE });
  });

  it('remembers an earlier life only where it knows nothing newer, and without a change', () => {
    cache.record(key, { state: 'Error' }, 'T1');
    cache.remember(key, { state: 'Installed' });
    cache.remember('SeccompProfile/ns/b', { state: 'Installed', since: 'T0' });
    expect(changes).to.equal(1);
    expect(cache.content().summary).to.deep.include({ status: 'Error', installed: 1, failed: 1 });
    expect(cache.record('SeccompProfile/ns/b', { state: 'Installed' }, 'T2')).to.equal(false);
  });

  it('keeps messages within what the API server takes', () => {
    cache.record(key, { state: 'Error', message: 'x'.repeat(5000) }, 'T1');
    expect(cache.get(key)?.message).to.have.length(1024);
    expect(cache.record(key, { state: 'Error', message: 'x'.repeat(5000) }, 'T2')).to.equal(false);
  });

  it('lists no more entries than fit, those that need attention first', () => {
    for (let i = 0; i < ENTRIES_MAX + 5; i++) {
      cache.record(
        nodeStatusKey('SeccompProfile', 'ns', `p${i}`),
        { state: i < ENTRIES_MAX ? 'Installed' : 'Error' },
        'T1',
      );
    }
    const content = cache.content();
    expect(Object.keys(content.profiles)).to.have.length(ENTRIES_MAX);
    expect(Object.values(content.profiles).filter((entry) => entry.state === 'Error')).to.have.length(5);
    expect(content.summary.installed, 'the head counts all').to.equal(ENTRIES_MAX);
    expect(content.complete).to.include({ status: 'False', reason: 'TooManyProfiles' });
    expect(content.complete.message).to.equal('the report has no room for 5 of 4101 profiles of this node');
  });

  it('leaves others their room, however many profiles of one namespace fail', () => {
    for (let i = 0; i < ENTRIES_MAX; i++)
      cache.record(nodeStatusKey('SeccompProfile', 'a', `p${i}`), { state: 'Error' }, 'T1');
    for (let i = 0; i < 100; i++)
      cache.record(nodeStatusKey('SeccompProfile', 'b', `p${i}`), { state: 'Installed' }, 'T1');
    const listed = Object.keys(cache.content().profiles);
    expect(listed).to.have.length(ENTRIES_MAX);
    expect(listed.filter((each) => each.startsWith('SeccompProfile/b/'))).to.have.length(100);
  });

  /** Bytes as Go writes them into etcd. */
  const stored = (profiles: object): number =>
    Buffer.byteLength(JSON.stringify(profiles).replaceAll(/[<>&\u2028\u2029]/g, '\\u0000'));
  const fill = (count: number, name: (i: number) => string, message: string): void => {
    const uid = '01234567-89ab-cdef-0123-456789abcdef';
    for (let i = 0; i < count; i++) {
      const entry = { state: 'Error', uid, generation: 12, reason: 'ProfileNotAllowed', message } as const;
      cache.record(nodeStatusKey('SeccompProfile', 'n'.repeat(63), name(i)), entry, '2026-01-01T00:00:00Z');
    }
  };
  const short = (i: number): string => `profile${i}`;
  const long = (i: number): string => `p${i}`.padEnd(253, 'x');

  it('shortens messages before it leaves anything else out, and says so', () => {
    fill(1500, short, 'spec.syscalls[0] allows <mount> & <umount2>'.padEnd(1024, '.'));
    const content = cache.content();
    expect(stored(content.profiles)).to.be.below(ENTRIES_MAX_BYTES);
    expect(Object.keys(content.profiles)).to.have.length(1500);
    expect(Object.values(content.profiles)[0]?.message)
      .to.match(/^spec\.syscalls\[0\] .*…$/)
      .and.have.length(256);
    expect(content.complete).to.include({ status: 'True', reason: 'Shortened' });
    expect(content.complete.message).to.contain('messages end after 256 characters');
  });

  it('stays below a mebibyte with the most profiles, the longest names and messages, whatever is in them', () => {
    for (const sign of ['x', '<', 'é', '漢', '\u0001', '"']) {
      cache = new NodeStatusCache(() => undefined);
      fill(ENTRIES_MAX, long, sign.repeat(1024));
      const content = cache.content();
      const listed = Object.keys(content.profiles).length;
      expect(stored(content.profiles), sign).to.be.within(ENTRIES_MAX_BYTES * 0.99, ENTRIES_MAX_BYTES);
      expect(content.complete.status).to.equal('False');
      expect(content.complete.message).to.contain(`no room for ${ENTRIES_MAX - listed} of ${ENTRIES_MAX} profiles`);
      expect(content.complete.message).to.contain('messages, hashes and denied calls are left out');
    }
  });

  it('has room for the most profiles where names are of usual length', () => {
    for (let i = 0; i < ENTRIES_MAX; i++) {
      const entry = { state: 'Installed', uid: 'u'.repeat(36), generation: 12, hash: 'a'.repeat(16) } as const;
      cache.record(nodeStatusKey('SeccompProfile', 'n'.repeat(40), `p${i}`.padEnd(80, 'x')), entry, 'T');
    }
    expect(cache.content().complete).to.deep.equal(COMPLETE);
  });

  it('reads its own keys', () => {
    expect(key).to.equal('SeccompProfile/ns/a');
    expect(fromNodeStatusKey('SeccompProfile', key)).to.deep.equal({ namespace: 'ns', name: 'a' });
    expect(fromNodeStatusKey('SelinuxProfile', key)).to.equal(undefined);
    expect(fromNodeStatusKey('SeccompProfile', 'SeccompProfile/a')).to.equal(undefined);
  });
});
