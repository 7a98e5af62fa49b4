// SPDX-License-Identifier: Apache-2.0
// Names, labels and annotations as the API server judges them for every kind (k8s.io/apimachinery, pkg/api/validation
// and pkg/util/validation). A CustomResourceDefinition cannot describe metadata, so no schema of ours holds these
// rules.
import { isJsonObject } from './check-shape.ts';
import { countMessage, member, show } from './fault.ts';
import type { Fault } from './fault.ts';

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
/** The part of a key behind the slash, and values of labels. */
const QUALIFIED = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const MAX_SUBDOMAIN = 253;
const MAX_LABEL = 63;
/** All annotations together, keys and values, in bytes (TotalAnnotationSizeLimitB). */
const MAX_ANNOTATION_BYTES = 256 * 1024;

const SUBDOMAIN_HINT =
  'must be of lower case letters, digits, - and ., with a letter or digit at both ends of each part';

type Note = (path: string, message: string) => void;

function checkName(value: unknown, path: string, pattern: RegExp, most: number, note: Note): void {
  if (typeof value !== 'string' || value === '') return;
  if (value.length > most) note(path, countMessage('most', most, 'character', 'characters'));
  if (!pattern.test(value)) note(path, `${SUBDOMAIN_HINT}, not ${show(value)}`);
}

/**
 * Why a key of a label or an annotation is none: a name of at most 63 characters, perhaps behind a DNS name and a
 * slash.
 */
function keyFault(key: string): string | undefined {
  const [name = '', prefix, ...more] = key.split('/').reverse();
  if (more.length > 0) return 'is no key: it has more than one slash';
  if (prefix !== undefined && (!SUBDOMAIN.test(prefix) || prefix.length > MAX_SUBDOMAIN)) {
    return 'is no key: the part before the slash must be a DNS name';
  }
  return QUALIFIED.test(name) && name.length <= MAX_LABEL
    ? undefined
    : 'is no key: letters, digits, -, _ and . are, up to 63';
}

function checkKeys(map: Readonly<Record<string, unknown>>, path: string, fold: boolean, note: Note): void {
  for (const key of Object.keys(map)) {
    const fault = keyFault(fold ? key.toLowerCase() : key);
    if (fault !== undefined) note(path, `${show(key)} ${fault}`);
  }
}

function checkLabels(labels: Readonly<Record<string, unknown>>, note: Note): void {
  checkKeys(labels, 'metadata.labels', false, note);
  for (const value of Object.values(labels)) {
    if (typeof value !== 'string' || value === '') continue;
    if (value.length > MAX_LABEL) note('metadata.labels', `${show(value)} is longer than 63 characters`);
    else if (!QUALIFIED.test(value))
      note('metadata.labels', `${show(value)} is no value: letters, digits, -, _ and . are`);
  }
}

function checkAnnotations(annotations: Readonly<Record<string, unknown>>, note: Note): void {
  checkKeys(annotations, 'metadata.annotations', true, note);
  const bytes = Object.entries(annotations).reduce((sum, [key, value]) => sum + byteLength(key) + byteLength(value), 0);
  if (bytes > MAX_ANNOTATION_BYTES)
    note('metadata.annotations', `has ${String(bytes)} bytes, at most 262144 are taken`);
}

function byteLength(value: unknown): number {
  return typeof value === 'string' ? new TextEncoder().encode(value).length : 0;
}

/** The faults of the metadata that users write. A value that is no object is a fault of the shape. */
export function metadataFaults(metadata: unknown): readonly Fault[] {
  if (!isJsonObject(metadata)) return [];
  const faults: Fault[] = [];
  const note: Note = (path, message) => faults.push({ path, message, unknownField: false });
  const { name, generateName, namespace, labels, annotations } = metadata;
  const hasName = [name, generateName].some((text) => text !== undefined && text !== '');
  if (!hasName) note(member('metadata', 'name'), 'is required');
  checkName(name, 'metadata.name', SUBDOMAIN, MAX_SUBDOMAIN, note);
  checkName(namespace, 'metadata.namespace', DNS_LABEL, MAX_LABEL, note);
  // The API server appends five characters that it makes up.
  checkName(
    typeof generateName === 'string' ? `${generateName}a` : generateName,
    'metadata.generateName',
    SUBDOMAIN,
    MAX_SUBDOMAIN,
    note,
  );
  if (isJsonObject(labels)) checkLabels(labels, note);
  if (isJsonObject(annotations)) checkAnnotations(annotations, note);
  return faults;
}
