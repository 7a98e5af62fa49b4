// SPDX-License-Identifier: Apache-2.0
// A namespace whose pods are bound: the objects of the binding tests, and the questions that they ask.
import { profileBinding, seccompProfile, shellPod } from './cluster.ts';
import type { Cluster } from './cluster.ts';

/** A profile under which directories cannot be made. */
export const DENY_MKDIR = {
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [{ action: 'SCMP_ACT_ERRNO', names: ['mkdir', 'mkdirat'] }],
};

/** A command that tells by its output whether it runs under DENY_MKDIR. */
export const TRY_MKDIR = 'mkdir /tmp/new 2>&1; echo status $?';

/** A command that goes on until its pod is deleted. */
export const WAIT = 'trap exit TERM; sleep 600 & wait';

/** Where a pod says by which bindings it is bound. */
export const BOUND = '{.metadata.annotations.spo\\.x-k8s\\.io/profile-bindings}';

/** The gates of a pod. */
export const GATES = '{.spec.schedulingGates[*].name}';

/** A binding's spec but for its profile, as far as it says which pods it is for. */
interface BindingSpec {
  readonly image: string;
  readonly podSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly enforcement?: object;
  readonly profileNotReady?: object;
}

interface PodOfOne {
  readonly metadata: object;
  readonly spec: { readonly containers: readonly object[] };
}

/** A namespace with the label that enables bindings. */
export class BindingScene {
  readonly cluster: Cluster;
  readonly namespace: string;

  constructor(cluster: Cluster, namespace: string) {
    this.cluster = cluster;
    this.namespace = namespace;
    cluster.kubectl(['label', 'namespace', namespace, 'spo.x-k8s.io/enable-binding=']);
  }

  /** Removes all pods and bindings, so that the next test begins without them. */
  clear(): void {
    this.kubectl('delete', 'pods,profilebindings', '--all', '--now');
  }

  kubectl(...args: readonly string[]): string {
    return this.cluster.kubectl(['-n', this.namespace, ...args]);
  }

  /** Installs a profile. */
  async install(name: string, spec: object): Promise<void> {
    this.cluster.apply(seccompProfile(this.namespace, name, spec));
    await this.cluster.untilProfile(this.namespace, name, 'Installed');
  }

  /** Binds, and waits until manager and webhook have seen it. */
  async bind(name: string, profile: string, spec: BindingSpec): Promise<void> {
    this.cluster.apply(profileBinding(this.namespace, name, profile, spec));
    const state = () => this.binding(name, '{.status.state}');
    await this.cluster.until(`status of ${name}`, state, (text) => text !== '');
    // Of an image that no other binding is for.
    const image = spec.image === '*' ? 'none.example/none:1' : spec.image;
    const made = shellPod(this.namespace, 'any', 'true') as PodOfOne;
    const labels = spec.podSelector?.matchLabels ?? {};
    const containers = made.spec.containers.map((container) => ({ ...container, image }));
    const pod = { ...made, metadata: { ...made.metadata, labels }, spec: { ...made.spec, containers } };
    await this.cluster.untilAdmitted(pod, '{.metadata.annotations}', (text) => text.includes(name));
  }

  pod(name: string, jsonpath: string): string {
    return this.cluster.value('pod', name, this.namespace, jsonpath);
  }

  binding(name: string, jsonpath: string): string {
    return this.cluster.value('profilebinding', name, this.namespace, jsonpath);
  }

  log(name: string): string {
    return this.kubectl('logs', name);
  }

  /** The events about an object, as kubectl prints them. */
  events(name: string): string {
    return this.kubectl('get', 'events', '--field-selector', `involvedObject.name=${name}`);
  }

  /** Waits until the events about an object hold a text. */
  async untilEvent(name: string, text: string): Promise<void> {
    await this.cluster.until(
      `the event ${text} of ${name}`,
      () => this.events(name),
      (seen) => seen.includes(text),
    );
  }

  /** The localhostProfile of a profile. */
  localhost(name: string): string {
    return `operator/${this.namespace}/${name}.json`;
  }
}
