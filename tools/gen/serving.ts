// SPDX-License-Identifier: Apache-2.0
// How the API server serves a kind (x-spo-resource): names that it accepts, columns that find something. Sources: the
// validation of CustomResourceDefinition names and of additionalPrinterColumns in Kubernetes.
import { isArray, isObject } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import type { Column, Names, Resource, Schema } from './schema.ts';

/** Names, or why a document has none. */
export type ParsedNames =
  { readonly ok: true; readonly value: Names } | { readonly ok: false; readonly faults: readonly string[] };

const DNS_LABEL = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Takes the value of x-spo-resource for what it is. The kind itself is the title of the schema. */
export function parseNames(serving: Json | undefined, schema: Schema): ParsedNames {
  if (!isObject(serving)) return { ok: false, faults: ['x-spo-resource is missing'] };
  const faults = [
    ...['group', 'version', 'plural', 'singular']
      .filter((key) => typeof serving[key] !== 'string')
      .map((key) => `x-spo-resource.${key} must be a string`),
    ...(isTexts(serving['shortNames']) ? [] : ['x-spo-resource.shortNames must be a list of strings']),
    ...(isArray(serving['columns']) && serving['columns'].every(isColumn)
      ? []
      : ['x-spo-resource.columns must be a list of columns with name, type and jsonPath']),
    ...(serving['scope'] === 'Namespaced' || serving['scope'] === 'Cluster'
      ? []
      : ['x-spo-resource.scope must be Namespaced or Cluster']),
    ...unknownKeys(serving),
    ...(schema.title === undefined ? ['the title is missing, which names the kind'] : []),
  ];
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, value: { ...(serving as unknown as Omit<Names, 'kind'>), kind: schema.title ?? '' } };
}

function unknownKeys(serving: JsonObject): readonly string[] {
  const known = ['group', 'version', 'plural', 'singular', 'shortNames', 'scope', 'columns'];
  return Object.keys(serving)
    .filter((key) => !known.includes(key))
    .map((key) => `x-spo-resource.${key} is not known`);
}

function isTexts(value: Json | undefined): boolean {
  return isArray(value) && value.every((item) => typeof item === 'string');
}

const COLUMN_TYPES: readonly (Json | undefined)[] = ['integer', 'number', 'string', 'boolean', 'date'];

function isColumn(value: Json): boolean {
  if (!isObject(value)) return false;
  const { name, type, jsonPath, description = '', priority = 0, ...rest } = value;
  const texts = [name, jsonPath, description].every((text) => typeof text === 'string');
  return texts && COLUMN_TYPES.includes(type) && typeof priority === 'number' && Object.keys(rest).length === 0;
}

/** Judges a kind as a whole. */
export type ServingRule = (resource: Resource) => readonly string[];

const names: ServingRule = ({ names: { group, version, kind, plural, singular, shortNames } }) => [
  ...(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(group) ? [] : [`group ${group} must be a lower-case domain name`]),
  ...(/^v[1-9][0-9]*((alpha|beta)[1-9][0-9]*)?$/.test(version)
    ? []
    : [`version ${version} must be of the form v1, v1beta1 or v1alpha1`]),
  ...(/^[A-Z][A-Za-z0-9]{0,62}$/.test(kind) ? [] : [`the title ${kind} must be a kind in CamelCase`]),
  ...[plural, singular, ...shortNames]
    .filter((name) => !DNS_LABEL.test(name))
    .map((name) => `${name} must be a lower-case DNS label`),
  ...(singular === kind.toLowerCase() ? [] : [`singular ${singular} must be ${kind.toLowerCase()}`]),
  ...(plural.startsWith(singular) ? [] : [`plural ${plural} must begin with ${singular}`]),
];

const columns: ServingRule = ({ names: { columns: all }, schema }) =>
  all.flatMap((column) => columnFaults(column, schema));

function columnFaults({ name, type, jsonPath }: Column, schema: Schema): readonly string[] {
  if (jsonPath === '.metadata.creationTimestamp')
    return type === 'date' ? [] : [`column ${name}: ${jsonPath} is a date`];
  const steps = /^(\.[A-Za-z][A-Za-z0-9]*)+$/.test(jsonPath) ? jsonPath.slice(1).split('.') : undefined;
  if (steps === undefined) return [`column ${name}: jsonPath ${jsonPath} must be a plain path such as .status.status`];
  const found = steps.reduce<Schema | undefined>((node, step) => node?.properties?.[step], schema);
  if (found === undefined) return [`column ${name}: jsonPath ${jsonPath} leads to no field`];
  const fits = type === 'string' || type === found.type || (type === 'date' && found.format === 'date-time');
  return fits
    ? []
    : [`column ${name}: type ${type} does not fit ${jsonPath}, which is of type ${found.type ?? 'integer or string'}`];
}

/** The rules for kinds. */
export const SERVING_RULES: readonly ServingRule[] = [names, columns];
