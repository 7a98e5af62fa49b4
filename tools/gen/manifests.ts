// SPDX-License-Identifier: Apache-2.0
// Prints manifests/*.yaml: the CRDs, and the objects of src/core/deploy with the permissions that manager, daemon and
// webhook turn out to need when they are wired as they run; the webhooks as objects that a user keeps
// himself; and the policy for several tenants.
import { stringify } from 'yaml';
import { IMAGE } from '../../src/core/deploy/image.ts';
import { installationObjects } from '../../src/core/deploy/installation.ts';
import type { Manifest } from '../../src/core/deploy/manifest.ts';
import { DEFAULT_KUBELET_DIR, OPERATOR } from '../../src/core/names.ts';
import { tenantPolicy } from '../../src/core/deploy/tenant-policy.ts';
import { staticWebhooks } from '../../src/core/deploy/webhooks/static.ts';
import { EXAMPLE_NAMESPACE, overlayFiles } from './overlays.ts';
import { permissions } from './permissions.ts';

/** The text that `sed` replaces in namespace-operator.yaml, as the manual says. */
const NAMESPACE_PLACEHOLDER = 'NS_REPLACE';

const HEAD = '# Generated from src/core/deploy by npm run gen. Do not edit.\n# SPDX-License-Identifier: Apache-2.0\n';

/**
 * The manifests by path, and the kustomizations of them.
 * @param crds - texts of the CRDs, each with its own head
 */
export function manifestFiles(crds: readonly string[]): ReadonlyMap<string, string> {
  const webhooks = print([], staticWebhooks({ namespace: OPERATOR, image: IMAGE, restrictTo: [] }));
  return new Map([
    ['manifests/operator.yaml', print(crds, clusterObjects())],
    ['manifests/namespace-operator.yaml', print(crds, objects([NAMESPACE_PLACEHOLDER]))],
    ['manifests/tenant-policy.yaml', print([], tenantPolicy(OPERATOR))],
    ['manifests/webhook-operator.yaml', webhooks],
    ...overlayFiles({ webhooks, restricted: print(crds, objects([EXAMPLE_NAMESPACE])) }),
  ]);
}

/** The objects of the installation for all namespaces. */
export function clusterObjects(): readonly Manifest[] {
  return objects([]);
}

function objects(restrictTo: readonly string[]): readonly Manifest[] {
  const installation = { namespace: OPERATOR, image: IMAGE, kubeletDir: DEFAULT_KUBELET_DIR, restrictTo };
  return installationObjects(installation, permissions());
}

function print(crds: readonly string[], manifests: readonly Manifest[]): string {
  const definitions = crds.map((text) => text.slice(text.indexOf('---\n') + 4).trimEnd());
  const texts = manifests.map((manifest) =>
    stringify(manifest, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false }).trimEnd(),
  );
  return `${HEAD}---\n${[...definitions, ...texts].join('\n---\n')}\n`;
}
