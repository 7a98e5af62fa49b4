// SPDX-License-Identifier: Apache-2.0
// Turns a published profile and its rules into the words of the OCI runtime specification: keys that say nothing are
// dropped, older keys renamed, names of errors numbered, architectures chosen. The meaning of the conditions themselves
// is in published.ts.
import { isJsonObject } from '../json.ts';
import { nearest } from '../nearest.ts';
import { errnoNumbers } from './errno.ts';
import type { FaultList } from '../faults.ts';
import { FieldReader, shown } from './field-reader.ts';
import { checkFilter, FILTER_KEYS, NO_FILTER, PUBLISHED_ARCHITECTURES, ruleHolds } from './published.ts';
import type { Conditions, RuleFilter } from './published.ts';

/** A rule in runtimes' words, and whether it holds for the container that was asked for. */
export interface PlainRule {
  readonly rule: unknown;
  readonly holds: boolean;
}

const FILTER_HINTS = {};

/** Reads the keys that only Docker and Podman know, and leaves the others as they are. */
export class PublishedForm extends FieldReader {
  /** Capabilities that rules ask for. */
  readonly capabilities = new Set<string>();
  private readonly conditions: Conditions;

  constructor(conditions: Conditions, faults: FaultList) {
    super(faults);
    this.conditions = conditions;
  }

  /** The document without the keys that only Docker and Podman know; its rules are left as they are. */
  profile(document: unknown): unknown {
    if (!isJsonObject(document)) return document;
    const { archMap, defaultErrno, comment, name, ...rest } = document;
    for (const [key, value] of Object.entries({ comment, name })) this.note(value, key);
    return {
      ...rest,
      ...this.errnoNumber(defaultErrno, 'defaultErrno', rest['defaultErrnoRet'], 'defaultErrnoRet'),
      ...this.architectures(archMap, rest['architectures']),
    };
  }

  /** A rule without those keys. */
  rule(value: unknown, field: string): PlainRule {
    if (!isJsonObject(value)) return { rule: value, holds: true };
    const { name, comment, includes, excludes, errno, ...rest } = value;
    this.note(comment, `${field}.comment`);
    const filters = [this.filter(includes, `${field}.includes`), this.filter(excludes, `${field}.excludes`)] as const;
    const rule = {
      ...rest,
      ...this.names(name, rest['names'], field),
      ...this.errnoNumber(errno, `${field}.errno`, rest['errnoRet'], 'errnoRet'),
    };
    return { rule, holds: ruleHolds(...filters, this.conditions) };
  }

  /** A text for people. */
  private note(value: unknown, field: string): void {
    const isText = value === undefined || value === null || typeof value === 'string';
    if (!isText) this.faults.add(field, `must be a text, not ${shown(value)}`);
  }

  private names(name: unknown, names: unknown, field: string): { readonly names?: readonly unknown[] } {
    if (name === undefined || name === null || name === '') return {};
    if (this.list(names, `${field}.names`).length > 0) this.faults.add(`${field}.name`, 'stands beside names');
    return { names: [name] };
  }

  private errnoNumber(name: unknown, field: string, number: unknown, key: string): Readonly<Record<string, number>> {
    if (name === undefined || name === null || name === '') return {};
    const numbers = errnoNumbers();
    const found = typeof name === 'string' ? numbers.get(name) : undefined;
    if (found === undefined) {
      const near = typeof name === 'string' ? nearest(name, numbers.keys()) : undefined;
      this.faults.add(
        field,
        `is not the name of an error: ${shown(name)}${near === undefined ? '' : `, perhaps ${near}`}`,
      );
      return {};
    }
    // Podman's own files give both, for older versions of it.
    if (number !== undefined && number !== null && number !== found) {
      this.faults.add(field, `${shown(name)} is ${String(found)}, and ${key} is ${shown(number)}`);
    }
    return { [key]: found };
  }

  private architectures(archMap: unknown, written: unknown): { readonly architectures?: readonly unknown[] } {
    const entries = this.list(archMap, 'archMap').map((entry, at) => {
      const field = `archMap[${String(at)}]`;
      const fields = this.fields(entry, field, ['architecture', 'subArchitectures'], FILTER_HINTS) ?? {};
      return [fields['architecture'], ...this.list(fields['subArchitectures'], `${field}.subArchitectures`)];
    });
    if (entries.length === 0) return {};
    if (this.list(written, 'architectures').length > 0) this.faults.add('archMap', 'stands beside architectures');
    const native = PUBLISHED_ARCHITECTURES[this.conditions.architecture];
    return { architectures: entries.find(([architecture]) => architecture === native) ?? [] };
  }

  private filter(value: unknown, field: string): RuleFilter {
    if (value === undefined || value === null) return NO_FILTER;
    const fields = this.fields(value, field, FILTER_KEYS, FILTER_HINTS);
    if (fields === undefined) return NO_FILTER;
    const filter = {
      caps: this.texts(fields['caps'], `${field}.caps`),
      arches: this.texts(fields['arches'], `${field}.arches`),
      minKernel: this.version(fields['minKernel'], `${field}.minKernel`),
    };
    checkFilter(filter, field, this.faults);
    for (const name of filter.caps) this.capabilities.add(name);
    return filter;
  }

  private texts(value: unknown, field: string): readonly string[] {
    return this.list(value, field).flatMap((item, at) => {
      if (typeof item === 'string') return [item];
      this.faults.add(`${field}[${String(at)}]`, `must be a text, not ${shown(item)}`);
      return [];
    });
  }

  private version(value: unknown, field: string): string | undefined {
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value === 'string') return value;
    this.faults.add(field, `must be a version such as '4.8', not ${shown(value)}`);
    return undefined;
  }
}
