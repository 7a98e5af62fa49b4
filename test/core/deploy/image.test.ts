// SPDX-License-Identifier: Apache-2.0
// The image's name is shared by the build and by the manifests: that both mean the same one is checked here.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { IMAGE, fullImageName } from '../../../src/core/deploy/image.ts';
import { VERSION } from '../../../src/core/version.ts';

const root = path.join(import.meta.dirname, '..', '..', '..');

describe('the name of the image', () => {
  it('carries the version of package.json', () => {
    const text = readFileSync(path.join(root, 'package.json'), 'utf8');
    expect(text).to.include(`"version": "${VERSION}"`);
    expect(IMAGE).to.equal(`security-profiles-operator:${VERSION}`);
  });

  it('is completed as a container runtime does it', () => {
    const names: readonly (readonly [string, string])[] = [
      ['nginx', 'docker.io/library/nginx:latest'],
      ['nginx:1.27', 'docker.io/library/nginx:1.27'],
      ['me/nginx', 'docker.io/me/nginx:latest'],
      ['localhost/nginx:a', 'localhost/nginx:a'],
      ['localhost:5000/nginx', 'localhost:5000/nginx:latest'],
      ['ghcr.io/me/nginx@sha256:00', 'ghcr.io/me/nginx@sha256:00'],
    ];
    expect(names.map(([name]) => fullImageName(name))).to.deep.equal(names.map(([, full]) => full));
  });
});
