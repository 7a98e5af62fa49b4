// SPDX-License-Identifier: Apache-2.0
// Two hundred profiles on one base, on a hundred nodes: the base is in the namespace, then in a registry, signed, for
// two platforms. The real manager against a real API server and a real registry; the nodes are a load generator.
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { baseProfile, BASE_PLATFORMS, readBaseTables, runtimeVersions } from '../tools/base-profiles.ts';
import type { ControlPlane } from '../tools/lab/control-plane.ts';
import {
  create,
  Installation,
  OPERATOR_NAMESPACE,
  profilesPath,
  startBareControlPlane,
} from '../tools/lab/operator.ts';
import { startRegistry } from '../tools/lab/registry.ts';
import { sha256 } from '../test/fakes/registry.ts';
import { batch, NAMESPACE, NODES, SimulatedNodes } from './nodes.ts';
import { spoc } from './programs.ts';
import type { Figure } from './report.ts';

const PROFILES = 200;

const SPOD_PATH = `/apis/security-profiles-operator.x-k8s.io/v1alpha1/namespaces/${OPERATOR_NAMESPACE}/securityprofilesoperatordaemons/spod`;

const BASE = {
  apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
  kind: 'SeccompProfile',
  metadata: { name: 'local' },
  spec: { defaultAction: 'SCMP_ACT_LOG', syscalls: [{ action: 'SCMP_ACT_ALLOW', names: ['read'] }] },
};

/** The registry as the manager reaches it: by TLS, with every question noted. */
class Front {
  readonly asked: string[] = [];
  readonly address: string;
  private readonly server: Server;

  private constructor(server: Server, backend: string) {
    this.server = server;
    this.address = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    server.on('request', (incoming, response) => {
      const { method = 'GET', url = '/', headers } = incoming;
      this.asked.push(`${method} ${url}`);
      const onward = request(`http://${backend}${url}`, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      incoming.pipe(onward);
    });
  }

  static async start(folder: string, backend: string): Promise<Front> {
    const [key, cert] = [path.join(folder, 'tls.key'), path.join(folder, 'tls.crt')];
    const subject = ['-subj', '/CN=registry', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const pair = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', cert];
    execFileSync('openssl', ['req', '-x509', '-days', '2', ...pair, ...subject], { stdio: 'ignore' });
    const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Front(server, backend);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** An artifact that profiles may stand on. */
interface Published {
  readonly base: string;
  /** Of its manifest and of its profiles. */
  readonly digests: readonly string[];
}

/** Pushes a base for both platforms, signed, and lets the operator trust it. */
async function publish(folder: string, backend: string, front: Front, plane: ControlPlane): Promise<Published> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(path.join(folder, 'key'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const tables = await readBaseTables();
  const [version] = runtimeVersions(tables);
  if (version === undefined) throw new Error('there is no base profile');
  const texts = BASE_PLATFORMS.map((platform) => baseProfile(tables, version, platform));
  const files = BASE_PLATFORMS.flatMap(({ name }, index) => {
    const file = path.join(folder, name.replace('/', '-'));
    writeFileSync(file, texts[index] ?? '');
    return ['-f', file, '-p', name];
  });
  const words = ['push', '--plain-http', '--key', path.join(folder, 'key'), ...files, `${backend}/profiles/base:v1`];
  const env = { PATH: process.env['PATH'], HOME: folder };
  const pushed = execFileSync(spoc, words, { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8', env });
  const spec = {
    ociCaBundle: readFileSync(path.join(folder, 'tls.crt'), 'utf8'),
    ociVerification: [{ prefix: front.address, key: publicKey.export({ type: 'spki', format: 'pem' }) }],
  };
  await untilPatched(plane, spec);
  const digests = [pushed.trim().split('@')[1] ?? '', ...texts.map(sha256)];
  return { base: `oci://${front.address}/profiles/base:v1`, digests };
}

/** The manager makes the object at its start. */
async function untilPatched(plane: ControlPlane, spec: object): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const { status } = await plane.admin.request('PATCH', SPOD_PATH, { spec }, 'application/merge-patch+json');
    if (status === 200) return;
    await sleep(100);
  }
  throw new Error('there is no spod');
}

function names(of: string): readonly string[] {
  return Array.from({ length: PROFILES }, (_, index) => `${of}-${String(index)}`);
}

/** Milliseconds until the last of the profiles is Installed everywhere. */
async function timeOf(plane: ControlPlane, nodes: SimulatedNodes, of: string, base: string): Promise<number> {
  return Math.max(...(await batch(plane, nodes, names(of), { baseProfileName: base })));
}

/** Questions for the artifact. Its signature is another: what refers to the artifact, a manifest, and a blob. */
function questionsFor({ digests }: Published, asked: readonly string[]): number {
  const names = ['v1', ...digests];
  const wanted = names.flatMap((name) => [`/manifests/${name}`, `/blobs/${name}`]);
  return asked.filter((line) => wanted.some((end) => line.endsWith(end))).length;
}

/** Installs the profiles, on a base of the namespace and on one of a registry. */
export async function measureBases(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-bases-'));
  await using registry = await startRegistry();
  const front = await Front.start(folder, registry.address);
  const plane = await startBareControlPlane();
  await create(plane, '/api/v1/namespaces', { metadata: { name: NAMESPACE } });
  const installation = await Installation.start(plane, { nodes: ['real'] });
  const [end, nodes] = [new AbortController(), new SimulatedNodes(plane)];
  await nodes.register();
  const running = nodes.run(end.signal);
  try {
    const published = await publish(folder, registry.address, front, plane);
    nodes.note((await plane.admin.request('POST', profilesPath(NAMESPACE), BASE)).body as typeof BASE & Noted);
    const local = await timeOf(plane, nodes, 'local', BASE.metadata.name);
    const remote = await timeOf(plane, nodes, 'remote', published.base);
    const least = 1 + BASE_PLATFORMS.length;
    const count = questionsFor(published, front.asked);
    const what = `${String(PROFILES)} profiles on a base of a registry`;
    const [asking, floor] = ['a manifest, and a blob for each platform', { what: 'on a local base', value: local }];
    return [
      {
        what: `questions for it by ${what}`,
        value: count,
        unit: 'times',
        floor: { what: asking, value: least },
        bar: least,
      },
      { what: `${what}, to Installed on ${String(NODES)} nodes`, value: remote, unit: 'ms', floor, bar: 1.1 * local },
    ];
  } finally {
    end.abort();
    await running;
    await installation.stop();
    await plane.stop();
    await front.stop();
    rmSync(folder, { recursive: true });
  }
}

interface Noted {
  readonly metadata: { readonly name: string; readonly uid: string; readonly generation: number };
}
