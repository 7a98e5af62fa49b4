// SPDX-License-Identifier: Apache-2.0
// A file means to spoc what it means to kubectl, whose reader follows neither version of YAML: the real one judges.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { parseYaml } from '../../src/io/yaml.ts';
import { sharedPlane } from './shared-plane.ts';

/** Scalars and keys that versions 1.1 and 1.2 of YAML, and their readers, give different types. */
const SCALARS = [
  ...['013', '0o13', '0O13', '-0o7', '0x1F', '0X1F', '+0x1', '0b11', '0B11', '09', '00', '1_000', '1_0.5', '0x', '0b'],
  ...['1:30', '12:30:45', '1:30.5', '190:20:30', '2026-11-30', '2026-1-3', '2026-11-30T10:00:00Z'],
  ...['yes', 'Y', 'n', 'Off', 'tRUE', '~', 'Null', '1e3', '1.e3', '.5', '5.', '1__0', '_1', '1,000', '1.0'],
];

describe('YAML, beside the real kubectl', () => {
  let folder = '';

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'kubectl-yaml-'));
  });

  after(() => rmSync(folder, { recursive: true }));

  it('is read alike: numbers with prefixes, times, dates, booleans, as values and as keys', async () => {
    const plane = await sharedPlane();
    const values = SCALARS.map((scalar, index) => `  v${String(index)}: ${scalar}`);
    const keys = SCALARS.filter((scalar) => !/^(?:~|Null)$/.test(scalar)).map(
      (scalar, index) => `  k${String(index)}: {? ${scalar} : word}`,
    );
    const text = ['apiVersion: v1', 'kind: ConfigMap', 'metadata: {name: x}', 'spec:', ...values, ...keys].join('\n');
    const file = path.join(folder, 'scalars.yaml');
    writeFileSync(file, `${text}\n`);
    const printed = await plane.kubectl('annotate', '--local', '-f', file, 'a=b', '-o', 'json');
    const [ours] = await parseYaml(text);
    const { spec } = JSON.parse(printed) as { readonly spec: Readonly<Record<string, unknown>> };
    expect((ours as { readonly spec: unknown }).spec).to.deep.equal(spec);
    expect(spec, 'all of them').to.have.property(`v${String(SCALARS.length - 1)}`);
  });
});
