// SPDX-License-Identifier: Apache-2.0
// From records of containers to lines and counts of pods: folding, waiting for the pod, bounds, and the end.
import { expect } from 'chai';
import fc from 'fast-check';
import { Enricher } from '../../../src/core/audit/enricher.ts';
import type { EnricherLimits } from '../../../src/core/audit/enricher.ts';
import { countedLabels, enrichedLine } from '../../../src/core/audit/line.ts';
import type { Place } from '../../../src/core/audit/line.ts';
import type { AuditRecord, SeccompRecord } from '../../../src/core/audit/record.ts';

const place: Place = { node: 'n', namespace: 'ns', pod: 'web', container: 'main' };
const LIMITS: EnricherLimits = {
  containers: 2,
  kinds: 3,
  allKinds: 100,
  gatherMs: 10,
  patienceMs: 60,
  afterlifeMs: 600,
};

function record(syscallName: string, pid = 1): SeccompRecord {
  const call = {
    syscallID: 0,
    syscallName,
    architecture: 'SCMP_ARCH_X86_64',
    isDenied: false,
    isOfRuntime: false,
  } as const;
  return { type: 'seccomp', timestamp: '1.1:1', pid, executable: '/x', ...call };
}

/** An enricher, and what it said: `line CALL xTIMES`, `count CALL N`, `drop REASON N`, `forget POD`. */
function make(all = false): { readonly enricher: Enricher; readonly said: string[] } {
  const said: string[] = [];
  const text = (one: unknown) => (one as SeccompRecord).syscallName;
  const sink = {
    tell: (one: unknown, _: Place, times: number) => said.push(`line ${text(one)} x${times}`),
    count: (one: unknown, _: Place, times: number) => said.push(`count ${text(one)} ${times}`),
    forget: ({ pod }: Place) => said.push(`forget ${pod}`),
    dropped: (reason: string, records: number) => said.push(`drop ${reason} ${records}`),
  };
  return { enricher: new Enricher(sink, all, LIMITS), said };
}

describe('core/audit/enricher', () => {
  it('tells the first of equal records at once, and the others as one with a number', () => {
    const { enricher, said } = make();
    enricher.placed('a', place, 0);
    for (let at = 0; at < 5; at += 1) enricher.add('a', record('open', at), at);
    expect(said).to.deep.equal(['line open x1']);
    expect(enricher.flush(5)).to.equal(true);
    expect(enricher.flush(10)).to.equal(false);
    expect(said.slice(1)).to.deep.equal(['count open 5', 'line open x4']);
  });

  it('tells each one where all are asked for', () => {
    const { enricher, said } = make(true);
    enricher.placed('a', place, 0);
    for (let at = 0; at < 3; at += 1) enricher.add('a', record('open'), at);
    expect(said).to.deep.equal(['line open x1', 'line open x1', 'line open x1']);
  });

  it('keeps records until the pod is known, and does not let others wait for it', () => {
    const { enricher, said } = make();
    enricher.placed('b', place, 0);
    enricher.add('a', record('early'), 0);
    enricher.add('a', record('early'), 1);
    enricher.add('b', record('other'), 2);
    expect(said).to.deep.equal(['line other x1']);
    enricher.placed('a', { ...place, pod: 'late' }, 3);
    expect(said.slice(1)).to.deep.equal(['count early 2', 'line early x2']);
  });

  it('gives up a container of no pod, and counts its records', () => {
    const { enricher, said } = make();
    for (const call of ['one', 'two', 'two']) enricher.add('a', record(call), 0);
    expect(enricher.flush(59)).to.equal(true);
    enricher.flush(60);
    expect(said).to.deep.equal(['drop unknown-container 1', 'drop unknown-container 2']);
    expect(enricher.flush(61)).to.equal(false);
  });

  it('counts what is beyond its bounds', () => {
    const { enricher, said } = make();
    for (const call of ['one', 'two', 'three', 'four']) enricher.add('a', record(call), 0);
    enricher.add('b', record('one'), 0);
    enricher.add('c', record('one'), 0);
    expect(said).to.deep.equal(['drop too-many-kinds 1', 'drop too-many-containers 1']);
    enricher.placed('b', place, 1);
    enricher.left('b', 2);
    enricher.add('c', record('one'), 3);
    expect(said.slice(2)).to.deep.equal(['count one 1', 'line one x1', 'forget web']);
  });

  it('keeps room for containers beside those of a stranger that make records of all kinds', () => {
    const said: string[] = [];
    const tell = ({ type }: AuditRecord, { pod }: Place): void => void said.push(`${pod} ${type}`);
    const dropped = (reason: string): void => void said.push(reason);
    const limits = { ...LIMITS, containers: 10, kinds: 100, allKinds: 120 };
    const sink = { tell, dropped, count: () => undefined, forget: () => undefined };
    const enricher = new Enricher(sink, false, limits);
    for (const id of ['x', 'y', 'z']) {
      enricher.placed(id, { ...place, pod: id }, 0);
      for (let i = 0; i < 1000; i++) enricher.add(id, record(String(i)), 0);
    }
    expect(said.filter((line) => line === 'too-many-kinds').length).to.be.at.least(2800);
    said.length = 0;
    enricher.placed('ours', { ...place, pod: 'ours' }, 0);
    for (let i = 0; i < 30; i++) enricher.add('ours', record(String(i)), 0);
    expect(said).to.deep.equal(Array(30).fill('ours seccomp'));
    for (const id of ['x', 'y', 'z']) enricher.left(id, 0);
    enricher.flush(600);
    said.length = 0;
    for (let i = 30; i < 100; i++) enricher.add('ours', record(String(i)), 601);
    expect(said).to.deep.equal(Array(70).fill('ours seccomp'));
  });

  it('forgets the series of a pod that is gone after a while, not those of a container that was started anew', () => {
    const { enricher, said } = make();
    enricher.placed('a', place, 0);
    enricher.placed('b', place, 0);
    enricher.left('a', 0);
    expect(enricher.flush(599)).to.equal(true);
    enricher.flush(600);
    expect(said).to.deep.equal([]);
    enricher.left('b', 700);
    enricher.flush(1300);
    expect(said).to.deep.equal(['forget web']);
  });

  it('tells, counts or drops every record, once', () => {
    const step = fc.record({ id: fc.constantFrom('a', 'b', 'c'), call: fc.constantFrom('v', 'w', 'x', 'y', 'z') });
    const event = fc.oneof(
      { arbitrary: step, weight: 5 },
      fc.constantFrom('place a', 'place b', 'leave a', 'flush').map((what) => ({ what })),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), fc.boolean(), (events, all) => {
        const { enricher, said } = make(all);
        let added = 0;
        events.forEach((next, now) => {
          if ('call' in next) {
            added += 1;
            enricher.add(next.id, record(next.call), now);
          } else if (next.what === 'place a' || next.what === 'place b')
            enricher.placed(next.what.slice(-1), place, now);
          else if (next.what === 'leave a') enricher.left('a', now);
          else enricher.flush(now);
        });
        for (const id of ['a', 'b', 'c']) enricher.placed(id, place, 100);
        enricher.flush(1000);
        enricher.flush(2000);
        const sum = (kind: string) =>
          said
            .filter((line) => line.startsWith(kind))
            .reduce((total, line) => total + Number(/(\d+)$/.exec(line)?.[1]), 0);
        expect(sum('line') + sum('drop')).to.equal(added);
        expect(sum('count') + sum('drop')).to.equal(added);
      }),
    );
  });
});

describe('core/audit/line', () => {
  const common = { timestamp: '1.2:3', pid: 7, executable: '/x' };

  it('has the keys of the manual, sorted', () => {
    const line = enrichedLine({ ...record('listen'), ...common, syscallID: 50 }, place);
    expect(Object.keys(line).join()).to.equal(
      'container,executable,namespace,node,pid,pod,syscallID,syscallName,timestamp,type',
    );
  });

  it('tells what SELinux and AppArmor say', () => {
    const contexts = { scontext: 's', tcontext: 't', tclass: 'file' };
    const selinux = { type: 'selinux', ...common, perm: 'read', ...contexts, isDenied: true } as const;
    expect(enrichedLine(selinux, place)).to.deep.include({
      perm: 'read',
      scontext: 's',
      tcontext: 't',
      tclass: 'file',
    });
    expect(countedLabels(selinux, place)).to.deep.equal({ ...place, executable: '/x', scontext: 's', tcontext: 't' });
    const decision = { apparmor: 'DENIED', operation: 'open', profile: 'p', name: '/n' };
    const appArmor = { type: 'apparmor', ...common, ...decision, extraInfo: 'a=1' } as const;
    expect(enrichedLine(appArmor, place)).to.deep.include({ ...decision, extra_info: 'a=1' });
    const { name, ...labels } = decision;
    expect(countedLabels(appArmor, place), name).to.deep.equal({ ...place, ...labels });
  });
});
