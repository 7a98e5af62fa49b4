// SPDX-License-Identifier: Apache-2.0
// Compares objects with the YAML in test/golden/deploy. `UPDATE_GOLDEN=1 npm test` writes what is there now; the diff
// is then read by a person.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { parse, stringify } from 'yaml';

const FOLDER = path.join(import.meta.dirname, '../../golden/deploy');

/** Fails when the object, as the API server would get it, is not what the golden file says. */
export function expectGolden(name: string, object: unknown): void {
  const file = path.join(FOLDER, `${name}.yaml`);
  const plain: unknown = JSON.parse(JSON.stringify(object));
  if (process.env['UPDATE_GOLDEN'] === '1')
    writeFileSync(file, stringify(plain, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false }));
  expect(plain, file).to.deep.equal(parse(readFileSync(file, 'utf8'), { version: '1.1' }));
}
