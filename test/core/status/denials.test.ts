// SPDX-License-Identifier: Apache-2.0
// Denied calls in the report of a node and in the condition of a profile: bounded, never clean where nobody listens.
import { expect } from 'chai';
import fc from 'fast-check';
import { denialsObservation, withDenial } from '../../../src/core/status/denials.ts';
import type { NodeDenials, ProfileDenial } from '../../../src/core/status/denials.ts';
import { NodeStatusCache } from '../../../src/core/status/node-status-cache.ts';
import { unloggedDenials } from '../../../src/core/seccomp/unlogged.ts';

function denial(call: string, enforced = true, last = 'T1'): ProfileDenial {
  return { call, enforced, by: `/bin/${call} in ns/p`, last };
}

const node = (nodeName: string, denials: readonly ProfileDenial[] = [], isAudited = true): NodeDenials => ({
  nodeName,
  denials,
  isAudited,
});

const verdict = (nodes: readonly NodeDenials[], unlogged?: string): string => {
  const { status, reason, message } = denialsObservation({ nodes, unlogged, generation: 1 });
  return `${status} ${reason}: ${message}`;
};

describe('core/status/denials', () => {
  it('keeps each call once, with what is known of it together', () => {
    const one = withDenial([denial('mknod', false)], denial('bpf'));
    expect(one.map(({ call }) => call)).to.deep.equal(['bpf', 'mknod']);
    expect(withDenial(one, denial('mknod', true, 'T0'))).to.deep.equal([denial('bpf'), denial('mknod')]);
    expect(withDenial(one, denial('bpf', false))).to.equal(one);
    expect(withDenial(one, denial('bpf', true, 'T2'))[0]?.last).to.equal('T2');
  });

  it('is bounded, and a call that is known is told of all the same', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 80 }), (calls) => {
        const all = calls.reduce<readonly ProfileDenial[]>((some, n) => withDenial(some, denial(`c${String(n)}`)), []);
        expect(all.length).to.equal(Math.min(16, new Set(calls).size));
        expect(all.map(({ call }) => call)).to.deep.equal(all.map(({ call }) => call).sort());
      }),
    );
  });

  it('has room for a call that was refused where others were only logged', () => {
    const full = Array.from({ length: 16 }, (_, n) => denial(`c${String(n)}`, n > 0));
    expect(withDenial(full, denial('x', false))).to.equal(full);
    const after = withDenial(full, denial('x'));
    expect(after.map(({ call }) => call))
      .to.include('x')
      .and.not.include('c0');
    expect(withDenial(after, denial('y'))).to.equal(after);
  });

  it('has room for a call of today where the list is full of what is over', () => {
    const at = (minute: number) => new Date(minute * 60_000).toISOString();
    for (const enforced of [true, false]) {
      const full = Array.from({ length: 16 }, (_, n) => denial(`c${String(n).padStart(2, '0')}`, enforced, at(n)));
      expect(withDenial(full, denial('x', enforced, at(1)))).to.equal(full);
      const after = withDenial(full, denial('x', enforced, at(30)));
      expect(after.map(({ call }) => call)).to.deep.equal([...full.slice(1).map(({ call }) => call), 'x']);
    }
    const refused = Array.from({ length: 16 }, (_, n) => denial(`c${String(n)}`, true, at(n)));
    expect(withDenial(refused, denial('x', false, at(90)))).to.equal(refused);
  });

  it('says which calls were denied, and unknown where nobody can have heard of one', () => {
    expect(verdict([node('a', [denial('bpf')]), node('b', [denial('bpf'), denial('acct')], false)])).to.equal(
      'True CallsDenied: denied: acct (/bin/acct in ns/p), bpf (/bin/bpf in ns/p)',
    );
    expect(verdict([node('a', [denial('bpf', false)]), node('b', [denial('bpf')])])).to.match(/^True /);
    expect(verdict([node('a', [denial('bpf', false)])])).to.match(/^False CallsLogged: logged, not denied: bpf/);
    expect(verdict([node('a')])).to.equal('False NoDenials: no audit log has a denial of it');
    expect(verdict([node('a')], 'not logged')).to.equal('Unknown DenialsNotLogged: not logged');
    expect(verdict([node('c', [], false), node('a', [], false), node('b')])).to.equal(
      'Unknown NoAuditSource: no audit log is read on a and 1 more',
    );
    expect(verdict([])).to.equal('Unknown NoAuditSource: no node tells');
    const many = Array.from({ length: 10 }, (_, n) => denial(`c${String(n)}`));
    expect(verdict([node('a', many)])).to.match(/ and 2 more$/);
  });

  it('is of the generation that has denied: another one may permit the calls', () => {
    let changes = 0;
    const cache = new NodeStatusCache(() => (changes += 1));
    const key = 'SeccompProfile/ns/a';
    cache.denied(key, denial('bpf'));
    expect(changes).to.equal(0);
    cache.record(key, { state: 'Installed', uid: 'u', generation: 1 }, 'T');
    cache.denied(key, denial('bpf'));
    cache.denied(key, denial('bpf'));
    expect(changes).to.equal(2);
    cache.record(key, { state: 'Error', uid: 'u', generation: 1, message: 'm' }, 'T');
    expect(cache.get(key)?.denials).to.deep.equal([denial('bpf')]);
    cache.record(key, { state: 'Installed', uid: 'u', generation: 2 }, 'T');
    expect(cache.get(key)?.denials).to.equal(undefined);
  });
});

describe('core/seccomp/unlogged', () => {
  it('knows which refusals the kernel logs', () => {
    const profile = { defaultAction: 'SCMP_ACT_ERRNO', architectures: [], rules: [] } as const;
    expect(unloggedDenials(profile)).to.match(/SCMP_ACT_ERRNO refuses/);
    expect(unloggedDenials({ ...profile, flags: ['SECCOMP_FILTER_FLAG_LOG'] })).to.equal(undefined);
    expect(unloggedDenials({ ...profile, defaultAction: 'SCMP_ACT_KILL_PROCESS' })).to.equal(undefined);
    const rules = [{ names: ['bpf'], action: 'SCMP_ACT_TRAP', args: [] }] as const;
    expect(unloggedDenials({ ...profile, defaultAction: 'SCMP_ACT_LOG', rules })).to.match(/SCMP_ACT_TRAP/);
  });
});
