// SPDX-License-Identifier: Apache-2.0
// The file-based catalog with the package, its channel and this bundle, and the objects that users apply.
// Source: the schemas olm.package, olm.channel and olm.bundle of operator-framework/operator-registry, alpha/declcfg.
import { IMAGE } from '../../../src/core/deploy/image.ts';
import { ENV } from '../../../src/core/env.ts';
import { OPERATOR } from '../../../src/core/names.ts';
import { VERSION } from '../../../src/core/version.ts';
import type { Resource } from '../schema.ts';
import { ICON_DATA } from './csv.ts';
import type { clusterServiceVersion } from './csv.ts';
import { BUNDLE_IMAGE, BUNDLE_NAME, CATALOG_IMAGE, CHANNEL, olmParts, olmYaml, PACKAGE } from './parts.ts';

type Csv = ReturnType<typeof clusterServiceVersion>;

function metadataProperty({ metadata, spec }: Csv): object {
  const { displayName, description, minKubeVersion, maturity, keywords, provider, maintainers, links } = spec;
  const { installModes, customresourcedefinitions: crdDescriptions } = spec;
  const { annotations, labels } = metadata;
  const shown = { displayName, description, minKubeVersion, maturity, keywords, provider, maintainers, links };
  return { annotations, labels, ...shown, installModes, crdDescriptions, apiServiceDefinitions: {} };
}

/** The catalog. A later version names this one in `replaces`. */
export function catalogYaml(resources: readonly Resource[], csv: Csv): string {
  const kinds = resources.map(({ names: { group, kind, version } }) => ({
    type: 'olm.gvk',
    value: { group, kind, version },
  }));
  return olmYaml(
    {
      schema: 'olm.package',
      name: PACKAGE,
      defaultChannel: CHANNEL,
      description: csv.spec.description,
      icon: ICON_DATA,
    },
    {
      schema: 'olm.channel',
      package: PACKAGE,
      name: CHANNEL,
      entries: [{ name: BUNDLE_NAME, skipRange: `<${VERSION}` }],
    },
    {
      schema: 'olm.bundle',
      package: PACKAGE,
      name: BUNDLE_NAME,
      image: BUNDLE_IMAGE,
      properties: [
        ...kinds,
        { type: 'olm.package', value: { packageName: PACKAGE, version: VERSION } },
        { type: 'olm.csv.metadata', value: metadataProperty(csv) },
      ],
      relatedImages: [
        { name: '', image: BUNDLE_IMAGE },
        { name: OPERATOR, image: IMAGE },
      ],
    },
  );
}

/** Where OLM's own catalogs are; on OpenShift it is `openshift-marketplace`. */
const CATALOGS = 'olm';

function catalogSource(name: string, namespace: string, image: string, publisher: string): object {
  return {
    apiVersion: 'operators.coreos.com/v1alpha1',
    kind: 'CatalogSource',
    metadata: { name, namespace },
    spec: { displayName: publisher, image, publisher, sourceType: 'grpc' },
  };
}

function operatorGroup(): object {
  // Without targets: all namespaces.
  return { apiVersion: 'operators.coreos.com/v1', kind: 'OperatorGroup', metadata: { name: OPERATOR, namespace: OPERATOR }, spec: {} };
}

function subscription(source: string, config: object = {}): object {
  return {
    apiVersion: 'operators.coreos.com/v1alpha1',
    kind: 'Subscription',
    metadata: { name: OPERATOR, namespace: OPERATOR },
    spec: { channel: CHANNEL, name: PACKAGE, source, sourceNamespace: CATALOGS, ...config },
  };
}

/** The objects that users apply, by the name of their file: the three ways of the manual, and a restricted one. */
export function olmExamples(): ReadonlyMap<string, string> {
  const { namespace, beside } = olmParts();
  const source = `${PACKAGE}-catalog`;
  const own = catalogSource(source, CATALOGS, CATALOG_IMAGE, 'Security Profiles Operator');
  const hub = 'quay.io/operator-framework/upstream-community-operators:latest';
  const restricted = { config: { env: [{ name: ENV.restrictTo, value: 'my-namespace' }] } };
  return new Map([
    ['openshift-operatorhub-io.yaml', olmYaml(catalogSource('operatorhubio', 'openshift-marketplace', hub, 'OperatorHub.io'))],
    ['operatorhub-io.yaml', olmYaml(namespace, operatorGroup(), subscription('operatorhubio-catalog'))],
    ['install-resources.yaml', olmYaml(own, namespace, operatorGroup(), subscription(source))],
    ['restricted-subscription.yaml', olmYaml(subscription(source, restricted))],
    ['policies.yaml', olmYaml(...beside)],
  ]);
}
