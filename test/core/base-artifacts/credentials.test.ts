// SPDX-License-Identifier: Apache-2.0
// Credentials of a cluster: which Secret is meant for a repository, and what is said where it does not help.
import { expect } from 'chai';
import { clusterCredentials } from '../../../src/core/base-artifacts/credentials.ts';
import type { SecretData } from '../../../src/core/base-artifacts/credentials.ts';
import { parseReference } from '../../../src/core/oci/reference.ts';
import type { OciCredentials } from '../../../src/gen/crd/security-profiles-operator-daemon.ts';

function secretFor(auths: Readonly<Record<string, string>>): SecretData {
  const entries = Object.entries(auths).map(([key, username]) => [key, { username, password: 'p' }] as const);
  return { '.dockerconfigjson': btoa(JSON.stringify({ auths: Object.fromEntries(entries) })) };
}

const SECRETS: Readonly<Record<string, SecretData>> = {
  'oci-registry-credentials': secretFor({ 'r.example': 'all', 'other.example': 'other' }),
  'team-a': secretFor({ 'r.example': 'a' }),
  'team-b': secretFor({ 'https://r.example/v2/': 'b' }),
  web: secretFor({ 'r.example/team-a/web': 'web', 'r.example': 'wrong' }),
  mirror: secretFor({ 'mirror.example:5000': 'mirror' }),
  empty: {},
  damaged: { '.dockerconfigjson': '%%%' },
  helper: { '.dockerconfigjson': btoa('{"credsStore":"pass"}') },
};

const ENTRIES: readonly OciCredentials[] = [
  { prefix: 'r.example/team-a', secretName: 'team-a' },
  { prefix: 'r.example/team-a/web', secretName: 'web' },
  { prefix: 'R.example:443/team-b/', secretName: 'team-b' },
  { prefix: 'mirror.example:5000/ghcr', secretName: 'mirror' },
  ...['gone', 'empty', 'damaged', 'helper'].map((name) => ({ prefix: `r.example/${name}`, secretName: name })),
  { prefix: 'foreign.example', secretName: 'team-a' },
];

/** Where the Secret for all registries is this one. */
function commonly(data: SecretData | undefined): unknown {
  return clusterCredentials(parseReference('r.example/x').repository, [], () => data);
}

function userFor(name: string): string | undefined {
  const { repository } = parseReference(name);
  const found = clusterCredentials(repository, ENTRIES, (secret) => SECRETS[secret]);
  return found?.type === 'basic' ? found.username : undefined;
}

describe('core/base-artifacts/credentials', () => {
  const FOUND: Readonly<Record<string, string | undefined>> = {
    'r.example/team-a/base': 'a',
    'r.example/team-a': 'a',
    'r.example/team-a/web': 'web',
    'r.example/team-a/web/deep': 'web',
    'r.example/team-a/webby': 'a',
    'r.example/team-b/base': 'b',
    'r.example/team-c/base': 'all',
    'r.example/team-ab': 'all',
    'other.example/x': 'other',
    'mirror.example:5000/ghcr/x': 'mirror',
    'mirror.example:5000/x': undefined,
    'unknown.example/x': undefined,
  };
  for (const [name, user] of Object.entries(FOUND)) {
    it(`asks for ${name} ${user === undefined ? 'without credentials' : `as ${user}`}`, () => {
      expect(userFor(name)).to.equal(user);
    });
  }

  it('says where the Secret for all registries holds no configuration, and lets it know only some of them', () => {
    expect(commonly(undefined)).to.equal(undefined);
    expect(commonly(secretFor({ 'other.example': 'other' }))).to.equal(undefined);
    const words =
      /the Secret oci-registry-credentials has no configuration file of Docker under the key \.dockerconfig/;
    for (const data of [{}, { password: 'p' }, SECRETS['damaged']])
      expect(() => commonly(data))
        .to.throw(words)
        .that.includes({ reason: 'RegistryDenied' });
  });

  const REFUSED: Readonly<Record<string, RegExp>> = {
    'r.example/gone/x': /the Secret gone for r\.example\/gone is not there, or not of the type kubernetes\.io\/docker/,
    'r.example/empty/x': /the Secret empty for r\.example\/empty has none for it/,
    'r.example/damaged/x': /the Secret damaged for r\.example\/damaged has none/,
    'r.example/helper/x': /the Secret helper for r\.example\/helper has none/,
    'foreign.example/x':
      /foreign\.example\/x asks for credentials, and spec\.ociCredentials of the spod: the Secret team-a/,
  };
  for (const [name, sentence] of Object.entries(REFUSED)) {
    it(`does not ask for ${name} with others than the spod names`, () => {
      expect(() => userFor(name))
        .to.throw(sentence)
        .that.includes({ reason: 'RegistryDenied' });
    });
  }
});
