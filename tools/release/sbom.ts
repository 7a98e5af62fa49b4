// SPDX-License-Identifier: Apache-2.0
// The bill of materials of a release: its files, and in them the software of others.
// Format: SPDX 2.3 as JSON, https://spdx.github.io/spdx-spec/v2.3/, with package URLs.
import type { Digests } from './digests.ts';
import { AUTHORITY } from './names.ts';
import type { Part, Way } from './parts.ts';

/** The release that is described. */
export interface Described {
  readonly version: string;
  readonly commit: string;
  /** Seconds since 1970. */
  readonly epoch: number;
  readonly files: Digests;
  /** The parts of others in each file; a file that is not named has none. */
  readonly contents: ReadonlyMap<string, readonly Part[]>;
}

const NOBODY_SAYS = 'NOASSERTION';

const RELATIONSHIP: Readonly<Record<Way, string>> = { contained: 'CONTAINS', linked: 'STATIC_LINK' };

/** An id of SPDX has letters, digits, dots and dashes only. */
function idOf(...words: readonly string[]): string {
  return `SPDXRef-${words.join('-').replaceAll(/[^A-Za-z0-9.-]+/g, '-')}`;
}

function partId({ ecosystem, name, version, way }: Part): string {
  return idOf(ecosystem, name, version, ...(way === 'linked' ? [way] : []));
}

/** https://github.com/package-url/purl-spec, with every character of a name in its place. */
function purlOf({ ecosystem, name, version }: Part): string {
  const type = ecosystem === 'npm' ? 'npm/' : 'deb/debian/';
  const path = name.split('/').map(encodeURIComponent).join('/');
  return `pkg:${type}${path}@${encodeURIComponent(version)}`;
}

function checksumsOf(algorithm: string, value: string | undefined): object {
  return value === undefined ? {} : { checksums: [{ algorithm, checksumValue: value }] };
}

/** Licences in words that are not SPDX's are not repeated. */
function licenceOf({ licence }: Part): string {
  return licence !== undefined && /^[\w.+() -]+$/.test(licence) && !/see /i.test(licence) ? licence : NOBODY_SAYS;
}

function packageOf(part: Part): object {
  return {
    SPDXID: partId(part),
    name: part.name,
    versionInfo: part.version,
    downloadLocation: NOBODY_SAYS,
    filesAnalyzed: false,
    licenseConcluded: NOBODY_SAYS,
    licenseDeclared: licenceOf(part),
    copyrightText: NOBODY_SAYS,
    ...checksumsOf('SHA512', part.sha512),
    externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purlOf(part) }],
  };
}

function fileOf(version: string, name: string, digest: string): object {
  return {
    SPDXID: idOf('release', name),
    name,
    versionInfo: version,
    packageFileName: name,
    downloadLocation: NOBODY_SAYS,
    filesAnalyzed: false,
    licenseConcluded: NOBODY_SAYS,
    licenseDeclared: 'Apache-2.0',
    copyrightText: NOBODY_SAYS,
    ...checksumsOf('SHA256', digest),
  };
}

function relation(from: string, relationshipType: string, to: string): object {
  return { spdxElementId: from, relationshipType, relatedSpdxElement: to };
}

/** Each part once, by its id. */
function partsOf(contents: Described['contents']): readonly Part[] {
  const parts = [...contents.values()].flat();
  return [...new Map(parts.map((part) => [partId(part), part])).values()];
}

/** The JSON of the bill, in which files are packages of SPDX. */
export function printSbom({ version, commit, epoch, files, contents }: Described): string {
  const document = {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: `security-profiles-operator-${version}`,
    documentNamespace: `${AUTHORITY}/sbom/${version}-${commit}`,
    creationInfo: {
      created: new Date(epoch * 1000).toISOString().replace('.000Z', 'Z'),
      creators: [`Tool: security-profiles-operator-release-${version}`],
    },
    packages: [
      ...[...files].map(([name, digest]) => fileOf(version, name, digest)),
      ...partsOf(contents).map(packageOf),
    ],
    relationships: [
      ...[...files.keys()].map((name) => relation('SPDXRef-DOCUMENT', 'DESCRIBES', idOf('release', name))),
      ...[...contents].flatMap(([name, parts]) =>
        parts.map((part) => relation(idOf('release', name), RELATIONSHIP[part.way], partId(part))),
      ),
    ],
  };
  return `${JSON.stringify(document, undefined, 1)}\n`;
}
