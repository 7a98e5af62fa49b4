// SPDX-License-Identifier: Apache-2.0
// The values of the chart, in one table: values.yaml, its schema and the table of the chart's README are printed from
// it. There are few, because most options are the spod's, which come as they are.
import { stringify } from 'yaml';
import { DEFAULT_KUBELET_DIR, OPERATOR } from '../../../src/core/names.ts';
import type { Json, JsonObject } from '../json.ts';

/** One value of the chart. */
export interface Value {
  /** Its name, with a dot where it is within a group. */
  readonly name: string;
  /** Its default. Never null: Helm takes null for the wish to have no such value. */
  readonly fallback: Json;
  /** Its JSON Schema, without a description. */
  readonly schema: JsonObject;
  /** Sentences for values.yaml, the schema and the README. */
  readonly description: string;
}

const NAME = '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$';

const IMAGE_VALUES: readonly Value[] = [
  {
    name: 'image.repository',
    fallback: OPERATOR,
    schema: { type: 'string', minLength: 1 },
    description: 'Registry and path of the image, which all processes of the operator run.',
  },
  {
    name: 'image.tag',
    fallback: '',
    schema: { type: 'string' },
    description: 'Tag of the image; the version of the chart where it is empty.',
  },
  {
    name: 'image.digest',
    fallback: '',
    schema: { type: 'string', pattern: '^(sha256:[0-9a-f]{64})?$' },
    description: 'Digest of the image, such as sha256:…; counts in place of the tag.',
  },
  {
    name: 'image.pullPolicy',
    fallback: 'IfNotPresent',
    schema: { type: 'string', enum: ['Always', 'IfNotPresent', 'Never'] },
    description: 'When nodes ask the registry for the image.',
  },
  {
    name: 'imagePullSecrets',
    fallback: [],
    schema: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name'],
        additionalProperties: false,
        properties: { name: { type: 'string', minLength: 1 } },
      },
    },
    description:
      'Secrets of the namespace with which the image is pulled; also for the daemon, unless spod.imagePullSecrets is set.',
  },
];

/**
 * All values, in the order in which they are shown.
 * @param spodSchema - the JSON Schema of `spec` of the spod
 */
export function chartValues(spodSchema: JsonObject): readonly Value[] {
  return [
    ...IMAGE_VALUES,
    {
      name: 'replicaCount',
      fallback: 1,
      schema: { type: 'integer', minimum: 1, maximum: 9 },
      description: 'Managers. One works at a time, the others take over when it ends.',
    },
    {
      name: 'kubeletDir',
      fallback: DEFAULT_KUBELET_DIR,
      schema: { type: 'string', pattern: '^(/[^/]+)+$' },
      description: "The kubelet's directory, on nodes without the label kubelet.kubernetes.io/directory-location.",
    },
    {
      name: 'restrictToNamespaces',
      fallback: [],
      schema: { type: 'array', uniqueItems: true, items: { type: 'string', maxLength: 63, pattern: NAME } },
      description:
        'Namespaces that the operator is restricted to, in its work and in its rights; all where it is empty.',
    },
    {
      name: 'crds.enabled',
      fallback: true,
      schema: { type: 'boolean' },
      description:
        'Whether the chart installs and upgrades the definitions of the kinds. They are kept when it is uninstalled.',
    },
    {
      name: 'spod',
      fallback: {},
      schema: spodSchema,
      description:
        'Options of the operator: fields of spec of the SecurityProfilesOperatorDaemon spod. Fields that are not named here can be patched in the object.',
    },
  ];
}

/** The text of values.yaml after its head. */
export function printValues(values: readonly Value[]): string {
  let group = '';
  const lines = values.flatMap(({ name, fallback, description }) => {
    const [first = '', second] = name.split('.');
    const head = second !== undefined && first !== group ? [`${first}:`] : [];
    group = first;
    const indent = second === undefined ? '' : '  ';
    return [...head, `${indent}# ${description}`, `${indent}${stringify({ [second ?? first]: fallback }).trimEnd()}`];
  });
  return `${lines.join('\n')}\n`;
}

/** The schema of the values, as Helm checks them. */
export function printValuesSchema(values: readonly Value[]): string {
  const properties: Record<string, JsonObject> = {
    // Helm adds the first to a chart within a chart, and its parent's condition names the second.
    global: { type: 'object' },
    enabled: { type: 'boolean' },
  };
  for (const { name, schema, description } of values) {
    const [first = '', second] = name.split('.');
    const described: JsonObject = { description, ...schema };
    if (second === undefined) properties[first] = described;
    else properties[first] = withField(properties[first], second, described);
  }
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Values of the chart security-profiles-operator',
    type: 'object',
    additionalProperties: false,
    properties,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function withField(group: JsonObject | undefined, field: string, schema: JsonObject): JsonObject {
  const before = group?.['properties'] as JsonObject | undefined;
  return { type: 'object', additionalProperties: false, properties: { ...before, [field]: schema } };
}
