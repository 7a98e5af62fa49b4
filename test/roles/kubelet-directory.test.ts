// SPDX-License-Identifier: Apache-2.0
// Which directory the kubelet of a node has, and what the container that asks is told when it can't know.
import { expect } from 'chai';
import { directoryOf, kubeletDirectory } from '../../src/roles/kubelet-directory.ts';
import { KubeClient } from '../../src/runtime/client.ts';
import { FakeApiServer } from '../fakes/api-server.ts';

const LABEL = 'kubelet.kubernetes.io/directory-location';
const never = new AbortController().signal;

describe('roles/kubelet-directory', () => {
  const server = new FakeApiServer({ kinds: [] });
  const rules = [{ apiGroups: [''], resources: ['nodes'], verbs: ['get'], resourceNames: ['own', 'plain', 'evil'] }];
  const client = new KubeClient(server.as(rules, 'security-profiles-operator'));
  const ask = (name: string) => directoryOf(client, name, '/var/lib/kubelet', never);

  before(() => {
    const put = (name: string, labels?: Readonly<Record<string, string>>) =>
      server.put({ apiVersion: 'v1', kind: 'Node', metadata: { name, ...(labels === undefined ? {} : { labels }) } });
    put('own', { [LABEL]: 'mnt-resource-kubelet' });
    put('plain', { 'kubernetes.io/os': 'linux' });
    put('evil', { [LABEL]: 'mnt-..-etc' });
  });

  it("is what the node's label says, or that of all nodes, asked with one permission", async () => {
    expect(await ask('own')).to.equal('/mnt/resource/kubelet');
    expect(await ask('plain')).to.equal('/var/lib/kubelet');
    expect(server.writes).to.have.length(0);
  });

  it('is never guessed: a label that leaves the root is an error', async () => {
    const problem = await ask('evil').then(String, (error: unknown) => String(error));
    expect(problem).to.contain(`label ${LABEL}=mnt-..-etc names no directory`);
  });

  it('says in a sentence what it was not told', async () => {
    const told = (env: Readonly<Record<string, string>>) =>
      kubeletDirectory([], env, never).then(String, (error: unknown) => String(error));
    expect(await told({})).to.contain('NODE_NAME must hold the name of the node');
    expect(await told({ NODE_NAME: 'own' })).to.contain('KUBELET_DIR_FILE must name the file');
  });
});
