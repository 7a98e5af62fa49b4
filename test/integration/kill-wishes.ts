// SPDX-License-Identifier: Apache-2.0
// The wishes of a user in the kill test, and the state that must follow: profiles by name, each absent,
// wanted with a content, in use by a pod, or deleted while it is in use. A user repeats a command that found no API
// server.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { prepare } from '../../src/core/seccomp/install.ts';
import { localhostProfile } from '../../src/core/seccomp/files.ts';
import type { Kernel } from '../../src/core/kernel.ts';
import type { SeccompProfile, SeccompProfileSpec } from '../../src/gen/crd/seccomp-profile.ts';
import type { SecurityProfileNodeStatus } from '../../src/gen/crd/security-profile-node-status.ts';
import { syscallNumbers, syscallName } from '../../src/core/seccomp/syscalls.ts';
import type { Answer } from '../../tools/lab/api-client.ts';
import { profilesPath, REPORTS_PATH } from '../../tools/lab/operator.ts';
import type { Installation } from '../../tools/lab/operator.ts';

export { randomFrom } from './random.ts';

interface Wish {
  readonly spec?: SeccompProfileSpec;
  /** A pod that uses the profile. */
  readonly user?: string;
  /** Its deletion was asked for, and waits for the pod. */
  readonly doomed?: boolean;
  /** It is gone already, as nobody had yet protected it; the pod's node keeps the file. */
  readonly orphaned?: boolean;
}

const ABSENT: Wish = {};

/** The profiles of one namespace, as they are wanted. */
export class Wishes {
  readonly namespace: string;
  readonly names: readonly string[];
  /** Commands that have not yet succeeded. */
  open = 0;
  private readonly wishes = new Map<string, Wish>();
  /** Every text that a file may ever have held, by name. */
  private readonly texts = new Map<string, Set<string>>();
  private readonly installation: Installation;
  private readonly random: () => number;
  private readonly kernel: Kernel;
  private pods = 0;

  constructor(installation: Installation, namespace: string, kernel: Kernel, random: () => number) {
    this.installation = installation;
    this.namespace = namespace;
    this.kernel = kernel;
    this.random = random;
    this.names = Array.from({ length: 24 }, (_, index) => `profile-${String(index)}`);
  }

  /** Some of the profiles are wanted otherwise; resolves when the API server has taken all that in. */
  async change(): Promise<void> {
    const chosen = this.names.filter(() => this.random() < 0.6);
    await Promise.all(chosen.map((name) => this.changeOne(name)));
  }

  /** Nothing is wanted any more. */
  async clear(): Promise<void> {
    await Promise.all(
      this.names.map(async (name) => {
        const { spec, user } = this.wish(name);
        if (user !== undefined) await this.release(name, user);
        if (spec !== undefined) await this.remove(name, {});
      }),
    );
  }

  /** The differences from the wishes on disk only; empty when there are none. */
  filesAmiss(): readonly string[] {
    return this.installation.nodes.flatMap(({ name: node, kubeletDir }) => {
      const folder = path.join(kubeletDir, 'seccomp/operator', this.namespace);
      const found = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];
      const stray = found.filter((file) => this.wish(file.replace(/\.json$/, '')).spec === undefined);
      const wrong = this.names.filter((name) => {
        const { spec, doomed, orphaned } = this.wish(name);
        // One that is on its way out is kept for its pods as it was, and brought nowhere any more.
        if (spec === undefined || doomed === true || orphaned === true) return false;
        return contentOf(path.join(folder, `${name}.json`)) !== this.textOf(name, spec);
      });
      return [
        ...stray.map((file) => `${node}: ${file} should not be there`),
        ...wrong.map((name) => `${node}: ${name}.json is not as it should be`),
      ];
    });
  }

  /** Files that hold what was never wanted: half-written ones. */
  filesTorn(): readonly string[] {
    return this.installation.nodes.flatMap(({ name: node, kubeletDir }) =>
      this.names.flatMap((name) => {
        const content = contentOf(path.join(kubeletDir, 'seccomp/operator', this.namespace, `${name}.json`));
        const known = content === undefined || this.texts.get(name)?.has(content) === true;
        return known ? [] : [`${node}: ${name}.json holds ${JSON.stringify(content.slice(0, 200))}`];
      }),
    );
  }

  /**
   * The differences from the wishes on the nodes and in the cluster; empty when there are none. Throws when nobody
   * answers.
   */
  async amiss(): Promise<readonly string[]> {
    const { admin } = this.installation.plane;
    const [profiles, reports] = await Promise.all([
      admin.request('GET', profilesPath(this.namespace)),
      admin.request('GET', REPORTS_PATH),
    ]);
    if (profiles.status !== 200 || reports.status !== 200) throw new Error('the API server is not yet up');
    const objects = (profiles.body as { readonly items: readonly SeccompProfile[] }).items;
    const pages = (reports.body as { readonly items: readonly SecurityProfileNodeStatus[] }).items;
    const byName = new Map(objects.map((object) => [object.metadata.name, object] as const));
    return [
      ...this.filesAmiss(),
      ...this.names.flatMap((name) => this.objectAmiss(name, byName.get(name)) ?? []),
      ...pages.flatMap((page) => this.reportAmiss(page)),
    ];
  }

  private objectAmiss(name: string, object: SeccompProfile | undefined): string | undefined {
    const { spec, doomed, orphaned } = this.wish(name);
    if (spec === undefined || orphaned === true)
      return object === undefined ? undefined : `${name} is still there: ${stateOf(object)}`;
    if (object === undefined) return `${name} is gone`;
    if (doomed === true) return object.status?.status === 'Terminating' ? undefined : `${name} is ${stateOf(object)}`;
    const { generation } = object.metadata;
    const current = object.status?.status === 'Installed' && object.status.observedGeneration === generation;
    const nodes = object.status?.nodes?.installed === this.installation.nodes.length;
    const used = (object.status?.activeWorkloads?.length ?? 0) > 0 === (this.wish(name).user !== undefined);
    return current && nodes && used ? undefined : `${name} is ${stateOf(object)}`;
  }

  private reportAmiss({ nodeName, status }: SecurityProfileNodeStatus): readonly string[] {
    const entries = Object.entries(status?.profiles ?? {});
    return entries.flatMap(([key, { state }]) => {
      const [, namespace, name = ''] = key.split('/');
      if (namespace !== this.namespace) return [];
      const { spec, doomed, orphaned } = this.wish(name);
      const expected = spec === undefined || orphaned === true ? 'none' : doomed === true ? 'Terminating' : 'Installed';
      return state === expected ? [] : [`${nodeName} reports ${name} ${state}, not ${expected}`];
    });
  }

  private async changeOne(name: string): Promise<void> {
    const wish = this.wish(name);
    const { spec, user, doomed, orphaned } = wish;
    const dice = this.random();
    if (spec === undefined) return this.create(name);
    if (user !== undefined && (doomed === true || orphaned === true || dice < 0.4)) return this.release(name, user);
    if (dice < 0.6) return this.edit(name);
    return user === undefined && dice < 0.8 ? this.use(name, spec) : this.remove(name, wish);
  }

  /** One of the same name may still be on its way out. */
  private async create(name: string): Promise<void> {
    const spec = this.spec(name);
    const kind = { apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1', kind: 'SeccompProfile' };
    const object = { ...kind, metadata: { name }, spec };
    while ((await this.insist('POST', profilesPath(this.namespace), [409], object)).status === 409) {
      const found = await this.insist('GET', `${profilesPath(this.namespace)}/${name}`, [404]);
      // Not on its way out: an earlier try was heard, only its answer was not.
      if (found.status === 200 && !JSON.stringify(found.body).includes('"deletionTimestamp"')) return;
      await sleep(20);
    }
  }

  private async edit(name: string): Promise<void> {
    const spec = this.spec(name);
    await this.insist('PATCH', `${profilesPath(this.namespace)}/${name}`, [], { spec });
  }

  private async remove(name: string, { spec, user }: Wish): Promise<void> {
    const used = user !== undefined && spec !== undefined;
    this.wishes.set(name, used ? { spec, user, doomed: true } : ABSENT);
    const { status, body } = await this.insist('DELETE', `${profilesPath(this.namespace)}/${name}`, [404]);
    const gone = status === 404 || (body as { readonly kind?: string }).kind === 'Status';
    if (used && gone) this.wishes.set(name, { spec, user, orphaned: true });
  }

  private async use(name: string, spec: SeccompProfileSpec): Promise<void> {
    this.pods += 1;
    const user = `user-${String(this.pods)}`;
    this.wishes.set(name, { spec, user });
    const seccompProfile = { type: 'Localhost', localhostProfile: localhostProfile(this.namespace, name) };
    const node = this.installation.nodes[this.pods % this.installation.nodes.length];
    const containers = [{ name: 'main', image: 'none', securityContext: { seccompProfile } }];
    const pod = { metadata: { name: user }, spec: { nodeName: node?.name, containers } };
    await this.insist('POST', `/api/v1/namespaces/${this.namespace}/pods`, [409], pod);
  }

  private async release(name: string, user: string): Promise<void> {
    const { spec, doomed, orphaned } = this.wish(name);
    const pod = `/api/v1/namespaces/${this.namespace}/pods/${user}?gracePeriodSeconds=0`;
    await this.insist('DELETE', pod, [404]);
    this.wishes.set(name, spec === undefined || doomed === true || orphaned === true ? ABSENT : { spec });
  }

  /** Repeats a request until it was answered with success, or with what says that an earlier try was heard. */
  private async insist(method: string, resource: string, fine: readonly number[], body?: object): Promise<Answer> {
    this.open += 1;
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    for (;;) {
      const answer = await this.installation.plane.admin.request(method, resource, body, type).catch(() => undefined);
      if (answer !== undefined && (answer.status < 300 || fine.includes(answer.status))) {
        this.open -= 1;
        return answer;
      }
      if (answer !== undefined && [400, 404, 422].includes(answer.status)) {
        throw new Error(`${method} ${resource}: ${String(answer.status)} ${JSON.stringify(answer.body)}`);
      }
      await sleep(50);
    }
  }

  /** A new content for a name: long enough that a half-written file would be seen. */
  private spec(name: string): SeccompProfileSpec {
    const all = syscallNumbers('SCMP_ARCH_X86_64').map((number) => syscallName('SCMP_ARCH_X86_64', number) ?? 'read');
    const names = all.filter(() => this.random() < 0.5);
    const spec = { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ action: 'SCMP_ACT_ALLOW', names }] } as const;
    this.wishes.set(name, { ...this.wish(name), spec });
    const texts = this.texts.get(name) ?? new Set();
    this.texts.set(name, texts.add(this.textOf(name, spec)));
    return spec;
  }

  private textOf(name: string, spec: SeccompProfileSpec): string {
    const kind = { apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1', kind: 'SeccompProfile' } as const;
    const object = { ...kind, metadata: { name, namespace: this.namespace }, spec };
    return prepare(object, () => undefined, {}, this.kernel).text;
  }

  private wish(name: string): Wish {
    return this.wishes.get(name) ?? ABSENT;
  }
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function stateOf({ metadata, status }: SeccompProfile): string {
  const { generation, deletionTimestamp, finalizers } = metadata;
  return JSON.stringify({ generation, deletionTimestamp, finalizers, status });
}
