// SPDX-License-Identifier: Apache-2.0
// From AVC records to allow rules: nothing is lost, and what rules do not help is told.
import { expect } from 'chai';
import fc from 'fast-check';
import { dominates, highLevel } from '../../../src/core/selinux/contexts.ts';
import { recordedAccess } from '../../../src/core/selinux/records.ts';
import type { Access } from '../../../src/core/selinux/records.ts';

const PROCESS = 'system_u:system_r:selinuxrecording.process:s0:c1,c2';

function access(tcontext: string, tclass: string, perm: string, scontext = PROCESS): Access {
  return { scontext, tcontext, tclass, perm };
}

describe('core/selinux/records', () => {
  it('makes rules of records, with the own type as @self', () => {
    const recorded = recordedAccess([
      access('system_u:object_r:http_port_t:s0', 'tcp_socket', 'name_bind'),
      access('system_u:object_r:var_log_t:s0', 'file', 'read write open'),
      access('system_u:object_r:var_log_t:s0', 'file', 'write'),
      access(PROCESS, 'capability', 'bpf'),
    ]);
    expect(recorded).to.deep.equal({
      allow: {
        '@self': { capability2: ['bpf'] },
        http_port_t: { tcp_socket: ['name_bind'] },
        var_log_t: { file: ['open', 'read', 'write'] },
      },
      unnamed: [],
      levels: [],
    });
  });

  it('keeps classes and permissions that other policies do not know', () => {
    const { allow } = recordedAccess([access('system_u:object_r:a_t:s0', 'anon_inode', 'read watch_new')]);
    expect(allow).to.deep.equal({ a_t: { anon_inode: ['read', 'watch_new'] } });
  });

  it('counts what no rule can name', () => {
    const records = [
      access('system_u:object_r:a_t:s0', 'file', '0x400000'),
      access('unlabeled', 'file', 'read'),
      access('system_u:object_r:a t:s0', 'file', 'read'),
    ];
    const { allow, unnamed } = recordedAccess(records);
    expect(allow).to.deep.equal({});
    expect(unnamed.map(({ count }) => count)).to.deep.equal([1, 1, 1]);
    expect(unnamed[0]?.text).to.equal('system_u:object_r:a t:s0 file read');
  });

  it('tells of categories, which no rule changes, by what they mean', () => {
    const levels = (own: string, wanted: string): number => {
      const source = `system_u:system_r:a_t:${own}`;
      return recordedAccess([access(`system_u:object_r:b_t:${wanted}`, 'file', 'read', source)]).levels.length;
    };
    expect(levels('s0:c1,c2', 's0:c3,c4')).to.equal(1);
    expect(levels('s0:c1.c3', 's0:c1,c2')).to.equal(0);
    expect(levels('s0:c1.c2', 's0:c1,c2')).to.equal(0);
    expect(levels('s0-s0:c0.c1023', 's0:c7')).to.equal(0);
    expect(levels('s0:c1,c2', 's0')).to.equal(0);
    expect(levels('s0:c1,c2', 's1')).to.equal(1);
    expect(levels('s0:what', 's0:c1')).to.equal(0);
  });

  it('says the same, whatever the order and however often', () => {
    const types = fc.constantFrom('system_u:object_r:a_t:s0', 'system_u:object_r:b_t:s0:c9', PROCESS, 'bad');
    const one = fc.tuple(types, fc.constantFrom('file', 'capability'), fc.constantFrom('read', 'chown read', '0x1'));
    const records = fc.array(one.map(([type, objectClass, perm]) => access(type, objectClass, perm)));
    fc.assert(
      fc.property(records, (list) => {
        expect(recordedAccess([...list].reverse())).to.deep.equal(recordedAccess(list));
        expect(recordedAccess([...list, ...list]).allow).to.deep.equal(recordedAccess(list).allow);
        const taken = list.reduce((sum, { perm }) => sum + perm.split(' ').length, 0);
        const { allow, unnamed } = recordedAccess(list);
        const named = Object.values(allow).flatMap((classes) => Object.values(classes).flat()).length;
        expect(named + unnamed.reduce((sum, { count }) => sum + count, 0)).to.be.at.most(taken);
      }),
    );
  });

  it('compares levels as sets', () => {
    const number = fc.integer({ min: 0, max: 1023 });
    fc.assert(
      fc.property(fc.uniqueArray(number, { minLength: 1, maxLength: 8 }), (numbers) => {
        const level = highLevel(`s0:${numbers.map((one) => `c${String(one)}`).join(',')}`);
        expect(level?.categories).to.deep.equal(new Set(numbers));
        const all = highLevel('s0:c0.c1023');
        expect(level !== undefined && all !== undefined && dominates(all, level)).to.equal(true);
        expect(level !== undefined && all !== undefined && dominates(level, all)).to.equal(false);
      }),
    );
    for (const bad of ['s0:c3.c1', 's0:c1024', 's0:', 'x', 's0:c1,,c2', 's0:c0.c9999']) {
      expect(highLevel(bad), bad).to.equal(undefined);
    }
  });
});
