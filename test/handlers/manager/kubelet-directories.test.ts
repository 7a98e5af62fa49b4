// SPDX-License-Identifier: Apache-2.0
// How often the daemons are started anew for labels of nodes, whatever somebody does with these.
import { expect } from 'chai';
import { KubeletDirectories } from '../../../src/handlers/manager/spod/kubelet-directories.ts';
import type { ClusterNode } from '../../../src/handlers/sources/nodes.ts';

const SECOND = 1000;

function nodes(label: string | undefined): readonly ClusterNode[] {
  const labels = label === undefined ? {} : { 'kubelet.kubernetes.io/directory-location': label };
  return ['n1', 'n2'].map((name) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: name === 'n1' ? labels : {} },
  }));
}

/** Marks that followed each other in so many seconds, with the label of each second. */
function marksIn(seconds: number, labelAt: (second: number) => string | undefined): readonly string[] {
  const directories = new KubeletDirectories();
  const marks = [directories.mark(nodes('mnt-first'), undefined, 0).mark];
  for (let second = 1; second <= seconds; second++) {
    const { mark } = directories.mark(nodes(labelAt(second)), marks.at(-1), second * SECOND);
    if (mark !== marks.at(-1)) marks.push(mark);
  }
  return marks;
}

describe('handlers/manager/spod/kubelet-directories', () => {
  it('starts the daemons once a label has settled', () => {
    expect(marksIn(14, () => 'mnt-b')).to.have.length(1);
    expect(marksIn(17, () => 'mnt-b')).to.have.length(2);
    expect(
      marksIn(60, () => undefined),
      'also without one',
    ).to.have.length(2);
  });

  it('starts them at most once where a label changes every ten seconds for two minutes', () => {
    const turns = (second: number): string => `mnt-${String(Math.floor(second / 10) % 2)}`;
    expect(marksIn(120, turns).length).to.be.at.most(2);
    expect(marksIn(120, (second) => `mnt-${String(Math.floor(second / 10))}`).length).to.be.at.most(2);
    expect(
      marksIn(200, (second) => `mnt-${String(Math.min(12, Math.floor(second / 10)))}`),
      'and once it ends',
    ).to.have.length(2);
  });

  it('starts them ever more rarely where somebody waits for it each time', () => {
    const hour = marksIn(3600, (second) => `mnt-${String(Math.floor(second / 20))}`);
    expect(hour.length).to.be.within(5, 14);
  });

  it('does not wait for ever where labels never settle', () => {
    expect(marksIn(620, (second) => `mnt-${String(second)}`)).to.have.length(2);
  });

  it('says when to ask again, also after the clock was set back', () => {
    const directories = new KubeletDirectories();
    directories.mark(nodes('mnt-a'), undefined, 10 ** 9);
    expect(directories.mark(nodes('mnt-b'), undefined, 10 ** 9 + 1).waitMs).to.equal(15_000);
    expect(directories.mark(nodes('mnt-b'), undefined, 5).waitMs).to.equal(undefined);
  });
});
