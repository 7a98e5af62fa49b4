// SPDX-License-Identifier: Apache-2.0
// How OpenShift's console shows fields of a kind: descriptors, from the schema of the kind. Names of descriptors are
// those of openshift/console (operator-lifecycle-manager/src/components/descriptors/reference).
import type { Resource, Schema } from '../schema.ts';

/** A field as the console shows it. */
export interface Descriptor {
  readonly path: string;
  readonly displayName: string;
  readonly description: string;
  readonly 'x-descriptors': readonly string[];
}

const UI = 'urn:alm:descriptor:com.tectonic.ui';
const KUBERNETES = 'urn:alm:descriptor:io.kubernetes';

/** Fields that the console knows by their meaning. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  'status.conditions': [`${KUBERNETES}.conditions`],
  'status.state': [`${KUBERNETES}.phase`],
  'status.status': [`${KUBERNETES}.phase`],
  'spec.affinity': [`${UI}:nodeAffinity`],
  'spec.daemonResourceRequirements': [`${UI}:resourceRequirements`],
};

function widgets(at: string, schema: Schema): readonly string[] {
  const known = KNOWN[at];
  if (known !== undefined) return known;
  if (schema.enum !== undefined) return schema.enum.map((value) => `${UI}:select:${JSON.stringify(value).replaceAll('"', '')}`);
  if (schema.type === 'boolean') return [`${UI}:booleanSwitch`];
  if (schema.type === 'integer' || schema.type === 'number') return [`${UI}:number`];
  return schema.type === 'string' ? [`${UI}:text`] : [];
}

/** `webhookOptions` as `Webhook Options`. */
function displayName(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The first level of the spec or of the status. */
function descriptors({ schema }: Resource, part: 'spec' | 'status'): readonly Descriptor[] {
  const fields = schema.properties?.[part]?.properties ?? {};
  return Object.entries(fields).map(([name, field]) => ({
    path: name,
    displayName: displayName(name),
    description: (field.description ?? '').split('\n')[0] ?? '',
    'x-descriptors': widgets(`${part}.${name}`, field),
  }));
}

/** Both lists of a kind. */
export function descriptorsOf(resource: Resource) {
  return {
    specDescriptors: descriptors(resource, 'spec'),
    statusDescriptors: descriptors(resource, 'status'),
  };
}
