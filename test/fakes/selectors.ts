// SPDX-License-Identifier: Apache-2.0
// Label and field selectors as the API server reads them, for the fake one.
import { isJsonObject } from '../../src/core/json.ts';
import type { KubeObject } from '../../src/runtime/object.ts';

function valueAt(object: unknown, path: string): string {
  let value: unknown = object;
  for (const name of path.split('.')) value = isJsonObject(value) ? value[name] : undefined;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function matchesField(object: KubeObject, term: string): boolean {
  const found = /^([^!=]+)(!=|==?)(.*)$/.exec(term);
  if (found === null) throw new RangeError(`bad field selector ${term}`);
  const [, path = '', operator, wanted = ''] = found;
  return (valueAt(object, path) === wanted) === (operator !== '!=');
}

function matchesLabel(labels: Readonly<Record<string, string>>, term: string): boolean {
  const set = /^(\S+) (in|notin) \(([^)]*)\)$/.exec(term);
  if (set !== null) {
    const [, name = '', operator, list = ''] = set;
    const within = list
      .split(',')
      .map((item) => item.trim())
      .includes(labels[name] ?? '\0');
    return within === (operator === 'in');
  }
  const equality = /^([^!=]+)(!=|==?)(.*)$/.exec(term);
  if (equality !== null) {
    const [, name = '', operator, wanted] = equality;
    return (labels[name] === wanted) === (operator !== '!=');
  }
  return term.startsWith('!') ? !(term.slice(1) in labels) : term in labels;
}

/** Splits at commas that are not within parentheses. */
function terms(selector: string): readonly string[] {
  return selector === '' ? [] : selector.split(/,(?![^(]*\))/).map((term) => term.trim());
}

/** Whether an object is selected by the `fieldSelector` and `labelSelector` of a query. */
export function isSelected(object: KubeObject, query: Readonly<Record<string, string>>): boolean {
  const labels = object.metadata.labels ?? {};
  return (
    terms(query['fieldSelector'] ?? '').every((term) => matchesField(object, term)) &&
    terms(query['labelSelector'] ?? '').every((term) => matchesLabel(labels, term))
  );
}
