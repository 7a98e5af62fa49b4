// SPDX-License-Identifier: Apache-2.0
// The calls of programs of pods, gathered by program.
import { expect } from 'chai';
import { activityLine } from '../../../src/core/audit/activity-line.ts';
import { parseFilters } from '../../../src/core/audit/filters.ts';
import { callerOf } from '../../../src/core/audit/parse.ts';
import { ProcessActivity } from '../../../src/core/audit/process-activity.ts';
import type { Activity } from '../../../src/core/audit/process-activity.ts';
import type { SeccompRecord } from '../../../src/core/audit/record.ts';

const PLACE = { node: 'n', namespace: 'ns', pod: 'web', container: 'main' };
const ROOT = { uid: 0, gid: 0 };

function called(pid: number, syscallName: string): SeccompRecord {
  const timestamp = '1624453150.205:1061';
  const common = { type: 'seccomp', timestamp, executable: '/bin/sleep', architecture: undefined } as const;
  return { ...common, pid, syscallName, syscallID: 0, isDenied: false, isOfRuntime: false };
}

describe('core/audit/process-activity', () => {
  let told: Activity[];
  let drops: string[];
  let activity: ProcessActivity;

  beforeEach(() => {
    told = [];
    drops = [];
    const sink = {
      tell: (one: Activity) => told.push(one),
      dropped: (reason: string, records: number) => drops.push(`${reason} ${records}`),
    };
    activity = new ProcessActivity(sink, { intervalMs: 1000, most: 3, patienceMs: 500 });
  });

  const calls = () => told.map((one) => `${one.pid} ${[...one.calls].join()}`);

  it('has no room for any number of calls without a name, and room for those that have a name', () => {
    activity.placed('c', PLACE);
    for (let number = 1000; number < 2000; number++) activity.add('c', called(7, String(number)), ROOT, 0);
    activity.add('c', called(7, 'mount'), ROOT, 1);
    activity.flush(1000);
    expect(told[0]?.calls.size).to.be.at.most(66);
    expect(told[0]?.calls.has('mount')).to.equal(true);
    expect(new Set(drops)).to.deep.equal(new Set(['too-many-unknown-calls 1']));
  });

  it('tells a program once its interval is over, with each call once', () => {
    activity.placed('c', PLACE);
    activity.executed('c', 7, { arguments: ['sleep', '5'], request: 'ab' });
    for (const name of ['read', 'write', 'read']) activity.add('c', called(7, name), ROOT, 0);
    expect(activity.flush(999)).to.equal(true);
    expect(told).to.deep.equal([]);
    expect(activity.flush(1000)).to.equal(false);
    expect(calls()).to.deep.equal(['7 read,write']);
    expect(activityLine(told[0] as Activity, PLACE, 'u')).to.deep.equal({
      auditID: 'u',
      cmdLine: 'sleep 5',
      executable: '/bin/sleep',
      gid: 0,
      node: { name: 'n' },
      pid: 7,
      requestUID: 'ab',
      resource: { container: 'main', namespace: 'ns', pod: 'web' },
      syscalls: ['read', 'write'],
      timestamp: '2021-06-23T12:59:10.205Z',
      uid: 0,
      version: 'spo/v1_alpha',
    });
  });

  it('keeps the programs of one process apart, and says nothing of what it does not know', () => {
    activity.placed('c', PLACE);
    activity.add('c', called(7, 'fork'), { uid: undefined, gid: undefined }, 0);
    activity.executed('c', 7, { arguments: ['a'], request: undefined });
    activity.add('c', called(7, 'read'), ROOT, 0);
    activity.executed('c', 7, { arguments: ['b'], request: undefined });
    activity.add('c', called(7, 'write'), ROOT, 0);
    activity.flush(0, true);
    expect(calls()).to.deep.equal(['7 fork', '7 read', '7 write']);
    expect(told.map(({ program }) => program?.arguments[0])).to.deep.equal([undefined, 'a', 'b']);
    const line = activityLine(told[0] as Activity, PLACE, 'u');
    expect(line).to.include({ cmdLine: '' }).and.not.have.any.keys('uid', 'gid', 'requestUID');
  });

  it('waits for the pod of a container, then counts what is lost', () => {
    activity.add('c', called(7, 'read'), ROOT, 0);
    activity.add('c', called(7, 'write'), ROOT, 0);
    activity.add('d', called(8, 'read'), ROOT, 0);
    activity.placed('d', PLACE);
    activity.flush(500);
    expect(drops).to.deep.equal(['unknown-container 2']);
    activity.left('d', 500);
    activity.flush(1000);
    expect(calls()).to.deep.equal(['8 read']);
  });

  it('is bounded, and forgets pods that are gone', () => {
    activity.placed('c', PLACE);
    for (const pid of [1, 2, 3, 4, 4]) activity.add('c', called(pid, 'read'), ROOT, 0);
    expect(drops).to.deep.equal(['too-many-processes 1', 'too-many-processes 1']);
    activity.left('c', 0);
    activity.flush(1500);
    expect(told).to.have.lengthOf(3);
    activity.add('c', called(5, 'read'), ROOT, 2000);
    activity.flush(2500);
    expect(drops.at(-1)).to.equal('unknown-container 1');
  });

  it('reads user and group where the record tells them', () => {
    const head = 'type=SECCOMP msg=audit(1.1:1): auid=4294967295';
    expect(callerOf(`${head} uid=1000 gid=33 ses=1 pid=7`)).to.deep.equal({ uid: 1000, gid: 33 });
    expect(callerOf(`${head} pid=7`)).to.deep.equal({ uid: undefined, gid: undefined });
    expect(callerOf('nothing')).to.deep.equal({ uid: undefined, gid: undefined });
  });

  it('is filtered by keys within objects, and by one of several calls', () => {
    const line = { resource: { pod: 'web' }, syscalls: ['read', 'listen'], requestUID: 'u' };
    const shows = (...rules: readonly object[]) => parseFilters(JSON.stringify(rules))(line);
    const none = { priority: 2, level: 'None' };
    expect(shows({ ...none, matchKeys: ['resource/pod'] })).to.equal(false);
    expect(shows({ ...none, matchKeys: ['resource/pod'], matchValues: ['db'] })).to.equal(true);
    expect(shows({ ...none, matchKeys: ['resource'], matchValues: ['web'] })).to.equal(true);
    expect(shows({ ...none, matchKeys: ['syscalls'], matchValues: ['listen'] })).to.equal(false);
    expect(shows({ priority: 1, matchKeys: ['requestUID'] }, { ...none, matchKeys: ['syscalls'] })).to.equal(true);
  });
});
