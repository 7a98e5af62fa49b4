// SPDX-License-Identifier: Apache-2.0
// manifests/examples on a real node: every profile in them is installed as it is written, and a program that makes
// three calls of its own runs under a base of the container runtime.
import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { SeccompProfile } from '../../src/gen/crd/seccomp-profile.ts';
import { OPERATOR_NAMESPACE, inNamespace, loadImage } from './cluster.ts';
import type { Cluster } from './cluster.ts';

const folder = path.join(import.meta.dirname, '../../manifests/examples');

function profilesIn(file: string): readonly SeccompProfile[] {
  const documents = parseAllDocuments(readFileSync(path.join(folder, file), 'utf8'), { version: '1.1' });
  const objects = [...documents].map((document) => document.toJS() as { readonly kind?: string } | null);
  return objects.filter((object) => object?.kind === 'SeccompProfile').map((object) => object as SeccompProfile);
}

const files = readdirSync(folder).filter((file) => profilesIn(file).length > 0);

describe('the examples', function () {
  this.timeout(600_000);
  const namespace = 'e2e-examples';
  let cluster: Cluster;

  inNamespace(namespace, (ready) => {
    cluster = ready;
  });

  after(() => {
    for (const file of ['deny-mkdir.yaml', 'profilebinding.yaml'])
      cluster.kubectl(['delete', '-f', path.join(folder, file), '--ignore-not-found', '--wait=false']);
  });

  const calls = (rules: SeccompProfile['spec']['syscalls']) =>
    (rules ?? []).flatMap(({ action, names }) => names.map((name) => `${action} ${name}`)).sort();

  it('are installed, all of them, and the node says so of each', async () => {
    for (const file of files) {
      const place = profilesIn(file).some(({ metadata }) => metadata.namespace !== undefined) ? [] : ['-n', namespace];
      cluster.kubectl([...place, 'apply', '-f', path.join(folder, file)]);
    }
    for (const { metadata } of files.flatMap(profilesIn))
      await cluster.untilProfile(metadata.namespace ?? namespace, metadata.name, 'Installed');
    const told = () => cluster.kubectl(['-n', OPERATOR_NAMESPACE, 'get', 'spns', '-o', 'json']);
    for (const { metadata } of files.flatMap(profilesIn)) {
      const key = `"SeccompProfile/${metadata.namespace ?? namespace}/${metadata.name}"`;
      await cluster.until(`the node to tell of ${key}`, told, (text) => text.includes(key));
    }
  });

  it('lie on the node with the content of their specs', () => {
    const plain = files.flatMap(profilesIn).filter(({ spec }) => spec.baseProfileName === undefined);
    expect(plain.length).to.be.greaterThan(5);
    for (const { metadata, spec } of plain) {
      const text = readFileSync(cluster.file(metadata.namespace ?? namespace, metadata.name), 'utf8');
      const file = JSON.parse(text) as SeccompProfile['spec'];
      expect(file.defaultAction, metadata.name).to.equal(spec.defaultAction);
      expect(calls(file.syscalls), metadata.name).to.deep.equal(calls(spec.syscalls));
    }
  });

  it('let a program run that has its own three calls and the base of runc', async () => {
    const image = 'lab.local/hello:1';
    const content = mkdtempSync(path.join(tmpdir(), 'e2e-hello-'));
    try {
      const source = path.join(import.meta.dirname, 'manual/hello.c');
      const options = ['-std=gnu11', '-Wall', '-Wextra', '-Werror', '-O1', '-nostdlib', '-static'];
      execFileSync('gcc', [...options, source, '-o', path.join(content, 'hello')]);
      await loadImage({ name: image, folder: content, config: { Entrypoint: ['/hello'] } });
    } finally {
      rmSync(content, { recursive: true });
    }
    const seccompProfile = { type: 'Localhost', localhostProfile: `operator/${namespace}/hello.json` };
    cluster.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace, name: 'hello' },
      spec: {
        restartPolicy: 'Never',
        securityContext: { seccompProfile },
        containers: [{ name: 'hello', image, imagePullPolicy: 'IfNotPresent' }],
      },
    });
    await cluster.untilPod(namespace, 'hello', 'Succeeded');
    expect(cluster.kubectl(['-n', namespace, 'logs', 'hello'])).to.equal('Hello from a base profile!\n');
  });
});
