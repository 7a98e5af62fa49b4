// SPDX-License-Identifier: Apache-2.0
// The objects of an installation, sorted by how the Operator Lifecycle Manager (OLM) can make them. It makes
// ClusterRoles of `clusterPermissions`, and of `permissions` Roles in the namespaces that an OperatorGroup names; where
// the group names none, ClusterRoles, too: so only rules for the watched namespaces may stand there. Roles of the
// operator's own namespace, such as those to Secrets, are objects of the bundle.
import { stringify } from 'yaml';
import { installationObjects } from '../../../src/core/deploy/installation.ts';
import { IMAGE } from '../../../src/core/deploy/image.ts';
import type { Manifest } from '../../../src/core/deploy/manifest.ts';
import { DEFAULT_KUBELET_DIR, OPERATOR } from '../../../src/core/names.ts';
import { VERSION } from '../../../src/core/version.ts';
import { permissions } from '../permissions.ts';

/** Name of the package in catalogs, and of its channel. */
export const PACKAGE = OPERATOR;
/** The one channel. */
export const CHANNEL = 'stable';

/** Name of this version in a channel. */
export const BUNDLE_NAME = `${PACKAGE}.v${VERSION}`;

/** Images of the bundle and of the catalog; like that of the operator they have no registry. */
export const BUNDLE_IMAGE = `${PACKAGE}-bundle:${VERSION}`;
/** See above. */
export const CATALOG_IMAGE = `${PACKAGE}-catalog:${VERSION}`;

/** The namespace that stands for those which an OperatorGroup names. */
const WATCHED = 'watched-by-an-operator-group';

/** Rules of one account. */
export interface AccountRules {
  readonly serviceAccountName: string;
  readonly rules: unknown;
}

/** The objects, sorted. */
export interface OlmParts {
  /** The manager's Deployment. */
  readonly deployment: Manifest;
  /** Rules that hold in the whole cluster. */
  readonly clusterPermissions: readonly AccountRules[];
  /** Rules that hold in the namespaces that are watched. */
  readonly permissions: readonly AccountRules[];
  /** Objects that lie in the bundle. */
  readonly bundled: readonly Manifest[];
  /** Objects that OLM cannot make. */
  readonly beside: readonly Manifest[];
  readonly namespace: Manifest;
}

/** Kinds of objects that a bundle may hold, of ours (operator-registry, pkg/lib/bundle/supported_resources.go). */
const BUNDLED = ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'];

/** OLM makes the accounts that its permissions name. */
const MADE_BY_OLM = ['ServiceAccount', 'Namespace', 'Deployment'];

function rulesOf(objects: readonly Manifest[], accounts: readonly string[]): readonly AccountRules[] {
  return accounts.flatMap((serviceAccountName) => {
    const own = objects.filter(({ metadata }) => [serviceAccountName, `${serviceAccountName}-profiles`].includes(metadata.name));
    return own.map(({ rules }) => ({ serviceAccountName, rules }));
  });
}

function only(objects: readonly Manifest[], kind: string): Manifest {
  const [found] = objects.filter((object) => object.kind === kind);
  if (found === undefined) throw new Error(`the installation has no ${kind}`);
  return found;
}

/** Whether OLM makes an object from the CSV's permissions. */
function isFromPermissions({ kind, metadata }: Manifest, accounts: readonly string[]): boolean {
  const isClusterWide = kind.startsWith('ClusterRole') && accounts.includes(metadata.name);
  return isClusterWide || metadata.namespace === WATCHED;
}

function objectsFor(restrictTo: readonly string[]): readonly Manifest[] {
  const installation = { namespace: OPERATOR, image: IMAGE, kubeletDir: DEFAULT_KUBELET_DIR, restrictTo };
  return installationObjects(installation, permissions());
}

/** Sorts the objects. Only the rules are those of a restricted installation: the Deployment hears of it from OLM. */
export function olmParts(): OlmParts {
  const objects = objectsFor([WATCHED]);
  const accounts = objects.filter(({ kind }) => kind === 'ServiceAccount').map(({ metadata }) => metadata.name);
  const rest = objects.filter((object) => !MADE_BY_OLM.includes(object.kind) && !isFromPermissions(object, accounts));
  return {
    deployment: only(objectsFor([]), 'Deployment'),
    namespace: only(objects, 'Namespace'),
    clusterPermissions: rulesOf(objects.filter(({ kind }) => kind === 'ClusterRole'), accounts),
    permissions: rulesOf(objects.filter(({ kind, metadata }) => kind === 'Role' && metadata.namespace === WATCHED), accounts),
    bundled: rest.filter(({ kind }) => BUNDLED.includes(kind)),
    beside: rest.filter(({ kind }) => !BUNDLED.includes(kind)),
  };
}

/**
 * A file of YAML that begins with the generator's mark. There is no line of dashes between: OLM's loader would take the
 * mark for a document of its own, and the file for empty.
 */
export function olmYaml(...documents: readonly object[]): string {
  const head = '# Generated from src/core/deploy by npm run gen. Do not edit.\n# SPDX-License-Identifier: Apache-2.0\n';
  const texts = documents.map((value) => stringify(value, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false }));
  return `${head}${texts.join('---\n')}`;
}
