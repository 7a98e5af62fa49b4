// SPDX-License-Identifier: Apache-2.0
// A note on a node's disk for each AppArmor profile that the operator has put into the kernel there: it makes the
// profile the operator's own, and tells after a restart that nothing has to be loaded again. Written before the kernel
// gets the profile, so that none is ever without its note. A boot ends it: the kernel has forgotten our profiles then,
// and one of that name is of the node's own files.

/** The note. */
export interface NodeRecord {
  /** The object that it is of. */
  readonly namespace: string;
  readonly name: string;
  /** Hash of the text and of all that compiles it; empty while the profile is being loaded for the first time. */
  readonly source: string;
  /** Hash of the compiled policy. */
  readonly binary: string;
  /** How the kernel identified the policy when it had been loaded; empty where that is not known. */
  readonly loaded: string;
  /** The parser's warnings. */
  readonly warnings: readonly string[];
}

/** A note with the boot of the node in which it was made. */
export interface DatedRecord {
  readonly record: NodeRecord;
  /** The kernel's boot_id; empty where the text names none. */
  readonly boot: string;
}

/** The note as a text. */
export function printNodeRecord({ record, boot }: DatedRecord): string {
  return JSON.stringify({ ...record, boot });
}

/** Reads a note; undefined for a text that is none. */
export function parseNodeRecord(text: string): DatedRecord | undefined {
  const value = parsed(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const {
    namespace,
    name,
    source,
    binary,
    loaded = '',
    warnings,
    boot = '',
  } = value as Readonly<Record<string, unknown>>;
  const texts = [namespace, name, source, binary, loaded, boot];
  if (!texts.every(isText) || !Array.isArray(warnings) || !warnings.every(isText)) return undefined;
  const [ns = '', own = '', from = '', hash = '', identity = '', when = ''] = texts as readonly string[];
  return { record: { namespace: ns, name: own, source: from, binary: hash, loaded: identity, warnings }, boot: when };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
