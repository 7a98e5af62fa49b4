// SPDX-License-Identifier: Apache-2.0
// Profiles of one kind that somebody makes, changes and deletes on a guest while its processes are killed, and the
// state that must follow in objects and kernel. The two contents of a profile can be told apart in both.
import { setTimeout as sleep } from 'node:timers/promises';
import type { SecurityModule } from '../../../tools/lab/guest/security-module.ts';
import type { Guests } from './scene.ts';

/** The contents of a profile. */
type Content = 'first' | 'second';

const NAMES = ['kill-a', 'kill-b', 'kill-c', 'kill-d'];

/** An object as the API server tells it. */
interface Listed {
  readonly metadata: { readonly name: string; readonly generation: number; readonly deletionTimestamp?: string };
  readonly status?: { readonly status?: string; readonly observedGeneration?: number };
}

/** The profiles of one kind, as they are wanted. */
export abstract class GuestWishes {
  protected readonly guests: Guests;
  protected readonly namespace: string;
  protected abstract readonly module: SecurityModule;
  protected abstract readonly resource: string;
  /** The program that changes the kernel's policy, by the name of its process. */
  protected abstract readonly program: string;
  /** Roles of the operator on the node. */
  protected abstract readonly roles: readonly string[];
  private readonly random: () => number;
  private readonly wanted = new Map<string, Content>();

  constructor(guests: Guests, namespace: string, random: () => number) {
    this.guests = guests;
    this.namespace = namespace;
    this.random = random;
  }

  protected abstract object(name: string, content: Content): object;

  /** The profiles that the kernel enforces, by name. */
  protected abstract inKernel(): ReadonlyMap<string, Content>;

  /** Whatever is left on the node when there is no profile, and should not be. */
  abstract traces(): Promise<readonly string[]>;

  /** Makes, changes or deletes two profiles. */
  async change(): Promise<void> {
    const first = Math.floor(this.random() * NAMES.length);
    for (const name of [NAMES[first] ?? '', NAMES[(first + 1) % NAMES.length] ?? '']) {
      const before = this.wanted.get(name);
      if (before !== undefined && this.random() < 0.5) {
        await this.delete([name]);
        continue;
      }
      const content = before === 'first' ? 'second' : 'first';
      // One of that name may be going still.
      if (before === undefined) await this.guests.gone(this.namespace, `${this.resource}/${name}`);
      this.guests.cluster.apply(this.object(name, content));
      this.wanted.set(name, content);
    }
  }

  /** Deletes all. */
  async clear(): Promise<void> {
    await this.delete([...this.wanted.keys()]);
  }

  /** Kills a role, or the program while it works; who it was. */
  async kill(): Promise<string> {
    const dice = this.random();
    await sleep(this.random() * 3000);
    const role = this.roles[Math.floor(dice * 2 * this.roles.length)];
    return role === undefined ? this.killProgram() : this.killRole(role);
  }

  /** Whatever is not as it is wanted, in words. */
  async amiss(): Promise<readonly string[]> {
    const answer = await this.guests.kubectl('-n', this.namespace, 'get', this.resource, '-o', 'json');
    const { items } = JSON.parse(answer) as { readonly items: readonly Listed[] };
    const unready = items.filter(
      ({ metadata, status }) =>
        status?.status !== 'Installed' ||
        status.observedGeneration !== metadata.generation ||
        !this.wanted.has(metadata.name),
    );
    if (unready.length > 0 || items.length !== this.wanted.size)
      return [
        `${this.resource}: ${items.map(({ metadata, status }) => `${metadata.name} ${status?.status ?? ''}`).join()}`,
      ];
    const kernel = this.inKernel();
    return NAMES.filter((name) => kernel.get(name) !== this.wanted.get(name)).map(
      (name) =>
        `${name} is ${kernel.get(name) ?? 'absent'} in the kernel, wanted is ${this.wanted.get(name) ?? 'none'}`,
    );
  }

  private async delete(names: readonly string[]): Promise<void> {
    for (const name of names) this.wanted.delete(name);
    if (names.length === 0) return;
    await this.guests.kubectl('-n', this.namespace, 'delete', this.resource, ...names, '--wait=false');
  }

  /** It lives for moments: the guest itself looks out for it. */
  private async killProgram(): Promise<string> {
    const look = `pid=$(busybox pidof -s ${this.program}) && kill -KILL "$pid" && echo killed && exit`;
    const said = await this.guests.onGuest(this.module, `for i in $(seq 200); do ${look}; sleep 0.05; done`);
    return said.includes('killed') ? this.program : 'nobody';
  }

  private async killRole(role: string): Promise<string> {
    const look = String.raw`grep -lzx ${role} /proc/[0-9]*/cmdline 2>/dev/null | xargs grep -lz main.cjs 2>/dev/null`;
    const line = `for file in $(${look}); do pid=\${file#/proc/}; kill -KILL "\${pid%/cmdline}" && echo killed; done; true`;
    const said = await this.guests.onGuest(this.module, line);
    return said.includes('killed') ? role : 'nobody';
  }
}

/** AppArmorProfiles: the second content is in complain mode. */
export class AppArmorWishes extends GuestWishes {
  protected readonly module = 'apparmor';
  protected readonly resource = 'apparmorprofile';
  protected readonly program = 'apparmor_loader';
  protected readonly roles = ['daemon'];

  protected object(name: string, content: Content): object {
    return {
      apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
      kind: 'AppArmorProfile',
      metadata: { namespace: this.namespace, name },
      spec: { complainMode: content === 'second', abstract: { filesystem: { readOnlyPaths: [`/${name}/**`] } } },
    };
  }

  protected inKernel(): ReadonlyMap<string, Content> {
    const lines = this.guests.cluster.onGuest('apparmor', 'cat /sys/kernel/security/apparmor/profiles').split('\n');
    const found = lines.flatMap((line) => {
      const [, name = '', mode] = /^(kill-\w) \((\w+)\)$/.exec(line) ?? [];
      return name === '' ? [] : [[name, mode === 'complain' ? 'second' : 'first'] as const];
    });
    return new Map(found);
  }

  async traces(): Promise<readonly string[]> {
    const notes = 'find /var/lib/security-profiles-operator -path "*.apparmor/*kill-*"';
    return (await this.guests.onGuest('apparmor', notes)).split('\n').filter((line) => line !== '');
  }
}

/** SelinuxProfiles: each content allows another port. */
export class SelinuxWishes extends GuestWishes {
  protected readonly module = 'selinux';
  protected readonly resource = 'selinuxprofile';
  protected readonly program = 'selinux_policy';
  protected readonly roles = ['daemon', 'selinuxd'];

  protected object(name: string, content: Content): object {
    return {
      apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha2',
      kind: 'SelinuxProfile',
      metadata: { namespace: this.namespace, name },
      spec: {
        allow: { [PORTS[content]]: { tcp_socket: ['name_bind'] } },
        inherit: [{ kind: 'System', name: 'container' }],
      },
    };
  }

  protected inKernel(): ReadonlyMap<string, Content> {
    const questions = NAMES.flatMap((name) =>
      (['first', 'second'] as const).map((content) => {
        const source = `system_u:system_r:${name}_${this.namespace}.process:s0`;
        const ask = `compute_av ${source} system_u:object_r:${PORTS[content]}:s0 tcp_socket 2>/dev/null`;
        return `${ask} | grep -q '^allowed=.* name_bind ' && echo ${name} ${content}`;
      }),
    );
    const lines = this.guests.cluster.onGuest('selinux', `${questions.join('; ')}; true`).split('\n');
    return new Map(lines.flatMap((line) => (line === '' ? [] : [line.split(' ') as [string, Content]])));
  }

  async traces(): Promise<readonly string[]> {
    const left = `ls -d /var/lib/selinux/default/active/modules/*/*_${this.namespace} /var/lib/selinux/default/tmp`;
    return (await this.guests.onGuest('selinux', `${left} 2>/dev/null; true`))
      .split('\n')
      .filter((line) => line !== '');
  }
}

const PORTS: Readonly<Record<Content, string>> = { first: 'http_cache_port_t', second: 'http_port_t' };
