// SPDX-License-Identifier: Apache-2.0
// A real API server with the kind Widget, and operators that reach it through a proxy that can make trouble.
import http from 'node:http';
import { KubeClient } from '../../src/runtime/client.ts';
import { KubeConnection, loadKubeConfig } from '../../src/io/kube/connection.ts';
import { KubeTransport } from '../../src/io/kube/transport.ts';
import { CUSTOM_RESOURCE_DEFINITION, NAMESPACE } from '../../src/runtime/kinds.ts';
import type { KubeObject } from '../../src/runtime/object.ts';
import { SpoOperator } from '../../src/runtime/spo-operator.ts';
import type { OperatorParts } from '../../src/runtime/spo-operator.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { until } from '../../tools/lab/launch.ts';
import { testParts, WIDGET, widget } from '../fakes/operator.ts';
import type { LogLine, Widget } from '../fakes/operator.ts';
import { FaultProxy } from './runtime-proxy.ts';
import { sharedPlane } from './shared-plane.ts';

/** A signal that never aborts. */
export const never = new AbortController().signal;

const schema = {
  type: 'object',
  properties: {
    spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  },
};

const crd: KubeObject & { readonly spec: object } = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.test.example.com' },
  spec: {
    group: WIDGET.group,
    scope: 'Namespaced',
    names: { kind: 'Widget', plural: 'widgets', singular: 'widget' },
    versions: [
      { name: 'v1', served: true, storage: true, subresources: { status: {} }, schema: { openAPIV3Schema: schema } },
    ],
  },
};

let served: Promise<void> | undefined;

/** The shared control plane, as soon as it serves widgets. */
export async function startPlane(): Promise<ControlPlane> {
  const plane = await sharedPlane();
  await (served ??= serveWidgets(plane));
  return plane;
}

async function serveWidgets(plane: ControlPlane): Promise<void> {
  const connection = new KubeConnection(loadKubeConfig(plane.kubeconfig));
  const client = new KubeClient(new KubeTransport(connection, { userAgent: 'test' }));
  await client.create(CUSTOM_RESOURCE_DEFINITION, undefined, crd, never);
  const isServed = () =>
    client.list(WIDGET, {}, { limit: 0, next: '' }, never).then(
      () => true,
      () => false,
    );
  await until(isServed, 120, () => 'widgets are not served');
  connection.close();
}

/** The surroundings of one test: a namespace of its own, a proxy, and a client that goes past the proxy. */
export class Bench {
  readonly proxy: FaultProxy;
  readonly client: KubeClient;
  readonly lines: LogLine[] = [];
  readonly namespace: string;
  private readonly direct: KubeConnection;
  private readonly agent = new http.Agent({ keepAlive: true });
  private readonly operators: SpoOperator[] = [];

  private constructor(plane: ControlPlane, namespace: string) {
    this.proxy = new FaultProxy(plane.kubeconfig);
    this.direct = new KubeConnection(loadKubeConfig(plane.kubeconfig));
    this.client = new KubeClient(new KubeTransport(this.direct, { userAgent: 'test' }));
    this.namespace = namespace;
  }

  static async create(plane: ControlPlane): Promise<Bench> {
    const bench = new Bench(plane, `runtime-${Math.random().toString(36).slice(2, 8)}`);
    await bench.proxy.listen();
    await bench.client.create(NAMESPACE, undefined, namespaceObject(bench.namespace), never);
    return bench;
  }

  /** A transport through the proxy. */
  get transport(): KubeTransport {
    return this.transportWithin(30_000);
  }

  /** The same, that waits for each answer so many milliseconds: on a busy machine answers take seconds. */
  transportWithin(timeoutMs: number): KubeTransport {
    const credentials = { agent: this.agent, headers: {} };
    return new KubeTransport(
      { server: this.proxy.url, credentials: async () => credentials },
      { userAgent: 'test', timeoutMs },
    );
  }

  /** An operator through the proxy, restricted to the test's namespace, with short waits. */
  operator(parts: Partial<OperatorParts> = {}): SpoOperator {
    const made = SpoOperator.create({
      ...testParts(this.transport, this.lines),
      namespaces: [this.namespace],
      ...parts,
    });
    this.operators.push(made);
    return made;
  }

  /** Creates a widget. */
  async put(name: string, spec: Widget['spec'] = {}): Promise<KubeObject> {
    const made = widget(name, spec);
    return this.client.create(WIDGET, this.namespace, { ...made, metadata: { name } }, never);
  }

  /** Merges something into a widget. */
  async edit(name: string, patch: object): Promise<void> {
    await this.client.patch(WIDGET, this.key(name), patch, never);
  }

  /** Asks for a widget's deletion. */
  async remove(name: string): Promise<void> {
    await this.client.remove(WIDGET, this.key(name), {}, never);
  }

  /** The widget as the server has it. */
  async get(name: string): Promise<KubeObject | undefined> {
    return this.client.get(WIDGET, this.key(name), never);
  }

  /** Waits until something holds of a widget as the server has it; undefined when it is gone. */
  async see(
    what: string,
    name: string,
    holds: (object: KubeObject | undefined) => boolean,
    limitMs = 60_000,
  ): Promise<void> {
    const end = performance.now() + limitMs;
    while (!holds(await this.get(name))) {
      if (performance.now() > end)
        throw new Error(`waited in vain for ${what}: ${JSON.stringify(await this.get(name))}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  key(name: string) {
    return { namespace: this.namespace, name };
  }

  async close(): Promise<void> {
    for (const operator of this.operators) await operator.stop();
    this.agent.destroy();
    this.direct.close();
    await this.proxy.close();
  }
}

/** A namespace to create. */
export function namespaceObject(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}
