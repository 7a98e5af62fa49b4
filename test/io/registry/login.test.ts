// SPDX-License-Identifier: Apache-2.0
// Credentials of a user: real files, and real programs as helpers.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { userCredentials } from '../../../src/io/registry/login.ts';

const ghcr = { registry: 'ghcr.io', path: 'a/b' };

describe('the credentials of a user', () => {
  let home: string;

  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'spo-login-'));
  });

  afterEach(() => rmSync(home, { recursive: true }));

  function write(file: string, content: unknown): void {
    const full = path.join(home, file);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, typeof content === 'string' ? content : JSON.stringify(content));
  }

  /** A helper that keeps what it was asked. */
  function writeHelper(name: string, script: string): void {
    write(`bin/docker-credential-${name}`, `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(home, 'bin', `docker-credential-${name}`), 0o755);
  }

  const ask = (more: Readonly<Record<string, string>> = {}) =>
    userCredentials(ghcr, { HOME: home, PATH: `${home}/bin:/usr/bin:/bin`, ...more });
  const entry = (name: string) => ({ auths: { 'ghcr.io': { auth: btoa(`${name}:p`) } } });
  const jane = { type: 'basic', username: 'jane', password: 'p' };

  it('are none without any file', async () => {
    expect(await ask()).to.equal(undefined);
    expect(await userCredentials(ghcr, {})).to.equal(undefined);
  });

  it('are in the file of Docker, which DOCKER_CONFIG moves, else in those of Podman', async () => {
    write('.config/containers/auth.json', entry('jane'));
    expect(await ask()).to.deep.equal(jane);
    write('run/containers/auth.json', entry('john'));
    expect(await ask({ XDG_RUNTIME_DIR: path.join(home, 'run') })).to.include({ username: 'john' });
    write('.docker/config.json', entry('docker'));
    expect(await ask()).to.include({ username: 'docker' });
    write('other/config.json', entry('moved'));
    expect(await ask({ DOCKER_CONFIG: path.join(home, 'other') })).to.include({ username: 'moved' });
    write('auth.json', entry('named'));
    expect(await ask({ DOCKER_CONFIG: '/nowhere', REGISTRY_AUTH_FILE: path.join(home, 'auth.json') })).to.include({
      username: 'named',
    });
  });

  it('are asked of a helper by the name of the registry', async () => {
    write('.docker/config.json', { credHelpers: { 'ghcr.io': 'test' } });
    writeHelper('test', `[ "$1" = get ] && printf '{"Username":"%s","Secret":"p"}' "$(cat)"`);
    expect(await ask()).to.deep.equal({ type: 'basic', username: 'ghcr.io', password: 'p' });
  });

  it('are none where the helper knows none, and another file may know some', async () => {
    write('.docker/config.json', { credsStore: 'test' });
    writeHelper('test', 'echo "credentials not found in native keychain"; exit 1');
    expect(await ask()).to.equal(undefined);
    write('.config/containers/auth.json', entry('jane'));
    expect(await ask()).to.deep.equal(jane);
  });

  const failures: readonly (readonly [name: string, script: string | undefined, reason: RegExp])[] = [
    ['is not there', undefined, /docker-credential-test, which \S+config\.json names: is not on PATH/],
    ['fails', 'echo p4ssword; exit 3', /has failed for ghcr\.io$/],
    ['prints no JSON', 'echo hello', /gives no credentials for ghcr\.io$/],
    ['prints no secret', `echo '{"Username":"u"}'`, /gives no credentials for ghcr\.io$/],
  ];
  for (const [name, script, reason] of failures) {
    it(`are refused with a sentence where the helper ${name}`, async () => {
      write('.docker/config.json', { credsStore: 'test' });
      if (script !== undefined) writeHelper('test', script);
      expect(await ask().catch((error: unknown) => (error as Error).message)).to.match(reason);
    });
  }

  it('are refused with the file that cannot be read', async () => {
    for (const [content, reason] of [
      ['{', 'is no JSON'],
      ['[]', 'is no JSON object'],
    ] as const) {
      write('.docker/config.json', content);
      expect(await ask().catch(String)).to.include(`${home}/.docker/config.json: ${reason}`);
    }
  });
});
