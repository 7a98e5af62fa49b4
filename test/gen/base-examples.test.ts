// SPDX-License-Identifier: Apache-2.0
// The base profiles among the examples are written by hand; they must hold what the tables say.
import path from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { parseProfile } from '../../src/core/seccomp/parse.ts';
import { baseProfile, BASE_PLATFORMS, readBaseTables, runtimeVersions } from '../../tools/base-profiles.ts';
import { readTable } from '../../tools/gen/syscalls.ts';
import { BASE_PROFILES, baseNames } from '../native/base-examples.ts';

const root = path.join(import.meta.dirname, '../..');

/** The calls of all measured versions of a runtime, of Go's runtime where it is written in Go, and of the kernel. */
async function wanted(runtime: string): Promise<readonly string[]> {
  const [base, kernel] = [await readTable(root, 'base-syscalls'), await readTable(root, 'kernel-syscalls')];
  const made = base.rows.filter(([, start = '', exec = '', go, omitted]) => {
    const seen = `${start} ${exec}`.includes(`${runtime}-`) || (runtime === 'runc' && go !== '');
    return seen && omitted === '';
  });
  return [...new Set([...made, ...kernel.rows].map(([name = '']) => name))].sort();
}

describe('the base profiles of the examples', () => {
  for (const { metadata } of BASE_PROFILES) {
    it(`${metadata.name} has the calls of the tables`, async () => {
      expect(baseNames(metadata.name)).to.deep.equal(await wanted(metadata.name.split('-')[0] ?? ''));
    });
  }
});

describe('the base profiles that are published', () => {
  it('have on the measured platform the calls of the examples, and on the other one none that it has not', async () => {
    const tables = await readBaseTables();
    for (const version of runtimeVersions(tables)) {
      const [amd64 = [], arm64 = []] = BASE_PLATFORMS.map((platform) => {
        const document = parse(baseProfile(tables, version, platform)) as { readonly spec: unknown };
        return parseProfile(document.spec, version.runtime).rules.flatMap(({ names }) => names);
      });
      if (version.version !== 'v1.1.5') expect(amd64).to.deep.equal(baseNames(`${version.runtime}-${version.version}`));
      expect(amd64).to.include.members([...arm64]);
      expect(arm64).to.include('execve').and.not.to.include('uretprobe');
    }
  });
});
