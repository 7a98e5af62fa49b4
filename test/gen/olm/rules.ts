// SPDX-License-Identifier: Apache-2.0
// The rules by which `operator-sdk bundle validate` and `opm validate` judge, as far as they concern a bundle of ours.
// Neither can be had from a package registry. Source: github.com/operator-framework/api, pkg/validation/internal, and
// operator-registry, alpha/model.
import { parseAllDocuments } from 'yaml';
import { gzipSync } from 'node:zlib';
import { listAt, textAt, valueAt } from '../../../src/core/doctor/reading.ts';

/** The most that a bundle may be, compressed: it has to fit into a ConfigMap. */
const LARGEST = 1 << 20;

const SEMVER = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;
const MODES = ['OwnNamespace', 'SingleNamespace', 'MultiNamespace', 'AllNamespaces'];
const CAPABILITIES = ['Basic Install', 'Seamless Upgrades', 'Full Lifecycle', 'Deep Insights', 'Auto Pilot'];
const ICONS = ['image/gif', 'image/jpeg', 'image/png', 'image/svg+xml'];

/** Fields of a ClusterServiceVersion's spec that we use; another one would be a misspelling. */
const SPEC_FIELDS = [
  'displayName',
  'description',
  'version',
  'minKubeVersion',
  'maturity',
  'keywords',
  'provider',
  'maintainers',
  'links',
  'icon',
  'installModes',
  'customresourcedefinitions',
  'install',
  'relatedImages',
  'replaces',
];

/** The documents of a text. */
export function documentsOf(text: string): readonly unknown[] {
  return parseAllDocuments(text, { version: '1.1' }).map((document) => document.toJS() as unknown);
}

function when(isFault: boolean, fault: string): readonly string[] {
  return isFault ? [fault] : [];
}

function keyOf(definition: unknown): string {
  return `${textAt(definition, 'name') ?? ''} ${textAt(definition, 'version') ?? ''} ${textAt(definition, 'kind') ?? ''}`;
}

function definedIn(objects: readonly unknown[]): readonly string[] {
  const definitions = objects.filter((object) => textAt(object, 'kind') === 'CustomResourceDefinition');
  return definitions.flatMap((object) =>
    listAt(object, 'spec', 'versions').map(
      (version) =>
        `${textAt(object, 'metadata', 'name') ?? ''} ${textAt(version, 'name') ?? ''} ${textAt(object, 'spec', 'names', 'kind') ?? ''}`,
    ),
  );
}

function examplesFaults(csv: unknown): readonly string[] {
  const text = textAt(csv, 'metadata', 'annotations', 'alm-examples') ?? '[]';
  const kinds = (JSON.parse(text) as readonly unknown[]).map((object) => textAt(object, 'kind'));
  const provided = listAt(csv, 'spec', 'customresourcedefinitions', 'owned').map((owned) => textAt(owned, 'kind'));
  return [
    ...provided.flatMap((kind) => when(!kinds.includes(kind), `no example of ${String(kind)}`)),
    ...kinds.flatMap((kind) => when(!provided.includes(kind), `an example of ${String(kind)}, which is not provided`)),
  ];
}

function modeFaults(csv: unknown): readonly string[] {
  const modes = listAt(csv, 'spec', 'installModes').map((mode) => textAt(mode, 'type') ?? '');
  return [
    ...when(new Set(modes).size !== modes.length, 'an install mode twice'),
    ...when(modes.some((mode) => !MODES.includes(mode)), 'an unknown install mode'),
    ...when(
      !listAt(csv, 'spec', 'installModes').some((mode) => valueAt(mode, 'supported') === true),
      'no supported install mode',
    ),
  ];
}

function storeFaults(csv: unknown): readonly string[] {
  const spec = (...keys: readonly string[]): string => textAt(csv, 'spec', ...keys) ?? '';
  const icons = listAt(csv, 'spec', 'icon');
  const maintainers = listAt(csv, 'spec', 'maintainers');
  const capability = textAt(csv, 'metadata', 'annotations', 'capabilities') ?? '';
  return [
    ...when(icons.length !== 1, 'not one icon'),
    ...when(!ICONS.includes(textAt(icons[0], 'mediatype') ?? ''), 'an icon of an unknown type'),
    ...when(spec('provider', 'name') === '', 'no provider'),
    ...when(spec('description') === '' || spec('displayName') === '', 'no description'),
    ...when(
      maintainers.length === 0 || !maintainers.every((one) => /^[^@\s]+@[^@\s]+$/.test(textAt(one, 'email') ?? '')),
      'a maintainer without an address',
    ),
    ...when(!CAPABILITIES.includes(capability), `unknown capabilities ${capability}`),
    ...listAt(csv, 'spec', 'links').flatMap((link) =>
      when(URL.parse(textAt(link, 'url') ?? '') === null, 'a link that is no address'),
    ),
  ];
}

function practiceFaults(csv: unknown): readonly string[] {
  const install = valueAt(csv, 'spec', 'install', 'spec');
  const rules = ['clusterPermissions', 'permissions'].flatMap((key) =>
    listAt(install, key).flatMap((account) => listAt(account, 'rules')),
  );
  const makesDefinitions = rules.some(
    (rule) =>
      listAt(rule, 'resources').includes('customresourcedefinitions') && listAt(rule, 'verbs').includes('create'),
  );
  const containers = listAt(install, 'deployments').flatMap((deployment) =>
    listAt(deployment, 'spec', 'template', 'spec', 'containers'),
  );
  return [
    ...when(makesDefinitions, 'may create CRDs'),
    ...when(containers.some((one) => valueAt(one, 'resources', 'requests') === undefined), 'a container without requests'),
    ...when(containers.some((one) => !imagesOf(csv).includes(textAt(one, 'image') ?? '')), 'an unrelated image'),
  ];
}

/** The images that a CSV names. */
export function imagesOf(csv: unknown): readonly string[] {
  return listAt(csv, 'spec', 'relatedImages').map((image) => textAt(image, 'image') ?? '');
}

/**
 * Everything that is wrong with a bundle.
 * @param manifests - texts of its manifests
 */
export function bundleFaults(manifests: readonly string[]): readonly string[] {
  const objects = manifests.flatMap(documentsOf);
  const [csv, ...more] = objects.filter((object) => textAt(object, 'kind') === 'ClusterServiceVersion');
  const owned = listAt(csv, 'spec', 'customresourcedefinitions', 'owned').map(keyOf);
  const defined = definedIn(objects);
  const accounts = ['clusterPermissions', 'permissions']
    .flatMap((key) => listAt(csv, 'spec', 'install', 'spec', key))
    .map((account) => textAt(account, 'serviceAccountName'));
  const given = objects.filter((object) => textAt(object, 'kind') === 'ServiceAccount');
  const name = /^(.+?)\.v(.+)$/.exec(textAt(csv, 'metadata', 'name') ?? '');
  const version = textAt(csv, 'spec', 'version') ?? '';
  return [
    ...when(csv === undefined || more.length > 0, 'not one ClusterServiceVersion'),
    ...when(name?.[2] !== version || !SEMVER.test(version), 'the name does not end with the version'),
    ...when(!SEMVER.test(textAt(csv, 'spec', 'minKubeVersion') ?? ''), 'minKubeVersion is no version'),
    ...when(new Set(owned).size !== owned.length, 'a definition twice'),
    ...owned.flatMap((key) => when(!defined.includes(key), `no manifest of ${key}`)),
    ...defined.flatMap((key) => when(!owned.includes(key), `${key} is not owned`)),
    ...given.flatMap((object) =>
      when(accounts.includes(textAt(object, 'metadata', 'name')), 'an account that OLM makes as an object'),
    ),
    ...Object.keys((valueAt(csv, 'spec') ?? {})).flatMap((key) =>
      when(!SPEC_FIELDS.includes(key), `unknown field spec.${key}`),
    ),
    ...when(gzipSync(manifests.join('')).length >= LARGEST, 'larger than 1 MiB, compressed'),
    ...examplesFaults(csv),
    ...modeFaults(csv),
    ...storeFaults(csv),
    ...practiceFaults(csv),
  ];
}

/** Everything that is wrong with a file-based catalog. */
export function catalogFaults(text: string): readonly string[] {
  const all = documentsOf(text);
  const of = (schema: string): readonly unknown[] => all.filter((one) => textAt(one, 'schema') === schema);
  const bundles = of('olm.bundle').map((bundle) => textAt(bundle, 'name'));
  const [pack] = of('olm.package');
  const channels = of('olm.channel');
  return [
    ...when(of('olm.package').length !== 1, 'not one package'),
    ...when(
      !channels.some((channel) => textAt(channel, 'name') === textAt(pack, 'defaultChannel')),
      'no default channel',
    ),
    ...channels.flatMap(channelFaults),
    ...channels.flatMap((channel) =>
      listAt(channel, 'entries').flatMap((entry) =>
        when(!bundles.includes(textAt(entry, 'name')), `no bundle ${String(textAt(entry, 'name'))}`),
      ),
    ),
    ...of('olm.bundle').flatMap((bundle) => {
      const types = listAt(bundle, 'properties').map((property) => textAt(property, 'type'));
      return [
        ...when(types.filter((type) => type === 'olm.package').length !== 1, 'a bundle without one olm.package'),
        ...when(!types.includes('olm.gvk'), 'a bundle without kinds'),
        ...when((textAt(bundle, 'image') ?? '') === '', 'a bundle without an image'),
      ];
    }),
  ];
}

/** A channel has one head: the entry that no other replaces or skips. */
function channelFaults(channel: unknown): readonly string[] {
  const entries = listAt(channel, 'entries');
  const below = entries.flatMap((entry) => [textAt(entry, 'replaces'), ...listAt(entry, 'skips')]);
  const heads = entries.filter((entry) => !below.includes(textAt(entry, 'name')));
  return when(heads.length !== 1, `channel with ${String(heads.length)} heads`);
}
