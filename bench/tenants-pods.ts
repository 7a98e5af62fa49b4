// SPDX-License-Identifier: Apache-2.0
// Pods of another namespace beside a tenant's load: a webhook as its Deployment starts it, under its memory limit, and
// the time until a pod is created and has the profile that a binding gives it.
import path from 'node:path';
import { COMMAND } from '../src/core/deploy/webhooks/deployment.ts';
import { configurationsByUrl, newAuthority, WebhookProcess } from '../test/integration/webhook-process.ts';
import type { ControlPlane } from '../tools/lab/control-plane.ts';
import { until } from '../tools/lab/launch.ts';
import { AS_IN_THE_IMAGE, OPERATOR_NAMESPACE, profilesPath } from '../tools/lab/operator.ts';
import { BOUND_IMAGE, reviewBody } from './reviews.ts';

/** Memory limit of the webhook's container in MiB (core/deploy/webhooks/deployment.ts). */
export const WEBHOOK_LIMIT_MIB = 192;

const GROUP = 'security-profiles-operator.x-k8s.io';
const NAME = 'web';

/** Pods of a namespace that has the label for bindings. */
export class BoundPods {
  private readonly plane: ControlPlane;
  private readonly namespace: string;
  private readonly webhook: WebhookProcess;
  private made = 0;

  private constructor(plane: ControlPlane, namespace: string, webhook: WebhookProcess) {
    this.plane = plane;
    this.namespace = namespace;
    this.webhook = webhook;
  }

  /** Starts the webhook, and waits until the profile is installed. `node`: a program that runs Node.js in a limit. */
  static async start(plane: ControlPlane, namespace: string, node: string, folder: string): Promise<BoundPods> {
    const webhook = await WebhookProcess.prepare(plane);
    const authority = await newAuthority();
    await webhook.show(authority);
    const metadata = { name: NAME, namespace };
    const profileRef = { kind: 'SeccompProfile', name: NAME };
    await webhook.apply([
      { apiVersion: `${GROUP}/v1alpha1`, kind: 'ProfileBinding', metadata, spec: { image: BOUND_IMAGE, profileRef } },
      { apiVersion: `${GROUP}/v1beta1`, kind: 'SeccompProfile', metadata, spec: { defaultAction: 'SCMP_ACT_ALLOW' } },
    ]);
    const isInstalled = async (): Promise<boolean> => {
      const { body } = await plane.admin.request('GET', `${profilesPath(namespace)}/${NAME}`);
      return (body as { readonly status?: { readonly status?: string } }).status?.status === 'Installed';
    };
    await until(isInstalled, 60, () => 'the profile of the bound pods is not installed');
    await webhook.start([node, ...COMMAND.slice(1, -1), path.join(folder, 'main.cjs')], AS_IN_THE_IMAGE.env);
    const input = { spec: { webhookOptions: [] }, namespace: OPERATOR_NAMESPACE, restrictTo: [] };
    await webhook.apply(configurationsByUrl(input, webhook.port, authority.certificate));
    return new BoundPods(plane, namespace, webhook);
  }

  /** Of the webhook; 0 once it has ended. */
  get pid(): number {
    return this.webhook.pid;
  }

  /**
   * Creates a pod and removes it; the time until it was created, in milliseconds.
   * @throws Error where it was not bound
   */
  async create(): Promise<number> {
    const { request } = JSON.parse(reviewBody(this.namespace)) as { request: { object: { spec: object } } };
    const pod = { metadata: { name: `bound-${String((this.made += 1))}` }, spec: request.object.spec };
    const pods = `/api/v1/namespaces/${this.namespace}/pods`;
    const begun = performance.now();
    const { status, body } = await this.plane.admin.request('POST', pods, pod);
    const took = performance.now() - begun;
    const text = JSON.stringify(body);
    if (status !== 201 || !text.includes(`operator/${this.namespace}/${NAME}.json`))
      throw new Error(`the pod was not bound: ${String(status)} ${text}`);
    await this.plane.admin.request('DELETE', `${pods}/${pod.metadata.name}?gracePeriodSeconds=0`);
    return took;
  }

  stop(): void {
    this.webhook.stop();
  }
}
