// SPDX-License-Identifier: Apache-2.0
// Last phase: the CustomResourceDefinition of a kind as YAML. Keywords of JSON Schema that a structural schema lacks
// are converted or left out here; that nothing else occurs was checked before. kubectl reads YAML 1.1, so that is what
// is written.
import { stringify } from 'yaml';
import { DialectError } from './dialect.ts';
import { fileStem } from './outputs.ts';
import type { Column, Resource, Schema } from './schema.ts';

/**
 * Client-side kubectl apply keeps the object as an annotation, and annotations may have 256 KiB in all
 * (k8s.io/apimachinery, TotalAnnotationSizeLimitB).
 */
const APPLY_LIMIT_BYTES = 256 * 1024;

/**
 * The file with the CRD of a kind: its path in the tree and its text.
 * @throws DialectError when it would be too large for kubectl apply.
 */
export function printCrd(resource: Resource): readonly [path: string, text: string] {
  const crd = toCrd(resource);
  const bytes = Buffer.byteLength(JSON.stringify(crd));
  if (bytes > APPLY_LIMIT_BYTES) {
    throw new DialectError(resource.source, [
      `the CRD has ${bytes} bytes, and kubectl apply takes ${APPLY_LIMIT_BYTES} at most: shorten descriptions`,
    ]);
  }
  const text = stringify(crd, { version: '1.1', lineWidth: 120, aliasDuplicateObjects: false });
  const head = `# Generated from ${resource.source} by npm run gen. Do not edit.\n# SPDX-License-Identifier: Apache-2.0\n`;
  return [`crds/${fileStem(resource.source)}.yaml`, `${head}---\n${text}`];
}

/** The CRD as a plain object. */
export function toCrd({ names, schema }: Resource): object {
  const { group, version, kind, plural, singular, shortNames, scope, columns } = names;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { kind, listKind: `${kind}List`, plural, singular, ...(shortNames.length === 0 ? {} : { shortNames }) },
      scope,
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          additionalPrinterColumns: columns.map(printerColumn),
          schema: { openAPIV3Schema: rootSchema(schema) },
          subresources: { status: {} },
        },
      ],
    },
  };
}

function printerColumn({ name, type, jsonPath, description, priority }: Column): object {
  return {
    name,
    type,
    jsonPath,
    ...(description === undefined ? {} : { description }),
    ...(priority === undefined ? {} : { priority }),
  };
}

function rootSchema(schema: Schema): object {
  const { properties, ...root } = structural(schema);
  return {
    ...root,
    properties: {
      apiVersion: { type: 'string', description: 'Group and version of the kind.' },
      kind: { type: 'string', description: 'Name of the kind.' },
      metadata: { type: 'object' },
      ...properties,
    },
  };
}

/** Keywords that go into a CRD as they stand, in the order in which they are printed. */
const KEPT = [
  'description',
  'type',
  'format',
  'nullable',
  'enum',
  'default',
  'minimum',
  'maximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'required',
  'anyOf',
  'x-kubernetes-int-or-string',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type',
  'x-kubernetes-validations',
] as const satisfies readonly (keyof Schema)[];

interface Structural extends Record<string, unknown> {
  readonly properties?: Readonly<Record<string, object>>;
}

function structural(node: Schema): Structural {
  const kept = KEPT.flatMap((keyword) => (node[keyword] === undefined ? [] : [[keyword, node[keyword]] as const]));
  return {
    ...Object.fromEntries(kept),
    ...exclusive('minimum', node.exclusiveMinimum),
    ...exclusive('maximum', node.exclusiveMaximum),
    ...(node.items === undefined ? {} : { items: structural(node.items) }),
    ...(node.additionalProperties === undefined ? {} : { additionalProperties: structural(node.additionalProperties) }),
    ...(node.properties === undefined ? {} : { properties: structuralProperties(node.properties) }),
  };
}

/** OpenAPI 3.0 knows exclusive limits as a flag beside the limit, JSON Schema 2020-12 as a number of its own. */
function exclusive(keyword: 'minimum' | 'maximum', limit: number | undefined): object {
  if (limit === undefined) return {};
  return { [keyword]: limit, [keyword === 'minimum' ? 'exclusiveMinimum' : 'exclusiveMaximum']: true };
}

function structuralProperties(properties: Readonly<Record<string, Schema>>): Readonly<Record<string, object>> {
  return Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, structural(inner)]));
}
