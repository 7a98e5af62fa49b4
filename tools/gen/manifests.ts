// SPDX-License-Identifier: Apache-2.0
// Prints manifests/*.yaml: the CRDs, and the objects of src/core/deploy with the permissions that manager, daemon and
// webhook turn out to need when they are wired as they run; and the webhooks as objects that a user keeps himself.
import { stringify } from 'yaml';
import { parseDaemonSettings, parseManagerSettings, parseSettings } from '../../src/core/config.ts';
import { IMAGE } from '../../src/core/deploy/image.ts';
import { installationObjects } from '../../src/core/deploy/installation.ts';
import type { Permissions } from '../../src/core/deploy/installation.ts';
import type { Manifest } from '../../src/core/deploy/manifest.ts';
import { SILENT } from '../../src/core/log.ts';
import { DEFAULT_KUBELET_DIR, OPERATOR } from '../../src/core/names.ts';
import { staticWebhooks } from '../../src/core/deploy/webhooks/static.ts';
import { permissionsOfDaemon, permissionsOfManager, permissionsOfWebhook } from '../../src/roles/wiring/permissions.ts';

/** The text that `sed` replaces in namespace-operator.yaml, as the manual says. */
const NAMESPACE_PLACEHOLDER = 'NS_REPLACE';

const HEAD = '# Generated from src/core/deploy by npm run gen. Do not edit.\n# SPDX-License-Identifier: Apache-2.0\n';

/**
 * The manifests by path.
 * @param crds - texts of the CRDs, each with its own head
 */
export function manifestFiles(crds: readonly string[]): ReadonlyMap<string, string> {
  const everywhere = objects([]);
  const restricted = objects([NAMESPACE_PLACEHOLDER]);
  return new Map([
    ['manifests/operator.yaml', print(crds, everywhere)],
    ['manifests/namespace-operator.yaml', print(crds, restricted)],
    [
      'manifests/webhook-operator.yaml',
      print([], staticWebhooks({ namespace: OPERATOR, image: IMAGE, restrictTo: [] })),
    ],
  ]);
}

function objects(restrictTo: readonly string[]): readonly Manifest[] {
  const installation = { namespace: OPERATOR, image: IMAGE, kubeletDir: DEFAULT_KUBELET_DIR, restrictTo };
  return installationObjects(installation, permissions());
}

function permissions(): Permissions {
  return {
    manager: permissionsOfManager(parseManagerSettings([], {}), SILENT),
    daemon: permissionsOfDaemon(parseDaemonSettings([], { NODE_NAME: 'any' }), SILENT),
    webhook: permissionsOfWebhook(parseSettings({}), SILENT),
  };
}

function print(crds: readonly string[], manifests: readonly Manifest[]): string {
  const definitions = crds.map((text) => text.slice(text.indexOf('---\n') + 4).trimEnd());
  const texts = manifests.map((manifest) =>
    stringify(manifest, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false }).trimEnd(),
  );
  return `${HEAD}---\n${[...definitions, ...texts].join('\n---\n')}\n`;
}
