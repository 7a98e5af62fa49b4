// SPDX-License-Identifier: Apache-2.0
// Questions for authorization as registries write them, and the places where credentials must not go.
import { expect } from 'chai';
import fc from 'fast-check';
import { isLoopback, parseChallenges, tokenAddress } from '../../../src/core/oci/challenge.ts';

describe('a question for authorization', () => {
  it('is read in the forms that registries write', () => {
    expect(parseChallenges('Basic realm="Registry"')).to.deep.equal([{ type: 'basic' }]);
    const hub = 'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a:pull"';
    expect(parseChallenges(hub)).to.deep.equal([
      { type: 'bearer', realm: 'https://auth.docker.io/token', service: 'registry.docker.io' },
    ]);
    expect(parseChallenges('bearer REALM=https://a.example/t , Service = x')).to.deep.equal([
      { type: 'bearer', realm: 'https://a.example/t', service: undefined },
    ]);
    expect(parseChallenges('Negotiate, Bearer realm="a\\"b", error="x", Basic realm=y')).to.deep.equal([
      { type: 'bearer', realm: 'a"b', service: undefined },
      { type: 'basic' },
    ]);
  });

  it('offers nothing where it says nothing that is known', () => {
    for (const header of ['', 'Digest qop="auth"', 'Bearer service="x"', '"', '=,=', 'Bearer']) {
      expect(parseChallenges(header), header).to.deep.equal([]);
    }
  });

  it('is read to its end, whatever it is', () => {
    const piece = fc.constantFrom('Bearer', 'Basic', ' ', ',', '=', '"', '\\', 'realm', 'https://a.b/', 'x');
    fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (parts) => parseChallenges(parts.join('')).length >= 0));
  });
});

describe('the place where tokens are made', () => {
  const allowed: readonly (readonly [realm: string, registry: string])[] = [
    ['https://auth.docker.io/token', 'https://registry-1.docker.io/'],
    ['https://ghcr.io/token', 'https://ghcr.io/'],
    ['https://gitlab.com/jwt/auth', 'https://registry.gitlab.com/'],
    ['https://sso.registry.example.com/auth', 'https://registry.example.com/'],
    ['https://127.0.0.1:5001/auth', 'https://127.0.0.1:5000/'],
    ['http://127.0.0.1:5001/auth', 'http://127.0.0.1:5000/'],
  ];
  for (const [realm, registry] of allowed) {
    it(`may be ${realm} for ${registry}`, () => {
      expect(tokenAddress(realm, new URL(registry))).to.be.instanceOf(URL);
    });
  }

  const refused: readonly (readonly [realm: string, registry: string, reason: RegExp])[] = [
    ['https://evil.example/token', 'https://ghcr.io/', /another site/],
    ['https://ghcr.io.evil.example/token', 'https://ghcr.io/', /another site/],
    ['https://evil.co.uk/token', 'https://registry.co.uk/', /another site/],
    ['https://evil.io/token', 'https://ghcr.io/', /another site/],
    ['https://10.0.0.2/token', 'https://10.0.0.1/', /another site/],
    ['https://169.254.169.254/latest', 'https://registry.example.com/', /another site/],
    ['http://ghcr.io/token', 'https://ghcr.io/', /no https address/],
    ['http://127.0.0.1:1/token', 'https://127.0.0.1/', /no https address/],
    ['file:///etc/passwd', 'https://ghcr.io/', /no https address/],
    ['https://me:secret@ghcr.io/token', 'https://ghcr.io/', /holds a user/],
    ['/token', 'https://ghcr.io/', /no address/],
    ['', 'https://ghcr.io/', /no address/],
  ];
  for (const [realm, registry, reason] of refused) {
    it(`is not ${realm || 'nothing'} for ${registry}`, () => {
      expect(tokenAddress(realm, new URL(registry))).to.match(reason);
    });
  }
});

describe('this machine', () => {
  it('is told from others by its addresses', () => {
    for (const name of ['localhost', '127.0.0.1', '127.9.9.9', '[::1]']) expect(isLoopback(name), name).to.equal(true);
    for (const name of ['localhost.example', '128.0.0.1', '127.0.0.1.example', '[::2]', '10.0.0.1', '']) {
      expect(isLoopback(name), name).to.equal(false);
    }
  });
});
