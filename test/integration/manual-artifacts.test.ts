// SPDX-License-Identifier: Apache-2.0
// The manual's examples of spoc push and spoc pull as they stand, but for the hosts and the file that is written: with
// a private registry, signed without a key. And the project's base profiles, published by one command, as they come to
// a machine by spoc and by oras.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { baseProfile, BASE_PLATFORMS, readBaseTables, runtimeVersions } from '../../tools/base-profiles.ts';
import { provide } from '../../tools/lab/binaries.ts';
import { ORAS } from '../../tools/lab/programs.ts';
import { startRegistry } from '../../tools/lab/registry.ts';
import type { Registry } from '../../tools/lab/registry.ts';
import { FakeSigstore, ISSUER, SUBJECT } from '../fakes/sigstore.ts';

const ROOT = path.join(import.meta.dirname, '../..');

/** The manual's user and password; this is bcrypt with its least cost. */
const USERS = 'my-user:$2b$04$z9U2yizPCh.jpE0url43BOvVBJ31SMXkP/l28qQqiHoUyHjWWPb.2\n';
const LOGIN = { USERNAME: 'my-user', PASSWORD: 'my-pass' };

interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe("the manual's artifacts", function () {
  this.timeout(300_000);
  let registry: Registry;
  let sigstore: FakeSigstore;
  let folder: string;

  before(async function () {
    // The first run on a machine builds registry and oras.
    this.timeout(1_200_000);
    folder = mkdtempSync(path.join(tmpdir(), 'spo-manual-'));
    await provide([ORAS], path.join(folder, 'bin'), (line) => console.error(`lab: ${line}`));
    registry = await startRegistry({ users: USERS });
    sigstore = await FakeSigstore.start();
    const file = (name: string): string => path.join(folder, name);
    writeFileSync(file('trusted_root.json'), sigstore.trustedRoot);
    symlinkSync(path.join(ROOT, 'manifests/examples'), file('examples'));
    for (const name of ['amd64', 'arm64'])
      writeFileSync(file(`profile-${name}.yaml`), readFileSync(file('examples/baseprofile-crun.yaml')));
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writeFileSync(file('base.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(file('base.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
  });

  after(async () => {
    await sigstore.stop();
    await registry.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A script of bash. The services are in this process, so it is not waited for by blocking. */
  async function shell(script: string, env: Readonly<Record<string, string>> = LOGIN): Promise<Result> {
    const programs = [path.join(ROOT, 'bin'), path.join(folder, 'bin'), process.env['PATH'] ?? ''].join(':');
    const child = spawn('bash', ['-c', script], { cwd: folder, env: { PATH: programs, HOME: folder, ...env } });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { status, stdout, stderr };
  }

  async function done(script: string, env?: Readonly<Record<string, string>>): Promise<Result> {
    const result = await shell(script, env);
    expect(result.status, result.stderr).to.equal(0);
    return result;
  }

  /** A line of the manual with the hosts of this test. */
  const here = (line: string): string => line.replace('ghcr.io/', `${registry.address}/`);
  const signing = (): string => ['--plain-http', ...sigstore.options()].join(' ');
  const verifying = (): string =>
    `--plain-http --trusted-root trusted_root.json --certificate-identity ${SUBJECT} --certificate-oidc-issuer ${ISSUER}`;

  it('are pushed with the variables of a login, signed, and pulled again', async () => {
    const login = 'export USERNAME=my-user\nexport PASSWORD=my-pass\n';
    const push = here('spoc push -f ./examples/baseprofile-crun.yaml ghcr.io/security-profiles/crun:v1.8.1');
    const pushed = await done(`${login}${push} ${signing()}`, {});
    expect(pushed.stderr).to.include(`Signed by the identity ${SUBJECT} (${ISSUER}): sha256:`);
    const pull = `${here('spoc pull ghcr.io/security-profiles/crun:v1.8.1')} ${verifying()}`;
    const pulled = await done(`${pull} -u my-user -o pulled.yaml`, { PASSWORD: LOGIN.PASSWORD });
    expect(pulled.stderr).to.include('Verified signature').and.to.include('Got SeccompProfile crun-v1.8.1');
    const [got, put] = ['pulled.yaml', 'examples/baseprofile-crun.yaml'].map((name) =>
      readFileSync(path.join(folder, name), 'utf8'),
    );
    expect(got).to.equal(put);
    const strangers = await shell(`${pull} -o -`, { USERNAME: 'my-user', PASSWORD: 'wrong' });
    expect(strangers.stderr).to.include('refuses the credentials');
    expect((await shell(`${pull} -o -`, {})).stderr).to.include('asks for a user name and a password');
  });

  it('of several platforms are pushed and pulled', async () => {
    const push = here(
      'spoc push -f ./profile-amd64.yaml -p linux/amd64 -f ./profile-arm64.yaml -p linux/arm64 ghcr.io/security-profiles/test:latest',
    );
    expect((await done(`${push} ${signing()}`)).stderr).to.include('for platform linux/arm64');
    const pull = here('spoc pull ghcr.io/security-profiles/test:latest');
    for (const platform of ['linux/amd64', 'linux/arm64'])
      await done(`${pull} ${verifying()} -p ${platform} -o ${platform.replace('/', '-')}.yaml`);
  });

  it('are base profiles that one command publishes, for each version and platform, under the name of the manual', async () => {
    const command = `node ${path.join(ROOT, 'tools/base-profiles.ts')} ./base-profiles`;
    const place = `${registry.address}/security-profiles`;
    const published = await done(`${command} ${place} --plain-http --key base.key`);
    const tables = await readBaseTables();
    const versions = runtimeVersions(tables);
    expect(published.stdout.trim().split('\n')).to.have.length(versions.length);
    expect(versions.map(({ runtime, version }) => `${runtime}:${version}`)).to.include('runc:v1.1.12');
    const pull = here('spoc pull ghcr.io/security-profiles/runc:v1.1.12');
    const manual = versions.find(({ version }) => version === 'v1.1.12');
    if (manual === undefined) throw new Error('the manual has no base');
    for (const platform of BASE_PLATFORMS) {
      const { stdout } = await done(`${pull} --plain-http --key base.pub -p ${platform.name} -o -`);
      expect(stdout).to.equal(baseProfile(tables, manual, platform));
    }
    const again = await done(`${command} ${place} --plain-http --key base.key`);
    expect(again.stdout).to.equal(published.stdout);
    expect(again.stderr).to.include('Is signed already');
  });

  it('keep their signatures when oras copies them, and oras pulls them by their names', async () => {
    const [from, to] = [`${registry.address}/security-profiles/runc:v1.5.2`, `${registry.address}/mirror/runc:v1.5.2`];
    await done(`oras login --plain-http -u my-user -p my-pass ${registry.address}`);
    await done(`oras cp -r --from-plain-http --to-plain-http ${from} ${to}`);
    // The login of oras is in a file of Docker's form, which spoc reads.
    const pulled = await done(`spoc pull --plain-http --key base.pub -p linux/arm64 -o - ${to}`, {});
    await done(`oras pull --plain-http -o by-oras ${to}`);
    expect(readFileSync(path.join(folder, 'by-oras/profile-linux-arm64.yaml'), 'utf8')).to.equal(pulled.stdout);
  });
});
