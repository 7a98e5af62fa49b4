// SPDX-License-Identifier: Apache-2.0
// JSON files of others (package-lock.json, OCI documents) as what they are known to be: objects, nothing more.
import { readFile } from 'node:fs/promises';

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads a file that holds a JSON object.
 * @throws Error when it holds something else
 */
export async function readRecord(file: string): Promise<Readonly<Record<string, unknown>>> {
  const value: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (!isRecord(value)) throw new Error(`${file} holds no JSON object`);
  return value;
}
