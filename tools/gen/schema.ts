// SPDX-License-Identifier: Apache-2.0
// The middle language of the generator: the narrow dialect of JSON Schema that a structural CRD, a TypeScript type and
// a shape can all say. dialect.ts decides whether JSON is of this form; behind it every printer works on these types.
import type { Json } from './json.ts';
import type { DEFINITION } from './resolve.ts';

/** The types that a node can have. A node without a type is an integer or string, or is preserved as it comes. */
export type SchemaType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';

/** A rule in the Common Expression Language, as the API server knows it. */
export interface ValidationRule {
  readonly rule: string;
  readonly message: string;
  readonly fieldPath?: string;
}

/** A node of a schema, without references. */
export interface Schema {
  readonly $schema?: string;
  readonly $comment?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: SchemaType;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly Json[];
  readonly default?: Json;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular';
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[];
  /** The text of a message in place of the pattern. */
  readonly 'x-spo-hint'?: string;
  /** The TypeScript type, where the schema's own would lose something. */
  readonly 'x-spo-ts-type'?: string;
  readonly [DEFINITION]?: string;
}

/** A column of kubectl get. */
export interface Column {
  readonly name: string;
  readonly type: 'integer' | 'number' | 'string' | 'boolean' | 'date';
  readonly jsonPath: string;
  readonly description?: string;
  /** Columns above 0 show only with -o wide. */
  readonly priority?: number;
}

/** How the API server serves a kind. */
export interface Names {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly scope: 'Namespaced' | 'Cluster';
  readonly columns: readonly Column[];
}

/** A kind whose document was found to be of the dialect. */
export interface Resource {
  /** Path of the document in the tree. */
  readonly source: string;
  readonly names: Names;
  /** The object without apiVersion, kind and metadata. */
  readonly schema: Schema;
}

/** A shared part whose document was found to be of the dialect. */
export interface Definition {
  readonly source: string;
  readonly schema: Schema;
}

/** A node with its place, such as spec.syscalls[].args[].index. */
export interface Visit {
  readonly at: string;
  readonly node: Schema;
}

/**
 * Every node of a schema, the outer ones first. The alternatives of anyOf are no nodes of their own: the dialect has
 * but one use for it.
 */
export function* walk(node: Schema, at = ''): Generator<Visit> {
  yield { at, node };
  for (const [name, inner] of Object.entries(node.properties ?? {})) yield* walk(inner, child(at, name));
  if (node.additionalProperties !== undefined) yield* walk(node.additionalProperties, `${at}{}`);
  if (node.items !== undefined) yield* walk(node.items, `${at}[]`);
}

/** The place of a property within a place. */
export function child(at: string, name: string): string {
  const step = /^[A-Za-z_$][\w$-]*$/.test(name) ? name : `['${name}']`;
  return at === '' || step.startsWith('[') ? at + step : `${at}.${step}`;
}

/** Whether a node takes integers and strings alike. */
export function isIntOrString(node: Schema): boolean {
  return node['x-kubernetes-int-or-string'] === true;
}
