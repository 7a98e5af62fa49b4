// SPDX-License-Identifier: Apache-2.0
// Files of test/golden/seccomp: what stands in them and what must come of it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseJson } from '../../../src/core/json.ts';

const folder = path.join(import.meta.dirname, '../../golden/seccomp');

/** The text of a golden file. */
export function goldenText(name: string): string {
  return readFileSync(path.join(folder, name), 'utf8');
}

/** A golden file of JSON, its integers exact. */
export function goldenValue(name: string): unknown {
  return parseJson(goldenText(name));
}
