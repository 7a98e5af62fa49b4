// SPDX-License-Identifier: Apache-2.0
// The objects that OLM makes of the bundle, and the examples that its console offers, on a real API server: it refuses
// none of them, and knows every field.
import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Manifest } from '../../src/core/deploy/manifest.ts';
import { provide } from '../../tools/lab/binaries.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { OPERATOR_NAMESPACE, prepareCluster } from '../../tools/lab/operator.ts';
import { OPERATOR_VERIFY } from '../../tools/lab/programs.ts';
import { madeByOlm } from '../gen/olm/installed.ts';
import { documentsOf } from '../gen/olm/rules.ts';
import { sharedPlane } from './shared-plane.ts';

const run = promisify(execFile);
const olm = path.join(import.meta.dirname, '../../olm');

function read(file: string): readonly Manifest[] {
  return documentsOf(readFileSync(path.join(olm, file), 'utf8')) as readonly Manifest[];
}

describe('what OLM makes of the bundle', function () {
  this.timeout(300_000);
  const folder = 'bundle/manifests';
  const objects = readdirSync(path.join(olm, folder)).flatMap((file) => read(path.join(folder, file)));
  const csv = objects.find(({ kind }) => kind === 'ClusterServiceVersion');
  let plane: ControlPlane;

  before(async () => {
    plane = await sharedPlane();
    await prepareCluster(plane, []);
  });

  async function tried(items: readonly object[]): Promise<string> {
    const file = path.join(plane.folder, 'olm.json');
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    // Other suites may have left objects of the same names on a shared server: what they own is not what is asked.
    const words = ['--server-side', '--force-conflicts', '--dry-run=server', '--validate=strict'];
    return plane.kubectl('apply', ...words, '-f', file);
  }

  for (const targets of [[], ['default', 'kube-system']]) {
    it(`is accepted with ${String(targets.length)} namespaces in the OperatorGroup`, async () => {
      const rest = objects.filter((object) => object !== csv);
      const said = await tried([...madeByOlm(csv, OPERATOR_NAMESPACE, targets), ...rest, ...read('policies.yaml')]);
      expect(said).to.match(/deployment.apps\/security-profiles-operator serverside-applied/);
    });
  }

  /** The complaints of OLM's own loader and validators about a bundle; none for a good one. It always ends with 0. */
  async function complaints(manifests: string): Promise<string> {
    const words = ['manifests', manifests, '--operatorhub_validate', '--object_validate'];
    const { stdout, stderr } = await run(path.join(plane.folder, 'olm', OPERATOR_VERIFY.name), words).catch(
      (error: unknown) => error as { readonly stdout: string; readonly stderr: string },
    );
    return stdout + stderr;
  }

  it('is loaded by operator-framework/api, which finds nothing wrong, and would', async function () {
    // The first run on a machine builds it.
    this.timeout(600_000);
    await provide([OPERATOR_VERIFY], path.join(plane.folder, 'olm'), (line) => console.error(`lab: ${line}`));
    const manifests = path.join(olm, folder);
    expect(await complaints(manifests)).to.equal('');
    const broken = path.join(plane.folder, 'broken');
    cpSync(manifests, broken, { recursive: true });
    rmSync(path.join(broken, 'seccomp-profile.yaml'));
    expect(await complaints(broken)).to.contain('SeccompProfile');
  });

  it('offers examples that are valid', async () => {
    const annotations = csv?.metadata.annotations ?? {};
    const examples = JSON.parse(annotations['alm-examples'] ?? '[]') as readonly Manifest[];
    const placed = examples.map((one) => ({ ...one, metadata: { namespace: 'default', ...one.metadata } }));
    expect((await tried(placed)).trim().split('\n')).to.have.length(8);
  });
});
