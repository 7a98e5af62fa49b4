// SPDX-License-Identifier: Apache-2.0
// Objects of a cluster in the place of files.
import { expect } from 'chai';
import { namedObject } from '../../src/cli/cluster-objects.ts';
import { runCommandLine } from '../../src/cli/command-line.ts';
import type { Cluster } from '../../src/cli/cluster.ts';
import type { Answer, Question } from '../../src/core/doctor/cluster-facts.ts';
import { FakeMachine, FakeTerminal } from '../fakes/terminal.ts';

const API = '/apis/security-profiles-operator.x-k8s.io/v1beta1/namespaces';

function recorded(names: readonly string[], metadata: object = {}): object {
  return {
    apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
    kind: 'SeccompProfile',
    metadata: {
      name: 'web-c',
      namespace: 'shop',
      labels: { 'spo.x-k8s.io/recording-id': 'web', 'spo.x-k8s.io/container-id': 'c' },
      annotations: { 'spo.x-k8s.io/added-syscalls': 'base syscalls: execve' },
      ...metadata,
    },
    spec: { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ names, action: 'SCMP_ACT_ALLOW' }] },
  };
}

class Shop implements Cluster {
  readonly server = 'https://shop';
  readonly namespace = 'shop';
  readonly asked: Question[] = [];
  isClosed = false;
  private readonly answers: Readonly<Record<string, Answer>>;

  constructor(answers: Readonly<Record<string, Answer>>) {
    this.answers = answers;
  }

  async ask(question: Question): Promise<Answer> {
    this.asked.push(question);
    return this.answers[question.path] ?? { type: 'absent' };
  }

  askText(question: Question): Promise<Answer> {
    return this.ask(question);
  }

  close(): void {
    this.isClosed = true;
  }
}

const found = (body: unknown): Answer => ({ type: 'found', body });

describe('an object in the place of a file', () => {
  let terminal: FakeTerminal;
  let machine: FakeMachine;

  function spoc(shop: Shop | undefined, ...words: readonly string[]): Promise<unknown> {
    terminal = new FakeTerminal();
    machine = new FakeMachine();
    machine.cluster = shop;
    return runCommandLine([...words], machine, terminal).catch(String);
  }

  it('is read from the namespace of the context, or the one that is named', async () => {
    const profile = found(recorded(['read']));
    const shop = new Shop({ [`${API}/shop/seccompprofiles/web-c`]: profile, [`${API}/b/seccompprofiles/c`]: profile });
    expect(await spoc(shop, 'evidence', 'sp/web-c')).to.deep.equal({ type: 'status', status: 0 });
    expect(terminal.printed).to.match(/^SeccompProfile of ProfileRecording shop\/web, container c\n {2}whole: yes\n/);
    expect(shop.isClosed).to.equal(true);
    expect(await spoc(shop, 'evidence', '-n', 'b', 'SeccompProfile/c')).to.deep.equal({ type: 'status', status: 0 });
    expect(await spoc(shop, 'report', '-o', '/r.html', 'sp/web-c')).to.deep.equal({ type: 'status', status: 0 });
    expect(terminal.stored.get('/r.html')).to.include('container c was learnt');
  });

  it('that is a recording stands for all profiles that it has left, without those that are being deleted', async () => {
    const gone = recorded(['mknod'], { deletionTimestamp: '2026-01-01T00:00:00Z' });
    const list = found({ kind: 'SeccompProfileList', items: [recorded(['read']), recorded(['write']), gone] });
    const shop = new Shop({ [`${API}/shop/seccompprofiles`]: list });
    await spoc(shop, 'evidence', '-o', 'json', 'profilerecording/web');
    const [told] = JSON.parse(terminal.printed) as readonly { recordings: number; seen: { name: string }[] }[];
    expect([told?.recordings, told?.seen.map(({ name }) => name)]).to.deep.equal([2, ['read', 'write']]);
    expect(new Set(shop.asked.map(({ query }) => query?.['labelSelector']))).to.deep.equal(
      new Set(['spo.x-k8s.io/recording-id=web']),
    );
  });

  it('that cannot be had is a sentence', async () => {
    const shop = new Shop({ [`${API}/shop/seccompprofiles/no`]: { type: 'refused', why: 'you may not' } });
    const place = 'in namespace shop';
    expect(await spoc(shop, 'evidence', 'sp/gone')).to.equal(`UserError: sp/gone ${place}: there is no such object`);
    expect(shop.isClosed).to.equal(true);
    expect(await spoc(shop, 'evidence', 'sp/no')).to.equal(`UserError: sp/no ${place}: you may not`);
    expect(await spoc(shop, 'evidence', 'profilerecording/x')).to.equal(
      `UserError: profilerecording/x ${place}: there is no profile of it`,
    );
    expect(await spoc(undefined, 'evidence', 'sp/x')).to.equal(
      'UserError: sp/x: there is no kubeconfig: give --kubeconfig, or ./sp/x for a file',
    );
  });

  it('is told from a file by its name', () => {
    const kinds = ['seccompprofiles/a', 'aa/a', 'profilerecording.security-profiles-operator.x-k8s.io/a.b'];
    expect(kinds.map((word) => namedObject(word)?.kind.kind)).to.deep.equal([
      'SeccompProfile',
      'AppArmorProfile',
      'ProfileRecording',
    ]);
    for (const word of [
      'sp/web.yaml',
      'seccompprofiles/web.json',
      './sp/web',
      'sp/web/x',
      'sp/',
      'web.yaml',
      '-',
      'pods/web',
      'sp.apps/web',
      'sp/Web.yaml',
    ])
      expect(namedObject(word), word).to.equal(undefined);
  });
});
