// SPDX-License-Identifier: Apache-2.0
// Refusals and the system calls in which they happened.
import { expect } from 'chai';
import { Companions } from '../../../src/core/audit/companions.ts';
import type { AuditRecord, SelinuxRecord } from '../../../src/core/audit/record.ts';

function refusal(serial: number, perm: string): SelinuxRecord {
  const contexts = { scontext: 's', tcontext: 't', tclass: 'file', isDenied: true };
  return { type: 'selinux', timestamp: `1.1:${serial}`, pid: 1, executable: '', perm, ...contexts };
}

const call = (serial: number) => ({ type: 'companion', timestamp: `1.1:${serial}`, executable: '/x' }) as const;

describe('core/audit/companions', () => {
  let told: string[];
  let companions: Companions;
  beforeEach(() => {
    told = [];
    companions = new Companions((id, record) => told.push(`${id} ${textOf(record)} ${record.executable}`.trim()));
  });

  const textOf = (record: AuditRecord): string => (record.type === 'selinux' ? record.perm : record.type);

  it('gives all refusals of a system call its executable', () => {
    companions.take('a', refusal(1, 'read'));
    companions.take('a', refusal(1, 'open'));
    expect(told).to.deep.equal([]);
    companions.take('a', call(1));
    expect(told).to.deep.equal(['a read /x', 'a open /x']);
  });

  it('waits for no call that does not come, and takes none of another number', () => {
    companions.take('a', refusal(1, 'read'));
    companions.take('a', call(2));
    companions.take('b', refusal(3, 'write'));
    expect(told).to.deep.equal(['a read']);
    companions.release();
    companions.take('b', call(3));
    expect(told).to.deep.equal(['a read', 'b write']);
  });

  it('holds nothing that names its executable, and not too much', () => {
    companions.take('a', { ...refusal(1, 'read'), executable: '/y' });
    expect(told).to.deep.equal(['a read /y']);
    for (let at = 0; at < 1000; at += 1) companions.take('a', refusal(2, 'read'));
    expect(told.length).to.be.greaterThan(700);
    companions.release();
    expect(told).to.have.lengthOf(1001);
  });
});
