// SPDX-License-Identifier: Apache-2.0
// Fits the manifests of the tree to the cluster of the lab: the image that was just built, and kubelet's directory.
import { parseAllDocuments } from 'yaml';
import { IMAGE, fullImageName } from '../../src/core/deploy/image.ts';
import { ENV } from '../../src/core/env.ts';
import { OPERATOR } from '../../src/core/names.ts';

/** Names that the manifests leave open. */
export interface LocalNames {
  /** Name and tag of the operator's image in the node. */
  readonly image: string;
  /** Root directory of the node's kubelet. */
  readonly kubelet: string;
  /** Options of the spod that the operator makes, as JSON; the defaults if not given. */
  readonly spod?: string | undefined;
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
  const { spod } = names;
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: spod === undefined ? local : local.map((item) => withSpod(item, spod)),
  };
}

function replaced(value: unknown, names: LocalNames): unknown {
  if (value === IMAGE || value === fullImageName(IMAGE)) return names.image;
  if (Array.isArray(value)) return value.map((item: unknown) => replaced(item, names));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([key, field]) => [key, replaced(field, names)] as const);
  const object = Object.fromEntries(fields);
  return object['name'] === 'KUBELET_DIR' && 'value' in object ? { ...object, value: names.kubelet } : object;
}

/** The manager gets the options by a variable: the spod cannot be applied together with the definition of its kind. */
function withSpod(item: unknown, options: string): unknown {
  const { kind, metadata, spec } = item as Partial<Deployment>;
  if (kind !== 'Deployment' || metadata?.name !== OPERATOR || spec === undefined) return item;
  const containers = spec.template.spec.containers.map((container) => ({
    ...container,
    env: [...(container.env ?? []), { name: ENV.spodOptions, value: options }],
  }));
  const template = { ...spec.template, spec: { ...spec.template.spec, containers } };
  return { ...(item as Deployment), spec: { ...spec, template } };
}

/** A Deployment, as far as it is changed here. */
interface Deployment {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly { readonly env?: readonly unknown[] }[] } };
  };
}
