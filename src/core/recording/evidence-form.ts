// SPDX-License-Identifier: Apache-2.0
// Reads the evidence of a profile from its annotation, which anybody may have written who may write the profile. Sums
// are computed, not read; what has not the form is no evidence.
import type { Evidence } from './evidence.ts';
import { MOST_FOLDED_IDS, NO_EARLIER_RUNS } from './runs.ts';
import type { FoldedRuns, Losses, Run } from './runs.ts';

/** The annotations of an object have 256 KiB together. */
const LONGEST_TEXT = 1 << 18;

/** More than any writer of ours lists, apart from runs: as many of them go on as there are pods at a time. */
const LONGEST_LIST = 256;

const SHORT_TEXT = /^[\x20-\x7e]{1,512}$/;
const RUN_KEY = /^[0-9a-f]{1,64}$/;
const REASON = /^[a-z][a-z-]{0,39}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

type Fields = Readonly<Record<string, unknown>>;

/** The evidence in the text of an annotation; undefined for none, and for text that has not the form. */
export function parseEvidence(text: string | undefined): Evidence | undefined {
  if (text === undefined || text.length > LONGEST_TEXT) return undefined;
  const fields = fieldsOf(jsonOf(text));
  const instances = runs(fields?.['instances']);
  if (fields?.['version'] !== 'v1' || instances === undefined) return undefined;
  const { recorder, earlier } = fields;
  if (recorder !== 'bpf' && recorder !== 'logs') return undefined;
  const firstCall = time(fields['firstCall']);
  const lastNewCall = time(fields['lastNewCall']);
  return {
    version: 'v1',
    recorder,
    instances,
    earlier: foldedRuns(earlier),
    nodes: texts(fields['nodes']),
    images: texts(fields['images']),
    kernels: texts(fields['kernels']),
    runtimes: texts(fields['runtimes']),
    ...(firstCall === undefined ? {} : { firstCall }),
    ...(lastNewCall === undefined ? {} : { lastNewCall }),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function runs(value: unknown): Readonly<Record<string, Run>> | undefined {
  const fields = fieldsOf(value);
  if (fields === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(fields).flatMap(([id, run]) => {
      const read = runOf(fieldsOf(run));
      return read === undefined || !RUN_KEY.test(id) ? [] : [[id, read]];
    }),
  );
}

function runOf(fields: Fields | undefined): Run | undefined {
  const [pod, node] = [shortText(fields?.['pod']), shortText(fields?.['node'])];
  const [from, until] = [time(fields?.['from']), time(fields?.['until'])];
  if (pod === undefined || node === undefined || from === undefined) return undefined;
  return { pod, node, from, ...(until === undefined ? {} : { until }), lost: counts(fields?.['lost']) };
}

function foldedRuns(value: unknown): FoldedRuns {
  const fields = fieldsOf(value);
  if (fields === undefined) return NO_EARLIER_RUNS;
  return {
    runs: count(fields['runs']),
    pods: count(fields['pods']),
    seconds: count(fields['seconds']),
    lost: counts(fields['lost']),
    ids: countedLosses(fields['ids']),
  };
}

function countedLosses(value: unknown): Readonly<Record<string, Losses>> {
  const known = Object.entries(fieldsOf(value) ?? {}).filter(([key]) => RUN_KEY.test(key));
  return Object.fromEntries(known.slice(-MOST_FOLDED_IDS).map(([key, lost]) => [key, counts(lost)]));
}

function counts(value: unknown): Readonly<Record<string, number>> {
  const entries = Object.entries(fieldsOf(value) ?? {}).slice(0, LONGEST_LIST);
  return Object.fromEntries(
    entries.filter(([reason]) => REASON.test(reason)).map(([reason, lost]) => [reason, count(lost)]),
  );
}

/** At most 2^40, so that sums stay exact. */
function count(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? Math.min(value, 2 ** 40) : 0;
}

function time(value: unknown): string | undefined {
  const isTime = typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value));
  return isTime ? value : undefined;
}

function shortText(value: unknown): string | undefined {
  return typeof value === 'string' && SHORT_TEXT.test(value) ? value : undefined;
}

function texts(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) return [];
  const listed = value.slice(0, LONGEST_LIST).flatMap((item) => shortText(item) ?? []);
  return listed.length === 1 ? listed : [...new Set(listed)].sort();
}
