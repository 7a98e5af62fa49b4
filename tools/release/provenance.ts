// SPDX-License-Identifier: Apache-2.0
// Where a release comes from: a statement about its files, by their digests, with the commit and the packages that they
// were made of. No time is in it: the same commit has the same provenance.
// Formats: in-toto Statement v1 with the predicate SLSA provenance v1, https://slsa.dev/spec/v1.0/provenance.
import type { Digests } from './digests.ts';
import { AUTHORITY } from './names.ts';
import type { Part } from './parts.ts';

/** The making of a release. */
export interface Made {
  readonly version: string;
  readonly commit: string;
  /** The sources differed from the commit. */
  readonly changed: boolean;
  /** The URI of whoever made it. */
  readonly builder: string;
  readonly files: Digests;
  readonly parts: readonly Part[];
}

/** The builder where nobody says another one: somebody's own machine. */
export const LOCAL_BUILDER = `${AUTHORITY}/builders/local`;

function dependencyOf({ ecosystem, name, version, sha512 }: Part): object {
  const type = ecosystem === 'npm' ? 'npm' : 'deb/debian';
  const uri = `pkg:${type}/${name.split('/').map(encodeURIComponent).join('/')}@${encodeURIComponent(version)}`;
  return { uri, ...(sha512 === undefined ? {} : { digest: { sha512 } }) };
}

function sourceOf(commit: string, changed: boolean): object {
  const source = { name: 'sources', uri: `git+${AUTHORITY}`, digest: { gitCommit: commit } };
  return changed ? { ...source, annotations: { changed } } : source;
}

/** The JSON of the statement. */
export function printProvenance({ version, commit, changed, builder, files, parts }: Made): string {
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [...files].map(([name, sha256]) => ({ name, digest: { sha256 } })),
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: `${AUTHORITY}/release/v1`,
        externalParameters: { version, command: 'npm run release' },
        resolvedDependencies: [sourceOf(commit, changed), ...parts.map(dependencyOf)],
      },
      runDetails: { builder: { id: builder } },
    },
  };
  return `${JSON.stringify(statement, undefined, 1)}\n`;
}
