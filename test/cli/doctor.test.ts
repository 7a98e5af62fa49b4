// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import type { Cluster } from '../../src/cli/cluster.ts';
import { runCommandLine } from '../../src/cli/command-line.ts';
import type { Answer, Question } from '../../src/core/doctor/cluster-facts.ts';
import { HEALTHY } from '../core/doctor/node-facts.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';

/** A cluster that gives each question the same answer, and keeps what was asked. */
class SingleMinded implements Cluster {
  readonly namespace = 'default';
  readonly server = 'https://api/';
  readonly asked: Question[] = [];
  isClosed = false;
  private readonly answer: Answer;

  constructor(answer: Answer) {
    this.answer = answer;
  }

  async ask(question: Question): Promise<Answer> {
    this.asked.push(question);
    return this.answer;
  }

  async askText(): Promise<Answer> {
    return this.answer;
  }

  close(): void {
    this.isClosed = true;
  }
}

async function spoc(args: readonly string[], cluster?: Cluster, facts = HEALTHY) {
  const terminal = new FakeTerminal();
  const machine = new FakeMachine();
  machine.facts = facts;
  machine.cluster = cluster;
  const end = await runCommandLine(['doctor', ...args], machine, terminal).catch(String);
  return { end, printed: terminal.printed };
}

const OK = { type: 'status', status: 0 };
const FAILED = { type: 'status', status: 3 };

describe('spoc doctor', () => {
  it('looks at the machine alone where there is no kubeconfig', async () => {
    const { end, printed } = await spoc([]);
    expect(end).to.deep.equal(OK);
    expect(printed)
      .to.match(/^node\n/)
      .and.not.contain('cluster\n');
  });

  it('ends with 3 for a failure, with --strict also for a warning', async () => {
    const old = { ...HEALTHY, hasBtf: false };
    expect((await spoc([], undefined, old)).end).to.deep.equal(OK);
    expect((await spoc(['--strict'], undefined, old)).end).to.deep.equal(FAILED);
    expect((await spoc([], undefined, { ...HEALTHY, missingPrograms: ['runner'] })).end).to.deep.equal(FAILED);
  });

  it('looks at the cluster of the kubeconfig, too, or alone', async () => {
    const cluster = new SingleMinded({ type: 'absent' });
    const both = await spoc(['-n', 'mine'], cluster);
    expect(both.printed).to.match(/^node\n[^]*\ncluster\n {2}fail {5}api/);
    expect(cluster.asked.map(({ path }) => path)).to.deep.equal(['/version']);
    expect(cluster.isClosed).to.equal(true);
    expect((await spoc(['--no-node'], cluster)).printed).to.match(/^cluster\n/);
    expect((await spoc(['--no-cluster'], cluster)).printed).not.to.contain('cluster\n');
  });

  it('asks about the namespace that is named, and keeps no secret', async () => {
    const body = { items: [], data: { 'tls.crt': btoa('no certificate'), 'tls.key': 'PLANTED' } };
    const cluster = new SingleMinded({ type: 'found', body });
    const { printed, end } = await spoc(['--no-node', '-n', 'mine', '-o', 'json'], cluster);
    expect(end).to.deep.equal(FAILED);
    expect(printed).not.to.contain('PLANTED');
    expect(JSON.parse(printed)).to.have.property('summary').with.property('fail').above(0);
    expect(cluster.asked.map(({ path }) => path)).to.include('/apis/apps/v1/namespaces/mine/daemonsets/spod');
  });

  it('says why there is no cluster', async () => {
    expect((await spoc(['--no-node'])).end).to.match(/no cluster to look at: give --kubeconfig/);
    expect((await spoc(['--kubeconfig', '/nope'])).end).to.match(/cannot be used/);
    expect((await spoc(['--no-node', '--no-cluster'])).end).to.match(
      /--no-node and --no-cluster leave nothing to look at/,
    );
  });
});
