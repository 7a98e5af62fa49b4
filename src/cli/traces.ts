// SPDX-License-Identifier: Apache-2.0
// Files that hold traces of spoc record, and nothing else.
import { parseTrace } from '../core/evidence/trace-form.ts';
import { TRACE_KIND } from '../core/evidence/trace.ts';
import type { Trace } from '../core/evidence/trace.ts';
import { isJsonObject } from '../core/json.ts';
import { readFile, subjectIn } from './profile-document.ts';
import { UserError } from './terminal.ts';
import type { Terminal } from './terminal.ts';

async function tracesIn(path: string, terminal: Terminal): Promise<readonly Trace[]> {
  const { documents } = await readFile(path, terminal);
  const traces = documents.map((document) => {
    const { value } = document;
    const subject = subjectIn(path, document, documents.length);
    if (isJsonObject(value) && value['kind'] === TRACE_KIND) return parseTrace(value, subject);
    throw new UserError(`${subject}: is no trace; spoc record --trace writes one`);
  });
  if (traces.length === 0) throw new UserError(`${path}: holds no trace`);
  return traces;
}

/**
 * The traces of files, in their order.
 *
 * @throws UserError, InvalidProfile for a file that holds something else
 */
export async function readTraces(paths: readonly string[], terminal: Terminal): Promise<readonly Trace[]> {
  const traces: Trace[] = [];
  for (const path of paths) traces.push(...(await tracesIn(path, terminal)));
  return traces;
}
