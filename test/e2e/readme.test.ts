// SPDX-License-Identifier: Apache-2.0
// The commands of the README for a cluster, run as they stand there: on a cluster without the operator, until
// its end.
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fullImageName, IMAGE } from '../../src/core/deploy/image.ts';
import { OPERATOR_NAMESPACE, redeploy, shellPod, START_TIMEOUT, useCluster } from './cluster.ts';
import type { Cluster } from './cluster.ts';

/** The block of shell in a section of the README in which a word stands. */
function blockOf(section: string, word: string): string {
  const text = readFileSync(path.join(import.meta.dirname, '../../README.md'), 'utf8');
  const [, found = ''] = text.split(`\n## ${section}\n`);
  const [body = ''] = found.split('\n## ');
  const blocks = [...body.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
  return blocks.find((block) => block.includes(word)) ?? expect.fail(`no block with ${word}`);
}

describe('the README, on a cluster', function () {
  this.timeout(240_000);
  const block = (word: string): string => blockOf('On your cluster', word);
  const install = block('kubectl apply');
  const restrict = block('NS_REPLACE');
  const look = block('spns');
  const bind = block('profilebinding.yaml');
  const options = block('webhookOptions');
  const record = block('profilerecording.yaml');
  const enrich = block('enableLogEnricher');
  const uninstall = block('kubectl delete');
  let cluster: Cluster;

  before(async function () {
    this.timeout(START_TIMEOUT);
    cluster = await useCluster();
    const image = cluster.value('deployment', 'security-profiles-operator', OPERATOR_NAMESPACE, '{..image}');
    // Bringing the image to the nodes is what the README leaves to its reader.
    expect(cluster.shell(`ctr images tag --force '${image}' '${fullImageName(IMAGE)}'`).status).to.equal(0);
    type(uninstall);
  });

  after(async () => {
    cluster.tryKubectl(['delete', '-f', 'manifests/examples/deny-mkdir.yaml', '--ignore-not-found', '--now']);
    cluster.tryKubectl(['delete', 'namespace', 'bound', 'recorded', '--ignore-not-found']);
    cluster.tryKubectl(['delete', 'namespace', 'my-namespace', '--ignore-not-found']);
    await redeploy(cluster);
  });

  /** Runs lines one after the other; the first that fails fails the test. */
  function type(lines: string): string {
    const { status, stdout, stderr } = cluster.shell(`set -e\n${lines}`);
    expect(status, `${lines}\n${stdout}${stderr}`).to.equal(0);
    return stdout;
  }

  it('leads to a pod that runs under the example profile', () => {
    const shown = type(install);
    cluster.touchKinds();
    expect(shown).to.match(/^deny-mkdir +Installed +\S+ +operator\/default\/deny-mkdir\.json$/m);
    // Two streams of the container, in whatever order the runtime reads them.
    expect(shown)
      .to.match(/^I run under a profile$/m)
      .and.to.match(/^mkdir: .*: Operation not permitted$/m);
  });

  it('shows what the node holds, and what its daemon says', () => {
    const shown = type(look.replace('NODE', 'lab'));
    expect(shown).to.include('"SeccompProfile/default/deny-mkdir":{').and.to.include('saved profile to disk');
  });

  it('binds the profile to a pod that names none', () => {
    const shown = type(bind);
    expect(shown)
      .to.match(/^I name no profile$/m)
      .and.to.match(/^mkdir: .*: Operation not permitted$/m);
    expect(shown).to.match(/^NAME +STATE .*\nbusybox +(InUse|NoMatch) /m);
  });

  it('makes a profile of a pod and puts it on the next', async () => {
    const shown = type(record);
    expect(shown).to.match(/^NAME +STATE +PODS +SYSCALLS +LAST NEW +AGE\nmy-recording +(Recording|NoMatch) /m);
    expect(shown).to.include('spo.x-k8s.io/recording-evidence');
    await cluster.untilPod('recorded', 'pupil', 'Succeeded');
    expect(cluster.kubectl(['-n', 'recorded', 'logs', 'pupil'])).to.match(/^and cannot remove it$/m);
  });

  it('lets pods pass while the webhook is away', async () => {
    type(options);
    const configuration = ['get', 'mutatingwebhookconfigurations', '-o', 'jsonpath={..failurePolicy}'];
    const policies = () => cluster.kubectl(configuration);
    await cluster.until('the policy', policies, (text) => text.includes('Ignore'), 20);
  });

  it('starts the log enricher', () => {
    expect(type(enrich)).to.include('Starting log-enricher on node: lab');
  });

  it('uninstalls, and leaves no kind and no webhook behind', async () => {
    type(uninstall);
    const webhooks = () => cluster.kubectl(['get', 'mutatingwebhookconfigurations,validatingwebhookconfigurations']);
    await cluster.until('no webhook', webhooks, (text) => !text.includes('spo-'), 60);
    cluster.apply(shellPod('bound', 'after', 'true'));
    expect(cluster.kubectl(['get', 'crd', '-o', 'name'])).to.not.include('security-profiles-operator');
    expect(cluster.tryKubectl(['get', 'namespace', OPERATOR_NAMESPACE]).status).to.not.equal(0);
  });

  it('installs for one namespace only', async () => {
    cluster.namespace('my-namespace');
    type(restrict);
    await cluster.untilRunning();
    cluster.touchKinds();
    const variable = '{.spec.template.spec.containers[0].env[?(@.name=="RESTRICT_TO_NAMESPACE")].value}';
    expect(cluster.value('ds', 'spod', OPERATOR_NAMESPACE, variable)).to.equal('my-namespace');
    type(restrict.replace('kubectl apply', 'kubectl delete'));
  });
});
