// SPDX-License-Identifier: Apache-2.0
// The kustomizations, rendered by kubectl: each is what src/core/deploy makes with the options of the overlay, and a
// real API server takes it.
import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { IMAGE } from '../../src/core/deploy/image.ts';
import type { Installation } from '../../src/core/deploy/manager.ts';
import { staticWebhooks } from '../../src/core/deploy/webhooks/static.ts';
import { OPERATOR } from '../../src/core/names.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { CERT_MANAGER, EXAMPLE_NAMESPACE, OVERLAYS, SINGLE_NAMESPACE } from '../../tools/gen/overlays.ts';
import { create, prepareCluster } from '../../tools/lab/operator.ts';
import { expectedObjects, objectsOf, plain, ROOT, STANDARD, tableOf } from './installed-objects.ts';
import type { Printed } from './installed-objects.ts';
import { sharedPlane } from './shared-plane.ts';

type Objects = ReadonlyMap<string, Printed>;

describe('the overlays of kustomize', function () {
  this.timeout(300_000);
  let plane: ControlPlane;

  before(async () => {
    plane = await sharedPlane();
    await prepareCluster(plane, []);
    await create(plane, '/api/v1/namespaces', { metadata: { name: EXAMPLE_NAMESPACE } });
  });

  async function rendered(folder: string): Promise<Objects> {
    return objectsOf(await plane.kubectl('kustomize', path.join(ROOT, folder)));
  }

  function webhooks(): Objects {
    return tableOf(plain(staticWebhooks({ namespace: OPERATOR, image: IMAGE, restrictTo: [] })) as readonly Printed[]);
  }

  /** The words of the API server to all objects, without keeping any; kinds of cert-manager it does not know. */
  async function tried(objects: Objects): Promise<string> {
    const known = ({ kind }: Printed): boolean => !['CustomResourceDefinition', 'Issuer', 'Certificate'].includes(kind);
    const file = path.join(plane.folder, 'overlay.json');
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...objects.values()].filter(known) }));
    const how = ['--server-side', '--dry-run=server', '--validate=strict', '--force-conflicts'];
    return plane.kubectl('apply', ...how, '-f', file);
  }

  async function expectInstallation(folder: string, installation: Installation, others: Objects = new Map()) {
    const objects = await rendered(folder);
    const expected = new Map([...expectedObjects(installation), ...others]);
    expect([...objects.keys()].sort()).to.deep.equal([...expected.keys()].sort());
    for (const [name, object] of expected) expect(objects.get(name), name).to.deep.equal(object);
    expect(await tried(objects)).to.contain(`deployment.apps/${OPERATOR} serverside-applied`);
  }

  it('have manifests/operator.yaml as their base', () => expectInstallation('manifests', STANDARD));

  for (const { name, purpose, options } of OVERLAYS) {
    it(`${name}: ${purpose}`, () =>
      expectInstallation(
        `deploy/overlays/${name}`,
        { ...STANDARD, spodOptions: options },
        name === CERT_MANAGER ? webhooks() : undefined,
      ));
  }

  it(`${SINGLE_NAMESPACE}: rights in the namespace that its file names, and in no other`, () =>
    expectInstallation(`deploy/overlays/${SINGLE_NAMESPACE}`, { ...STANDARD, restrictTo: [EXAMPLE_NAMESPACE] }));
});
