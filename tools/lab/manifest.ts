// SPDX-License-Identifier: Apache-2.0
// Fits the manifests of the tree to the cluster of the lab: the image that was just built, and kubelet's directory.
import { parseAllDocuments } from 'yaml';
import { IMAGE, fullImageName } from '../../src/core/deploy/image.ts';

/** Names that the manifests leave open. */
export interface LocalNames {
  /** Name and tag of the operator's image in the node. */
  readonly image: string;
  /** Root directory of the node's kubelet. */
  readonly kubelet: string;
}

/**
 * The objects of a YAML file as one List, for `kubectl apply`.
 * @throws Error naming the line when the text is no YAML, or when it doesn't run the operator's image
 */
export function localize(text: string, names: LocalNames): object {
  // kubectl reads YAML 1.1, where `yes` is a boolean.
  const documents = parseAllDocuments(text, { version: '1.1' });
  if (!Array.isArray(documents)) throw new Error('the manifest holds no objects');
  const [fault] = documents.flatMap(({ errors }) => errors);
  if (fault !== undefined) throw new Error(`the manifest is no YAML: ${fault.message}`, { cause: fault });
  const items = documents.map((document) => document.toJS() as unknown).filter((item) => item !== null);
  const local = items.map((item) => replaced(item, names));
  if (JSON.stringify(items) === JSON.stringify(local)) throw new Error(`the manifest does not run the image ${IMAGE}`);
  return { apiVersion: 'v1', kind: 'List', items: local };
}

function replaced(value: unknown, names: LocalNames): unknown {
  if (value === IMAGE || value === fullImageName(IMAGE)) return names.image;
  if (Array.isArray(value)) return value.map((item: unknown) => replaced(item, names));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([key, field]) => [key, replaced(field, names)] as const);
  const object = Object.fromEntries(fields);
  return object['name'] === 'KUBELET_DIR' && 'value' in object ? { ...object, value: names.kubelet } : object;
}
