// SPDX-License-Identifier: Apache-2.0
// The base profiles among the examples, as values.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { SeccompProfile } from '../../src/gen/crd/seccomp-profile.ts';

/** The profiles in a file of manifests/examples. */
export function profilesIn(file: string): readonly SeccompProfile[] {
  const text = readFileSync(path.join(import.meta.dirname, '../../manifests/examples', file), 'utf8');
  return [...parseAllDocuments(text, { version: '1.1' })].map((document) => document.toJS() as SeccompProfile);
}

/** All base profiles. */
export const BASE_PROFILES: readonly SeccompProfile[] = ['baseprofile-runc.yaml', 'baseprofile-crun.yaml'].flatMap(
  profilesIn,
);

/** The system calls that a base profile allows. */
export function baseNames(name: string): readonly string[] {
  const profile = BASE_PROFILES.find(({ metadata }) => metadata.name === name);
  return (profile?.spec.syscalls ?? []).flatMap(({ names }) => names);
}
