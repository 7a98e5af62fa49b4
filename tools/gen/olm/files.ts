// SPDX-License-Identifier: Apache-2.0
// The files of olm/: the bundle, the catalog, how images are made of them, and the objects that users apply.
import type { Manifest } from '../../../src/core/deploy/manifest.ts';
import type { Outputs } from '../outputs.ts';
import type { Resource } from '../schema.ts';
import { catalogYaml, olmExamples } from './catalog.ts';
import { clusterServiceVersion } from './csv.ts';
import { CHANNEL, olmParts, olmYaml, PACKAGE } from './parts.ts';

const MANIFESTS = 'olm/bundle/manifests';

/** Folders of these files. */
export const OLM_FOLDERS: readonly string[] = [
  'olm',
  MANIFESTS,
  'olm/bundle/metadata',
  'olm/bundle/tests/scorecard',
  `olm/catalog/${PACKAGE}`,
];

/** Annotations of a bundle, which are the labels of its image, too. Source: operator-registry, docs/design. */
const ANNOTATIONS: Readonly<Record<string, string>> = {
  'operators.operatorframework.io.bundle.mediatype.v1': 'registry+v1',
  'operators.operatorframework.io.bundle.manifests.v1': 'manifests/',
  'operators.operatorframework.io.bundle.metadata.v1': 'metadata/',
  'operators.operatorframework.io.bundle.package.v1': PACKAGE,
  'operators.operatorframework.io.bundle.channels.v1': CHANNEL,
  'operators.operatorframework.io.bundle.channel.default.v1': CHANNEL,
  'operators.operatorframework.io.test.mediatype.v1': 'scorecard+v1',
  'operators.operatorframework.io.test.config.v1': 'tests/scorecard/',
};

const MARK = '# Generated from tools/gen/olm by npm run gen. Do not edit.\n# SPDX-License-Identifier: Apache-2.0\n';

function bundleDockerfile(): string {
  const labels = Object.entries(ANNOTATIONS).map(([name, value]) => `LABEL ${name}=${value}`);
  const copies = ['manifests', 'metadata', 'tests/scorecard'].map((folder) => `COPY bundle/${folder} /${folder}/`);
  return `${MARK}FROM scratch\n${[...labels, ...copies].join('\n')}\n`;
}

/** The catalog is served by opm, whose image has it; the cache is made when the image is. */
const CATALOG_DOCKERFILE = `${MARK}FROM quay.io/operator-framework/opm:latest
ENTRYPOINT ["/bin/opm"]
CMD ["serve", "/configs", "--cache-dir=/tmp/cache"]
COPY catalog /configs
RUN ["/bin/opm", "serve", "/configs", "--cache-dir=/tmp/cache", "--cache-only"]
LABEL operators.operatorframework.io.index.configs.v1=/configs
`;

/** Tests of the operator SDK's scorecard, by their suites. */
const SCORECARD = {
  basic: ['basic-check-spec'],
  olm: [
    'olm-bundle-validation',
    'olm-crds-have-validation',
    'olm-crds-have-resources',
    'olm-spec-descriptors',
    'olm-status-descriptors',
  ],
} as const;

function scorecard(): object {
  const tests = Object.entries(SCORECARD).flatMap(([suite, names]) =>
    names.map((test) => ({
      entrypoint: ['scorecard-test', test],
      image: 'quay.io/operator-framework/scorecard-test:v1.37.0',
      labels: { suite, test: `${test}-test` },
    })),
  );
  return {
    apiVersion: 'scorecard.operatorframework.io/v1alpha3',
    kind: 'Configuration',
    metadata: { name: 'config' },
    stages: [{ parallel: true, tests }],
  };
}

/** A file for each object, named by kind, namespace and name; no two objects have the same. */
function objectFiles(objects: readonly Manifest[]): readonly (readonly [path: string, text: string])[] {
  return objects.map((object) => {
    const name = [object.metadata.name, object.kind.toLowerCase()].join('.');
    return [`${MANIFESTS}/${name}.yaml`, olmYaml(object)];
  });
}

/**
 * The files.
 * @param crds - texts of the CRDs by their path, each with its own head
 */
export function olmFiles(resources: readonly Resource[], crds: Outputs): Outputs {
  const csv = clusterServiceVersion(resources);
  const definitions = [...crds].map(
    ([path, text]) => [`${MANIFESTS}/${path.slice(path.lastIndexOf('/') + 1)}`, text.replace('---\n', '')] as const,
  );
  return new Map([
    ...definitions,
    ...objectFiles(olmParts().bundled),
    [`${MANIFESTS}/${PACKAGE}.clusterserviceversion.yaml`, olmYaml(csv)],
    ['olm/bundle/metadata/annotations.yaml', olmYaml({ annotations: ANNOTATIONS })],
    ['olm/bundle/tests/scorecard/config.yaml', olmYaml(scorecard())],
    ['olm/bundle.Dockerfile', bundleDockerfile()],
    [`olm/catalog/${PACKAGE}/catalog.yaml`, catalogYaml(resources, csv)],
    ['olm/catalog.Dockerfile', CATALOG_DOCKERFILE],
    ...[...olmExamples()].map(([name, text]) => [`olm/${name}`, text] as const),
  ]);
}
