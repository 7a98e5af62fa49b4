// SPDX-License-Identifier: Apache-2.0
// A base profile from a private registry on a real node: pushed and signed by spoc, pulled by the manager with the
// Secret for its prefix, in force in a pod, and there for the next profile when the registry is gone.
import { expect } from 'chai';
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { provide } from '../../tools/lab/binaries.ts';
import { NODE_ADDRESS } from '../../tools/lab/network.ts';
import { REGISTRY } from '../../tools/lab/programs.ts';
import { inNamespace, OPERATOR_NAMESPACE, seccompProfile, shellPod } from './cluster.ts';
import type { Cluster } from './cluster.ts';

const SPOC = path.join(import.meta.dirname, '../../bin/spoc');
const ADDRESS = `${NODE_ADDRESS}:5443`;
const NAME = `${ADDRESS}/profiles/no-mkdir:v1`;

/** The user of the registry, and the password in the form of htpasswd: bcrypt with its least cost. */
const USER = { name: 'jane', password: 'secret', hash: '$2b$04$UHFh/e3nHOHzBDo5LXKlZeYSd.UhpUm2mUQJDoBSkvqMAdpuXC7Qy' };

const CREDENTIALS = { namespace: OPERATOR_NAMESPACE, name: 'e2e-registry' };

describe('a base profile in a registry', function () {
  this.timeout(600_000);
  const namespace = 'e2e-artifact';
  let cluster: Cluster;
  let folder: string;
  let registry: ChildProcess;
  const file = (name: string): string => path.join(folder, name);

  inNamespace(namespace, (ready) => {
    cluster = ready;
  });

  before(async function () {
    this.timeout(600_000);
    folder = mkdtempSync(path.join(tmpdir(), 'e2e-registry-'));
    await provide([REGISTRY], file('bin'), (line) => console.error(`lab: ${line}`));
    const subject = ['-subj', '/CN=registry', '-addext', `subjectAltName=IP:${NODE_ADDRESS}`];
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    const output = ['-keyout', file('tls.key'), '-out', file('tls.crt')];
    execFileSync('openssl', ['req', '-x509', ...key, '-days', '2', ...subject, ...output], { stdio: 'ignore' });
    const config = {
      version: '0.1',
      log: { level: 'warn' },
      storage: { filesystem: { rootdirectory: file('data') } },
      auth: { htpasswd: { realm: 'registry', path: file('users') } },
      http: { addr: ADDRESS, tls: { certificate: file('tls.crt'), key: file('tls.key') } },
    };
    writeFileSync(file('users'), `${USER.name}:${USER.hash}\n`);
    writeFileSync(file('config.yml'), JSON.stringify(config));
    registry = inNetwork(file('bin/registry'), 'serve', file('config.yml'));
    const ping = ['curl', '-s', '--cacert', file('tls.crt'), `https://${ADDRESS}/v2/`];
    await cluster.until(
      'the registry',
      () => cluster.shell(networked(ping)).status,
      (status) => status === 0,
    );
  });

  after(async () => {
    configure({ ociVerification: null, ociCaBundle: null, ociCredentials: null });
    cluster.kubectl(['-n', CREDENTIALS.namespace, 'delete', 'secret', CREDENTIALS.name, '--ignore-not-found']);
    await end();
    rmSync(folder, { recursive: true, force: true });
  });

  const networked = (words: readonly string[]): string => ['nsenter', `--net="$LAB_NETWORK"`, ...words].join(' ');

  function inNetwork(program: string, ...args: readonly string[]): ChildProcess {
    const network = `--net=${cluster.env['LAB_NETWORK'] ?? ''}`;
    const env = { ...process.env, OTEL_TRACES_EXPORTER: 'none' };
    return spawn('nsenter', [network, program, ...args], { stdio: 'ignore', env });
  }

  async function end(): Promise<void> {
    if (registry.exitCode !== null || registry.signalCode !== null) return;
    const ended = once(registry, 'exit');
    registry.kill('SIGKILL');
    await ended;
  }

  function configure(spec: object): void {
    const patch = JSON.stringify({ spec });
    cluster.kubectl(['-n', OPERATOR_NAMESPACE, 'patch', 'spod', 'spod', '--type=merge', '-p', patch]);
  }

  function standingOn(name: string, base: string): object {
    return seccompProfile(namespace, name, { defaultAction: 'SCMP_ACT_ALLOW', baseProfileName: `oci://${base}` });
  }

  const messageOf = (name: string): string =>
    cluster.value('seccompprofile', name, namespace, '{.status.conditions[?(@.type=="Ready")].message}');

  function spoc(...args: readonly string[]): void {
    const env = ['env', `SPOC_USERNAME=${USER.name}`, `SPOC_PASSWORD=${USER.password}`];
    const words = [...env, SPOC, ...args, '--ca-file', file('tls.crt'), NAME];
    const { status, stderr } = cluster.shell(networked(words));
    if (status !== 0) throw new Error(stderr);
  }

  function applyCredentials(): void {
    const config = { auths: { [ADDRESS]: { username: USER.name, password: USER.password } } };
    const stringData = { '.dockerconfigjson': JSON.stringify(config) };
    const type = 'kubernetes.io/dockerconfigjson';
    cluster.apply({ apiVersion: 'v1', kind: 'Secret', metadata: CREDENTIALS, type, stringData });
  }

  function writeKeys(): string {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writeFileSync(file('signer.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    return publicKey.export({ type: 'spki', format: 'pem' }).toString();
  }

  it('confines a pod when it is signed by the key that the spod names', async () => {
    const syscalls = [{ action: 'SCMP_ACT_ERRNO', names: ['mkdir', 'mkdirat'] }];
    const base = seccompProfile('any', 'no-mkdir', { defaultAction: 'SCMP_ACT_ALLOW', syscalls });
    writeFileSync(file('profile.json'), JSON.stringify(base));
    const key = writeKeys();
    spoc('push', '-f', file('profile.json'), '--key', file('signer.key'));
    configure({
      ociVerification: [{ prefix: `${ADDRESS}/profiles`, key }],
      ociCaBundle: readFileSync(file('tls.crt'), 'utf8'),
    });
    cluster.apply(standingOn('confined', NAME));
    await cluster.until(
      'the reason',
      () => messageOf('confined'),
      (text) => text.includes('asks for a user name and a password'),
    );
    configure({ ociCredentials: [{ prefix: `${ADDRESS}/profiles`, secretName: CREDENTIALS.name }] });
    applyCredentials();
    await cluster.untilProfile(namespace, 'confined', 'Installed');
    const artifacts = cluster.value('seccompprofile', 'confined', namespace, '{.status.baseArtifacts}');
    expect(artifacts)
      .to.match(/"digest":"sha256:[0-9a-f]{64}"/)
      .and.to.match(/"signer":"the key SHA256:/);
    const command = 'mkdir /tmp/new 2>&1; echo status $?';
    cluster.apply(shellPod(namespace, 'confined', command, `operator/${namespace}/confined.json`));
    await cluster.untilPod(namespace, 'confined', 'Succeeded');
    expect(cluster.kubectl(['-n', namespace, 'logs', 'confined'])).to.match(/Operation not permitted\nstatus 1\n/);
  });

  it('is refused with the reason where its prefix has no key', async () => {
    cluster.apply(standingOn('elsewhere', `${ADDRESS}/others/no-mkdir:v1`));
    await cluster.untilProfile(namespace, 'elsewhere', 'Error');
    expect(messageOf('elsewhere')).to.include('spec.ociVerification of the spod names no signer for it');
  });

  it('that is not there is said to be missing', async () => {
    cluster.apply(standingOn('absent', `${ADDRESS}/profiles/absent:v1`));
    await cluster.until(
      'the reason',
      () => messageOf('absent'),
      (text) => text.includes('does not have it'),
    );
  });

  it('needs no registry for the next profile on it', async () => {
    await end();
    cluster.apply(standingOn('later', NAME));
    await cluster.untilProfile(namespace, 'later', 'Installed');
    expect(readFileSync(cluster.file(namespace, 'later'), 'utf8')).to.include('mkdirat');
  });
});
