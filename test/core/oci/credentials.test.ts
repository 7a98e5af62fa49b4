// SPDX-License-Identifier: Apache-2.0
// Configuration files of Docker and Podman, as their programs write them.
import { expect } from 'chai';
import { configuredCredentials, helperCredentials } from '../../../src/core/oci/credentials.ts';

const ghcr = { registry: 'ghcr.io', path: 'team/project/profile' };
const hub = { registry: 'docker.io', path: 'library/a' };
const entry = (username: string, password: string) => ({ auth: btoa(`${username}:${password}`) });
const found = (username: string, password: string) => ({
  type: 'credentials',
  credentials: { type: 'basic', username, password },
});

describe('the credentials in a configuration file', () => {
  it('are those of the longest path that fits', () => {
    const auths = {
      'ghcr.io': entry('a', '1'),
      'ghcr.io/team': entry('b', '2'),
      'ghcr.io/team/project': entry('c', '3'),
    };
    expect(configuredCredentials({ auths }, ghcr)).to.deep.equal(found('c', '3'));
    expect(configuredCredentials({ auths }, { ...ghcr, path: 'team/other' })).to.deep.equal(found('b', '2'));
    expect(configuredCredentials({ auths }, { ...ghcr, path: 'teams/x' })).to.deep.equal(found('a', '1'));
    expect(configuredCredentials({ auths }, { ...ghcr, registry: 'ghcr.io.example' })).to.deep.equal({ type: 'none' });
  });

  it('are found under the keys that Docker writes', () => {
    for (const key of ['https://index.docker.io/v1/', 'docker.io', 'https://registry-1.docker.io/v2/']) {
      expect(configuredCredentials({ auths: { [key]: entry('u', 'p') } }, hub), key).to.deep.equal(found('u', 'p'));
    }
    expect(configuredCredentials({ auths: { 'https://ghcr.io': entry('u', 'p:q') } }, ghcr)).to.deep.equal(
      found('u', 'p:q'),
    );
  });

  it('are read in every form', () => {
    const of = (fields: unknown) => configuredCredentials({ auths: { 'ghcr.io': fields } }, ghcr);
    expect(of({ username: 'u', password: 'p' })).to.deep.equal(found('u', 'p'));
    expect(of({ ...entry('u', 'p'), identitytoken: 't' })).to.deep.equal({
      type: 'credentials',
      credentials: { type: 'identity-token', token: 't' },
    });
    expect(of({ registrytoken: 't' })).to.deep.equal({
      type: 'credentials',
      credentials: { type: 'registry-token', token: 't' },
    });
    expect(of({ auth: Buffer.from('ü:ß').toString('base64') })).to.deep.equal(found('ü', 'ß'));
  });

  it('are with the helper of the registry, else with that for all, under its own key', () => {
    const config = { credHelpers: { 'ghcr.io': 'pass' }, credsStore: 'desktop', auths: { 'ghcr.io': entry('u', 'p') } };
    expect(configuredCredentials(config, ghcr)).to.deep.equal({ type: 'helper', helper: 'pass', key: 'ghcr.io' });
    const store = { credsStore: 'desktop', auths: { 'https://index.docker.io/v1/': {} } };
    const key = 'https://index.docker.io/v1/';
    expect(configuredCredentials(store, hub)).to.deep.equal({ type: 'helper', helper: 'desktop', key });
  });

  it('are none where nothing of use is written', () => {
    const configs = [
      undefined,
      null,
      [],
      'x',
      {},
      { auths: null },
      { auths: { 'ghcr.io': {} } },
      { auths: { 'ghcr.io': null } },
      { auths: { 'ghcr.io': { auth: '%%%' } } },
      { auths: { 'ghcr.io': { auth: btoa('nocolon') } } },
      { auths: { 'ghcr.io': { auth: 7 } } },
      { credsStore: '../../bin/sh' },
      { credsStore: '' },
      { credHelpers: { 'ghcr.io': 'a/b' } },
    ];
    for (const config of configs) {
      expect(configuredCredentials(config, ghcr), JSON.stringify(config)).to.deep.equal({ type: 'none' });
    }
  });

  it('are taken from what a helper prints', () => {
    expect(helperCredentials({ ServerURL: 'x', Username: 'u', Secret: 's' })).to.deep.equal({
      type: 'basic',
      username: 'u',
      password: 's',
    });
    expect(helperCredentials({ Username: '<token>', Secret: 's' })).to.deep.equal({
      type: 'identity-token',
      token: 's',
    });
    for (const answer of [undefined, {}, { Username: 'u' }, { Username: 1, Secret: 's' }, 'x']) {
      expect(helperCredentials(answer)).to.equal(undefined);
    }
  });
});
