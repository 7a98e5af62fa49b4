// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import type { Cluster } from '../../src/cli/cluster.ts';
import { runCommandLine } from '../../src/cli/command-line.ts';
import type { Answer, Question } from '../../src/core/doctor/cluster-facts.ts';
import { HEALTHY } from '../core/doctor/node-facts.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';

const POD = {
  metadata: { name: 'spod-x', annotations: { note: 'password=PLANTED' } },
  spec: { containers: [{ name: 'daemon', env: [{ name: 'A', value: 'PLANTED' }] }] },
};

const LISTS: Readonly<Record<string, readonly unknown[]>> = {
  pods: [POD],
  seccompprofiles: [{ metadata: { name: 'one' } }],
  events: [{ message: 'Bearer PLANTED-abcdefgh' }],
};

/** A cluster with secrets in all places, and two pages of profiles. */
class LeakyCluster implements Cluster {
  readonly namespace = 'default';
  readonly server = 'https://api/';
  readonly asked: Question[] = [];

  async ask(question: Question): Promise<Answer> {
    this.asked.push(question);
    const name = question.path.split('/').at(-1) ?? '';
    if (name === 'nodes') return { type: 'refused', why: 'is forbidden, token=PLANTED' };
    const items = LISTS[name];
    if (items === undefined) return { type: 'absent' };
    const isFirst = name === 'seccompprofiles' && question.query?.['continue'] === undefined;
    return { type: 'found', body: { items, metadata: isFirst ? { continue: 'next' } : {} } };
  }

  async askText(question: Question): Promise<Answer> {
    this.asked.push(question);
    if (question.query?.['previous'] === 'true') return { type: 'absent' };
    return { type: 'found', body: 'a line\nDB_TOKEN=PLANTED\n' };
  }

  close(): void {
    // Nothing is open.
  }
}

async function dump(args: readonly string[], cluster?: LeakyCluster) {
  const terminal = new FakeTerminal();
  const machine = new FakeMachine();
  machine.facts = HEALTHY;
  machine.cluster = cluster;
  const end = await runCommandLine(['support-dump', ...args], machine, terminal).catch(String);
  return { end, archive: terminal.stored.get('spo-support.tar') ?? '', logged: terminal.logged.join('\n') };
}

describe('spoc support-dump', () => {
  it('has doctor and the machine where there is no cluster', async () => {
    const { end, archive, logged } = await dump([]);
    expect(end).to.deep.equal({ type: 'status', status: 0 });
    expect(archive).to.contain('spo-support/doctor.txt\0').and.contain('spo-support/node.json\0');
    expect(archive).not.to.contain('spo-support/cluster');
    expect(logged).to.match(/Wrote 5 files about this machine \(no cluster\) to: spo-support.tar/);
  });

  it('has objects, pods, events and logs, and nothing that is secret', async () => {
    const cluster = new LeakyCluster();
    const { archive, logged } = await dump(['-n', 'ns'], cluster);
    for (const file of [
      'objects/seccompprofiles.json',
      'cluster/pods.json',
      'cluster/events.json',
      'cluster/nodes.absent.txt',
      'logs/spod-x/daemon.log',
    ]) {
      expect(archive, file).to.contain(`spo-support/${file}\0`);
    }
    expect(archive).to.contain('a line\n').and.not.contain('PLANTED');
    expect(logged).to.contain('this machine and https://api/');
    expect(archive.match(/"name": "one"/g), 'both pages').to.have.length(2);
  });

  it('asks for no Secret besides those whose dates doctor tells', async () => {
    const cluster = new LeakyCluster();
    await dump([], cluster);
    const secrets = cluster.asked.filter(({ path }) => path.includes('/secrets'));
    expect(secrets).to.have.length.at.most(3);
    expect(secrets.every(({ path }) => /secrets\/[a-z-]+$/.test(path))).to.equal(true);
  });
});
