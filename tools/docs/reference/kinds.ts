// SPDX-License-Identifier: Apache-2.0
// A page for each kind of object, from its schema: every field with its type, limits and meaning, the rules that hold
// fields together, and the columns of kubectl.
import { walk } from '../../gen/schema.ts';
import type { Resource, Schema, Visit } from '../../gen/schema.ts';
import { fileStem } from '../../gen/outputs.ts';
import { code, printedPage, table } from './table.ts';

function typeOf(node: Schema): string {
  if (node['x-kubernetes-int-or-string'] === true) return 'integer or string';
  if (node.type === 'array') return `list of ${node.items === undefined ? 'any' : plural(typeOf(node.items))}`;
  if (node.type === 'object' && node.additionalProperties !== undefined)
    return `map to ${typeOf(node.additionalProperties)}`;
  return node.type ?? 'any';
}

function plural(type: string): string {
  return type.startsWith('list') ? type.replace('list', 'lists') : `${type}s`;
}

function range(low: number | undefined, high: number | undefined, unit: string): readonly string[] {
  if (low !== undefined && high !== undefined) return [`${String(low)} to ${String(high)}${unit}`];
  if (high !== undefined) return [`at most ${String(high)}${unit}`];
  return low === undefined ? [] : [`at least ${String(low)}${unit}`];
}

/** The limits of a value, in words. */
function limitsOf(node: Schema): readonly string[] {
  return [
    ...(node.enum === undefined
      ? []
      : [
          `one of ${node.enum.map((value) => code(typeof value === 'string' ? value : JSON.stringify(value))).join(', ')}`,
        ]),
    ...(node.default === undefined ? [] : [`default ${code(JSON.stringify(node.default))}`]),
    ...range(node.minimum, node.maximum, ''),
    ...range(node.minLength, node.maxLength, ' characters'),
    ...range(node.minItems, node.maxItems, ' items'),
    ...range(node.minProperties, node.maxProperties, ' entries'),
    ...(node['x-spo-hint'] === undefined ? [] : [node['x-spo-hint']]),
  ];
}

function requiredPlaces(root: Schema): ReadonlySet<string> {
  const places = [...walk(root)].flatMap(({ at, node }) =>
    (node.required ?? []).map((name) => (at === '' ? name : `${at}.${name}`)),
  );
  return new Set(places);
}

function fieldRows(visits: readonly Visit[], required: ReadonlySet<string>): readonly (readonly string[])[] {
  return visits
    .filter(({ node }) => node.description !== undefined)
    .map(({ at, node }) => {
      const type = `${typeOf(node)}${required.has(at) ? ', required' : ''}`;
      const limits = limitsOf(node).join('; ');
      return [code(at), type, `${node.description ?? ''}${limits === '' ? '' : ` _(${limits})_`}`];
    });
}

function rulesOf(visits: readonly Visit[]): string {
  const rules = visits.flatMap(({ at, node }) =>
    (node['x-kubernetes-validations'] ?? []).map(({ message }) => [code(at === '' ? '.' : at), message]),
  );
  return table(['where', 'what the API server says'], rules);
}

function section(title: string, body: string): readonly string[] {
  return body === '' ? [] : [`## ${title}`, body];
}

function pageOf({ source, names, schema }: Resource): string {
  const visits = [...walk(schema)].filter(({ at }) => at !== '' && at !== 'spec' && at !== 'status');
  const required = requiredPlaces(schema);
  const fields = (isStatus: boolean): string =>
    table(
      ['field', 'type', 'meaning'],
      fieldRows(
        visits.filter(({ at }) => at.startsWith('status') === isStatus),
        required,
      ),
    );
  const columns = names.columns.map(({ name, description, jsonPath, priority = 0 }) => [
    `${name}${priority > 0 ? ' (`-o wide`)' : ''}`,
    `${description ?? ''} ${code(jsonPath)}`,
  ]);
  const short = names.shortNames.length === 0 ? '' : `, short ${names.shortNames.map(code).join(', ')}`;
  return printedPage(source, [
    `# ${names.kind}`,
    schema.description ?? '',
    `${code(`apiVersion: ${names.group}/${names.version}`)}, ${code(`kubectl get ${names.plural}`)}${short}; ${
      names.scope === 'Namespaced' ? 'it belongs to a namespace' : 'it belongs to the cluster'
    }.`,
    ...section('Fields', fields(false)),
    ...section('Status', fields(true)),
    ...section('Rules', rulesOf([...walk(schema)])),
    ...section('Columns', table(['column', 'meaning'], columns)),
  ]);
}

/** The pages by path, one for each kind. */
export function kindPages(resources: readonly Resource[]): ReadonlyMap<string, string> {
  return new Map(
    resources.map((resource) => [`docs/reference/kinds/${fileStem(resource.source)}.md`, pageOf(resource)]),
  );
}
