// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import fc from 'fast-check';
import { matchImage } from '../../../src/core/binding/image-match.ts';
import type { Match } from '../../../src/core/binding/image-match.ts';
import { parseImageReference } from '../../../src/core/binding/image-reference.ts';

const ONE = `sha256:${'1a'.repeat(32)}`;
const TWO = `sha256:${'2b'.repeat(32)}`;

const REFERENCES: readonly (readonly [string, string])[] = [
  ['nginx', 'docker.io/library/nginx:latest'],
  ['nginx:1.27', 'docker.io/library/nginx:1.27'],
  ['docker.io/nginx', 'docker.io/library/nginx:latest'],
  ['index.docker.io/library/nginx', 'docker.io/library/nginx:latest'],
  ['team/app:v1', 'docker.io/team/app:v1'],
  ['localhost/app', 'localhost/app:latest'],
  ['localhost:5000/app', 'localhost:5000/app:latest'],
  ['registry.example:5000/a/b_c/d--e:T.1-x', 'registry.example:5000/a/b_c/d--e:T.1-x'],
  ['[2001:db8::1]:5000/app', '[2001:db8::1]:5000/app:latest'],
  ['UPPER/app', 'UPPER/app:latest'],
  [`nginx@${ONE}`, `docker.io/library/nginx@${ONE}`],
  [`nginx:1.27@${ONE}`, `docker.io/library/nginx:1.27@${ONE}`],
];

const NO_REFERENCES: readonly string[] = [
  '',
  '*',
  'Nginx',
  'nginx:',
  'nginx:.tag',
  `nginx:${'t'.repeat(129)}`,
  'nginx@sha256:12',
  `nginx@sha256:${'1A'.repeat(32)}`,
  `nginx@${ONE}@${ONE}`,
  `nginx@${ONE}:tag`,
  'a//b',
  '/a',
  'a/',
  'a__-b',
  'a..b/c..d',
  '-host.example/app',
  'host:port/app',
  'https://nginx',
  ' nginx',
  'nginx\n',
  'f'.repeat(64),
  `a/${'p'.repeat(255)}`,
];

const MATCHES: readonly (readonly [string, string, Match | undefined])[] = [
  ['nginx:1.27', 'nginx:1.27', 'literal'],
  ['Not A Reference', 'Not A Reference', 'literal'],
  ['nginx', 'docker.io/library/nginx:latest', 'reference'],
  [`nginx:1@${ONE}`, `docker.io/nginx:1@${ONE}`, 'reference'],
  [`nginx@${ONE}`, `docker.io/nginx@${ONE}`, 'reference'],
  [`nginx@${ONE}`, `nginx:1@${ONE}`, 'digest'],
  [`nginx:1@${ONE}`, `nginx@${ONE}`, 'digest'],
  [`nginx:1@${ONE}`, `docker.io/library/nginx:2@${ONE}`, 'digest'],
  ['*', 'anything', 'any'],
  ['*', '*', 'any'],
  ['nginx:1', 'nginx:2', undefined],
  ['nginx:1', `nginx@${ONE}`, undefined],
  ['nginx:1', `nginx:1@${ONE}`, undefined],
  [`nginx:1@${ONE}`, 'nginx:1', undefined],
  [`nginx@${ONE}`, `nginx@${TWO}`, undefined],
  [`nginx@${ONE}`, `mirror.example/nginx@${ONE}`, undefined],
  ['nginx', 'team/nginx', undefined],
  ['Not A Reference', 'nginx', undefined],
];

describe('core/binding/image-match', () => {
  for (const [text, expected] of REFERENCES) {
    it(`reads ${text}`, () => {
      const { name = '', tag, digest } = parseImageReference(text) ?? {};
      const printed = `${name}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
      expect(printed).to.equal(expected);
      expect(parseImageReference(printed)).to.deep.equal(parseImageReference(text));
    });
  }

  for (const text of NO_REFERENCES) {
    it(`reads no reference in ${JSON.stringify(text.slice(0, 40))}`, () =>
      expect(parseImageReference(text)).to.equal(undefined));
  }

  for (const [binding, container, expected] of MATCHES) {
    it(`finds ${binding} and ${container} ${expected ?? 'different'}`, () =>
      expect(matchImage(binding, container)).to.equal(expected));
  }

  it('is the same in both directions', () => {
    const images = fc.constantFrom(...MATCHES.flatMap(([a, b]) => [a, b]).filter((image) => image !== '*'));
    fc.assert(
      fc.property(images, images, (a, b) => {
        expect(matchImage(a, b)).to.equal(matchImage(b, a));
      }),
    );
  });

  it('reads any text of 4 KiB without an error', () => {
    const pieces = fc.constantFrom('a', '-', '_', '.', '/', ':', '@', 'A', '[', 'sha256:', '0'.repeat(64), 'é', ' ');
    const texts = fc.array(pieces, { maxLength: 4096 }).map((parts) => parts.join('').slice(0, 4096));
    fc.assert(
      fc.property(texts, (text) => {
        const reference = parseImageReference(text);
        expect(reference === undefined || reference.name.includes('/')).to.equal(true);
      }),
    );
    for (const part of ['a', 'a-', 'a.', '-', 'a_', 'a/', '1', ':']) {
      expect(parseImageReference(part.repeat(4096 / part.length))).to.equal(undefined);
    }
  });
});
