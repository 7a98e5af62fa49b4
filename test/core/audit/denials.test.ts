// SPDX-License-Identifier: Apache-2.0
// Denied calls by profile: told once, then once a minute, bounded, and of profiles of ours only.
import { expect } from 'chai';
import fc from 'fast-check';
import { denialSocketBeside, parseNews, printNews } from '../../../src/core/audit/denial-line.ts';
import { Denials } from '../../../src/core/audit/denials.ts';
import type { ObservedDenial } from '../../../src/core/audit/denials.ts';
import type { AppArmorRecord, SeccompRecord, SelinuxRecord } from '../../../src/core/audit/record.ts';

const PLACE = { node: 'n', namespace: 'shop', pod: 'web-1', container: 'main' };
const PATH = 'operator/shop/web.json';

function seccomp(syscallName: string, second = 0, isDenied = true): SeccompRecord {
  const call = { syscallID: 0, syscallName, architecture: 'SCMP_ARCH_X86_64', isDenied, isOfRuntime: false } as const;
  return { type: 'seccomp', timestamp: `${String(second)}.5:1`, pid: 7, executable: '/bin/app', ...call };
}

function selinux(scontext: string, isDenied = true): SelinuxRecord {
  const access = { perm: 'read', scontext, tcontext: 'u:object_r:etc_t:s0', tclass: 'file', isDenied };
  return { type: 'selinux', timestamp: '1.1:1', pid: 7, executable: '', ...access };
}

function appArmor(apparmor: string, profile = 'web//null-/bin/sh'): AppArmorRecord {
  const access = { apparmor, operation: 'open', profile, name: '/etc/shadow', extraInfo: '' };
  return { type: 'apparmor', timestamp: '1.1:1', pid: 7, executable: '', ...access };
}

describe('core/audit/denials', () => {
  let told: ObservedDenial[];
  let denials: Denials;
  beforeEach(() => {
    told = [];
    denials = new Denials((denial) => told.push(denial));
  });
  const take = (record: Parameters<Denials['take']>[0], localhost: string | undefined = PATH) =>
    denials.take(record, PLACE, localhost);

  it('are told when they come first, once a minute while they go on, and when what was logged is refused', () => {
    for (let second = 0; second < 130; second += 1) take(seccomp('mknod', second));
    expect(told.map(({ last }) => last)).to.deep.equal([
      '1970-01-01T00:00:00Z',
      '1970-01-01T00:01:00Z',
      '1970-01-01T00:02:00Z',
    ]);
    expect(told[0]).to.deep.include({ module: 'seccomp', use: PATH, call: 'mknod', enforced: true });
    expect(told[0]?.by).to.equal('/bin/app in shop/web-1');
    take(seccomp('bpf', 0, false));
    take(seccomp('bpf', 1, true));
    expect(told.slice(3).map(({ enforced }) => enforced)).to.deep.equal([false, true]);
    expect(denials.all()).to.have.length(2);
  });

  it('have room for those that are refused where others were logged, and for those that come when others are over', () => {
    const names = (from: number): readonly string[] => Array.from({ length: 16 }, (_, n) => `call${String(from + n)}`);
    for (const name of names(0)) take(seccomp(name, 0, false));
    take(seccomp('late', 1, false));
    expect(told).to.have.length(16);
    for (const name of names(100)) take(seccomp(name, 2));
    expect(denials.all().map(({ call }) => call)).to.have.members(names(100));
    take(seccomp('logged', 3, false));
    take(seccomp('too-early', 100));
    expect(denials.all().map(({ call }) => call)).to.have.members(names(100));
    take(seccomp('after', 200));
    expect(told.at(-1)?.call).to.equal('after');
    expect(denials.all()).to.have.length(16);
  });

  it('are those of profiles of ours, not of runtimes', () => {
    expect(denials.take(seccomp('mknod'), PLACE, undefined)).to.equal(undefined);
    expect(take({ ...seccomp('mknod'), isOfRuntime: true })).to.equal(undefined);
    expect(take(selinux('u:r:web_shop.process:s0'))).to.deep.include({
      module: 'selinux',
      use: 'web_shop.process',
      call: 'read file etc_t',
      by: 'a process in shop/web-1',
    });
    expect(take(selinux('u:r:selinuxrecording.process:s0'))).to.equal(undefined);
    expect(take(selinux('nonsense'))).to.equal(undefined);
    expect(take(appArmor('DENIED'))).to.deep.include({ use: 'web', call: 'open /etc/shadow', enforced: true });
    expect(take(appArmor('ALLOWED', 'other'))).to.deep.include({ use: 'other', enforced: false });
    expect(take(appArmor('STATUS'))).to.equal(undefined);
    expect(take(seccomp('mknod', 253_402_300_799))?.last).to.equal('9999-12-31T23:59:59Z');
    expect(take(seccomp('mknod', 999_999_999_999)), 'a time that reports cannot have').to.equal(undefined);
  });

  it('are at most sixteen of a profile, whatever is called, and their texts are short and plain', () => {
    const names = fc.array(fc.string({ unit: 'grapheme', maxLength: 200 }), { maxLength: 60 });
    fc.assert(
      fc.property(names, (calls) => {
        const heard: ObservedDenial[] = [];
        const one = new Denials((denial) => heard.push(denial));
        for (const call of calls) one.take({ ...appArmor('DENIED', 'web'), name: `/${call}` }, PLACE, undefined);
        expect(one.all().length).to.be.at.most(16);
        expect(heard.length).to.equal(one.all().length);
        for (const denial of heard) {
          expect(denial.call.length).to.be.at.most(96);
          expect(parseNews(printNews({ type: 'denial', ...denial }))).to.deep.equal({ type: 'denial', ...denial });
        }
      }),
    );
  });
});

describe('core/audit/denial-line', () => {
  it('passes over what has not the form', () => {
    const source = { type: 'source', log: '/var/log/syslog' } as const;
    expect(parseNews(printNews(source))).to.deep.equal(source);
    const denial = { module: 'seccomp', use: PATH, call: 'bpf', enforced: true, by: 'x', last: '2026-01-01T00:00:00Z' };
    expect(parseNews(JSON.stringify({ type: 'denial', ...denial }))).to.deep.equal({ type: 'denial', ...denial });
    expect(parseNews(JSON.stringify({ type: 'source', log: '/a\u001b[2J' }))).to.deep.include({ log: '/a\ufffd[2J' });
    const bad = [
      {},
      { type: 'source' },
      { type: 'denial', ...denial, module: 'lsm' },
      { type: 'denial', ...denial, enforced: 1 },
      { type: 'denial', ...denial, call: 'x'.repeat(97) },
      { type: 'denial', ...denial, use: '' },
      ...['T', '', '+033658-09-27T01:46:39Z', '2026-01-01 00:00:00Z', '2026-13-01T00:00:00Z', 7].map((last) => ({
        type: 'denial',
        ...denial,
        last,
      })),
    ];
    for (const one of bad) expect(parseNews(JSON.stringify(one))).to.equal(undefined);
    for (const text of ['', '{', 'null', '[]']) expect(parseNews(text)).to.equal(undefined);
    expect(denialSocketBeside('/run/e/metrics.sock')).to.equal('/run/e/denials.sock');
  });
});
