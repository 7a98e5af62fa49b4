// SPDX-License-Identifier: Apache-2.0
// spoc push and pull with real registries: the manual's examples, hosts aside, and the other side looking at the same
// artifacts: distribution 3, Debian's registry 2.8, skopeo.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { OCI_INDEX, OCI_MANIFEST } from '../../src/core/oci/media-types.ts';
import { RegistryClient } from '../../src/io/registry/client.ts';
import { TIME_LIMITS } from '../../src/io/registry/time-limits.ts';
import { startRegistry } from '../../tools/lab/registry.ts';
import type { Registry } from '../../tools/lab/registry.ts';
import { sha256 } from '../fakes/registry.ts';

const root = path.join(import.meta.dirname, '../..');
const examples = path.join(root, 'manifests/examples');

/** Debian's program, and the pinned one. */
const PROGRAMS = [
  ['distribution 3', undefined],
  ["Debian's registry", '/usr/bin/docker-registry'],
] as const;

interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function profile(name: string, call: string): string {
  return `apiVersion: security-profiles-operator.x-k8s.io/v1beta1
kind: SeccompProfile
metadata:
  name: ${name}
spec:
  defaultAction: SCMP_ACT_ERRNO
  syscalls:
    - action: SCMP_ACT_ALLOW
      names:
        - ${call}
`;
}

for (const [name, program] of PROGRAMS) {
  describe(`artifacts in ${name}`, function () {
    this.timeout(300_000);
    let registry: Registry;
    let folder: string;

    before(async function () {
      // The first run on a machine builds it.
      this.timeout(1_200_000);
      registry = await startRegistry(program === undefined ? {} : { program });
      folder = mkdtempSync(path.join(tmpdir(), 'spo-artifacts-'));
    });

    after(async () => {
      rmSync(folder, { recursive: true, force: true });
      await registry.stop();
    });

    function spoc(args: readonly string[], env: Readonly<Record<string, string>> = {}): Result {
      const surroundings = { PATH: process.env['PATH'] ?? '', HOME: folder, ...env };
      return spawnSync(path.join(root, 'bin/spoc'), args, { cwd: folder, encoding: 'utf8', env: surroundings });
    }

    function done(args: readonly string[], env: Readonly<Record<string, string>> = {}): Result {
      const result = spoc(args, env);
      expect(result.status, result.stderr).to.equal(0);
      return result;
    }

    const push = (...args: readonly string[]) => done(['push', '--sign=false', '--plain-http', ...args]);
    const pull = (...args: readonly string[]) => done(['pull', '-s', '--plain-http', ...args]);
    const at = (rest: string): string => `${registry.address}/security-profiles/${rest}`;
    const file = (base: string, text: string): string => {
      const full = path.join(folder, base);
      writeFileSync(full, text);
      return full;
    };

    function inspected(reference: string): unknown {
      const args = ['inspect', '--raw', '--tls-verify=false', `docker://${reference}`];
      return JSON.parse(execFileSync('skopeo', args, { encoding: 'utf8' }));
    }

    it('are pushed and pulled as the manual does it', () => {
      const text = readFileSync(path.join(examples, 'baseprofile-crun.yaml'), 'utf8');
      const pushed = push('-f', path.join(examples, 'baseprofile-crun.yaml'), at('crun:v1.8.1'));
      expect(pushed.stderr)
        .to.match(/Pushing to: \S+crun:v1\.8\.1\n/)
        .and.to.match(/Pushed without a signature/);
      const [, digest = ''] = /@(sha256:[0-9a-f]{64})\n$/.exec(pushed.stdout) ?? [];
      const output = path.join(folder, 'out.yaml');
      const pulled = pull('-o', output, at('crun:v1.8.1'));
      expect(pulled.stderr)
        .to.include(`Using digest: ${digest}`)
        .and.to.match(/Got SeccompProfile crun-/);
      expect(readFileSync(output, 'utf8')).to.equal(text);
      expect(pull('-o', '-', at(`crun@${digest}`)).stdout).to.equal(text);
      expect(pull('-o', '-', `oci://${at(`crun:v1.8.1@${digest}`)}`).stdout).to.equal(text);
    });

    it('have the form that the manual prints, a layer for each platform', () => {
      const [amd64, arm64] = [profile('a', 'read'), profile('b', 'write')];
      const files = [
        '-f',
        file('profile-amd64.yaml', amd64),
        '-p',
        'linux/amd64',
        '-f',
        file('profile-arm64.yaml', arm64),
        '-p',
        'linux/arm64',
      ];
      push(...files, '-a', 'key:value:more', at('test:latest'));
      const layer = (architecture: string, text: string) => ({
        mediaType: 'application/vnd.oci.image.layer.v1.tar',
        digest: sha256(text),
        size: text.length,
        annotations: { 'org.opencontainers.image.title': `profile-linux-${architecture}.yaml` },
        platform: { architecture, os: 'linux' },
      });
      expect(inspected(at('test:latest'))).to.deep.equal({
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        config: { mediaType: 'application/vnd.unknown.config.v1+json', digest: sha256('{}'), size: 2 },
        layers: [layer('amd64', amd64), layer('arm64', arm64)],
        annotations: { key: 'value:more' },
      });
      for (const [platform, text] of [
        ['linux/amd64', amd64],
        ['linux/arm64', arm64],
        ['linux/arm64/v8', arm64],
      ] as const) {
        expect(pull('-p', platform, '-o', '-', at('test:latest')).stdout).to.equal(text);
      }
      const refused = spoc(['pull', '-s', '--plain-http', '-p', 'linux/s390x', '-o', '-', at('test:latest')]);
      expect(refused.stderr).to.match(/has no profile for linux\/s390x: it has linux\/amd64, linux\/arm64/);
    });

    it('are the same after the same push, and nothing is sent again', async () => {
      const args = ['-f', file('same.yaml', profile('same', 'read')), at('same:v1')];
      const first = push(...args);
      const before = (await registry.requests()).length;
      expect(push(...args).stdout).to.equal(first.stdout);
      const since = (await registry.requests()).slice(before);
      expect(since.filter((line) => !line.startsWith('HEAD'))).to.deep.equal([]);
      const dated = done(['push', '--sign=false', '--plain-http', ...args], { SOURCE_DATE_EPOCH: '1682672357' });
      expect(dated.stdout).not.to.equal(first.stdout);
      expect(inspected(at('same:v1'))).to.have.deep.property('annotations', {
        'org.opencontainers.image.created': '2023-04-28T08:59:17Z',
      });
    });

    it('are pulled with one question for the manifest and one for the profile', async () => {
      push('-f', file('two.yaml', profile('two', 'read')), at('two:v1'));
      const before = (await registry.requests()).length;
      pull('-o', '-', at('two:v1'));
      const since = (await registry.requests()).slice(before);
      expect(since.map((line) => line.replace(/sha256:\S+/, 'DIGEST'))).to.deep.equal([
        'GET /v2/security-profiles/two/manifests/v1',
        'GET /v2/security-profiles/two/blobs/DIGEST',
      ]);
    });

    it('keep their digest when skopeo copies them', () => {
      const pushed = push('-f', file('copied.yaml', profile('copied', 'read')), at('copied:v1'));
      const places = [`docker://${at('copied:v1')}`, `docker://${at('copy:v2')}`];
      execFileSync('skopeo', ['copy', '--src-tls-verify=false', '--dest-tls-verify=false', ...places]);
      const digest = pushed.stdout.trim().split('@')[1] ?? '';
      expect(pull('-o', '-', at(`copy@${digest}`)).stdout).to.equal(profile('copied', 'read'));
    });

    it('are found by an index, and by what refers to them, where the registry has no list of that', async () => {
      const client = new RegistryClient({
        plainHttp: true,
        limits: TIME_LIMITS,
        credentials: () => Promise.resolve(undefined),
      });
      try {
        const pushed = push('-f', file('indexed.yaml', profile('indexed', 'read')), at('indexed:v1'));
        const digest = pushed.stdout.trim().split('@')[1] ?? '';
        const repository = { registry: registry.address, path: 'security-profiles/indexed' };
        const { descriptor } = await client.manifest(repository, digest);
        const entry = { ...descriptor, platform: { os: 'linux', architecture: 'amd64' } };
        const index = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [entry] }));
        await client.pushManifest(repository, 'all', OCI_INDEX, index);
        expect(pull('-p', 'linux/amd64', '-o', '-', at('indexed:all')).stdout).to.equal(profile('indexed', 'read'));
        expect(await client.referrers(repository, digest)).to.deep.equal([]);
        const result = await client.pushManifest(repository, digest.replace(':', '-'), OCI_INDEX, index);
        expect(result.subjectNoted).to.equal(false);
        expect((await client.referrers(repository, digest)).map((one) => one.mediaType)).to.deep.equal([OCI_MANIFEST]);
      } finally {
        client.close();
      }
    });

    it('are refused with a sentence where they are not there, or https is not', () => {
      const none = spoc(['pull', '-s', '--plain-http', '-o', '-', at('none:v1')]);
      expect(none.stderr).to.match(
        /Error: \S+\/none:v1: 127\.0\.0\.1:\d+ does not have it \((?:MANIFEST|NAME)_UNKNOWN/,
      );
      expect(none.status).to.equal(1);
      const secure = spoc(['pull', '-s', '-o', '-', at('crun:v1.8.1')]);
      expect(secure.stderr).to.include('speaks no TLS; for plain http give --plain-http');
    });

    it('are read from a mirror first', () => {
      push('-f', file('mirrored.yaml', profile('mirrored', 'read')), at('mirrored:v1'));
      const mirror = `--mirror=localhost:1/original=${registry.address}/security-profiles`;
      expect(pull(mirror, '-o', '-', 'localhost:1/original/mirrored:v1').stdout).to.equal(profile('mirrored', 'read'));
    });
  });
}
