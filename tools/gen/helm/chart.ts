// SPDX-License-Identifier: Apache-2.0
// Prints the Helm chart in deploy/helm: the objects of src/core/deploy as templates, and around them what Helm wants.
import { isDeepStrictEqual } from 'node:util';
import { parse, stringify } from 'yaml';
import { installationObjects } from '../../../src/core/deploy/installation.ts';
import type { Manifest } from '../../../src/core/deploy/manifest.ts';
import { OPERATOR } from '../../../src/core/names.ts';
import { VERSION } from '../../../src/core/version.ts';
import { fileStem } from '../outputs.ts';
import { permissions } from '../permissions.ts';
import { spodSchema } from './spod-schema.ts';
import { deploymentTemplate, documents, when, WORD } from './templates.ts';
import { testObjects } from './test-hook.ts';
import { CRDS, EXPRESSIONS, kindsExpression, NOTES, readme } from './texts.ts';
import { chartValues, printValues, printValuesSchema } from './values.ts';

const FOLDER = 'deploy/helm';
const MARK = 'Generated from src/core/deploy by npm run gen. Do not edit.';
const HEAD = `# ${MARK}\n# SPDX-License-Identifier: Apache-2.0\n`;
const TEMPLATE_HEAD = `{{- /* ${MARK} SPDX-License-Identifier: Apache-2.0 */ -}}\n`;

/** The CRD whose spec is part of the values. */
const SPOD_CRD = 'crds/security-profiles-operator-daemon.yaml';

/** Kinds that the operator itself makes the objects of. */
const OWN_KINDS = ['securityprofilesoperatordaemons', 'securityprofilenodestatuses'];

/** Kubernetes 1.30 is the first with this kind; before, its objects would make the whole installation fail. */
const KNOWS_POLICIES = 'semverCompare ">=1.30.0-0" .Capabilities.KubeVersion.Version';

/**
 * The chart's files by path.
 * @param crds - texts of the CRDs by path
 * @throws TypeError when the CRD of the spod is missing
 */
export function chartFiles(crds: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const values = chartValues(spodSchema(crds.get(SPOD_CRD) ?? ''));
  const plurals = [...crds.values()].map(pluralOf).filter((plural) => !OWN_KINDS.includes(plural));
  return new Map([
    [`${FOLDER}/Chart.yaml`, HEAD + chartYaml()],
    [`${FOLDER}/values.yaml`, HEAD + printValues(values)],
    [`${FOLDER}/values.schema.json`, printValuesSchema(values)],
    [`${FOLDER}/README.md`, `<!-- ${MARK} -->\n\n${readme(values)}`],
    ...[...crds].map(([path, text]) => [`${FOLDER}/files/crds/${fileStem(path)}.yaml`, keptCrd(text)] as const),
    [`${FOLDER}/templates/_expressions.tpl`, TEMPLATE_HEAD + EXPRESSIONS + kindsExpression(plurals)],
    [`${FOLDER}/templates/NOTES.txt`, TEMPLATE_HEAD + NOTES],
    [`${FOLDER}/templates/crds.yaml`, TEMPLATE_HEAD + CRDS],
    [`${FOLDER}/templates/tests/doctor.yaml`, TEMPLATE_HEAD + documents(testObjects())],
    ...objectTemplates(),
  ]);
}

function chartYaml(): string {
  return stringify({
    apiVersion: 'v2',
    name: OPERATOR,
    description: 'Seccomp, SELinux and AppArmor profiles as Kubernetes objects',
    type: 'application',
    version: VERSION,
    // In quotes, because YAML would take 1.10 for the number 1.1.
    appVersion: VERSION,
    // The webhooks' match conditions.
    kubeVersion: '>=1.28.0-0',
    keywords: ['security', 'seccomp', 'selinux', 'apparmor', 'ebpf'],
  }).replaceAll(`ersion: ${VERSION}`, `ersion: '${VERSION}'`);
}

function pluralOf(crd: string): string {
  const { spec } = parse(crd) as { readonly spec: { readonly names: { readonly plural: string } } };
  return spec.names.plural;
}

/** The CRD as Helm shall leave it when the chart is uninstalled: with it all objects of the kind would go. */
function keptCrd(text: string): string {
  const policy = 'annotations:\n    helm.sh/resource-policy: keep';
  return text.replace('---\n', '').replace(/^metadata:\n/m, `metadata:\n  ${policy}\n`);
}

function objectTemplates(): readonly (readonly [string, string])[] {
  const [everywhere, restricted] = [objects([]), objects([WORD.watched])];
  const isPolicy = ({ kind }: Manifest): boolean => kind.startsWith('ValidatingAdmissionPolicy');
  const isRbac = ({ kind }: Manifest): boolean => /Role(Binding)?$/.test(kind);
  const isDeployment = ({ kind }: Manifest): boolean => kind === 'Deployment';
  const deployment = restricted.filter(isDeployment).map(chosen).map(deploymentTemplate);
  const others = everywhere.filter((object) => ![isPolicy, isRbac, isDeployment].some((is) => is(object)));
  const templates: Readonly<Record<string, string>> = {
    surroundings: documents(others),
    rbac: rbacTemplate(everywhere.filter(isRbac), restricted.filter(isRbac)),
    deployment: deployment.join(''),
    policies: when(KNOWS_POLICIES, documents(everywhere.filter(isPolicy))),
  };
  return Object.entries(templates).map(
    ([name, text]) => [`${FOLDER}/templates/${name}.yaml`, TEMPLATE_HEAD + text] as const,
  );
}

/** The objects but the namespace, which Helm's users make by `--create-namespace` or by hand. */
function objects(restrictTo: readonly string[]): readonly Manifest[] {
  const installation = {
    namespace: WORD.namespace,
    image: WORD.image,
    kubeletDir: WORD.kubeletDir,
    restrictTo,
    spodOptions: { priorityClassName: WORD.options },
  };
  return installationObjects(installation, permissions()).filter(({ kind }) => kind !== 'Namespace');
}

/** Roles of the whole cluster, or of the namespaces that the operator is restricted to; others are the same in both. */
function rbacTemplate(everywhere: readonly Manifest[], restricted: readonly Manifest[]): string {
  const has = (list: readonly Manifest[], object: Manifest): boolean =>
    list.some((other) => isDeepStrictEqual(other, object));
  const ofCluster = everywhere.filter((object) => !has(restricted, object));
  const ofRestricted = restricted.filter((object) => !has(everywhere, object));
  const watched = ofRestricted.filter(({ metadata }) => metadata.namespace === WORD.watched);
  const others = ofRestricted.filter((object) => !watched.includes(object));
  const loop = `{{- range .Values.restrictToNamespaces }}\n${documents(watched)}{{- end }}\n`;
  const common = everywhere.filter((object) => has(restricted, object));
  return documents(common) + when('.Values.restrictToNamespaces', documents(others) + loop, documents(ofCluster));
}

interface Deployment {
  readonly template: { readonly spec: { readonly containers: readonly object[] } };
}

/** The Deployment with words in place of what its function does not leave open. */
function chosen(deployment: Manifest): Manifest {
  const { template, ...spec } = deployment['spec'] as Deployment;
  const containers = template.spec.containers.map((container) => ({ ...container, imagePullPolicy: WORD.pullPolicy }));
  const podSpec = { imagePullSecrets: WORD.pullSecrets, ...template.spec, containers };
  return { ...deployment, spec: { ...spec, replicas: WORD.replicas, template: { ...template, spec: podSpec } } };
}
